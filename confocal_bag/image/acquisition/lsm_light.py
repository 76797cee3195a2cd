"""The light of an LSM file: which laser lines lit a track, and the bands of a lambda scan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import Laser
from confocal_bag.image.acquisition.shared import shared_lasers
from confocal_bag.image.acquisition.values import positive, text, wavelength_nm, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["lasers_of", "lines_of", "spectral"]


def lines_of(track: Mapping[str, Any]) -> list[Laser]:
    """The lines of a track and their powers: the acquired ones or, in a lambda track that marks none, those with power.

    Of any other track without a marked line the powers are those of lasers that were not used: a lamp lit it.
    """
    lines = track.get("IlluminationChannels") or []
    used = [one for one in lines if one.get("Aquire")]
    if not used and _is_spectral(track):
        used = [one for one in lines if positive(one.get("Power"))]
    found = []
    for one in used:
        line, power = wavelength_nm(one.get("Wavelength")), positive(one.get("Power"))
        if line is not None:
            found.append(Laser(wavelength_nm=line, power=f"{power:.6g} %" if power is not None else None))
    return found


def _is_spectral(track: Mapping[str, Any]) -> bool:
    detectors = track.get("DetectionChannels") or []
    return "lambda" in str(track.get("Name")).lower() or any(
        (whole(one.get("SpectralScanChannels")) or 0) > 1 for one in detectors
    )


def lasers_of(tracks: Sequence[Mapping[str, Any]], lasers: Sequence[Mapping[str, Any]]) -> tuple[Laser, ...]:
    """The lines that were used; the file does not pair lines and lasers, so only an only line has a name."""
    used = shared_lasers([lines_of(track) for track in tracks])
    names = [text(laser.get("Name")) for laser in lasers]
    name = names[0] if len(names) == len(used) == 1 else None
    return tuple(replace(laser, name=name) for laser in used)


def spectral(info: Mapping[str, Any]) -> dict[str, Any]:
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
