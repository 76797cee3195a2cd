"""The lasers of an OIF or OIB that were in use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import Laser
from confocal_bag.image.acquisition.values import positive, wavelength_nm, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    Settings = Mapping[str, Mapping[str, Any]]

__all__ = ["lasers_of"]

_MOST_LASERS = 16
_COMMON = "Acquisition Parameters Common"


def lasers_of(settings: Settings) -> tuple[Laser, ...]:
    """The lasers in use, of the many that are installed; FV10i lists these alone and does not count them.

    One that its own parameters say was not enabled lit nothing.
    """
    common = settings.get(_COMMON, {})
    off = _disabled_lines(settings)
    counted = common.get("Number of use Laser")
    found = []
    for number in range(1, (_MOST_LASERS if counted is None else min(whole(counted) or 0, _MOST_LASERS)) + 1):
        line = wavelength_nm(common.get(f"LaserWavelength{number:02d}"))
        power = positive(common.get(f"LaserTransmissivity{number:02d}"))
        if line is not None and line not in off:
            found.append(Laser(wavelength_nm=line, power=None if power is None else f"{power:.6g} %"))
    return tuple(found)


def _disabled_lines(settings: Settings) -> set[float]:
    """The lines of lasers that were off, [Laser n Parameters], and of no other that was on."""
    lasers = [one for name, one in settings.items() if re.fullmatch(r"Laser \d{1,2} Parameters", name)]
    on, off = (
        {
            line
            for one in lasers
            if one.get("Laser Enable") == state and (line := wavelength_nm(one.get("LaserWavelength")))
        }
        for state in (1, 0)
    )
    return off - on
