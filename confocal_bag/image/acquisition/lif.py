"""Leica LIF and LOF: the confocal settings that LAS AF and LAS X attach to every image."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import (
    FileFacts,
    Laser,
    Modulo,
    Objective,
    SeriesFacts,
    StagePosition,
)
from confocal_bag.image.acquisition.layout import scene_of
from confocal_bag.image.acquisition.lif_channel import channels_of, lines_of
from confocal_bag.image.acquisition.values import (
    finite,
    immersion,
    objective_from_name,
    pixel_um,
    positive,
    text,
    whole,
)
from confocal_bag.image.acquisition.xml import parse_header
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lxml.etree import _Element as Element

    from confocal_bag.image.model import Series

__all__ = ["lif_facts", "read_lif"]

_CONFOCAL = "ATLConfocalSettingDefinition"
_AXES = {"1": "x", "2": "y", "3": "z", "4": "t", "5": "λ", "9": "Λ"}
#: The letters our LIF reader gives to the axes of wavelength.
_LAMBDA_AXES = {"5": "L", "9": "E"}


def read_lif(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of a LIF or LOF file, one for every series; the tiles of a mosaic are series of their own."""
    from xml.etree.ElementTree import tostring

    from liffile import LifFile

    with LifFile(path) as lif:
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
        return SeriesFacts(acquired=_acquired(element), channels=channels_of(element, ()), **_axes(dimensions))
    return SeriesFacts(
        acquired=_acquired(element),
        bit_depth=_bit_depth(element),
        manufacturer="Leica" if model else None,
        microscope=model,
        microscope_type="Inverted" if first.get("IsInverseMicroscopeModel") == "1" else None,
        software=software,
        software_version=version,
        objective=_objective(first),
        lasers=_lasers(settings),
        zoom=positive(first.get("Zoom")),
        pixel_dwell_us=_microseconds(first.get("PixelDwellTime")),
        scan_speed=_with_unit(first.get("ScanSpeed"), "Hz"),
        scan_mode=text(first.get("ScanMode")),
        bidirectional={"Unidirectional": False, "Bidirectional": True}.get(first.get("ScanDirectionXName", "")),
        stage=_stage(first),
        channels=channels_of(element, settings),
        notes=_notes(first),
        **_averaging(first),
        **_axes(dimensions),
    )


def _hardware(element: Element) -> Element | None:
    attachments = element.findall("Data/Image/Attachment")
    return next((one for one in attachments if one.get("Name") == "HardwareSetting"), None)


def _settings(hardware: Element | None) -> list[Element]:
    """The confocal settings the image was taken with: those of each sequential scan, or the only ones."""
    if hardware is None:
        return []
    sequential = hardware.findall(f"LDM_Block_Sequential/LDM_Block_Sequential_List/{_CONFOCAL}")
    return sequential or hardware.findall(_CONFOCAL)


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


def _objective(settings: Element) -> Objective:
    named = objective_from_name(settings.get("ObjectiveName"))
    return Objective(
        model=named.model,
        magnification=positive(settings.get("Magnification")),
        numerical_aperture=positive(settings.get("NumericalAperture")),
        immersion=immersion(settings.get("Immersion")),
        refractive_index=positive(settings.get("RefractionIndex")),
    )


def _lasers(settings: Sequence[Element]) -> tuple[Laser, ...]:
    """The lines that passed the AOTF in any of the scans."""
    found: dict[float, Laser] = {}
    for one in settings:
        for laser in lines_of(one):
            found.setdefault(laser.wavelength_nm, laser)
    return tuple(found[line] for line in sorted(found))


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


def _axes(dimensions: Sequence[Element]) -> dict[str, Any]:
    """Sizes and steps of the axes: an axis of N samples spans N-1 steps."""
    by_id = {one.get("DimID", ""): one for one in dimensions}
    tiles = by_id.get("10")
    lambda_id = next((key for key in _LAMBDA_AXES if key in by_id), None)
    found: dict[str, Any] = {
        "pixel_size_um": PixelSize(x=_step_um(by_id.get("1")), y=_step_um(by_id.get("2")), z=_step_um(by_id.get("3"))),
        "time_increment_s": _seconds(by_id.get("4")),
        "tiles": whole(tiles.get("NumberOfElements")) if tiles is not None else None,
        "scan_axes": "".join(_AXES.get(one.get("DimID", ""), "") for one in dimensions) or None,
        "modulo": {_LAMBDA_AXES[key]: _lambda(by_id[key]) for key in _LAMBDA_AXES if key in by_id},
    }
    if lambda_id is not None:
        known = _lambda(by_id[lambda_id])
        found |= {
            "lambda_count": whole(by_id[lambda_id].get("NumberOfElements")),
            "lambda_start_nm": known.start,
            "lambda_step_nm": known.step,
        }
    return found


def _steps(dimension: Element) -> float | None:
    """Length over steps, in the unit of the file."""
    count, length = whole(dimension.get("NumberOfElements")), finite(dimension.get("Length"))
    return length / (count - 1) if count is not None and count > 1 and length else None


def _step_um(dimension: Element | None) -> float | None:
    if dimension is None or dimension.get("Unit") != "m":
        return None
    return pixel_um(_steps(dimension))


def _seconds(dimension: Element | None) -> float | None:
    return positive(_steps(dimension)) if dimension is not None and dimension.get("Unit") == "s" else None


def _lambda(dimension: Element) -> Modulo:
    origin, step = finite(dimension.get("Origin")), _steps(dimension)
    in_metres = dimension.get("Unit") == "m" and origin is not None and origin > 0 and step is not None
    if not in_metres or origin is None or step is None:
        return Modulo(kind="lambda")
    description = {"5": "emission", "9": "excitation"}.get(dimension.get("DimID", ""))
    return Modulo(
        kind="lambda",
        start=round(origin * 1e9, 6),
        step=round(step * 1e9, 6),
        unit="nm",
        description=description,
    )


def _bit_depth(element: Element) -> int | None:
    channels = element.findall("Data/Image/ImageDescription/Channels/ChannelDescription")
    depths = {whole(one.get("Resolution")) for one in channels}
    return depths.pop() if len(depths) == 1 else None


def _acquired(element: Element) -> str | None:
    """The first time stamp: 100 ns since 1601, in one hexadecimal word or in two halves."""
    stamps = element.find("Data/Image/TimeStampList")
    if stamps is None:
        return None
    words = (stamps.text or "").split()
    half = stamps.find("TimeStamp")
    if words and re.fullmatch(r"[0-9a-fA-F]{1,16}", words[0]):
        ticks = int(words[0], 16)
    elif half is not None:
        high, low = (whole(half.get(key)) or 0 for key in ("HighInteger", "LowInteger"))
        ticks = (high << 32) + low
    else:
        return None
    if not 0 < ticks < 10**18:
        return None
    date = datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10)  # noqa: DTZ001 - no zone is recorded
    return date.isoformat() if date.year > 1970 else None


def _microseconds(seconds: object) -> float | None:
    number = positive(seconds)
    return None if number is None else round(number * 1e6, 9)


def _with_unit(value: object, unit: str) -> str | None:
    number = positive(value)
    return None if number is None else f"{number:.10g} {unit}"
