"""Nikon ND2: what NIS-Elements records as structure, and what it records only as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import (
    ChannelFacts,
    FileFacts,
    Laser,
    Objective,
    SeriesFacts,
    StagePosition,
)
from confocal_bag.image.acquisition.layout import scene_of
from confocal_bag.image.acquisition.nd2_text import PlaneText, parse_description
from confocal_bag.image.acquisition.values import objective_from_name, positive, text, wavelength_nm, whole
from confocal_bag.image.model import PixelSize
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from confocal_bag.image.model import Series

__all__ = ["julian_date", "read_nd2"]

_MODES = {
    "laserScanConfocal": "LaserScanningConfocalMicroscopy",
    "spinningDiskConfocal": "SpinningDiskConfocal",
    "sweptFieldConfocalSlit": "SweptFieldConfocal",
    "sweptFieldConfocalPinholes": "SweptFieldConfocal",
    "multiphoton": "MultiPhotonMicroscopy",
    "TIRF": "TIRF",
    "SIM": "StructuredIllumination",
}
_CONTRASTS = {
    "brightfield": "Brightfield",
    "phaseContrast": "Phase",
    "diContrast": "DIC",
    "fluorescence": "Fluorescence",
}

#: Lasers of one channel differ by less from what is said of it, and those of two channels by more.
_FARTHEST_LINE_NM = 8


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
    scan = described.planes[0] if described.planes else PlaneText()
    facts = tuple(_channel(one, described.plane(index)) for index, one in enumerate(channels))
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
        objective=_objective(first),
        lasers=_lasers(described.planes),
        zoom=positive(first.microscope.zoomMagnification) if first is not None else None,
        pixel_dwell_us=scan.dwell_us,
        scan_speed=scan.scan_speed,
        averaging=scan.averaging,
        averaging_unit="Line" if scan.averaging is not None else None,
        bidirectional=scan.bidirectional,
        stage=_stage(source, scene_of(series), count),
        channels=facts,
        notes={"Scanner": scan.scanner} if scan.scanner else {},
    )


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


def _objective(channel: Any | None) -> Objective:
    if channel is None:
        return Objective()
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
    """The lines that were on for any plane, with the power the text gives."""
    powers: dict[float, str | None] = {}
    for plane in planes:
        for line, power in plane.lines.items():
            powers.setdefault(line, power)
    return tuple(Laser(wavelength_nm=line, power=powers[line]) for line in sorted(powers))


def _channel(channel: Any, plane: PlaneText) -> ChannelFacts:
    meta, scope = channel.channel, channel.microscope
    stated = wavelength_nm(meta.excitationLambdaNm)
    lines = _channel_lines(plane, stated)
    flags = scope.modalityFlags or []
    only = lines[0] if len(lines) == 1 else None
    return ChannelFacts(
        name=text(meta.name),
        # NIS-Elements gives all channels of a multi-laser unit one excitation; the line that was on counts.
        excitation_nm=stated if only is None or (plane.is_scan and stated is not None) else only,
        emission_nm=wavelength_nm(meta.emissionLambdaNm),
        color=_color(meta.color),
        pinhole_um=positive(scope.pinholeDiameterUm) or plane.pinhole_um,
        laser_lines_nm=lines,
        detection_bands_nm=(plane.bands_nm[only],) if only is not None and only in plane.bands_nm else (),
        detector=plane.camera,
        gain=plane.voltages.get(only) if only is not None else None,
        exposure_s=plane.exposure_s,
        acquisition_mode=_first(_MODES, flags),
        contrast_method=_first(_CONTRASTS, flags),
        notes={"Binning": plane.binning} if plane.binning else {},
    )


def _channel_lines(plane: PlaneText, stated: float | None) -> tuple[float, ...]:
    """The lines of a channel; a scan lists all its lines for every plane, the stated one is meant.

    A laser has its own line, 403.2 nm, where the channel is said to be excited at 405 nm. Where a lamp was on beside
    lasers, nobody says which of them lit the sample.
    """
    if plane.lamps_nm:
        return ()
    if not plane.is_scan:
        return tuple(sorted(plane.lines))
    if stated is None:
        return tuple(plane.lines) if len(plane.lines) == 1 else ()
    nearest = sorted(plane.lines, key=lambda line: abs(line - stated))[:1]
    return tuple(line for line in nearest if abs(line - stated) < _FARTHEST_LINE_NM)


def _color(color: Any) -> tuple[int, int, int] | None:
    return None if color is None else (color.r, color.g, color.b)


def _first(names: Mapping[str, str], flags: Sequence[str]) -> str | None:
    return next((name for flag, name in names.items() if flag in flags), None)
