"""Which planes of a sequence are there: holes, missing planes, shifted starts, and a small picture of it all."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise, product
from math import prod

from confocal_bag.counted import counted
from confocal_bag.deposit.sequences.model import AxisRange, Sequence
from confocal_bag.deposit.sequences.words import ORDERED_AXES

__all__ = ["missing_places", "missing_values", "presence_grid", "sort_key", "starts_shifted", "steps", "usual_step"]

Value = int | str
Place = tuple[Value, ...]

_DECIMAL = re.compile(r"-?[0-9]{1,12}[.,p][0-9]{1,12}")
_WIDEST = 72
_TALLEST = 24


def sort_key(value: Value) -> tuple[int, float, str]:
    """Order numbers, those with decimals too, before labels."""
    if isinstance(value, int):
        return 0, value, ""
    return (0, float(value.replace(",", ".").replace("p", ".")), value) if _DECIMAL.fullmatch(value) else (1, 0, value)


def steps(extent: AxisRange) -> list[int]:
    """The differences between neighbouring values; empty when the axis has labels."""
    numbers = [value for value in extent.values if isinstance(value, int)]
    if len(numbers) != extent.count:
        return []
    return [b - a for a, b in pairwise(numbers)]


def usual_step(extent: AxisRange) -> int:
    """The commonest difference between neighbouring numbers, of equally common ones the least; there must be one."""
    counts = Counter(steps(extent))
    return min(counts, key=lambda step: (-counts[step], step))


def missing_values(extent: AxisRange, *, most: int) -> list[int]:
    """Numbers that the usual step of the axis leads one to expect and that no file has, at most so many."""
    if not steps(extent):
        return []
    present = set(extent.values)
    expected = range(int(extent.first), int(extent.last), usual_step(extent))
    found: list[int] = []
    for value in expected:
        if value not in present:
            found.append(value)
            if len(found) == most:
                break
    return found


def places_of(sequence: Sequence, axes: Iterable[str]) -> list[Place]:
    """Where each file stands on some of the axes."""
    axes = tuple(axes)
    return [tuple(file.coordinates[axis] for axis in axes) for file in sequence.files]


def missing_places(sequence: Sequence, *, most: int) -> tuple[int, list[dict[str, Value]]]:
    """How many combinations of the values that occur have no file, and the first few of them."""
    axes = sequence.varying
    present = set(places_of(sequence, axes))
    absent = prod(sequence.axes[axis].count for axis in axes) - len(present)
    examples: list[dict[str, Value]] = []
    if absent:
        for place in product(*(sequence.axes[axis].values for axis in axes)):
            if place not in present:
                examples.append(dict(zip(axes, place, strict=True)))
                if len(examples) == min(most, absent):
                    break
    return absent, examples


def starts_shifted(sequence: Sequence, axis: str) -> dict[Value, list[dict[str, Value]]] | None:
    """Whether the grid is incomplete only because equally long runs of `axis` begin at different numbers.

    Returns the first number of the runs with the coordinates of the runs that begin there; None when that is not so.
    """
    others = [name for name in sequence.varying if name != axis]
    if axis not in ORDERED_AXES or axis not in sequence.varying or not steps(sequence.axes[axis]):
        return None
    runs: dict[Place, set[int]] = {}
    for file in sequence.files:
        place = tuple(file.coordinates[name] for name in others)
        runs.setdefault(place, set()).add(int(file.coordinates[axis]))
    lengths = {len(run) for run in runs.values()}
    complete = len(runs) == prod(sequence.axes[name].count for name in others)
    if not complete or len(lengths) != 1 or lengths == {1} or len({frozenset(run) for run in runs.values()}) == 1:
        return None
    if any(max(run) - min(run) != len(run) - 1 for run in runs.values()):
        return None
    starts: dict[Value, list[dict[str, Value]]] = {}
    for place, run in runs.items():
        starts.setdefault(min(run), []).append(dict(zip(others, place, strict=True)))
    return starts


def presence_grid(sequence: Sequence) -> str:
    """A picture of a sequence in plain characters: `#` a file, `2` more than one, `.` none.

    One line for each combination of the other axes, one character for each value of the longest ordered axis; numbers
    that no file has are shown too. Wide and tall sequences are cut, with a count of what is not shown.
    """
    across = _axis_across(sequence)
    if across is None:
        return f"{counted(len(sequence.files), 'file')}, no axis"
    rows = [axis for axis in sequence.varying if axis != across]
    counts: dict[tuple[Place, Value], int] = {}
    for file in sequence.files:
        key = tuple(file.coordinates[axis] for axis in rows), file.coordinates[across]
        counts[key] = counts.get(key, 0) + 1
    columns, hidden = _columns(sequence.axes[across], with_holes=across not in sequence.irregular)
    places = sorted({place for place, _ in counts}, key=lambda place: [sort_key(value) for value in place])
    labels = [
        " ".join(f"{axis}{_printable(value)}" for axis, value in zip(rows, place, strict=True)) for place in places
    ]
    width = min(24, max(map(len, labels[:_TALLEST]), default=0))
    lines = [f"{'':{width}} {across} {columns[0]} to {columns[-1]}" + (f" (and {hidden} more)" if hidden else "")]
    for label, place in zip(labels[:_TALLEST], places, strict=False):
        marks = "".join(_mark(counts.get((place, value), 0)) for value in columns)
        lines.append(f"{label[:width]:{width}} {marks}")
    if len(places) > _TALLEST:
        lines.append(f"(and {len(places) - _TALLEST} more rows)")
    return "\n".join(line.rstrip() for line in lines)


def _axis_across(sequence: Sequence) -> str | None:
    ordered = [axis for axis in sequence.varying if axis in ORDERED_AXES] or list(sequence.varying)
    return max(ordered, key=lambda axis: sequence.axes[axis].count, default=None)


def _columns(extent: AxisRange, *, with_holes: bool) -> tuple[list[Value], int]:
    """The values to show, holes included where the axis counts, and how many are not shown."""
    values: list[Value] = list(extent.values)
    differences = steps(extent) if with_holes else []
    if differences:
        usual = usual_step(extent)
        first, last = int(extent.first), int(extent.last)
        if all(difference % usual == 0 for difference in differences):
            span = (last - first) // usual + 1
            return [first + at * usual for at in range(min(span, _WIDEST))], max(0, span - _WIDEST)
    return values[:_WIDEST], max(0, len(values) - _WIDEST)


def _mark(count: int) -> str:
    return "." if count == 0 else "#" if count == 1 else str(min(count, 9))


def _printable(value: Value) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(value))
