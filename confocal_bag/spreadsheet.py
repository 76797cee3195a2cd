"""Tables as CSV: written so that they are safe to open in a spreadsheet, and read as spreadsheet programs save them.

Those save CSV in many manners: with a byte order mark or in Windows-1252, with commas, semicolons or tabs, with any
line ending, quoted or not. All of them are read.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["as_csv_text", "csv_rows", "meant_cell", "read_csv_text", "safe_cell"]

_DELIMITERS = (",", ";", "\t")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv_text(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A heading and rows as CSV (RFC 4180). None becomes an empty cell; no cell starts a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([safe_cell("" if cell is None else str(cell)) for cell in row])
    return text.getvalue()


def read_csv_text(path: Path, *, most_bytes: int, too_large: str) -> str:
    """The text of a CSV file. Raises `CannotFinish`; `too_large` is the advice for a file of more than `most_bytes`."""
    name = readable_path(path)
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise CannotFinish(f"{name} cannot be read: {error.strerror}. Check the path and its permissions.") from error
    if len(content) > most_bytes:
        raise CannotFinish(f"{name} is larger than {most_bytes:,} bytes; {too_large}.")
    if content.startswith(b"PK\x03\x04"):
        raise CannotFinish(f"{name} is a workbook, not CSV. Save it as CSV (comma separated) and give that file.")
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotFinish(f"{name} is not text that can be read. Save it as CSV in UTF-8.")


def csv_rows(text: str) -> tuple[Iterator[list[str]], int]:
    """The rows, whatever separates their cells, and how many lines stand before the first.

    Some programs put a line `sep=;` first, for themselves. Taking a row raises `csv.Error` where the text is no CSV.
    """
    first, _, rest = text.partition("\n")
    skipped = first.strip().strip('"').casefold().startswith("sep=")
    table = rest if skipped else text
    heading = table.splitlines()[0] if table.strip() else ""
    delimiter = max(_DELIMITERS, key=heading.count)
    return csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True), int(skipped)


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def meant_cell(cell: str) -> str:
    """What a cell of `safe_cell` stands for: without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell
