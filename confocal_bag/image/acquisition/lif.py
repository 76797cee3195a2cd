"""Leica LIF and LOF: the confocal settings that LAS AF and LAS X attach to every image."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import (
    ChannelFacts,
    FileFacts,
    Objective,
    SeriesFacts,
    StagePosition,
)
from confocal_bag.image.acquisition.layout import scene_of
from confocal_bag.image.acquisition.lif_axes import axes_of, first_time_stamp
from confocal_bag.image.acquisition.lif_channel import channels_of, lines_of
from confocal_bag.image.acquisition.lif_records import record_facts
from confocal_bag.image.acquisition.shared import shared, shared_lasers
from confocal_bag.image.acquisition.values import (
    finite,
    immersion,
    objective_from_name,
    positive,
    text,
    whole,
)
from confocal_bag.image.acquisition.xml import parse_header
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lxml.etree import _Element as Element

    from confocal_bag.image.model import Series

__all__ = ["lif_facts", "read_lif"]

_CONFOCAL = "ATLConfocalSettingDefinition"
_CAMERA = "ATLCameraSettingDefinition"


def read_lif(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of a LIF or LOF file, one for every series; the tiles of a mosaic are series of their own."""
    from xml.etree.ElementTree import tostring

    from liffile import LifFile

    with open_regular(path) as stream, LifFile(stream) as lif:
        # liffile's elements are the standard library's; ours are lxml's.
        images = [parse_header(tostring(image.xml_element)) for image in lif.images if not image.is_flim]
    return FileFacts(series=tuple(_of_series(images, one) for one in series))


def _of_series(images: Sequence[Element], series: Series) -> SeriesFacts:
    if scene_of(series) >= len(images):
        return SeriesFacts()
    element = images[scene_of(series)]
    facts = lif_facts(element)
    tile = series.notes.get("M", "")
    stage = _tile_stage(element, int(tile)) if tile.isdecimal() else None
    return facts if stage is None else replace(facts, stage=stage)


def _tile_stage(element: Element, tile: int) -> StagePosition | None:
    """Where the stage stood for one tile, in metres in the file."""
    tiles = element.findall("Data/Image/Attachment[@Name='TileScanInfo']/Tile")
    if tile >= len(tiles):
        return None
    x, y, z = (finite(tiles[tile].get(f"Pos{axis}")) for axis in "XYZ")
    if not x and not y:
        return None
    return StagePosition(x_um=_um(x), y_um=_um(y), z_um=_um(z))


def _um(metres: float | None) -> float | None:
    return None if metres is None else round(metres * 1e6, 9)


def lif_facts(element: Element) -> SeriesFacts:
    """The facts in the Element of one image."""
    hardware = _hardware(element)
    settings = _settings(hardware)
    first = settings[0] if settings else None
    dimensions = element.findall("Data/Image/ImageDescription/Dimensions/DimensionDescription")
    software, version = _software(hardware)
    model = _microscope(first, hardware)
    if first is None:
        known = record_facts(element)
        channels = _merged(channels_of(element, ()), known.pop("channels", ()))
        return SeriesFacts(
            acquired=first_time_stamp(element),
            bit_depth=_bit_depth(element),
            channels=channels,
            **known,
            **axes_of(dimensions),
        )
    return SeriesFacts(
        acquired=first_time_stamp(element),
        bit_depth=_bit_depth(element),
        manufacturer="Leica" if model else None,
        microscope=model,
        microscope_type=_stand(first),
        software=software,
        software_version=version,
        objective=shared(_objective(one) for one in settings) or Objective(),
        lasers=shared_lasers([lines_of(one) for one in settings]),
        stage=_stage(first),
        channels=channels_of(element, settings),
        **_scan([one for one in settings if one.tag == _CONFOCAL]),
        **axes_of(dimensions),
    )


def _scan(settings: Sequence[Element]) -> dict[str, Any]:
    """What the sequential scans share; a camera's settings have a zoom and an averaging too, and scan nothing."""
    directions = {"Unidirectional": False, "Bidirectional": True}
    return {
        "zoom": shared(positive(one.get("Zoom")) for one in settings),
        "pixel_dwell_us": shared(_microseconds(one.get("PixelDwellTime")) for one in settings),
        "scan_speed": shared(_with_unit(one.get("ScanSpeed"), "Hz") for one in settings),
        "scan_mode": shared(text(one.get("ScanMode")) for one in settings),
        "bidirectional": shared(directions.get(one.get("ScanDirectionXName", "")) for one in settings),
        "notes": shared(_notes(one) for one in settings) or {},
        **(shared(_averaging(one) for one in settings) or {}),
    }


def _merged(channels: Sequence[ChannelFacts], settings: Sequence[ChannelFacts]) -> tuple[ChannelFacts, ...]:
    """Names and colours of the channels with the pinhole that the settings give them all."""
    if len(channels) != len(settings):
        return tuple(channels)
    return tuple(
        replace(one, pinhole_um=own.pinhole_um, pinhole_au=own.pinhole_au, acquisition_mode=own.acquisition_mode)
        for one, own in zip(channels, settings, strict=True)
    )


def _hardware(element: Element) -> Element | None:
    attachments = element.findall("Data/Image/Attachment")
    newer = next((one for one in attachments if one.get("Name") == "HardwareSetting"), None)
    if newer is not None:
        return newer
    # Some LAS AF files keep settings of the newer kind in the older list.
    listed = [one for one in attachments if one.get("Name") == "HardwareSettingList"]
    return next((one for item in listed for one in (item, *item) if one.find(_CONFOCAL) is not None), None)


def _settings(hardware: Element | None) -> list[Element]:
    """The settings the image was taken with: those of each sequential scan, or the only ones, or the camera's."""
    if hardware is None:
        return []
    places = (
        f"LDM_Block_Sequential/LDM_Block_Sequential_List/{_CONFOCAL}",
        _CONFOCAL,
        f"LDM_Block_Widefield_Sequential/LDM_Block_Sequential_List/{_CAMERA}",
        _CAMERA,
    )
    return next((found for place in places if (found := hardware.findall(place))), [])


def _software(hardware: Element | None) -> tuple[str | None, str | None]:
    """Name and version out of "LAS X 3.5.7.23225" or "LAS X [ BETA ] 3.1.0.15531"."""
    words = text(hardware.get("Software")) if hardware is not None else None
    if words is None:
        return None, None
    version = re.search(r"\d+(?:\.\d+)+$", words)
    name = words[: version.start()] if version else words
    return text(re.sub(r"\[.*?\]", "", name)), version[0] if version else None


def _microscope(settings: Element | None, hardware: Element | None) -> str | None:
    model = text(settings.get("MicroscopeModel")) if settings is not None else None
    return model or (text(hardware.get("SystemTypeName")) if hardware is not None else None)


def _stand(settings: Element) -> str | None:
    """Which way the stand stands, where one is named: without a stand, as in a simulator, the flag is unset."""
    inverse = settings.get("IsInverseMicroscopeModel") if text(settings.get("MicroscopeModel")) else None
    return {"1": "Inverted", "0": "Upright"}.get(inverse or "")


def _objective(settings: Element) -> Objective:
    named = objective_from_name(settings.get("ObjectiveName"))
    return Objective(
        model=named.model,
        magnification=positive(settings.get("Magnification")) or named.magnification,
        numerical_aperture=positive(settings.get("NumericalAperture")) or named.numerical_aperture,
        immersion=immersion(settings.get("Immersion")) or named.immersion,
        refractive_index=positive(settings.get("RefractionIndex")),
    )


def _averaging(settings: Element) -> dict[str, Any]:
    lines, frames = whole(settings.get("LineAverage")), whole(settings.get("FrameAverage"))
    if (lines or 1) == 1 and (frames or 1) > 1:
        return {"averaging": frames, "averaging_unit": "Frame"}
    return {"averaging": lines or frames, "averaging_unit": "Line" if (lines or 1) > 1 else None}


def _notes(settings: Element) -> dict[str, str]:
    """Settings that matter only where they are not 1."""
    notes = {}
    for key, name in (
        ("FrameAverage", "Frame averages"),
        ("FrameAccumulation", "Frame accumulation"),
        ("Line_Accumulation", "Line accumulation"),
    ):
        count = whole(settings.get(key))
        if count is not None and count > 1:
            notes[name] = str(count)
    return notes


def _stage(settings: Element) -> StagePosition:
    """The stage as it was read, in its own frame; both zero where there is no motorised stage."""
    x, y = (finite(settings.get(key)) for key in ("StagePosX", "StagePosY"))
    if not x and not y:
        return StagePosition()
    return StagePosition(x_um=_um(x), y_um=_um(y))


def _bit_depth(element: Element) -> int | None:
    channels = element.findall("Data/Image/ImageDescription/Channels/ChannelDescription")
    depths = {whole(one.get("Resolution")) for one in channels}
    return depths.pop() if len(depths) == 1 else None


def _microseconds(seconds: object) -> float | None:
    number = positive(seconds)
    return None if number is None else round(number * 1e6, 9)


def _with_unit(value: object, unit: str) -> str | None:
    number = positive(value)
    return None if number is None else f"{number:.10g} {unit}"
