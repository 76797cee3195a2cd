"""Signs that an image lost values before it was received, or that its numbers are not what they seem.

What its header or its first plane shows, and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from confocal_bag.image.pixel_meaning import PixelMeaning

__all__ = ["Sign", "SignKind", "color_signs", "depth_signs", "gray_signs", "is_ordered_table", "meaning_signs"]

_ENOUGH_PIXELS = 20
_LEAST_STEPS, _LEAST_SHARE = 8, 0.15
_LEAST_LEVELS = 16
#: The mean difference of neighbours in a colour table, all samples added, in parts of the brightest.
_LARGEST_JUMP = 0.15
#: WhiteIsZero, BlackIsZero, RGB and palette colour, of which there are other signs; nothing recorded.
_EXPECTED = (0, 1, 2, 3, None)


class SignKind(StrEnum):
    """What an image seems to have been before, or what its numbers stand for."""

    PALETTE = "palette"
    BIT_DEPTH = "bit-depth"
    GAPS = "gaps"
    COMPOSITE = "composite"
    WHITE_IS_ZERO = "white-is-zero"
    ORIENTATION = "orientation"
    COLOR_SPACE = "color-space"
    MIXED_PAGES = "mixed-pages"

    @property
    def is_loss(self) -> bool:
        """Whether values seem to be lost; else they are there and have to be understood."""
        return self in (SignKind.PALETTE, SignKind.BIT_DEPTH, SignKind.GAPS, SignKind.COMPOSITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign; `evidence` is a clause that says what was seen."""

    kind: SignKind
    evidence: str


def depth_signs(stored_bits: int, recorded_bits: int | None, where: str) -> Iterator[Sign]:
    """A header that records more bits of acquisition than are stored."""
    if recorded_bits is not None and recorded_bits > stored_bits:
        yield Sign(
            kind=SignKind.BIT_DEPTH,
            evidence=f"{where} says that {recorded_bits} bits were acquired, {stored_bits} are stored",
        )


def gray_signs(plane: npt.NDArray[np.generic]) -> Iterator[Sign]:
    """What the grey levels of a plane of one sample per pixel show."""
    if plane.dtype == np.uint16:
        yield from _eight_bits_in_sixteen(np.unique(plane))
    elif plane.dtype == np.uint8:
        yield from _gaps(np.bincount(plane.reshape(-1), minlength=256))


def _eight_bits_in_sixteen(levels: npt.NDArray[np.generic]) -> Iterator[Sign]:
    """Multiples of 256 or 257: eight bits in sixteen. Multiples of 16 are 12 bits moved up, which loses nothing."""
    for step in (257, 256):
        if len(levels) >= _LEAST_LEVELS and not (levels.astype(np.int64) % step).any():
            yield Sign(
                kind=SignKind.BIT_DEPTH,
                evidence=f"all {len(levels)} grey levels of the first plane are multiples of {step}: "
                "8-bit values stored in 16 bits",
            )
            return


def _gaps(counts: npt.NDArray[np.intp]) -> Iterator[Sign]:
    """Grey levels that many pixels have, between which others never occur: a stretched histogram looks like a comb."""
    frequent = np.flatnonzero(counts >= _ENOUGH_PIXELS)
    if len(frequent) < _LEAST_LEVELS:
        return
    inside = counts[frequent[0] : frequent[-1] + 1]
    empty = int(np.count_nonzero(inside == 0))
    steps = [(low, high) for low, high in pairwise(frequent) if high - low > 1 and not counts[low + 1 : high].any()]
    if len(steps) >= max(_LEAST_STEPS, _LEAST_SHARE * (len(frequent) - 1)):
        yield Sign(
            kind=SignKind.GAPS,
            evidence=f"{empty} of the {len(inside)} grey levels from {frequent[0]} to {frequent[-1]} never occur in "
            "the first plane, though those beside them do",
        )


def color_signs(plane: npt.NDArray[np.generic]) -> Iterator[Sign]:
    """What the samples of a colour plane (rows, columns, samples) show: colours that no camera takes."""
    samples = [plane[..., number] for number in range(3)]
    names = ("red", "green", "blue")
    used = [name for name, sample in zip(names, samples, strict=True) if sample.any()]
    if used and len(used) < 3:
        pure = " and ".join(used)
        yield Sign(
            kind=SignKind.COMPOSITE,
            evidence=f"its first plane has only {pure} (the other samples are 0 in every pixel)",
        )


def meaning_signs(meaning: "PixelMeaning") -> Iterator[Sign]:
    """What the tags of a page say of its numbers that those who only see the numbers would not expect."""
    if meaning.photometric == 0:
        yield Sign(
            kind=SignKind.WHITE_IS_ZERO,
            evidence="its tag PhotometricInterpretation is WhiteIsZero, so that 0 is the brightest value",
        )
    if meaning.orientation != 1:
        yield Sign(kind=SignKind.ORIENTATION, evidence=f"its tag Orientation is {meaning.turned}")
    if meaning.photometric not in _EXPECTED:
        yield Sign(
            kind=SignKind.COLOR_SPACE,
            evidence=f"its tag PhotometricInterpretation is {meaning.interpretation}",
        )


def is_ordered_table(table: npt.NDArray[np.generic]) -> bool:
    """Whether a colour table (3, entries) is one for intensities: from dark to bright or back, or without jumps.

    The first and the last entries may stand out: tables that mark under- and over-exposure are such. The colours that
    a program chose for a picture follow no order.
    """
    inner = table.astype(np.float64)[:, 2:-2]
    if inner.shape[1] < 2:
        return True
    brightness = np.array([0.30, 0.59, 0.11]) @ inner
    brightest = max(1.0, float(inner.max()))
    slack = 0.02 * brightest
    steps = np.diff(brightness)
    monotonous = (steps >= -slack).all() or (steps <= slack).all()
    mean_jump = float(np.abs(np.diff(inner, axis=1)).sum(axis=0).mean())
    return bool(monotonous or mean_jump < _LARGEST_JUMP * brightest)
