"""The channels of a LIF image that a camera took (LAS X: WideFieldChannelInfo)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.facts import ChannelFacts
from confocal_bag.image.acquisition.values import light_nm, positive, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

__all__ = ["camera_channels"]

_CONTRASTS = {
    "FLUO": "Fluorescence", "BF": "Brightfield", "TL-BF": "Brightfield", "PH": "Phase", "TL-PH": "Phase",
    "DIC": "DIC", "TL-DIC": "DIC", "DF": "Darkfield", "TL-DF": "Darkfield", "POL": "PolarizedLight",
    "TL-POL": "PolarizedLight",
}  # fmt: skip
_SECONDS = {"": 1.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "\u03bcs": 1e-6}


def camera_channels(described: Sequence[Element], settings: Sequence[Element]) -> tuple[ChannelFacts, ...]:
    """What the camera's settings tell of each described channel; nothing where the two do not pair up."""
    taken = [
        (one, configurator)
        for setting in settings
        for configurator in setting.findall("WideFieldChannelConfigurator")
        for one in configurator.findall("WideFieldChannelInfo")
        if "0" not in (one.get("Active"), one.get("IsActive"))
    ]
    if len(taken) != len(described):
        return ()
    return tuple(_channel(one, configurator) for one, configurator in taken)


def _channel(told: Element, configurator: Element) -> ChannelFacts:
    cube, contrast = text(told.get("FluoCubeName")), text(told.get("ContrastingMethodName"))
    return ChannelFacts(
        name=text(told.get("UserDefName")),
        excitation_nm=light_nm(told.get("ExcitationWavelength")),
        emission_nm=light_nm(told.get("EmissionWavelength")),
        # The plain CameraName holds the camera's serial number.
        detector=text(configurator.get("CameraNamePure")),
        exposure_s=_exposure_s(told.get("ExposureTime")),
        contrast_method=_CONTRASTS.get((contrast or "").upper()),
        notes={"Detector kind": "Camera", **({"Filter cube": cube} if cube else {})},
    )


def _exposure_s(written: str | None) -> float | None:
    """Seconds, where no unit is written."""
    found = re.fullmatch(r"\s*([\d.,eE+-]+)\s*([a-zµ\u03bc]*)\s*", written or "")
    number = positive(found[1]) if found else None
    factor = _SECONDS.get(found[2]) if found else None
    return None if number is None or factor is None else round(number * factor, 12)
