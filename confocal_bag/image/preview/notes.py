"""What a preview shows and what it does not, in sentences."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from confocal_bag.image.preview.choice import Choice
from confocal_bag.image.preview.colors import MOST_ADDED, ChannelColor
from confocal_bag.image.preview.levels import PERCENTILES, DisplayRange
from confocal_bag.image.preview.scale_bar import bar_text
from confocal_bag.image.preview.shrink import LARGEST
from confocal_bag.image.preview.upright import AS_STORED, Turn

__all__ = ["choice_notes", "color_notes", "enlargement_notes", "range_notes", "scale_notes", "value_notes"]

_SQUARE_WITHIN = 0.01


def choice_notes(choice: Choice, depths: Sequence[int]) -> Iterator[str]:
    """Which planes; `depths` are those of the movie."""
    if choice.depth > 1:
        yield (
            f"Thumbnails show plane {choice.middle + 1} of {choice.depth} along {choice.depth_axis}; projections and "
            f"the composite show the maximum over all {choice.depth}."
        )
    if 0 < len(depths) < choice.depth:
        yield f"The movie shows {len(depths)} of {choice.depth} planes, evenly spaced."
    if choice.merged_steps > 1:
        yield f"Of {choice.merged_steps} wavelength steps the brightest is shown."
    if choice.series.samples not in (1, 3):
        shown = "three are" if choice.series.samples > 3 else "is"
        yield f"Of {choice.series.samples} samples of each pixel the first {shown} shown."
    for axis, size in choice.unshown.items():
        yield f"Only the first of {size} {'time points' if axis == 'T' else f'positions along axis {axis}'} is shown."
    if choice.channels < choice.all_channels:
        yield f"Only the first {choice.channels} of {choice.all_channels} channels are shown."


def range_notes(
    names: Sequence[str], ranges: Sequence[DisplayRange], *, is_as_recorded: bool, turn: Turn = AS_STORED
) -> Iterator[str]:
    """How values became brightness, and which channels are exceptions."""
    if turn.note and not (turn.is_white_at_zero and all(one.is_constant for one in ranges)):
        yield turn.note
    low, high = PERCENTILES
    yield (
        "Red, green and blue are those of the image; brightness is not changed."
        if is_as_recorded
        else f"Brightness: each channel from its percentile {low:g} to {high:g} over all planes shown, after averaging "
        "to the size of the picture."
    )
    for name, shown in zip(names, ranges, strict=True):
        if shown.low is None:
            yield f"No pixel of {name} is a number."
        elif shown.is_constant:
            yield _constant_note(name, shown.low, turn)
        elif shown.is_cut:
            yield f"Values of {name} beyond {LARGEST:.2g} are shown as that; pictures cannot tell them apart."
        elif not shown.is_percentile:
            yield f"The percentiles of {name} are equal; it is shown from its smallest to its largest value."


def _constant_note(name: str, value: float, turn: Turn) -> str:
    if abs(value) >= LARGEST:
        return f"The values of {name} are beyond {LARGEST:.2g}, which pictures cannot tell apart; it is shown black."
    if turn.is_white_at_zero:
        return f"The value of {name} is {turn.as_stored(value):g} everywhere, where 0 is white; it is shown black."
    return f"The value of {name} is {value:g} everywhere; it is shown black."


def value_notes(dtype: np.dtype[Any], *, has_gaps: bool) -> Iterator[str]:
    """What became of values that have no brightness; `has_gaps` where an area of the picture held no number."""
    if dtype.kind == "c":
        yield "Complex values are shown by their magnitude."
    if has_gaps:
        yield "Pixels that are no numbers (NaN, infinite) are shown black."


def color_notes(names: Sequence[str], colors: Sequence[ChannelColor]) -> Iterator[str]:
    """How channels merge, and which colours are none of the file's."""
    if len(colors) < 2:
        return
    if len(colors) > MOST_ADDED:
        yield "Where channels overlap, the brightest counts for each of red, green and blue."
    else:
        yield "Where channels overlap, their light adds up."
    unknown = [name for name, color in zip(names, colors, strict=True) if not color.is_recorded]
    if unknown:
        yield (
            f"No colour is recorded for {', '.join(unknown)}; shown in colours that people of any colour vision can "
            "tell apart (Okabe and Ito)."
        )


def scale_notes(along_um: float | None, down_um: float | None, scale_bar_um: float | None) -> Iterator[str]:
    """The scale bar, or why there is none; the pixel size along a row and down a column."""
    if scale_bar_um is not None:
        yield f"The scale bar is {bar_text(scale_bar_um)} long."
    elif along_um is None:
        yield "There is no scale bar: the pixel size is not recorded."
    else:
        yield "There is no scale bar: the picture is too narrow, or the pixel size is none."
    if scale_bar_um is not None and along_um and down_um and abs(down_um / along_um - 1) > _SQUARE_WITHIN:
        yield "Pixels are not square in the sample: the scale bar holds from left to right only."


def enlargement_notes(times: tuple[int, int]) -> Iterator[str]:
    """How often each row and column is repeated in the picture of a small image."""
    rows, columns = times
    if (rows, columns) != (1, 1):
        yield f"The image is small: every row is repeated {rows} times, every column {columns} times."
