"""Which channels are of transmitted light, by what vendors call them and their detectors."""

from __future__ import annotations

import re

__all__ = ["is_transmitted"]

_TRANSMITTED = re.compile(
    # "T PMT" and "ChD" (Zeiss), "TD1" (Olympus, Nikon), "TL BF" (lamps), "NonDescannedTransmissionPmt1"
    r"\bT[- ]?PMT|\bTD ?\d?\b|\bTL\b|\bChD\b|trans(?:mission|mitted|\b)|bright-? ?field|\bDIC\b|phase ?contrast",
    re.IGNORECASE,
)


def is_transmitted(*names: str | None) -> bool:
    """Whether any name of a channel, or of its detector, is one of transmitted light."""
    return any(name is not None and _TRANSMITTED.search(name) is not None for name in names)
