"""From measured values to grey: the range of a channel over its whole stack, found while planes go by."""

from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt

from confocal_bag.image.preview.shrink import LARGEST, Values

__all__ = ["PERCENTILES", "DisplayRange", "Levels", "stretch"]

#: Values at and below the first are black, at and above the second as bright as can be.
PERCENTILES = (0.1, 99.9)

# Values kept of one channel: 262 of them lie above the upper percentile.
_KEPT = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayRange:
    """The values shown as black and as full brightness; both None where a channel holds no number at all.

    `is_percentile` is False where the percentiles fall together and the smallest and largest value are used instead.
    """

    low: float | None
    high: float | None
    is_percentile: bool = True

    @property
    def is_constant(self) -> bool:
        """Whether there is but one value, or none."""
        return self.low == self.high

    @property
    def is_cut(self) -> bool:
        """Whether values are too large to be told apart."""
        return any(value is not None and abs(value) >= LARGEST for value in (self.low, self.high))


class Levels:
    """The values of one channel, sampled evenly from every plane and no more than fit a fixed memory."""

    def __init__(self, planes: int) -> None:
        self._per_plane = max(1, _KEPT // max(1, planes))
        self._samples: list[Values] = []
        self._least: float | None = None
        self._most: float | None = None

    def add(self, values: Values) -> None:
        """Take note of one plane."""
        numbers = values[np.isfinite(values)]
        if numbers.size:
            least, most = float(numbers.min()), float(numbers.max())
            self._least = least if self._least is None else min(self._least, least)
            self._most = most if self._most is None else max(self._most, most)
            self._samples.append(numbers[_spread(numbers.size, self._per_plane)])

    def range(self) -> DisplayRange:
        """The range between the percentiles of all planes seen."""
        if not self._samples:
            return DisplayRange(low=None, high=None)
        kept = np.concatenate(self._samples).astype(np.float64)
        low, high = (float(value) for value in np.percentile(kept, PERCENTILES))
        if low < high:
            return DisplayRange(low=low, high=high)
        # A few bright spots on an even ground: the percentiles are both the ground.
        return DisplayRange(low=self._least, high=self._most, is_percentile=False)


def stretch(values: Values, shown: DisplayRange) -> npt.NDArray[np.uint8]:
    """Grey from 0 to 255; what is no number is black, and so is a channel of one value."""
    if shown.low is None or shown.high is None or shown.is_constant:
        return np.zeros(values.shape, np.uint8)
    part = (values.astype(np.float64) - shown.low) / (shown.high - shown.low)
    return np.rint(np.nan_to_num(np.clip(part, 0, 1)) * 255).astype(np.uint8)


def _spread(count: int, wanted: int) -> npt.NDArray[np.int64]:
    """Indices of at most `wanted` of `count` values, spread over all, in step with no row or column."""
    if count <= wanted:
        return np.arange(count)
    step = round(count * 0.6180339887)
    while gcd(step, count) != 1:
        step += 1
    return np.arange(wanted) * step % count
