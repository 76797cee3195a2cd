"""Make a plane smaller: every new pixel is the mean of the area it covers, so that nothing aliases."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LARGEST", "Values", "fitted_shape", "shrink"]

#: What pictures are made from: means, and NaN where no pixel of the area is a number.
Values = npt.NDArray[np.float32]

_Wide = npt.NDArray[np.float64]

# Pixels taken at once: what fits the cache of a processor is three times as fast as whole planes, and little memory.
_PER_STRIP = 1 << 17
#: Larger values count as this one: sums stay finite, and so do their float32 forms.
LARGEST = float(np.finfo(np.float32).max)
# Less of a pixel than this is rounding.
_NOTHING = 1e-6


def fitted_shape(rows: int, columns: int, size: int) -> tuple[int, int]:
    """Rows and columns of the picture of a plane: at most `size` on the longer side, at least 1, never enlarged."""
    longer = max(rows, columns)
    if longer <= size:
        return rows, columns
    return max(1, round(rows * size / longer)), max(1, round(columns * size / longer))


def shrink(pixels: npt.NDArray[Any], shape: tuple[int, int]) -> Values:
    """The plane (rows, columns) in a shape that is not larger; complex numbers become magnitudes.

    Pixels at an edge between two areas are shared between them. Pixels that are no numbers (NaN, infinite) count for
    nothing; an area of nothing else becomes NaN.
    """
    down, across = _Cuts.of(pixels.shape[0], shape[0]), _Cuts.of(pixels.shape[1], shape[1])
    at_once = max(1, _PER_STRIP * shape[0] // pixels.size)
    strips = [
        _means(pixels, down.piece(top, min(top + at_once, shape[0])), across) for top in range(0, shape[0], at_once)
    ]
    return np.concatenate(strips)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cuts:
    """Where a line of pixels is cut into equal parts: in pixel `at`, `share` of which belongs to the part before.

    There is one cut more than there are parts: both ends count.
    """

    at: npt.NDArray[np.int64]
    share: _Wide

    @classmethod
    def of(cls, length: int, parts: int) -> "_Cuts":
        """The cuts of a line of `length` pixels into at most as many parts."""
        at, rest = np.divmod(np.arange(parts + 1, dtype=np.int64) * length, parts)
        return cls(at=at, share=rest / parts)

    def piece(self, first: int, last: int) -> "_Cuts":
        """The cuts of some of the parts."""
        return _Cuts(at=self.at[first : last + 1], share=self.share[first : last + 1])

    @property
    def lengths(self) -> _Wide:
        """The length of each part in pixels."""
        return np.diff(self.at + self.share)

    def sums(self, values: _Wide, axis: int) -> _Wide:
        """The sum over each part of values that begin with the pixel of the first cut."""
        at, count = self.at - self.at[0], values.shape[axis]
        whole = values
        if count != len(at) - 1:
            whole = np.add.reduceat(values, at[at < count], axis=axis).take(np.arange(len(at) - 1), axis=axis)
        if not self.share.any():
            return whole
        edges = values.take(np.minimum(at, count - 1), axis=axis) * (self.share[:, None] if axis == 0 else self.share)
        before, after = (edges[:-1], edges[1:]) if axis == 0 else (edges[:, :-1], edges[:, 1:])
        result: _Wide = whole - before + after
        return result


def _means(pixels: npt.NDArray[Any], down: _Cuts, across: _Cuts) -> Values:
    """Some rows of the new plane."""
    end = int(down.at[-1]) + (1 if down.share[-1] else 0)
    values, numbers = _numbers(pixels[int(down.at[0]) : end])
    total = across.sums(down.sums(values, 0), 1)
    if numbers is None:
        means = total / np.outer(down.lengths, across.lengths)
    else:
        count = across.sums(down.sums(numbers, 0), 1)
        means = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > _NOTHING)
    return np.clip(means, -LARGEST, LARGEST).astype(np.float32)


def _numbers(strip: npt.NDArray[Any]) -> tuple[_Wide, _Wide | None]:
    """The pixels as float64; where any is no number, 0 for it, and which are numbers as 1 and 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        values = (np.abs(strip) if strip.dtype.kind == "c" else strip).astype(np.float64)
    if strip.dtype.kind not in "fc":
        return values, None
    finite = np.isfinite(values)
    if finite.all():
        return np.clip(values, -LARGEST, LARGEST), None
    return np.clip(np.where(finite, values, 0), -LARGEST, LARGEST), finite.astype(np.float64)
