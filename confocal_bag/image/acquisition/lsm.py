"""Zeiss LSM: the CZ_LSMINFO record of the first page, and the text blocks that tifffile does not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts, StagePosition
from confocal_bag.image.acquisition.lsm_blocks import application_tags, block_at, characteristics
from confocal_bag.image.acquisition.lsm_light import lasers_of, lines_of, spectral
from confocal_bag.image.acquisition.shared import powers_of, shared
from confocal_bag.image.acquisition.transmitted import is_transmitted
from confocal_bag.image.acquisition.values import (
    confocal_mode,
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
    from confocal_bag.image.readers.tiff_file import open_tiff

    with open_tiff(path) as tiff:
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
    tracks = _acquired(scan.get("Tracks") or [])
    device = text(blocks.get("Device"))
    averaging = shared(_averaging(track) for track in tracks)
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
        lasers=lasers_of(tracks, scan.get("Lasers") or []),
        zoom=positive(scan.get("ZoomX")),
        pixel_dwell_us=positive(shared(track.get("PixelTime") for track in tracks)),
        averaging=averaging,
        averaging_unit=_SAMPLING_UNITS.get(shared(track.get("SamplingMode", 0) for track in tracks) or 0),
        scan_mode=text(scan.get("ScanMode")),
        bidirectional={0: False, 1: True}.get(scan.get("ScanDirection", -1)),
        stage=_stage(info),
        tiles=_tiles(info),
        channels=_channels(info, tracks),
        **spectral(info),
    )


def _acquired(parts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The tracks, or the detectors of one, that were on; an only one was, whatever its mark."""
    on = [one for one in parts if one.get("Acquire", 1)]
    return on or (list(parts) if len(parts) == 1 else [])


def _averaging(track: Mapping[str, Any]) -> int | None:
    """How often a line or a frame was averaged; a number beside the mode "sample", or for a sum, is none."""
    count = whole(track.get("SamplingNumber"))
    averages = track.get("SamplingMethod", 1) == 1 and track.get("SamplingMode", 1) in _SAMPLING_UNITS
    return count if averages or count == 1 else None


def _tiles(info: Mapping[str, Any]) -> int | None:
    count = whole(info.get("DimensionM"))
    return count if count is not None and count > 1 else None


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
    """The source of each channel: the only detector, the detectors in order, or the one of its name.

    The order tells it where no name says otherwise.
    """
    every = [
        _Source(track=track, detector=detector)
        for track in tracks
        for detector in _acquired(track.get("DetectionChannels") or [])
    ]
    if len(every) == 1:
        return every * count
    found = [_named(every, tracks, names[index] if index < len(names) else "") for index in range(count)]
    if len(every) == count and all(one in (None, own) for one, own in zip(found, every, strict=True)):
        return list(every)
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
    lasers = lines_of(source.track) if source else []
    lines = sorted({laser.wavelength_nm for laser in lasers})
    detector_name = text(detector.get("PointDetectorName"))
    transmitted = is_transmitted(name, detector_name, text(detector.get("ChannelName")))
    low, high = (wavelength_nm(float(edge), unit_nm=1e9) for edge in band) if band is not None else (None, None)
    amplifier = finite(detector.get("AmplifierGainFirst"))
    return ChannelFacts(
        name=name,
        fluor=text(detector.get("DyeName")),
        excitation_nm=lines[0] if len(lines) == 1 else None,
        color=(color[0], color[1], color[2]) if color is not None and len(color) >= 3 else None,
        pinhole_um=None if transmitted else positive(detector.get("PinholeDiameter")),
        laser_lines_nm=tuple(lines),
        laser_powers=powers_of(lasers, lines),
        detection_bands_nm=((low, high),) if low is not None and high is not None and low < high else (),
        detector=detector_name,
        voltage_v=positive(detector.get("DetectorGainFirst")),
        acquisition_mode=confocal_mode(lines) if detector else None,
        notes={} if amplifier is None else {"Amplifier gain": f"{amplifier:.6g}"},
    )
