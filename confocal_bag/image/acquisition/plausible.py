"""Numbers that no microscope can have: what a damaged or unset header leaves behind is not recorded as a setting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from confocal_bag.image.acquisition.facts import StagePosition
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from confocal_bag.image.acquisition.facts import ChannelFacts, SeriesFacts

__all__ = ["LARGEST_PIXEL_UM", "SMALLEST_PIXEL_UM", "plausible"]

_Facts = TypeVar("_Facts")

#: The greatest value of each setting, in the unit of its field; all are above zero. Wide, for these are no norms.
_SERIES = {
    "time_increment_s": 1e9,
    "zoom": 1e3,
    "pixel_dwell_us": 1e9,
    "averaging": 1e6,
    "tiles": 1e7,
    "lambda_count": 1e5,
    "lambda_start_nm": 3e3,
    "lambda_step_nm": 3e3,
}
_CHANNEL = {
    "excitation_nm": 3e3,
    "emission_nm": 3e3,
    "pinhole_um": 1e5,
    "pinhole_au": 1e4,
    "gain": 1e9,
    "voltage_v": 1e5,
    "exposure_s": 1e7,
}
_LENS = {"magnification": 1e4, "numerical_aperture": 2.0, "refractive_index": 3.0}
#: A stage that stands farther from its zero than ten metres was not read.
_FARTHEST_UM = 1e7
#: A pixel, or a z step, of a metre.
LARGEST_PIXEL_UM = 1e6
#: One of a picometre: LSM files say 1e-19 m where no z was scanned.
SMALLEST_PIXEL_UM = 1e-6
#: What is nearer to zero is a rest of a calculation, and OME-XML, which counts in single precision, takes it for zero.
_SMALLEST = 1e-12


def plausible(facts: SeriesFacts, *, bits: int) -> SeriesFacts:
    """The facts without numbers that can be none: infinite, below zero, or far beyond any instrument.

    `bits` is the size of a sample in memory; no more of them can matter.
    """
    depth = facts.bit_depth
    return replace(
        _within(facts, _SERIES),
        bit_depth=depth if depth is not None and 0 < depth <= bits else None,
        objective=_within(facts.objective, _LENS),
        pixel_size_um=PixelSize(
            **{
                axis: _between(getattr(facts.pixel_size_um, axis), LARGEST_PIXEL_UM, smallest=SMALLEST_PIXEL_UM)
                for axis in "xyz"
            }
        ),
        stage=_stage(facts.stage),
        channels=tuple(_channel(one) for one in facts.channels),
    )


def _channel(channel: ChannelFacts) -> ChannelFacts:
    return _within(channel, _CHANNEL)


def _stage(stage: StagePosition) -> StagePosition:
    """The position where every axis of it can be: half a position is none."""
    places = (stage.x_um, stage.y_um, stage.z_um)
    if all(place is None or abs(place) <= _FARTHEST_UM for place in places):
        return stage
    return StagePosition()


def _within(facts: _Facts, limits: dict[str, float]) -> _Facts:
    changed: dict[str, Any] = {name: _between(getattr(facts, name), limit) for name, limit in limits.items()}
    return replace(facts, **changed)  # type: ignore[type-var]


def _between(value: Any, limit: float, *, smallest: float = _SMALLEST) -> Any:
    """The value itself, or None; NaN lies between no limits."""
    return value if value is not None and smallest <= value <= limit else None
