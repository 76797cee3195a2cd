"""Which channels are of transmitted light, and which words in the place of a dye are none."""

from __future__ import annotations

import re

__all__ = ["dye_name", "is_transmitted", "names_transmitted_light"]

# "T PMT" and "ChD" (Zeiss), "TD1" (Olympus, Nikon), "TL BF" (lamps)
_DETECTORS = r"T[- ]?PMT|TD ?\d?\b|TL\b|ChD\b"
_TRANSMITTED = re.compile(
    # "NonDescannedTransmissionPmt1" (Leica)
    rf"\b(?:{_DETECTORS})|trans(?:mission|mitted|\b)|bright-? ?field|\bDIC\b|phase ?contrast",
    re.IGNORECASE,
)
#: The same for names that people give too, which may have "trans" in the name of what is stained.
_NOTHING_ELSE = re.compile(
    rf"(?:(?:{_DETECTORS})[\W\d]*|TL\b.*|(?:dic|nomarski|differential interference(?: contrast)?|bright[- ]?field"
    r"|trans(?:mitted|mission)?(?: light)?|phase(?:[- ]contrast)?|dark[- ]?field|polari[sz]\w*)\W*)"
    r"(?:image|channel|light|pmt|detector)?",
    re.IGNORECASE,
)
_NO_DYE = re.compile(r"Dye ?\d+|[TR]L\b.*")


def is_transmitted(*names: str | None) -> bool:
    """Whether any name of a channel, or of its detector, is one of transmitted light."""
    return any(name is not None and _TRANSMITTED.search(name) is not None for name in names)


def names_transmitted_light(text: str | None) -> bool:
    """Whether a text is nothing but a name of transmitted light, as "TD1" and "DIC" are and "trans-Golgi" is not."""
    return text is not None and _NOTHING_ELSE.fullmatch(text.strip()) is not None


def dye_name(text: str | None) -> str | None:
    """What stands in the place of a dye; None for "Dye1", which only numbers one, and "TL Brightfield", a contrast."""
    return None if text is None or _NO_DYE.fullmatch(text) else text
