"""The table of jobs of a batch: which deposit becomes which bag, at which level, with which bag-info fields."""

import csv
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from confocal_bag.containment import folders_around
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.spreadsheet import csv_rows, meant_cell, read_csv_text
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["BatchRow", "read_batch"]

_MOST_BYTES = 16_000_000
_MOST_ROWS = 100_000
_LABEL = re.compile(r"[^\s:\x00-\x1f\x7f](?:[^:\x00-\x1f\x7f]*[^\s:\x00-\x1f\x7f])?")
#: What the build itself knows better than any table.
_OURS = {
    "payload-oxum", "bagging-date", "bag-size", "bag-count", "bag-group-identifier", "bagit-profile-identifier",
    "bag-software-agent",
}  # fmt: skip
#: What our own fields begin with, those of later versions too.
_RESERVED = "confocal-"
_KNOWN = ("deposit", "bag", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One row by its number as spreadsheet programs count; `problem` says why nothing can be built from it."""

    number: int
    deposit: Path
    bag: Path
    level: PracticeLevel | None = None
    tags: tuple[tuple[str, str], ...] = ()
    problem: str | None = None


def read_batch(path: Path) -> list[BatchRow]:
    """The rows of the table; relative names are from the folder the table lies in. Two rows never have one bag.

    Raises `CannotFinish`, with row and column, where the file is no such table.
    """
    name = readable_path(path)
    text = read_csv_text(path, most_bytes=_MOST_BYTES, too_large="give the table in parts")
    rows = _table(text, name)
    number, heading = next(rows, (1, []))
    columns = _columns(heading, number, name)
    read = [_row(number, cells, columns, path.parent) for number, cells in rows if any(map(str.strip, cells))]
    if not read:
        raise CannotFinish(f"{name} has no row below its heading, so there is nothing to build.")
    return list(_each_bag_once(read))


def _table(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number, as spreadsheet programs count."""
    rows, skipped = csv_rows(text)
    number = 1 + skipped
    try:
        for number, cells in enumerate(rows, start=number):  # noqa: B020 - the number is for the message below
            if number > _MOST_ROWS:
                raise CannotFinish(f"{name} has more than {_MOST_ROWS:,} rows; give the table in parts.")
            yield number, cells
    except csv.Error as error:
        raise CannotFinish(f"{name}, row {number + 1}: {error}. Save it again as CSV.") from error


def _columns(heading: Sequence[str], number: int, name: str) -> dict[int, str]:
    """The label of each column by its place; the three that are ours in small letters. Raises `CannotFinish`."""
    columns: dict[int, str] = {}
    for place, cell in enumerate(map(str.strip, heading)):
        where = f"{name}, row {number}, column {place + 1}"
        label = cell.casefold() if cell.casefold() in _KNOWN else cell
        if not label:
            continue
        if label in _KNOWN and label in columns.values():
            raise CannotFinish(f"{where}: there are two columns {label!r}; leave one.")
        if label.casefold() in _OURS or label.casefold().startswith(_RESERVED):
            raise CannotFinish(f"{where}: {label} is written by the build itself; take the column out.")
        if not _LABEL.fullmatch(label):
            raise CannotFinish(f"{where}: {label!r} cannot be a field of bag-info.txt; leave out colons and line ends.")
        # The other two are needed, and missed below.
        if label not in _KNOWN and difflib.get_close_matches(label.casefold(), ["level"], cutoff=0.75):
            raise CannotFinish(f"{where}: is {label!r} meant to be 'level'? Correct it, or call the field otherwise.")
        columns[place] = label
    for needed in _KNOWN[:2]:
        if needed not in columns.values():
            near = difflib.get_close_matches(needed, [label.casefold() for label in columns.values()], n=1)
            hint = f" (is {near[0]!r} it?)" if near else ""
            raise CannotFinish(f"{name}, row {number}: there is no column {needed!r}{hint}; add it.")
    return columns


def _row(number: int, cells: Sequence[str], columns: Mapping[int, str], folder: Path) -> BatchRow:
    values = {place: meant_cell(cell.strip()) for place, cell in enumerate(cells) if cell.strip()}
    place_of = {label: place for place, label in columns.items()}
    given = {label: values.get(place_of[label], "") if label in place_of else "" for label in _KNOWN}
    row = BatchRow(
        number=number,
        deposit=folder / given["deposit"],
        bag=folder / given["bag"],
        level=PracticeLevel(given["level"]) if given["level"] in list(PracticeLevel) else None,
        tags=tuple(
            (label, values[place]) for place, label in columns.items() if label not in _KNOWN and place in values
        ),
    )
    problem = _problem(given, values, columns)
    return replace(row, problem=f"Row {number}, {problem}") if problem else row


def _problem(given: Mapping[str, str], values: Mapping[int, str], columns: Mapping[int, str]) -> str | None:
    """What is wrong in a row, with its column; None for nothing."""
    for label in ("deposit", "bag"):
        if not given[label]:
            return f"column {label!r}: the cell is empty; name the {label}."
    if given["level"] and given["level"] not in list(PracticeLevel):
        known = ", ".join(PracticeLevel)
        return f"column 'level': {given['level']!r} is no practice level; write one of {known}, or nothing."
    for place, value in values.items():
        if place not in columns:
            return f"column {place + 1}: there is {value[:40]!r} and no heading above it; give the column a name."
        if "\0" in value:
            return f"column {place + 1}: the cell holds a NUL character; type it anew."
    return None


def _each_bag_once(rows: Sequence[BatchRow]) -> Iterator[BatchRow]:
    """The rows; the later one of two that make one bag, or a bag in a bag, whatever they call it, has a problem."""
    first: dict[Path, int] = {}
    for row in rows:
        if not row.problem:
            first.setdefault(_place(row.bag), row.number)
    for row in rows:
        problem = None if row.problem else _twice(row, first)
        yield replace(row, problem=f"Row {row.number}, column 'bag': {problem}") if problem else row


def _twice(row: BatchRow, first: Mapping[Path, int]) -> str | None:
    place = _place(row.bag)
    if first[place] != row.number:
        return f"row {first[place]} makes the same bag; name another."
    around = next((first[one] for one in place.parents if one in first), None)
    return f"it lies in the bag of row {around}; name a place outside of it." if around else None


def _place(bag: Path) -> Path:
    """Where a bag will lie, without links and `..` on the way there."""
    return next(folders_around(bag))
