"""The grid that the coordinates of a sequence of files span, and whether a file stands at every place of it."""

from __future__ import annotations

import re
from itertools import pairwise, product
from math import gcd, prod
from typing import TYPE_CHECKING

from confocal_bag.findings import readable_path
from confocal_bag.image.model import UnreadableImage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Value", "fill_grid", "values_along"]

#: A place on one axis, as a file name tells it: a number or a label.
Value = int | str

#: A measured place, as the names of planes have it.
_DECIMAL = re.compile(r"-?[0-9]{1,12}[.,p][0-9]{1,12}")
_MOST_PLACES = 1 << 22
_MOST_LISTED = 8


def values_along(values: Iterable[Value]) -> Sequence[Value]:
    """All places along an axis: numbers from the first to the last in even steps, labels in order.

    1, 2 and 4 are places of a row of four: the number of places must not depend on which files are there. Raises
    UnreadableImage for numbers so far apart that they number nothing. Numbers with decimals are labels in their order.
    """
    found = set(values)
    numbers = sorted(value for value in found if isinstance(value, int))
    if len(numbers) < len(found):
        return tuple(sorted(found, key=_in_order))
    step = gcd(*(later - earlier for earlier, later in pairwise(numbers))) or 1
    if (numbers[-1] - numbers[0]) // step >= _MOST_PLACES:
        raise UnreadableImage(
            f"The numbers of a sequence run from {numbers[0]} to {numbers[-1]} in steps of {step}, but {len(numbers)} "
            "are there: these are no places along an axis. Check what the numbers in the names mean."
        )
    return range(numbers[0], numbers[-1] + 1, step)


def _in_order(value: Value) -> tuple[bool, float, str]:
    """Numbers, those with decimals too (a depth of 0.5 or 0p5 micrometres), before labels."""
    if isinstance(value, int):
        return False, value, ""
    if _DECIMAL.fullmatch(value):
        return False, float(value.replace(",", ".").replace("p", ".")), value
    return True, 0, value


def fill_grid(
    members: Sequence[tuple[Mapping[str, Value], Path]], places: Mapping[str, Sequence[Value]], name: str
) -> dict[tuple[int, ...], Path]:
    """The file at each place of the grid, by its index along each axis; `name` is what messages call the sequence.

    Raises UnreadableImage where a file lacks a coordinate, two stand at one place, or a place is empty.
    """
    shown, total = readable_path(name), prod(len(one) for one in places.values())
    grid: dict[tuple[int, ...], Path] = {}
    index = {axis: {value: at for at, value in enumerate(one)} for axis, one in places.items()}
    for coordinates, path in members:
        absent = [axis for axis in places if axis not in coordinates]
        if absent:
            raise UnreadableImage(f"{readable_path(path.name)} has no place along {absent[0]} in the sequence {shown}.")
        place = tuple(index[axis][coordinates[axis]] for axis in places)
        if place in grid:
            raise UnreadableImage(
                f"{readable_path(grid[place].name)} and {readable_path(path.name)} stand at the same place "
                f"({_where(coordinates, places)}) of the sequence {shown}; one of them belongs elsewhere."
            )
        grid[place] = path
    if len(grid) < total:
        raise UnreadableImage(
            f"The sequence {shown} lacks {total - len(grid)} of {total} files: {_empty(grid, places, total)}. Ask the "
            "depositor for them, or whether they were never taken."
        )
    return grid


def _empty(grid: Mapping[tuple[int, ...], Path], places: Mapping[str, Sequence[Value]], total: int) -> str:
    """The first empty places, in words."""
    if total > _MOST_PLACES:
        return "too many to list"
    listed: list[str] = []
    for place in product(*(range(len(one)) for one in places.values())):
        if place not in grid:
            at = {axis: one[index] for (axis, one), index in zip(places.items(), place, strict=True)}
            listed.append(_where(at, places))
            if len(listed) == _MOST_LISTED:
                break
    more = total - len(grid) - len(listed)
    return "; ".join(listed) + (f" and {more} more" if more else "")


def _where(coordinates: Mapping[str, Value], places: Mapping[str, Sequence[Value]]) -> str:
    told = [axis for axis in places if len(places[axis]) > 1] or list(places)
    return " ".join(f"{axis}={coordinates[axis]}" for axis in told)
