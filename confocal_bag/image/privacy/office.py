"""Personal data in the XML of office documents: paragraphs, cells, notes, and who wrote and saved them.

Word, Excel and PowerPoint (ECMA-376), OpenDocument text and spreadsheets (ISO/IEC 26300).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.xml import parse_header
from confocal_bag.image.privacy.columns import fields_in_rows
from confocal_bag.image.privacy.content import fields_in_line
from confocal_bag.image.privacy.model import PersonalField, PersonalKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

__all__ = ["OFFICE", "fields_in_part", "is_office", "is_read", "shared_strings"]

#: The formats whose parts are read here.
OFFICE = frozenset({"docx", "pptx", "xlsx", "odt", "ods"})
#: What one person writes in one go: a paragraph, a heading, a cell, a note.
_PARAGRAPHS = {"p", "h", "si", "is"}
_ROWS, _CELLS = {"row", "tr", "table-row"}, {"c", "tc", "table-cell"}
_WRITERS = {"creator", "lastModifiedBy", "initial-creator", "author", "manager"}
#: Whom programs name where nobody told them a name.
_NOBODY = {
    "python-docx", "python-pptx", "openpyxl", "apache poi", "microsoft office user", "author", "user", "windows user",
    "unknown",
}  # fmt: skip
_MOST_REPEATED = 100
_MAIN_PARTS = frozenset({"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "META-INF/manifest.xml"})


def is_office(names: Iterable[str]) -> bool:
    """Whether a zip file of these members is an office document, in whatever order they stand."""
    return not _MAIN_PARTS.isdisjoint(names)


def is_read(name: str) -> bool:
    """Whether a part of a document holds text that somebody wrote; styles, themes and fonts do not."""
    plain = name.casefold()
    dull = r"(?:.*/)?(?:styles|theme\d*|fonttable|settings|websettings|manifest|\[content_types\]|calcchain)\.xml"
    return plain.endswith((".xml", ".rels")) and re.fullmatch(dull, plain) is None


def shared_strings(content: bytes) -> list[str]:
    """The texts that the cells of an Excel sheet refer to by number. Raises ValueError for what is not XML."""
    return ["".join(_words(one)) for one in parse_header(content) if _local(one) == "si"]


def fields_in_part(name: str, content: bytes, strings: Sequence[str] = ()) -> Iterator[PersonalField]:
    """The fields of one part of a document. Raises ValueError for what is not XML.

    `strings` are the shared strings of an Excel workbook.
    """
    root = parse_header(content)
    number = 0
    for element in root.iter("*"):
        local = _local(element)
        if local in _PARAGRAPHS:
            number += 1
            yield from fields_in_line(f"{name}, paragraph {number}", "".join(_words(element)))
        elif local in _WRITERS and (element.text or "").strip().casefold() not in _NOBODY | {""}:
            yield PersonalField(where=f"{name}, {local}", kind=PersonalKind.PERSON, value=(element.text or "").strip())
        elif local == "Relationship":
            yield from fields_in_line(f"{name}, link", element.get("Target", "").removeprefix("mailto:"))
    for table in root.iter("{*}sheetData", "{*}tbl", "{*}table"):
        yield from fields_in_rows(_rows(table, strings), f"{name}, row")


def _rows(table: Element, strings: Sequence[str]) -> Iterator[list[str]]:
    for row in table.iter(*(f"{{*}}{one}" for one in _ROWS)):
        cells: list[str] = []
        for cell in row:
            if _local(cell) in _CELLS:
                # Excel leaves empty cells out and says where the others stand; OpenDocument counts repetitions.
                place = _column(cell.get("r"))
                cells += [""] * min(place - len(cells), _MOST_REPEATED) if place is not None else []
                cells += [_cell(cell, strings)] * _repeated(cell)
        yield cells


def _cell(cell: Element, strings: Sequence[str]) -> str:
    words = "".join(_words(cell))
    if cell.get("t") == "s" and words.strip().isdecimal() and int(words) < len(strings):
        return strings[int(words)]
    return words


def _column(reference: str | None) -> int | None:
    """The column of a cell such as B2, counted from 0."""
    letters = re.match(r"[A-Z]{1,3}(?=\d)", reference or "")
    if letters is None:
        return None
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _repeated(cell: Element) -> int:
    told = next((value for name, value in cell.attrib.items() if str(name).endswith("number-columns-repeated")), "1")
    return min(int(told), _MOST_REPEATED) if str(told).isdecimal() else 1


def _words(element: Element) -> Iterator[str]:
    """The text of an element, a tab or line break as a blank."""
    for one in element.iter("*"):
        if _local(one) in {"tab", "br", "line-break", "s"}:
            yield " "
        yield one.text or ""
        if one is not element:
            yield one.tail or ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
