"""The right way up: images in which 0 is white (TIFF 6.0, PhotometricInterpretation WhiteIsZero) shown as they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.model import ImageFile, Series
from confocal_bag.image.pixel_meaning import WHITE_IS_ZERO
from confocal_bag.image.series_meaning import MixedPagesError, meaning_of

__all__ = ["AS_STORED", "Turn", "turn_of"]

Pixels = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of the numbers of a series before they are shown, and the sentence that says so.

    `is_white_at_zero` images are turned: unsigned numbers are counted down from `top`, others change their sign.
    """

    is_white_at_zero: bool = False
    top: int | None = None
    note: str | None = None

    def __call__(self, pixels: Pixels) -> Pixels:
        """The pixels with large numbers for bright ones, of the same type."""
        if not self.is_white_at_zero:
            return pixels
        if pixels.dtype == np.bool_:
            return ~pixels
        if self.top is None:
            return -pixels
        top = pixels.dtype.type(self.top)
        turned: Pixels = top - np.minimum(pixels, top)
        return turned

    def as_stored(self, value: float) -> float:
        """The number that stands in the file for one that was turned."""
        if not self.is_white_at_zero:
            return value
        return -value if self.top is None else self.top - value


#: Large numbers are bright already.
AS_STORED = Turn()


def turn_of(image: ImageFile, series: Series) -> Turn:
    """How a series is turned; as it is where 0 is black, or planes do not agree, which the note then says."""
    try:
        meaning = meaning_of(image, series).first
    except MixedPagesError as problem:
        return Turn(note=f"Equal numbers mean different things in its planes, shown as stored: {problem.difference}.")
    if meaning is None or meaning.photometric != WHITE_IS_ZERO or series.samples != 1 or series.dtype.kind == "c":
        return AS_STORED
    top = (1 << min(meaning.bits, 8 * series.dtype.itemsize)) - 1 if series.dtype.kind == "u" else None
    said = "values are counted from black" if top is not None else "values have the opposite sign"
    return Turn(
        is_white_at_zero=True,
        top=top,
        note=f"0 is white in it (WhiteIsZero); it is shown the right way up, and {said} here.",
    )
