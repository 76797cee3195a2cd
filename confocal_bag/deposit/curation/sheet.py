"""The answer sheet: a table of questions that a depositor fills in with a spreadsheet, and reading it back."""

import csv
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.deposit.curation.binding import read_marks, written_marks
from confocal_bag.deposit.curation.cells import Cell, fields_of
from confocal_bag.deposit.curation.layout import NO_BREAK, named, shortened
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.requests import Requests
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.spreadsheet import as_csv_text, csv_rows, meant_cell, read_csv_text

__all__ = ["ANSWER", "COLUMNS", "QUESTION_ID", "AnswerSheet", "SheetRow", "read_sheet", "render_sheet"]

QUESTION_ID, QUESTION, FILES, EXAMPLE, ANSWER = "question id", "question", "files", "example", "answer"
COLUMNS = (QUESTION_ID, QUESTION, FILES, EXAMPLE, ANSWER)

_BYTE_ORDER_MARK = "\ufeff"
_MOST_BYTES = 4_000_000
_MOST_ROWS = 5000
_MOST_FILES = 20
_LONGEST_SEEN = 500
#: The row that says which deposit a sheet is of.
_DEPOSIT, _LEAVE = "deposit", "Which deposit this table is for. Please leave this row as it is."
_FOR_ALL = (
    " (The answer is for all of them. To answer for one alone, copy the row and leave only its part of the question "
    "id, such as {}.)"
)
_LONGEST_PART = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One answered row: its number as spreadsheet programs count, the field of deposit.yaml, and the answer.

    `decimal_comma` says that the sheet was saved where decimals are written with a comma.
    """

    number: int
    field: str
    answer: str
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSheet:
    """The answered rows of a sheet, and the marks of the deposit that it was made for; none where it has none.

    `beside` are the columns that hold text and are none of the sheet's own: nobody reads them.
    """

    rows: tuple[SheetRow, ...]
    marks: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def render_sheet(requests: Requests, marks: Iterable[str] = ()) -> str:
    """The table, an empty cell for each answer: the depositor's, the curator's, and a row that names the deposit.

    It begins with a byte order mark, without which Excel garbles it.
    """
    rows = [_row(f"{number}. ", one, cell) for number, one in enumerate(requests.now, start=1) for cell in one.cells]
    rows += [_row("", one, cell) for one in requests.own for cell in one.cells]
    marks = tuple(marks)
    if marks:
        rows.append((_DEPOSIT, _LEAVE, None, None, written_marks(marks)))
    return _BYTE_ORDER_MARK + as_csv_text(COLUMNS, rows)


def _row(lead: str, one: Request, cell: Cell) -> tuple[str | None, ...]:
    question = f"{lead}{cell.question or one.wording.question}"
    if cell.seen:
        question += f" What was seen: {shortened(' '.join(cell.seen), _LONGEST_SEEN)}"
    for told in cell.said:
        question += f" {shortened(told, _LONGEST_SEEN)}"
    parts = fields_of(cell.field)
    if len(parts) > 1:
        question += _FOR_ALL.format(shortened(shown_path(parts[-1]), _LONGEST_PART))
    files = named(cell.about(_MOST_FILES) or one.shown, _MOST_FILES)
    if cell.entries:
        files = _by_entry(cell) if cell.channel is None else f"{files} ({_by_entry(cell)})"
    files = files.replace(NO_BREAK, " ")
    return shown_path(cell.field), question, files, cell.example or one.wording.example, None


def _by_entry(cell: Cell) -> str:
    """The files of each entry of deposit.yaml that has a part in a row, so that one can be answered by itself."""
    told = [f"{name}: {named(shown)}" if shown else name for name, shown in cell.entries[:_MOST_FILES]]
    more = len(cell.entries) - len(told)
    return "; ".join([*told, *([f"and {more} more"] if more else [])])


def read_sheet(path: Path) -> AnswerSheet:
    """Read a sheet; rows without an answer are left out.

    Raises `CannotFinish` where the file is no such table.
    """
    text = read_csv_text(path, most_bytes=_MOST_BYTES, too_large="an answer sheet is a table of questions")
    table, skipped = _table(text, readable_path(path))
    rows = list(_rows(text, table, skipped, readable_path(path)))
    return AnswerSheet(
        rows=tuple(one for one in rows if one.field != _DEPOSIT),
        marks=tuple(mark for one in rows if one.field == _DEPOSIT for mark in read_marks(one.answer)),
        beside=tuple(_beside(table)),
    )


def _beside(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """The columns besides those of a sheet that hold text, by their headings or numbers."""
    width = max(map(len, table), default=0)
    for place in range(width):
        heading = table[0][place].strip() if place < len(table[0]) else ""
        if heading.casefold() not in COLUMNS and any(place < len(row) and row[place].strip() for row in table[1:]):
            yield repr(heading) if heading else f"number {place + 1}"


def _table(text: str, name: str) -> tuple[list[list[str]], int]:
    """All rows, and how many lines stand before the first. Raises `CannotFinish` where the text is no table."""
    rows, skipped = csv_rows(text)
    table: list[list[str]] = []
    try:
        table.extend(rows)
    except csv.Error as error:
        # The cell that is never closed begins in the row behind the last whole one; the reader only sees the end.
        raise CannotFinish(
            f"{name}, row {len(table) + 1 + skipped}, cannot be read as CSV: {error}. See whether a quotation mark in "
            "this row is not closed, or save the table again as CSV."
        ) from error
    if len(table) > _MOST_ROWS:
        raise CannotFinish(f"{name} has more than {_MOST_ROWS:,} rows; an answer sheet has one for each question.")
    return table, skipped


def _rows(text: str, table: Sequence[Sequence[str]], skipped: int, name: str) -> Iterator[SheetRow]:
    # Spreadsheet programs part cells with semicolons where a comma is part of a number.
    first = next((line for line in text.splitlines() if QUESTION_ID in line.casefold()), "")
    decimal_comma = first.count(";") > first.count(",")
    heading = [cell.strip().casefold() for cell in table[0]] if table else []
    if heading.count(ANSWER) > 1:
        raise CannotFinish(f"{name} has {heading.count(ANSWER)} columns {ANSWER!r}. Keep one, with all answers in it.")
    field, answer = (_column(heading, column, name) for column in (QUESTION_ID, ANSWER))
    for number, row in enumerate(table[1:], start=2 + skipped):
        values = [row[place].strip() if place < len(row) else "" for place in (field, answer)]
        if values[1] and not values[0]:
            raise CannotFinish(f"{name}, row {number}: there is an answer and no question id. Put the id back.")
        if values[1]:
            field_id, said = map(meant_cell, values)
            yield SheetRow(number=number, field=field_id, answer=said, decimal_comma=decimal_comma)


def _column(heading: Sequence[str], column: str, name: str) -> int:
    if column in heading:
        return heading.index(column)
    near = difflib.get_close_matches(column, heading, n=1)
    hint = f" (is {near[0]!r} it?)" if near else ""
    raise CannotFinish(
        f"{name} has no column {column!r} in its first row{hint}. Start from the sheet that `confocal-bag ask` wrote."
    )
