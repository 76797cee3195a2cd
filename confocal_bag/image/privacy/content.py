"""What the content of a text, a table or any other file tells of people, given as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.document_text.plain import decoded
from confocal_bag.image.format_table import Kind
from confocal_bag.image.privacy.byte_scan import fields_in_bytes
from confocal_bag.image.privacy.collected import Collected
from confocal_bag.image.privacy.columns import fields_in_rows, rows_of_text
from confocal_bag.image.privacy.detectors import detect_contacts, detect_keyed, is_numbers
from confocal_bag.image.privacy.model import PersonalField
from confocal_bag.image.privacy.xml_fields import fields_in_text, fields_in_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confocal_bag.image.format_table import Format

__all__ = ["PACKED", "XML_TEXTS", "fields_in_content", "fields_in_line", "fields_in_lines", "is_text"]

_TEXTS = {Kind.DOCUMENT, Kind.TABLE, Kind.SCRIPT}
XML_TEXTS = {"xlef", "ome-xml", "ome-companion", "xml"}
#: Documents that keep their text compressed or in records of their own.
PACKED = {"pdf", "docx", "pptx", "xlsx", "odt", "ods", "doc", "xls", "ppt", "npy", "hdf5", "mat", "prism"}
_SETTINGS = {"olympus-pty", "olympus-lut", "olympus-roi", "zarr-part"}


def is_text(known: Format) -> bool:
    """Whether a file of this format is read line by line."""
    return (known.kind in _TEXTS and known.id not in PACKED) or known.id in _SETTINGS


def fields_in_content(content: bytes, known: Format, end: bytes = b"") -> tuple[PersonalField, ...]:
    """The fields of a file that begins with `content` and ends, where that is not all, with `end`."""
    found = Collected()
    if known.id in XML_TEXTS and not end:
        try:
            found.take(list(fields_in_xml(content)))
        except ValueError:
            found.take(fields_in_lines(content))
    elif is_text(known):
        found.take(fields_in_lines(content, is_table=known.kind is Kind.TABLE))
        found.take(fields_in_lines(end, "line of the last megabyte"))
    found.take_untold(fields_in_bytes(content))
    found.take_untold(fields_in_bytes(end))
    return found.fields


def fields_in_lines(content: bytes, word: str = "line", *, is_table: bool = False) -> Iterator[PersonalField]:
    """The fields in the lines of a text; in a table also by the headings of its columns."""
    lines = decoded(content).splitlines()
    for number, line in enumerate(lines, 1):
        if is_numbers(line):
            continue
        yield from fields_in_line(f"{word} {number}", line)
    if is_table:
        yield from fields_in_rows(rows_of_text(lines))


def fields_in_line(where: str, line: str) -> Iterator[PersonalField]:
    """The fields in one line, paragraph or cell that somebody wrote."""
    yield from fields_in_text(where, line)
    for kind, value in (*detect_keyed(line, people=False), *detect_contacts(line)):
        yield PersonalField(where=where, kind=kind, value=value)
