"""Tables as CSV that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

__all__ = ["as_csv_text"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv_text(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A heading and rows as CSV (RFC 4180). None becomes an empty cell; no cell starts a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([_safe("" if cell is None else str(cell)) for cell in row])
    return text.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
