"""The answer sheet: a table of questions that a depositor fills in with a spreadsheet, and reading it back."""

import csv
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.deposit.curation.layout import named
from confocal_bag.deposit.curation.requests import Cell, Request
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.spreadsheet import as_csv_text, csv_rows, read_csv_text

__all__ = ["ANSWER", "COLUMNS", "SheetRow", "read_sheet", "render_sheet"]

QUESTION_ID, QUESTION, FILES, EXAMPLE, ANSWER = "question id", "question", "files", "example", "answer"
COLUMNS = (QUESTION_ID, QUESTION, FILES, EXAMPLE, ANSWER)

_BYTE_ORDER_MARK = "\ufeff"
_MOST_BYTES = 4_000_000
_MOST_ROWS = 5000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One answered row: its number as spreadsheet programs count, the field of deposit.yaml, and the answer."""

    number: int
    field: str
    answer: str


def render_sheet(requests: Iterable[Request]) -> str:
    """The table, an empty cell for each answer. It begins with a byte order mark, without which Excel garbles it."""
    rows = [_row(number, one, cell) for number, one in enumerate(requests, start=1) for cell in one.cells]
    return _BYTE_ORDER_MARK + as_csv_text(COLUMNS, rows)


def _row(number: int, one: Request, cell: Cell) -> tuple[str | None, ...]:
    question = f"{number}. {cell.question or one.wording.question}"
    return shown_path(cell.field), question, named(cell.shown or one.shown), cell.example or one.wording.example, None


def read_sheet(path: Path) -> tuple[SheetRow, ...]:
    """The answered rows of a sheet; those without an answer are left out.

    Raises `CannotFinish` where the file is no such table.
    """
    text = read_csv_text(path, most_bytes=_MOST_BYTES, too_large="an answer sheet is a table of questions")
    return tuple(_rows(text, readable_path(path)))


def _rows(text: str, name: str) -> Iterator[SheetRow]:
    rows, skipped = csv_rows(text)
    try:
        table = list(rows)
    except csv.Error as error:
        raise CannotFinish(f"{name} cannot be read as CSV: {error}. Save it again as CSV.") from error
    if len(table) > _MOST_ROWS:
        raise CannotFinish(f"{name} has more than {_MOST_ROWS:,} rows; an answer sheet has one for each question.")
    heading = [cell.strip().casefold() for cell in table[0]] if table else []
    field, answer = (_column(heading, column, name) for column in (QUESTION_ID, ANSWER))
    for number, row in enumerate(table[1:], start=2 + skipped):
        values = [row[place].strip() if place < len(row) else "" for place in (field, answer)]
        if values[1] and not values[0]:
            raise CannotFinish(f"{name}, row {number}: there is an answer and no question id. Put the id back.")
        if values[1]:
            yield SheetRow(number=number, field=_bare(values[0]), answer=_bare(values[1]))


def _column(heading: Sequence[str], column: str, name: str) -> int:
    if column in heading:
        return heading.index(column)
    near = difflib.get_close_matches(column, heading, n=1)
    hint = f" (is {near[0]!r} it?)" if near else ""
    raise CannotFinish(
        f"{name} has no column {column!r} in its first row{hint}. Start from the sheet that `confocal-bag ask` wrote."
    )


def _bare(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell
