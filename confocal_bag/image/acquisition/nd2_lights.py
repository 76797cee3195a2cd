"""The lights that were on for one plane of an ND2, as NIS-Elements lists them in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.values import positive, text, wavelength_nm

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NUMBER", "Light", "lights_of"]

#: A number as the text has it, also on a machine with a decimal comma.
NUMBER = r"(\d+(?:[.,]\d+)?)"
#: Light engines of diodes, which are switched line by line as lasers are.
_LAMPS = re.compile(r"lida|spectra|aura|sola\b|\bu?led\b|lamp|niji|x-?cite|\bpe-?\d|intensilight", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A line, in nm, of a unit of lasers or of a lamp that was on, and its power in words."""

    unit: str | None
    is_lamp: bool
    line_nm: float
    power: str | None

    @property
    def words(self) -> str:
        """ "LUN-F 405 nm at 84 %"."""
        line = f"{self.line_nm:.6g} nm"
        named = f"{self.unit} {line}" if self.unit else line
        return f"{named} at {self.power}" if self.power else named


def lights_of(words: str) -> Iterator[Light]:
    """The lines that were on, of multi-laser units and of lamps, which NIS calls lasers too.

    "LUN-F, MultiLaser(LUN-F):" stands above "Line:1; ExW:405; Power: 84.0; On".
    """
    unit = None
    for row in words.splitlines():
        named = re.search(r"\bMultiLaser\(([^)]{0,80})\)", row)
        unit = named[1] if named is not None else unit
        for line, power in re.findall(rf"ExW: ?{NUMBER}; Power: *{NUMBER}; On\b", row):
            wavelength, strength = wavelength_nm(line), positive(power)
            if wavelength is not None:
                yield Light(
                    unit=text(unit),
                    is_lamp=unit is not None and _LAMPS.search(unit) is not None,
                    line_nm=wavelength,
                    power=None if strength is None else f"{strength:.6g} %",
                )
