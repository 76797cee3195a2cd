"""The light of a CZI channel beyond its laser lines: what a lamp sent, what a dye asks for, how strong a laser was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.annotations import DYE_KEY, LIGHT_KEY, LIGHT_PEAK_KEY, as_text
from confocal_bag.image.acquisition.values import finite, light_nm, positive
from confocal_bag.image.acquisition.xml import child_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["illumination_notes", "setup_power"]

_ATTENUATORS = "Experiment/ExperimentBlocks/AcquisitionBlock/MultiTrackSetup/TrackSetup/Attenuators/Attenuator"


def illumination_notes(channel: Element | None, display: Element | None, *, lit_by_laser: bool) -> dict[str, str]:
    """Peak and range of the light of a lamp, in nm; where ZEN records neither, whether the excitation is the dye's.

    ZEN's ExcitationWavelength of a camera's channel is the maximum of the dye, whatever the lamp sent.
    """
    if lit_by_laser:
        return {}
    peak = light_nm(child_text(channel, "IlluminationWavelength/SinglePeak"))
    written = re.findall(
        r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)", child_text(channel, "IlluminationWavelength/Ranges") or ""
    )
    edges = [(light_nm(low), light_nm(high)) for low, high in written]
    bands = [f"{as_text(low)}-{as_text(high)} nm" for low, high in edges if low and high and low < high]
    if peak is not None or bands:
        known = {LIGHT_PEAK_KEY: f"{as_text(peak)} nm" if peak is not None else "", LIGHT_KEY: ", ".join(bands)}
        return {key: value for key, value in known.items() if value}
    excitation, dye = (light_nm(child_text(one, name)) for one, name in
                       ((channel, "ExcitationWavelength"), (display, "DyeMaxExcitation")))  # fmt: skip
    return {DYE_KEY: "the maximum of the dye"} if excitation is not None and excitation == dye else {}


def setup_power(metadata: Element, line_nm: float, used: Element) -> str | None:
    """The part of a laser that passes by the experiment's attenuators, where the image's own Attenuation agrees.

    All attenuators of the line must pass the same, and that must be what the image says is not held back.
    """
    held_back = finite(child_text(used, "Attenuation"))
    fitting = [
        positive(child_text(one, "Transmission"))
        for one in metadata.findall(_ATTENUATORS)
        if light_nm(child_text(one, "Wavelength")) == line_nm
    ]
    passed = fitting[0] if len(set(fitting)) == 1 else None
    if held_back is None or passed is None or abs(1 - held_back - passed) > 1e-6:
        return None
    return f"{passed * 100:.6g} %"
