"""One channel of an ND2: what NIS-Elements records of it as structure, with the text of its plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts
from confocal_bag.image.acquisition.transmitted import is_transmitted
from confocal_bag.image.acquisition.values import positive, text, wavelength_nm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confocal_bag.image.acquisition.nd2_text import PlaneText

__all__ = ["channel_facts"]

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
_TRANSMITTED = ("brightfield", "phaseContrast", "diContrast")

#: Lasers of one channel differ by less from what is said of it, and those of two channels by more.
_FARTHEST_LINE_NM = 8


def channel_facts(channel: Any, plane: PlaneText) -> ChannelFacts:
    """The facts of a channel of the library's metadata; `plane` is what the text tells of it."""
    meta, scope = channel.channel, channel.microscope
    flags = scope.modalityFlags or []
    stated, emission = wavelength_nm(meta.excitationLambdaNm), wavelength_nm(meta.emissionLambdaNm)
    lines = _channel_lines(plane, stated)
    # The detector and the band of a line are those of its fluorescence, not of the light that passes the sample.
    only = lines[0] if len(lines) == 1 and emission is not None else None
    transmitted = is_transmitted(text(meta.name)) or any(flag in flags for flag in _TRANSMITTED)
    return ChannelFacts(
        name=text(meta.name),
        excitation_nm=_excitation(plane, stated, lines),
        emission_nm=emission,
        color=_color(meta.color),
        pinhole_um=None if transmitted else positive(scope.pinholeDiameterUm) or plane.pinhole_um,
        laser_lines_nm=lines,
        laser_powers={line: power for line in lines if (power := plane.lines[line]) is not None},
        detection_bands_nm=(plane.bands_nm[only],) if only is not None and only in plane.bands_nm else (),
        detector=plane.camera,
        gain=plane.voltages.get(only) if only is not None else None,
        exposure_s=plane.exposure_s,
        acquisition_mode=_first(_MODES, flags) or ("SpinningDiskConfocal" if plane.is_spinning_disk else None),
        contrast_method=_contrast(plane, flags, emission),
        notes=_notes(plane, flags),
    )


def _excitation(plane: PlaneText, stated: float | None, lines: Sequence[float]) -> float | None:
    """The light a channel is said to be excited with, or the one line that was on.

    NIS-Elements gives all channels of a multi-laser unit one excitation; with several lights on it may be of any.
    """
    if plane.is_scan and stated is not None:
        return stated
    if len(lines) == 1:
        return lines[0]
    return stated if len(plane.lights) < 2 else None


def _contrast(plane: PlaneText, flags: Sequence[str], emission: float | None) -> str | None:
    """The contrast; a camera's planes are all called fluorescence, also the one a lamp lit from the other side."""
    named = _first(_CONTRASTS, flags)
    return None if named == "Fluorescence" and (emission is None or (plane.lamps_nm and plane.lines)) else named


def _notes(plane: PlaneText, flags: Sequence[str]) -> dict[str, str]:
    notes = {
        "Binning": plane.binning,
        "Detector kind": "Camera" if "camera" in flags else None,
        # Which of them lit the sample nobody says; all were on.
        "Lights that were on": "; ".join(plane.lights) if len(plane.lights) > 1 else None,
    }
    return {key: value for key, value in notes.items() if value}


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
