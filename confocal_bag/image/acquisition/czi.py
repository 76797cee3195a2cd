"""Zeiss CZI: the metadata XML that ZEN (and the older AIM) writes into the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.czi_blocks import SceneBlocks, mean_step, read_blocks
from confocal_bag.image.acquisition.czi_channel import channel_facts, channel_lasers, display_channels
from confocal_bag.image.acquisition.czi_processing import processing_notes
from confocal_bag.image.acquisition.facts import FileFacts, Laser, Objective, SeriesFacts, StagePosition
from confocal_bag.image.acquisition.layout import scene_of
from confocal_bag.image.acquisition.shared import shared, shared_lasers
from confocal_bag.image.acquisition.values import (
    finite,
    immersion,
    iso_date,
    objective_from_name,
    pixel_um,
    positive,
    text,
    whole,
)
from confocal_bag.image.acquisition.xml import by_id, child_text, parse_header, path_texts
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lxml.etree import _Element as Element

    from confocal_bag.image.model import Series

__all__ = ["czi_facts", "read_czi"]

_DIRECTIONS = {"true": True, "Bidirectional": True, "false": False, "Unidirectional": False}


def read_czi(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of a CZI file, one entry for every series."""
    from confocal_bag.image.readers.zisraw import read_metadata_xml

    content = read_metadata_xml(path)
    blocks = read_blocks(path)
    return czi_facts(content, series, blocks) if content.strip(b"\0 \r\n") else FileFacts()


def czi_facts(content: bytes, series: Sequence[Series], blocks: Mapping[int, SceneBlocks]) -> FileFacts:
    """The facts in a CZI's metadata XML, whose root is ImageDocument, and in its sub-blocks by scene."""
    metadata = parse_header(content).find("Metadata")
    if metadata is None:
        return FileFacts()
    scenes = {
        whole(one.get("Index")) or 0: one for one in metadata.findall("Information/Image/Dimensions/S/Scenes/Scene")
    }
    # The scenes that have planes are the series; the XML may list others that were planned and not taken.
    numbers = sorted(blocks) or sorted(scenes)
    found = []
    for one in series:
        # Without scenes, several series are phases or blocks of one.
        scene = scene_of(one) if len(numbers) > 1 else 0
        number = numbers[scene] if scene < len(numbers) else scene
        found.append(_series(metadata, one, scenes.get(number), blocks.get(number, SceneBlocks())))
    return FileFacts(series=tuple(found))


def _series(metadata: Element, series: Series, scene: Element | None, blocks: SceneBlocks) -> SeriesFacts:
    image = metadata.find("Information/Image")
    microscope = _referenced(metadata, image, "MicroscopeRef", "Microscopes/Microscope")
    model = text(microscope.get("Name")) or text(child_text(microscope, "System")) if microscope is not None else None
    channels, lasers = _channels(metadata)
    return SeriesFacts(
        name=text(scene.get("Name")) if scene is not None else None,
        acquired=iso_date(child_text(image, "AcquisitionDateAndTime")),
        created=iso_date(child_text(metadata, "Information/Document/CreationDate")),
        pixel_size_um=_pixel_size(metadata),
        time_increment_s=_time_increment(image, blocks) if series.axes.get("T", 1) > 1 else None,
        bit_depth=whole(child_text(image, "ComponentBitCount")) or _channel_depth(image),
        manufacturer="Zeiss" if model else None,
        microscope=model,
        microscope_type=_stand(microscope),
        software=text(child_text(metadata, "Information/Application/Name")),
        software_version=text(child_text(metadata, "Information/Application/Version")),
        objective=_objective(metadata, image),
        lasers=lasers,
        stage=_stage(scene, blocks.stage),
        tiles=blocks.tiles,
        channels=channels,
        notes=processing_notes(metadata),
        **_scan(metadata),
    )


def _referenced(metadata: Element, image: Element | None, reference: str, path: str) -> Element | None:
    """The part of the instrument that the image refers to; without a reference, the only one there is."""
    parts = metadata.findall(f"Information/Instrument/{path}")
    found = image.find(reference) if image is not None else None
    if found is not None:
        return by_id(parts).get(found.get("Id", ""))
    return parts[0] if len(parts) == 1 else None


def _channel_depth(image: Element | None) -> int | None:
    """The depth that all channels have, where the image gives none."""
    depths = {whole(one) for one in path_texts(image, "Dimensions/Channels/Channel/ComponentBitCount")}
    return depths.pop() if len(depths) == 1 else None


def _stand(microscope: Element | None) -> str | None:
    kind = child_text(microscope, "Type")
    return kind if kind in ("Inverted", "Upright") else None


def _objective(metadata: Element, image: Element | None) -> Objective:
    """The objective the image was taken with, which need not be the first or the strongest of the turret."""
    lens = _referenced(metadata, image, "ObjectiveSettings/ObjectiveRef", "Objectives/Objective")
    index = positive(child_text(image, "ObjectiveSettings/RefractiveIndex"))
    if lens is None:
        scaled = objective_from_name(child_text(metadata, "Scaling/AutoScaling/ObjectiveName"))
        return Objective(
            model=scaled.model,
            magnification=scaled.magnification,
            numerical_aperture=scaled.numerical_aperture,
            immersion=scaled.immersion,
            refractive_index=index,
        )
    aperture = positive(child_text(lens, "LensNA"))
    return Objective(
        model=text(child_text(lens, "Manufacturer/Model")) or text(lens.get("Name")),
        magnification=positive(child_text(lens, "NominalMagnification")),
        numerical_aperture=None if aperture is None else round(aperture, 6),
        immersion=immersion(child_text(lens, "Immersion")) or immersion(child_text(image, "ObjectiveSettings/Medium")),
        refractive_index=index,
    )


def _pixel_size(metadata: Element) -> PixelSize:
    """Distances are in metres whatever DefaultUnitFormat says; a Pixel item means nothing is calibrated."""
    sizes = {
        one.get("Id", ""): pixel_um(child_text(one, "Value")) for one in metadata.findall("Scaling/Items/Distance")
    }
    return PixelSize(x=sizes.get("X"), y=sizes.get("Y"), z=sizes.get("Z"))


def _time_increment(image: Element | None, blocks: SceneBlocks) -> float | None:
    """Seconds between time points: the interval, or the mean of the time stamps, or of the times listed instead."""
    set_s = positive(child_text(image, "Dimensions/T/Positions/Interval/Increment"))
    return set_s or blocks.time_increment_s or mean_step(_listed_times(image))


def _listed_times(image: Element | None) -> list[float]:
    """Seconds since the start, as text; nothing where one of them is no number."""
    words = (child_text(image, "Dimensions/T/Positions/List/Offsets") or "").split()
    times = [finite(word) for word in words]
    return [time for time in times if time is not None] if None not in times else []


def _stage(scene: Element | None, first: StagePosition) -> StagePosition:
    """Micrometres: where the first plane was taken, else the scene's first position, else its centre."""
    if first.x_um is not None or scene is None:
        return first
    position = scene.find("Positions/Position")
    if position is not None:
        x, y, z = (finite(position.get(axis)) for axis in "XYZ")
        return StagePosition(x_um=x, y_um=y, z_um=z) if x or y or z else StagePosition()
    centre = [finite(part) for part in (child_text(scene, "CenterPosition") or "").split(",")]
    if len(centre) != 2 or not any(centre):
        return first
    return StagePosition(x_um=centre[0], y_um=centre[1], z_um=first.z_um)


def _scan(metadata: Element) -> dict[str, Any]:
    """The laser scan that all scanned channels share, and of the experiment what is missing there."""
    channels = metadata.findall("Information/Image/Dimensions/Channels/Channel")
    infos = [info for one in channels if (info := _scan_info(one)) is not None]
    setups = metadata.findall("Experiment/ExperimentBlocks/AcquisitionBlock/AcquisitionModeSetup")
    setup = setups[0] if len(setups) == 1 else None
    told = [_scan_facts(info, setup) for info in infos]
    return {field: shared(one[field] for one in told) for field in told[0]} if told else {}


def _scan_info(channel: Element) -> Element | None:
    """What a channel records of a laser scan; a camera's channel has none, though it may have the element."""
    info = channel.find("LaserScanInfo")
    is_camera = child_text(channel, "AcquisitionMode") in ("WideField", "SpinningDiskConfocal")
    told = not is_camera and (child_text(info, "PixelTime") or child_text(info, "ZoomX"))
    return info if told else None


def _scan_facts(info: Element, setup: Element | None) -> dict[str, Any]:
    dwell_s = positive(child_text(info, "PixelTime"))
    # ZEN blue tells of the image what ZEN black tells of the experiment.
    unit = child_text(info, "AveragingMode") or child_text(setup, "FilterMode")
    method = child_text(info, "AveragingMethod") or child_text(setup, "FilterMethod")
    return {
        "zoom": positive(child_text(info, "ZoomX")),
        "pixel_dwell_us": None if dwell_s is None else round(dwell_s * 1e6, 9),
        "scan_speed": text(child_text(info, "ScanSpeed")),
        "averaging": whole(child_text(info, "Averaging")) if method in (None, "Average", "Mean") else None,
        "averaging_unit": unit if unit in ("Line", "Frame") else None,
        "scan_mode": text(child_text(info, "ScanningMode")),
        "bidirectional": _DIRECTIONS.get(child_text(info, "ScanDirection") or child_text(setup, "BiDirectional") or ""),
    }


def _channels(metadata: Element) -> tuple[tuple[Any, ...], tuple[Laser, ...]]:
    elements = metadata.findall("Information/Image/Dimensions/Channels/Channel")
    shown = display_channels(metadata, elements)
    if not elements:
        return tuple(channel_facts(metadata, None, one) for one in shown), ()
    channels = tuple(channel_facts(metadata, one, display) for one, display in zip(elements, shown, strict=True))
    return channels, shared_lasers([channel_lasers(metadata, element) for element in elements])
