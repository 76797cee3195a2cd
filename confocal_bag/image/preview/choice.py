"""Which planes of a series its pictures show."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from confocal_bag.image.acquisition.layout import layout_of
from confocal_bag.image.model import Series

__all__ = ["Choice"]

# As many as one spectral scan has; pictures of more would say no more and take memory without end.
_MOST_CHANNELS = 32
# Emission and excitation steps of a wavelength scan.
_WAVELENGTHS = ("L", "E")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The planes that are shown: the first of every axis but depth, channels and wavelength steps.

    Depth is Z, or Y where a stack of xz scans is numbered along it. Of the steps of a wavelength scan the
    brightest counts.
    """

    series: Series

    @cached_property
    def depth_axis(self) -> str:
        """The axis through which the projection and the movie go."""
        return layout_of(self.series).depth_axis

    @cached_property
    def depth(self) -> int:
        """How many planes lie along it."""
        return self.series.stacked_axes.get(self.depth_axis, 1)

    @property
    def middle(self) -> int:
        """The plane in the middle of the depth."""
        return self.depth // 2

    @cached_property
    def channels(self) -> int:
        """How many channels are shown."""
        return min(self.all_channels, _MOST_CHANNELS)

    @cached_property
    def merged_steps(self) -> int:
        """How many wavelength steps become one picture."""
        return prod(self.series.stacked_axes.get(axis, 1) for axis in _WAVELENGTHS)

    @property
    def plane_count(self) -> int:
        """How many planes are shown."""
        return prod((self.depth, self.channels, self.merged_steps))

    @property
    def unshown(self) -> dict[str, int]:
        """The axes of which only the first position is shown, and their sizes."""
        shown = ("C", self.depth_axis, *_WAVELENGTHS)
        return {axis: size for axis, size in self.series.stacked_axes.items() if size > 1 and axis not in shown}

    def place(self, coordinates: Mapping[str, int]) -> tuple[int, int, tuple[int, ...]] | None:
        """(depth, channel, wavelength step) of a plane; None for one that is not shown."""
        channel = coordinates.get("C", 0)
        if channel >= self.channels or any(coordinates.get(axis, 0) for axis in self.unshown):
            return None
        return coordinates.get(self.depth_axis, 0), channel, tuple(coordinates.get(axis, 0) for axis in _WAVELENGTHS)

    @property
    def all_channels(self) -> int:
        """How many channels there are."""
        return self.series.stacked_axes.get("C", 1)
