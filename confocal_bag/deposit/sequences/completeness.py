"""Whether a sequence is a whole stack or a part of one, in a sentence, as far as names can tell."""

from collections.abc import Iterator
from math import prod

from confocal_bag.deposit.sequences.grid import missing_places, missing_values, steps
from confocal_bag.deposit.sequences.model import Sequence
from confocal_bag.deposit.sequences.words import ORDERED_AXES

__all__ = ["completeness_sentence"]

_MOST_LISTED = 5


def completeness_sentence(sequence: Sequence) -> str:
    """Say whether planes are missing between the first and the last, or perhaps before the first.

    A stack whose end was cut off is not told by names.
    """
    if len(sequence.files) == 1:
        return "One plane: no other file is named like it."
    lacking = [*_holes(sequence), *_empty_places(sequence)]
    if lacking:
        return f"A part: {'; '.join(lacking)}."
    late = [axis for axis in _counting(sequence) if axis != "L" and int(sequence.axes[axis].first) > 1]
    if late:
        begins = ", ".join(f"{axis} begins at {sequence.axes[axis].first}" for axis in late)
        return f"Perhaps a part: {begins}; between first and last nothing is missing."
    return "Whole as far as names tell: between first and last nothing is missing."


def _counting(sequence: Sequence) -> Iterator[str]:
    """The axes that count something in order."""
    for axis in sequence.varying:
        if axis in ORDERED_AXES and axis not in sequence.irregular and steps(sequence.axes[axis]):
            yield axis


def _holes(sequence: Sequence) -> Iterator[str]:
    for axis in _counting(sequence):
        if len(set(steps(sequence.axes[axis]))) > 1:
            holes = missing_values(sequence.axes[axis], most=_MOST_LISTED + 1)
            more = " and more" if len(holes) > _MOST_LISTED else ""
            numbers = ", ".join(map(str, holes[:_MOST_LISTED]))
            yield f"{axis} {numbers}{more} in no file" if holes else f"{axis} does not count in equal steps"


def _empty_places(sequence: Sequence) -> Iterator[str]:
    absent, _ = missing_places(sequence, most=1)
    if absent:
        total = prod(sequence.axes[axis].count for axis in sequence.varying)
        yield f"{absent} of {total} combinations of the numbers without a file"
