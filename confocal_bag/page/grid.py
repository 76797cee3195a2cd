"""The grid of a sequence: which of its planes are there, and which are missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from math import prod

from confocal_bag.deposit.sequences.grid import missing_values, sort_key
from confocal_bag.deposit.sequences.model import AxisRange
from confocal_bag.page.run import RunSequence

__all__ = ["Grid", "GridRow", "GridRun", "draw_grid"]

_WIDEST = 400
_TALLEST = 60
_MOST_NAMED = 24

Value = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRun:
    """Cells side by side that look the same; `kind` is "here", "missing" or "several"."""

    start: int
    length: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One combination of the other axes."""

    label: str
    runs: tuple[GridRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A sequence as rows of cells, one column for each value of `axis`; cut where it is very wide or tall.

    `missing` counts the places without a file, `examples` names the first of them.
    """

    stem: str
    files: int
    convention: str | None
    confidence: str
    axis: str | None
    columns: tuple[Value, ...]
    rows: tuple[GridRow, ...]
    hidden_columns: int
    hidden_rows: int
    missing: int
    examples: tuple[str, ...]


def draw_grid(sequence: RunSequence) -> Grid:
    """The grid of a sequence, numbers that no file has included."""
    values = _values(sequence)
    varying = [axis for axis, found in values.items() if len(found) > 1]
    across = max(varying, key=lambda axis: len(values[axis]), default=None)
    others = [axis for axis in varying if axis != across]
    columns = list(values[across]) if across else []
    if across and across not in sequence.irregular:
        columns = _with_holes(columns)
    places = _places([values[axis] for axis in others])
    counts: Counter[tuple[Value, ...]] = Counter(
        tuple(file.coords.get(axis, "") for axis in (*others, *([across] if across else []))) for file in sequence.files
    )
    absent = prod(len(values[axis]) for axis in others) * len(columns) - len(counts) if across else 0
    shown = [(place, columns[:_WIDEST]) for place in places[:_TALLEST]] if across else []
    return Grid(
        stem=sequence.stem,
        files=len(sequence.files),
        convention=sequence.convention,
        confidence=sequence.confidence,
        axis=across,
        columns=tuple(columns[:_WIDEST]),
        rows=tuple(_row(others, place, row, counts) for place, row in shown),
        hidden_columns=max(0, len(columns) - _WIDEST),
        hidden_rows=max(0, prod(len(values[axis]) for axis in others) - _TALLEST) if across else 0,
        missing=absent,
        examples=tuple(_missing(others, across, shown, counts)),
    )


def _values(sequence: RunSequence) -> dict[str, list[Value]]:
    """The values of each axis that every file states, in order."""
    axes = set.intersection(*(set(file.coords) for file in sequence.files)) if sequence.files else set()
    in_order = [axis for axis in (sequence.files[0].coords if sequence.files else ()) if axis in axes]
    return {axis: sorted({file.coords[axis] for file in sequence.files}, key=sort_key) for axis in in_order}


def _with_holes(values: Sequence[Value]) -> list[Value]:
    """The values and the numbers between them that the usual step leads one to expect."""
    extent = AxisRange(first=values[0], last=values[-1], count=len(values), values=tuple(values))
    return sorted([*values, *missing_values(extent, most=_WIDEST)], key=sort_key)


def _places(values: Sequence[Sequence[Value]]) -> list[tuple[Value, ...]]:
    """The first combinations of the other axes; there may be millions."""
    return [place for place, _ in zip(product(*values), range(_TALLEST), strict=False)]


def _row(
    others: Sequence[str], place: tuple[Value, ...], columns: Sequence[Value], counts: Counter[tuple[Value, ...]]
) -> GridRow:
    kinds = [_kind(counts[(*place, column)]) for column in columns]
    runs, start = [], 0
    for kind, group in groupby(kinds):
        length = len(list(group))
        runs.append(GridRun(start=start, length=length, kind=kind))
        start += length
    return GridRow(label=_named(others, place), runs=tuple(runs))


def _kind(count: int) -> str:
    return "missing" if count == 0 else "here" if count == 1 else "several"


def _missing(
    others: Sequence[str],
    across: str | None,
    shown: Sequence[tuple[tuple[Value, ...], Sequence[Value]]],
    counts: Counter[tuple[Value, ...]],
) -> Iterator[str]:
    found = 0
    for place, columns in shown:
        for column in columns:
            if (*place, column) not in counts and found < _MOST_NAMED:
                found += 1
                yield _named([*others, str(across)], (*place, column))


def _named(axes: Sequence[str], place: Sequence[Value]) -> str:
    return " ".join(f"{axis}{value}" for axis, value in zip(axes, place, strict=True))
