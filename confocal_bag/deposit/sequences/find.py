"""Find the image sequences of a deposit from the names of its files."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from confocal_bag.deposit.sequences.filenames import FileName, folded, take_apart
from confocal_bag.deposit.sequences.grid import sort_key
from confocal_bag.deposit.sequences.grouping import group_names
from confocal_bag.deposit.sequences.groups import Axis, Group, Value
from confocal_bag.deposit.sequences.headers import compare_headers, name_counter
from confocal_bag.deposit.sequences.irregular import irregular_axes
from confocal_bag.deposit.sequences.model import AxisRange, FileFacts, Sequence, SequenceFile, SequenceReport
from confocal_bag.deposit.sequences.override import group_by_pattern
from confocal_bag.deposit.sequences.problems import Found, find_problems
from confocal_bag.deposit.sequences.stems import shared_folder, shared_stem

__all__ = ["find_sequences"]

#: Axes from the slowest to the fastest, the order in which coordinates are given.
_AXIS_ORDER = ("W", "P", "M", "Y", "X", "A", "V", "R", "T", "C", "L", "N", "N1", "N2", "N3", "Z")


def find_sequences(
    paths: Iterable[str | PurePosixPath],
    *,
    facts: Mapping[str, FileFacts] | None = None,
    pattern: str | None = None,
) -> SequenceReport:
    """Group the files of one deposit into sequences, and say what is odd about their names.

    Works on names alone: `paths` (relative, `/` between folders) need not exist, and their order does not matter.
    `facts`, by path, confirm the names from file headers; a contradiction is an error. `pattern` is the curator's own
    reading of a stem, such as `scan_{Z}_{C}`: files that fit it are read by it and nothing else. Raises `CannotFinish`
    when `pattern` names no axis.
    """
    with _garbage_left():
        return _find(paths, facts, pattern)


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Spare the search for reference cycles: reading many names makes millions of objects and not one cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _find(
    paths: Iterable[str | PurePosixPath], facts: Mapping[str, FileFacts] | None, pattern: str | None
) -> SequenceReport:
    names = sorted((take_apart(path) for path in {str(path) for path in paths}), key=_name_order)
    fitting, rest = group_by_pattern(names, pattern) if pattern is not None else ([], names)
    groups, alone = group_names(rest)
    found = sorted((Found(_sequence(group), group) for group in [*fitting, *groups]), key=_sequence_order)
    if facts is not None:
        found = [name_counter(one, facts) for one in found]
    found = [replace(one, sequence=_with_irregular(one, facts or {})) for one in found]
    problems = list(find_problems(names, found, alone, facts or {}))
    if facts is not None:
        problems.extend(problem for one in found for problem in compare_headers(one.sequence, facts))
    members = {file.path for one in found for file in one.sequence.files}
    return SequenceReport(
        sequences=tuple(one.sequence for one in found),
        unsequenced=tuple(name.path for name in names if name.path not in members),
        problems=tuple(problems),
        headers_read=facts is not None,
    )


def _with_irregular(found: Found, facts: Mapping[str, FileFacts]) -> Sequence:
    return replace(found.sequence, irregular=irregular_axes(found.sequence, found.group, facts))


def _name_order(name: FileName) -> tuple[str, str]:
    return folded(name.path), name.path


def _sequence_order(found: Found) -> tuple[str, str, str]:
    return folded(found.sequence.folder), folded(found.sequence.stem), found.first


def _sequence(group: Group) -> Sequence:
    """Make the reported sequence of a group, its files in the order of their coordinates."""
    names = sorted(group.axes, key=_axis_rank)
    columns = [group.axes[name].values for name in names]
    places = list(zip(*columns, strict=True)) or [()] * len(group.entries)
    paths = [entry.name.path for entry in group.entries]
    orders = list(zip(*map(_ranks, columns), map(folded, paths), paths, strict=True))
    rows = sorted(range(len(paths)), key=orders.__getitem__)
    conventions = Counter(entry.convention for entry in group.entries)
    return Sequence(
        stem=shared_stem(group),
        folder=shared_folder(group),
        axes={name: _extent(group.axes[name]) for name in names},
        convention=min(conventions, key=lambda name: (-conventions[name], name or "")),
        confidence=group.confidence,
        files=tuple(
            SequenceFile(path=group.entries[row].name.path, coordinates=dict(zip(names, places[row], strict=True)))
            for row in rows
        ),
    )


def _axis_rank(axis: str) -> tuple[int, str]:
    return _AXIS_ORDER.index(axis) if axis in _AXIS_ORDER else len(_AXIS_ORDER), axis


def _sorted(values: list[Value]) -> list[Value]:
    """The different values in order."""
    different = set(values)
    numbers = [value for value in different if isinstance(value, int)]
    return sorted(numbers) if len(numbers) == len(different) else sorted(different, key=sort_key)


def _ranks(values: list[Value]) -> list[int]:
    """Where each value stands among all of them: numbers before labels."""
    rank = {value: at for at, value in enumerate(_sorted(values))}
    return [rank[value] for value in values]


def _extent(axis: Axis) -> AxisRange:
    values = tuple(_sorted(axis.values))
    return AxisRange(first=values[0], last=values[-1], count=len(values), values=values)
