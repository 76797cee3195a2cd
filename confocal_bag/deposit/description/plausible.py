"""Which numbers can be true of a light microscope: no aperture of 63, no laser at 200 percent of its power."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.values import Part
from confocal_bag.deposit.description.yaml import FieldPath, field_name
from confocal_bag.findings import Problem, Severity, rule

__all__ = ["PLAUSIBLE", "Span"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The least and the greatest value that a field can have, both included, with its unit in words."""

    least: float
    most: float
    unit: str = ""

    def holds(self, value: float) -> bool:
        """Whether a value lies between the two."""
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"{self.least:g} to {self.most:g}{self.unit}"


_LIGHT = Span(least=200, most=2000, unit=" nm")
_PERCENT = Span(least=0, most=100, unit=" %")

#: By the name of a field without places. Wide enough for every objective and every multiphoton laser on the market;
#: what lies outside is a slip of the pen, another unit, or the value of another field.
PLAUSIBLE: Mapping[str, Span] = {
    "instruments.objective.na": Span(least=0.01, most=1.7),
    "instruments.objective.magnification": Span(least=0.1, most=250),
    "instruments.objective.refractive_index": Span(least=1, most=2),
    "instruments.lasers.wavelength_nm": _LIGHT,
    "instruments.filters.band_nm": _LIGHT,
    "channels.excitation_nm": _LIGHT,
    "channels.emission_nm": _LIGHT,
    "acquisitions.channels.emission_band_nm": _LIGHT,
    "acquisitions.channels.laser_power_percent": _PERCENT,
    "acquisitions.channels.gain_v": Span(least=1, most=3000, unit=" V"),
    "acquisitions.environment.co2_percent": _PERCENT,
    "acquisitions.environment.humidity_percent": _PERCENT,
    "acquisitions.pixel_size_um": Span(least=0.001, most=100, unit=" µm"),
    "acquisitions.z_step_um": Span(least=0.001, most=200, unit=" µm"),
}


@rule("description.implausible", severity=Severity.WARNING, reference="OME 2016-06 Objective, Channel, Laser, Pixels")
def implausible(context: DescriptionContext) -> Iterator[Problem]:
    """A number is none that a light microscope has: an aperture of 63, a wavelength of 48 nm, a power of 200 percent.

    Often a digit is missing, the number is in another unit than the field, or it belongs to the field beside.
    Expected are apertures up to 1.7, magnifications up to 250, wavelengths from 200 to 2000 nm, percentages up to 100,
    gains of 1 to 3000 V, pixels of 0.001 to 100 µm and steps in depth of 0.001 to 200 µm.
    """
    for path, value in _numbers(context.description, ()):
        span = PLAUSIBLE.get(".".join(step for step in path if isinstance(step, str)))
        if span is not None and not span.holds(value):
            yield told(
                context,
                path,
                f"{field_name(path)} is {value:g}; {span} was expected",
                "Correct the value; see whether a digit, the decimal point or the unit is wrong, or the field.",
            )


def _numbers(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, float]]:
    """Every number of a description with its place."""
    if isinstance(value, Part):
        for name, info in type(value).model_fields.items():
            yield from _numbers(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value
    elif isinstance(value, Iterable) and not isinstance(value, str | dict):
        for index, one in enumerate(value):
            yield from _numbers(one, (*path, index))
