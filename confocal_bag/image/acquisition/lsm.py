"""Zeiss LSM: the CZ_LSMINFO record of the first page, and the text blocks that tifffile does not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, Laser, SeriesFacts, StagePosition
from confocal_bag.image.acquisition.lsm_blocks import application_tags, block_at, characteristics
from confocal_bag.image.acquisition.values import (
    finite,
    objective_from_name,
    ole_date,
    pixel_um,
    positive,
    text,
    wavelength_nm,
    whole,
)
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["lsm_facts", "read_lsm"]

_SAMPLING_UNITS = {1: "Line", 2: "Frame"}


def read_lsm(path: Path) -> FileFacts:
    """The facts of an LSM file; one series."""
    from tifffile import TiffFile

    with TiffFile(path) as tiff:
        info = tiff.lsm_metadata or {}
        stream = tiff.filehandle
        blocks = {
            **characteristics(block_at(stream, info.get("OffsetCharacteristics"))),
            **application_tags(block_at(stream, info.get("OffsetKsData"))),
        }
    return FileFacts(series=(lsm_facts(info, blocks),))


def lsm_facts(info: Mapping[str, Any], blocks: Mapping[str, str]) -> SeriesFacts:
    """The facts in a CZ_LSMINFO record as tifffile gives it and in the text blocks, by key."""
    scan = info.get("ScanInformation") or {}
    tracks = [track for track in scan.get("Tracks") or [] if track.get("Acquire", 1)]
    device = text(blocks.get("Device"))
    first = tracks[0] if tracks else {}
    return SeriesFacts(
        acquired=ole_date(scan.get("Sample0time")) or ole_date(blocks.get("AcquisitionDateAndTime")),
        pixel_size_um=PixelSize(
            x=pixel_um(info.get("VoxelSizeX")),
            y=pixel_um(info.get("VoxelSizeY")),
            z=pixel_um(info.get("VoxelSizeZ")) if info.get("DimensionZ", 1) > 1 else None,
        ),
        time_increment_s=_time_increment(info),
        bit_depth=_bit_depth(tracks),
        manufacturer="Zeiss" if device else None,
        microscope=device,
        software=text(blocks.get("ApplicationName")),
        software_version=text(blocks.get("ApplicationVersion")),
        objective=objective_from_name(scan.get("Objective")),
        lasers=_lasers(tracks, scan.get("Lasers") or []),
        zoom=positive(scan.get("ZoomX")),
        pixel_dwell_us=positive(first.get("PixelTime")),
        averaging=whole(first.get("SamplingNumber")) if first.get("SamplingMethod", 1) == 1 else None,
        averaging_unit=_SAMPLING_UNITS.get(first.get("SamplingMode", 0)),
        scan_mode=text(scan.get("ScanMode")),
        bidirectional={0: False, 1: True}.get(scan.get("ScanDirection", -1)),
        stage=_stage(info),
        channels=_channels(info, tracks),
        **_spectral(info),
    )


def _time_increment(info: Mapping[str, Any]) -> float | None:
    """Seconds between time points: the interval that was set, or the mean of the time stamps."""
    count = info.get("DimensionTime", 1)
    if count < 2:
        return None
    interval = positive(info.get("TimeIntervall"))
    stamps = info.get("TimeStamps")
    if interval is None and stamps is not None and len(stamps) == count:
        interval = positive((float(stamps[-1]) - float(stamps[0])) / (count - 1))
    return interval


def _bit_depth(tracks: Sequence[Mapping[str, Any]]) -> int | None:
    depths = {whole(one.get("BitsPerSample")) for track in tracks for one in track.get("DataChannels") or []}
    return depths.pop() if len(depths) == 1 else None


def _lines(track: Mapping[str, Any]) -> list[tuple[float, str | None]]:
    """The lines of a track and their powers: the acquired ones or, if none is marked, those with power."""
    lines = track.get("IlluminationChannels") or []
    used = [one for one in lines if one.get("Aquire")] or [one for one in lines if positive(one.get("Power"))]
    found = []
    for one in used:
        line, power = wavelength_nm(one.get("Wavelength")), positive(one.get("Power"))
        if line is not None:
            found.append((line, f"{power:.6g} %" if power is not None else None))
    return found


def _lasers(tracks: Sequence[Mapping[str, Any]], lasers: Sequence[Mapping[str, Any]]) -> tuple[Laser, ...]:
    """The lines that were used; the file does not pair lines and lasers, so only an only line has a name."""
    powers: dict[float, str | None] = {}
    for track in tracks:
        for line, power in _lines(track):
            powers.setdefault(line, power)
    names = [text(laser.get("Name")) for laser in lasers]
    name = names[0] if len(names) == len(powers) == 1 else None
    return tuple(Laser(wavelength_nm=line, name=name, power=powers[line]) for line in sorted(powers))


def _stage(info: Mapping[str, Any]) -> StagePosition:
    """The first position, in metres in the file; all zero where the stage was not read."""
    positions = info.get("Positions")
    if positions is None or len(positions) == 0 or not any(float(value) for value in positions[0]):
        return StagePosition()
    x, y, z = (finite(float(value)) for value in positions[0])
    return StagePosition(
        x_um=None if x is None else x * 1e6,
        y_um=None if y is None else y * 1e6,
        z_um=None if z is None else z * 1e6,
    )


def _spectral(info: Mapping[str, Any]) -> dict[str, Any]:
    """Start and step of a lambda scan, whose channels are bands of one width side by side."""
    bands = info.get("ChannelWavelength")
    if not info.get("SpectralScan") or bands is None or len(bands) < 2:
        return {}
    lows = [wavelength_nm(float(low), unit_nm=1e9) for low, _ in bands]
    starts = [low for low in lows if low is not None]
    if len(starts) < 2:
        return {}
    step = positive((starts[-1] - starts[0]) / (len(starts) - 1))
    return {
        "lambda_count": len(starts),
        "lambda_start_nm": round(starts[0], 4),
        "lambda_step_nm": None if step is None else round(step, 4),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Which track and detector a channel came from."""

    track: Mapping[str, Any]
    detector: Mapping[str, Any]


def _channels(info: Mapping[str, Any], tracks: Sequence[Mapping[str, Any]]) -> tuple[ChannelFacts, ...]:
    colors = info.get("ChannelColors") or {}
    names, count = colors.get("ColorNames") or [], info.get("DimensionChannels", 0)
    shades, bands = colors.get("Colors") or [], info.get("ChannelWavelength")
    sources = _sources(names, count, tracks)
    return tuple(
        _channel(
            name=text(names[index]) if index < len(names) else None,
            color=shades[index] if index < len(shades) else None,
            band=bands[index] if bands is not None and index < len(bands) else None,
            source=sources[index],
        )
        for index in range(min(count, 4096))
    )


def _sources(names: Sequence[str], count: int, tracks: Sequence[Mapping[str, Any]]) -> Sequence[_Source | None]:
    """The source of each channel: the only detector, the detectors in order, or the one of its name."""
    every = [
        _Source(track=track, detector=detector)
        for track in tracks
        for detector in track.get("DetectionChannels") or []
        if detector.get("Acquire", 1)
    ]
    if len(every) == 1:
        return every * count
    if len(every) == count:
        return list(every)
    found = [_named(every, tracks, names[index] if index < len(names) else "") for index in range(count)]
    left = [source for source in every if source not in found]
    # The bands of a lambda scan are named after wavelengths; the detector no other channel has is theirs.
    return [left[0] if one is None and len(left) == 1 else one for one in found]


def _named(every: Sequence[_Source], tracks: Sequence[Mapping[str, Any]], name: str) -> _Source | None:
    """The detector a name such as "Ch2-T1" tells: its track is numbered from 1."""
    plain, dash, track = name.rpartition("-T")
    number = int(track) - 1 if dash and track.isdecimal() else -1
    wanted = tracks[number] if 0 <= number < len(tracks) else None
    fitting = [
        source
        for source in every
        if text(source.detector.get("ChannelName")) == (plain if dash else name)
        and (wanted is None or source.track is wanted)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _channel(*, name: str | None, color: Any, band: Any, source: _Source | None) -> ChannelFacts:
    detector: Mapping[str, Any] = source.detector if source else {}
    lines = [line for line, _ in _lines(source.track)] if source else []
    low, high = (wavelength_nm(float(edge), unit_nm=1e9) for edge in band) if band is not None else (None, None)
    amplifier = finite(detector.get("AmplifierGainFirst"))
    return ChannelFacts(
        name=name,
        fluor=text(detector.get("DyeName")),
        excitation_nm=lines[0] if len(lines) == 1 else None,
        color=(color[0], color[1], color[2]) if color is not None and len(color) >= 3 else None,
        pinhole_um=positive(detector.get("PinholeDiameter")),
        laser_lines_nm=tuple(sorted(lines)),
        detection_bands_nm=((low, high),) if low is not None and high is not None and low < high else (),
        detector=text(detector.get("PointDetectorName")),
        voltage_v=positive(detector.get("DetectorGainFirst")),
        acquisition_mode="LaserScanningConfocalMicroscopy" if detector else None,
        notes={} if amplifier is None else {"Amplifier gain": f"{amplifier:.6g}"},
    )
