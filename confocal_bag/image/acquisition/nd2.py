"""Nikon ND2: what NIS-Elements records as structure, and what it records only as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.annotations import as_text
from confocal_bag.image.acquisition.facts import (
    FileFacts,
    Laser,
    Objective,
    SeriesFacts,
    StagePosition,
)
from confocal_bag.image.acquisition.layout import scene_of
from confocal_bag.image.acquisition.nd2_channel import channel_facts
from confocal_bag.image.acquisition.nd2_text import PlaneText, parse_description
from confocal_bag.image.acquisition.shared import shared, shared_lasers
from confocal_bag.image.acquisition.values import objective_from_name, positive, text, whole
from confocal_bag.image.model import PixelSize
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from confocal_bag.image.model import Series

__all__ = ["julian_date", "read_nd2"]


def read_nd2(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of an ND2 file; its positions are the series."""
    from nd2 import ND2File

    with open_regular(path) as stream, ND2File(stream) as source:
        if source.is_legacy:
            return FileFacts()
        return FileFacts(series=tuple(_series(source, one, len(series)) for one in series))


def _series(source: Any, series: Series, count: int) -> SeriesFacts:
    info = source.text_info or {}
    described = parse_description(info.get("description") or "")
    channels = list(getattr(source.metadata, "channels", None) or [])
    first = channels[0] if channels else None
    software = (source.custom_data or {}).get("AppInfo_V1_0") or {}
    planes = described.of_channels([text(one.channel.name) for one in channels])
    return SeriesFacts(
        name=_position_name(source, scene_of(series), count),
        acquired=_acquired(source),
        pixel_size_um=_pixel_size(source, first),
        time_increment_s=_time_increment(source) if series.axes.get("T", 1) > 1 else None,
        bit_depth=whole(getattr(source.attributes, "bitsPerComponentSignificant", None)),
        manufacturer="Nikon" if described.names_nikon else None,
        microscope=described.microscope,
        software=text(software.get("SWNameString")),
        software_version=_version(software.get("VersionString")) or _version(info.get("appVersion")),
        objective=shared(_objective(one) for one in channels) or Objective(),
        lasers=_lasers(described.planes),
        stage=_stage(source, scene_of(series), count),
        channels=tuple(channel_facts(one, plane) for one, plane in zip(channels, planes, strict=True)),
        **_scan(channels, described.planes),
    )


def _scan(channels: Sequence[Any], planes: Sequence[PlaneText]) -> dict[str, Any]:
    """The settings of a laser scan that all planes share. The zoom of a camera's image is that of its optics."""
    zoom = positive(shared(one.microscope.zoomMagnification for one in channels))
    if not any(_is_scan(one) for one in channels) and not any(plane.is_scan for plane in planes):
        return {"notes": {"Zoom of the optics": as_text(zoom)} if zoom is not None else {}}
    averaging = shared(plane.averaging for plane in planes)
    notes = {
        "Scanner": shared(plane.scanner for plane in planes),
        # Whether frames were averaged is not said with it: no number, but the words of the header.
        "Averaging": "none (Line Average Mode: None)" if shared(one.is_unaveraged for one in planes) else None,
    }
    return {
        "zoom": zoom if all(_is_scan(one) for one in channels) else None,
        "pixel_dwell_us": shared(plane.dwell_us for plane in planes),
        "scan_speed": shared(plane.scan_speed for plane in planes),
        "averaging": averaging,
        "averaging_unit": "Line" if averaging is not None else None,
        "bidirectional": shared(plane.bidirectional for plane in planes),
        "notes": {key: value for key, value in notes.items() if value is not None},
    }


def _is_scan(channel: Any) -> bool:
    return "laserScanConfocal" in (channel.microscope.modalityFlags or [])


def julian_date(days: object) -> str | None:
    """A Julian day, which ND2 counts in UTC, as a date and time to the millisecond."""
    number = positive(days)
    if number is None or not 2_415_020 < number < 2_500_000:
        return None
    seconds = round((number - 2_440_587.5) * 86_400, 3)
    date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return date.isoformat(timespec="milliseconds" if date.microsecond else "seconds").replace("+00:00", "Z")


def _frame(source: Any, index: int) -> Any | None:
    """The metadata of the first channel of one frame, or None where the file has none."""
    frame = source.frame_metadata(index)
    channels = getattr(frame, "channels", None)
    return channels[0] if channels else None


def _acquired(source: Any) -> str | None:
    """The file's own time of its first frame; the library adds the time since the start to it."""
    frame = _frame(source, 0)
    if frame is None:
        return None
    return julian_date(frame.time.absoluteJulianDayNumber - (frame.time.relativeTimeMs or 0) / 86_400_000)


def _pixel_size(source: Any, channel: Any | None) -> PixelSize:
    """Calibrated axes only: an uncalibrated one has 1.0. The z step is the one of the z loop."""
    if channel is None:
        return PixelSize()
    x, y, z = (
        positive(size) if known else None
        for known, size in zip(channel.volume.axesCalibrated, channel.volume.axesCalibration, strict=True)
    )
    loop = _loop(source, "ZStackLoop")
    step = positive(abs(loop.parameters.stepUm)) if loop is not None else z
    return PixelSize(x=x, y=y, z=step)


def _loop(source: Any, kind: str) -> Any | None:
    return next((one for one in source.experiment or [] if one.type == kind), None)


def _time_increment(source: Any) -> float | None:
    """Seconds between time points: as set, or from the times of the first and the last frame."""
    loop = _loop(source, "TimeLoop")
    set_ms = positive(loop.parameters.periodMs) if loop is not None else None
    if set_ms is not None:
        return set_ms / 1000
    starts: dict[int, int] = {}
    for index, place in enumerate(source.loop_indices):
        starts.setdefault(place.get("T", 0), index)
    if len(starts) < 2:
        return None
    first, last = _frame(source, starts[min(starts)]), _frame(source, starts[max(starts)])
    if first is None or last is None:
        return None
    return positive((last.time.relativeTimeMs - first.time.relativeTimeMs) / 1000 / (len(starts) - 1))


def _objective(channel: Any) -> Objective:
    lens = channel.microscope
    named = objective_from_name(lens.objectiveName)
    return Objective(
        model=named.model,
        magnification=positive(lens.objectiveMagnification) or named.magnification,
        numerical_aperture=positive(lens.objectiveNumericalAperture) or named.numerical_aperture,
        immersion=named.immersion,
        refractive_index=positive(lens.immersionRefractiveIndex),
    )


def _positions(source: Any, count: int) -> Sequence[Any]:
    """The positions of the experiment, where they are as many as the series."""
    loop = _loop(source, "XYPosLoop")
    points = loop.parameters.points if loop is not None else []
    return points if len(points) == count else []


def _position_name(source: Any, index: int, count: int) -> str | None:
    points = _positions(source, count)
    return text(points[index].name) if index < len(points) else None


def _stage(source: Any, index: int, count: int) -> StagePosition:
    """The position of the series where the file lists them, else of the first frame; all zero is none."""
    points = _positions(source, count)
    if index < len(points):
        stage = points[index].stagePositionUm
    else:
        frame = _frame(source, 0)
        stage = frame.position.stagePositionUm if frame is not None else None
    if stage is None or not any((stage.x, stage.y, stage.z)):
        return StagePosition()
    return StagePosition(x_um=stage.x, y_um=stage.y, z_um=stage.z)


def _version(value: object) -> str | None:
    """The version without its build number."""
    words = text(value)
    return words.partition(" (")[0] if words else None


def _lasers(planes: Sequence[PlaneText]) -> tuple[Laser, ...]:
    """The lines that were on for any plane; the planes that share one need not share its power."""
    return shared_lasers(
        [[Laser(wavelength_nm=line, power=power) for line, power in plane.lines.items()] for plane in planes]
    )
