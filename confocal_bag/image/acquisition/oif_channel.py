"""One channel of an OIF or OIB: its settings and those of its first plane."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts
from confocal_bag.image.acquisition.values import confocal_mode, finite, positive, text, wavelength_nm

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["channel_facts", "known"]

_FILLER = 9999
#: A dye may be set with its own maximum, 499 nm, where the laser next to it lit it, 473 nm.
_FARTHEST_LINE_NM = 30
_ILLUMINATIONS = {"Fluorescence": "Epifluorescence", "Transmitted Light": "Transmitted"}


def known(value: object) -> float | None:
    """A number above zero that is not the one FluoView writes for what it does not know."""
    number = positive(value)
    return None if number == _FILLER else number


def channel_facts(
    channel: Mapping[str, Any],
    plane: Mapping[str, Any],
    color: tuple[int, int, int] | None,
    used: set[float],
) -> ChannelFacts:
    """The facts of a channel; `color` is the brightest of its table, `used` the laser lines in use, in nm."""
    light = text(channel.get("LightType"))
    transmitted = light == "Transmitted Light"
    excitation = wavelength_nm(channel.get("ExcitationWavelength"))
    dark = excitation is not None and _is_dark(excitation, plane, used)
    pinhole_nm = None if transmitted or _is_open(channel, plane) else known(plane.get("PinholeDiameter"))
    return ChannelFacts(
        name=text(channel.get("CH Name")),
        fluor=text(channel.get("DyeName")),
        excitation_nm=excitation,
        emission_nm=wavelength_nm(channel.get("EmissionWavelength")),
        color=color,
        pinhole_um=None if pinhole_nm is None else pinhole_nm * 1e-3,
        excitation_unlit=dark,
        laser_lines_nm=(excitation,) if excitation in used and excitation is not None and not dark else (),
        detection_bands_nm=_band(channel.get("BF Name")),
        detector_type="PMT" if known(plane.get("PMTVoltage")) is not None else None,
        gain=known(plane.get("AnalogPMTGain")),
        voltage_v=known(plane.get("PMTVoltage")) or known(channel.get("AnalogPMTVoltage")),
        acquisition_mode=confocal_mode(used),
        contrast_method="Fluorescence" if light == "Fluorescence" else None,
        illumination_type=_ILLUMINATIONS.get(light or ""),
    )


def _is_dark(excitation: float, plane: Mapping[str, Any], used: set[float]) -> bool:
    """Whether no laser in use had the wavelength a channel was set for, or the plane says that none of it passed."""
    elsewhere = bool(used) and all(abs(line - excitation) > _FARTHEST_LINE_NM for line in used)
    return elsewhere or finite(plane.get("ExcitationOutPutLevel")) == 0


def _is_open(channel: Mapping[str, Any], plane: Mapping[str, Any]) -> bool:
    """Whether the detector stands behind no pinhole; FV10i says so with the plane, FV1000 with the channel."""
    return (channel.get("Confocal") or plane.get("Confocal")) != "ON"


def _band(name: object) -> tuple[tuple[float, float], ...]:
    """The band a barrier filter is named after: BA505-525."""
    found = re.fullmatch(r"BA(\d{3,4})-(\d{3,4})", name) if isinstance(name, str) else None
    if found is None:
        return ()
    low, high = wavelength_nm(found[1]), wavelength_nm(found[2])
    return ((low, high),) if low is not None and high is not None and low < high else ()
