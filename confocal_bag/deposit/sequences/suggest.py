"""Better names for the planes of a sequence: proposed in a table, never carried out.

A proposal is `stem_t001_z001_ch1.tif`: every number behind the word for its axis, padded so that sorting by name is
sorting by number, separators all alike. It is made only where the present names have a fault that other names would
mend, and only where the new names are read back as the same planes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from unicodedata import normalize

from confocal_bag.deposit.sequences.find import find_sequences
from confocal_bag.deposit.sequences.model import Sequence, SequenceFile, SequenceReport
from confocal_bag.deposit.sequences.words import MARKERS, WEAK_MARKERS
from confocal_bag.findings import readable_path

__all__ = ["Suggestion", "suggest_names"]

#: The word that goes before the number of an axis, and that this program reads back.
_WORDS = {
    "T": "t",
    "Z": "z",
    "C": "ch",
    "P": "pos",
    "M": "tile",
    "W": "well",
    "X": "col",
    "Y": "row",
    "R": "cycle",
    "A": "angle",
    "V": "view",
    "L": "lambda",
    "N": "",
}
_ORDER = ("W", "P", "M", "R", "A", "V", "X", "Y", "T", "Z", "N", "L", "C")
#: What other names would mend.
_MENDED = {
    "mixed-padding": "numbers are padded differently",
    "lexical-order": "sorting by name is not sorting by number",
    "mixed-separator": "separators differ",
    "mixed-case": "upper and lower case differ",
    "mixed-pattern": "two naming patterns",
    "unicode-form": "decomposed characters",
}
_REFUSED_ANYWHERE = re.compile(r'[<>:"|?*\\\x00-\x1f\s]+')
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_SEPARATORS = " _-."


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A better path for a file, and what it mends; `new` is None where names alone cannot tell a better one."""

    old: str
    new: str | None
    why: str


def suggest_names(report: SequenceReport) -> list[Suggestion]:
    """Better names for the files of every sequence whose names have a fault, in the order of the report.

    Paths are relative, as they were given. Files without a fault are not in the list.
    """
    faults: dict[str, list[str]] = {}
    digits: dict[str, dict[str, int]] = {}
    for problem in report.problems:
        if problem.path is not None and problem.code in _MENDED:
            faults.setdefault(problem.path, []).append(_MENDED[problem.code])
            if "digits" in problem.detail:
                digits.setdefault(problem.path, {})[problem.detail["axis"]] = problem.detail["digits"]
    taken = {path for one in report.sequences for path in (file.path for file in one.files)} | set(report.unsequenced)
    found: list[Suggestion] = []
    for one in report.sequences:
        why = dict.fromkeys(fault for file in one.files for fault in faults.get(file.path, ()))
        if why:
            asked = {axis: n for file in one.files for axis, n in digits.get(file.path, {}).items()}
            found += _for_sequence(one, "; ".join(why), taken, asked)
    return found


def _for_sequence(one: Sequence, why: str, taken: set[str], digits: Mapping[str, int]) -> Iterator[Suggestion]:
    """The proposals for one sequence; `digits` are those that its problems ask for, by axis."""
    unnamed = [axis for axis in one.varying if axis not in _WORDS]
    if unnamed:
        doubt = f"{why}; first find out what the number means that the names do not explain"
        yield from (Suggestion(old=file.path, new=None, why=doubt) for file in one.files)
        return
    names = _names(one, digits)
    if not names:
        yield from (Suggestion(old=file.path, new=None, why=f"{why}; rename by hand") for file in one.files)
        return
    own = {file.path for file in one.files}
    twice = _twice(names)
    for file, name in zip(one.files, names, strict=True):
        if name.casefold() in twice:
            yield Suggestion(old=file.path, new=None, why="another file claims the same plane; keep one of them")
        elif name in taken - own:
            yield Suggestion(old=file.path, new=None, why=f"{why}; {readable_path(name)} exists already")
        elif name != file.path:
            yield Suggestion(old=file.path, new=name, why=why)


def _names(one: Sequence, digits: Mapping[str, int]) -> list[str]:
    """A path for each file, with the axes that change, or all axes where that would lose a word; else none."""
    for axes in (one.varying, tuple(one.axes)):
        if all(axis in _WORDS for axis in axes):
            names = [_name(one, file, [axis for axis in _ORDER if axis in axes], digits) for file in one.files]
            if _keeps_words(one, names[0]) and _reads_back(one, names):
                return names
    return []


def _twice(names: list[str]) -> set[str]:
    return {name for name, count in Counter(name.casefold() for name in names).items() if count > 1}


def _keeps_words(one: Sequence, name: str) -> bool:
    """Whether all that the present names have in common stands in the new one too."""
    shared = set.intersection(*(_words(PurePosixPath(file.path).stem) for file in one.files))
    said_otherwise = {word for word in shared if {MARKERS.get(word), WEAK_MARKERS.get(word)} & set(one.axes)}
    return shared - said_otherwise <= _words(PurePosixPath(name).stem)


def _words(text: str) -> set[str]:
    """The words and numbers of a name, whatever their case and padding."""
    return {word.lstrip("0") or "0" for word in _WORD.findall(normalize("NFC", text).casefold())}


def _name(one: Sequence, file: SequenceFile, axes: list[str], digits: Mapping[str, int]) -> str:
    """The proposed path: the folder all files share, the stem, and the axes."""
    stem = _REFUSED_ANYWHERE.sub("_", normalize("NFC", one.stem)).strip(_SEPARATORS) or "image"
    parts = [stem, *(_part(one, axis, file.coordinates[axis], digits.get(axis)) for axis in axes)]
    name = "_".join(parts) + PurePosixPath(file.path).suffix.lower()
    return f"{one.folder}/{name}" if one.folder else name


def _part(one: Sequence, axis: str, value: int | str, asked: int | None) -> str:
    if isinstance(value, str):
        return _REFUSED_ANYWHERE.sub("-", normalize("NFC", value)).strip(_SEPARATORS)
    numbers = [number for number in one.axes[axis].values if isinstance(number, int)]
    digits = asked or max(*(len(str(number)) for number in numbers), 3 if axis in "ZTN" else 1)
    return f"{_WORDS[axis]}{value:0{digits}}"


def _reads_back(one: Sequence, names: list[str]) -> bool:
    """Whether the new names mean the same planes to this program."""
    twice = _twice(names)
    wanted = {
        name: {axis: file.coordinates[axis] for axis in one.varying}
        for file, name in zip(one.files, names, strict=True)
        if name.casefold() not in twice
    }
    if not wanted:
        return True
    read = find_sequences(list(wanted))
    if len(read.sequences) != 1 or any(problem.code in _MENDED for problem in read.problems):
        return False
    again = {file.path: {axis: file.coordinates.get(axis) for axis in one.varying} for file in read.sequences[0].files}
    return again == wanted
