"""How a sequence is named, in sentences for readmes and sidecars: what each number means, and how that is known."""

import re
from itertools import takewhile
from math import prod

from confocal_bag.deposit.sequences.grid import missing_values, steps, usual_step
from confocal_bag.deposit.sequences.model import AxisRange, Confidence, Sequence
from confocal_bag.findings import readable_path

__all__ = ["axis_sentences", "meaning_of", "missing_on", "naming_sentence", "step_of"]

_MEANINGS = {
    "Z": "position in depth",
    "T": "time point",
    "C": "channel",
    "L": "wavelength step",
    "P": "position of the stage",
    "M": "mosaic tile",
    "W": "well",
    "X": "column of the mosaic",
    "Y": "row of the mosaic",
    "A": "angle",
    "V": "view",
    "R": "rotation",
}
_WORD_AT_END = re.compile(r"([^\W\d_]+)[\W_]*\Z")
_MOST_LISTED = 12
_MOST_MISSING = 1000
_KNOWN_BY = {
    Confidence.TABLE: "by a naming convention that is known",
    Confidence.MARKER: "by the words that stand before the numbers, or by the pattern in the description",
    Confidence.STRUCTURE: "by how the names hang together, confirmed by the file headers where these say so",
    Confidence.GUESS: "not known: a number counts, but neither the names nor the headers say what",
}


def axis_sentences(sequence: Sequence) -> tuple[str, ...]:
    """What each number or word means that tells the files of a sequence apart; one sentence for each axis."""
    return tuple(_axis_sentence(sequence, axis) for axis in sequence.varying)


def naming_sentence(sequence: Sequence) -> str:
    """How the meaning of the numbers is known."""
    if sequence.confidence is Confidence.TABLE and sequence.convention:
        return f"by the naming convention {readable_path(sequence.convention)}"
    return _KNOWN_BY[sequence.confidence]


def meaning_of(axis: str) -> str:
    """What an axis letter of file names stands for."""
    return _MEANINGS.get(axis, "count whose meaning is not recorded")


def step_of(extent: AxisRange) -> int | None:
    """The usual difference between neighbouring numbers; None for labels and for a single value."""
    return usual_step(extent) if steps(extent) else None


def missing_on(extent: AxisRange) -> list[int]:
    """The numbers of an axis that no file has though those around them lead one to expect it, at most a thousand."""
    return missing_values(extent, most=_MOST_MISSING)


def _axis_sentence(sequence: Sequence, axis: str) -> str:
    extent = sequence.axes[axis]
    step = step_of(extent)
    if axis in sequence.irregular:
        values = _listed([str(value) for value in extent.values])
        return f"{axis}: the {meaning_of(axis)}, at {values} ({extent.count}), which need not follow each other"
    if step is None:
        return f"{axis}: the {meaning_of(axis)}, named {_listed([str(value) for value in extent.values])}"
    mark = _mark_before(sequence, axis)
    number = f"the number after {mark} is" if mark else "a number in the name is"
    steps_said = f" in steps of {step}" if step != 1 else ""
    return (
        f"{axis}: {number} the {meaning_of(axis)}, {extent.first} to {extent.last}{steps_said} ({extent.count}), "
        f"{_missing(extent, is_whole=_is_whole(sequence))}"
    )


def _missing(extent: AxisRange, *, is_whole: bool) -> str:
    missing = missing_on(extent)
    if missing:
        return f"missing: {_listed([str(value) for value in missing])}"
    # of several axes each number can be there while planes are missing
    return "none missing" if is_whole else "each of them is there, but not with every other number"


def _is_whole(sequence: Sequence) -> bool:
    """Whether there are as many planes as the numbers on the axes lead one to expect."""
    return len(sequence.files) >= prod(sequence.axes[axis].count for axis in sequence.varying)


def _listed(texts: list[str]) -> str:
    shown = ", ".join(readable_path(text) for text in texts[:_MOST_LISTED])
    return shown if len(texts) <= _MOST_LISTED else f"{shown} and {len(texts) - _MOST_LISTED} more"


def _mark_before(sequence: Sequence, axis: str) -> str | None:
    """The word before the number of an axis: where two paths part that differ in nothing else."""
    first = sequence.files[0]
    others = {name: value for name, value in first.coordinates.items() if name != axis}
    for file in sequence.files[1:]:
        rest = {name: value for name, value in file.coordinates.items() if name != axis}
        if rest == others and file.coordinates[axis] != first.coordinates[axis]:
            found = _WORD_AT_END.search(_shared(first.path, file.path).rstrip("0123456789"))
            return readable_path(found[1]) if found else None
    return None


def _shared(one: str, other: str) -> str:
    """The beginning that two texts have in common."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
