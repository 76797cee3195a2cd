"""Personal data in the XML of office documents: paragraphs, cells, notes, and who wrote and saved them.

Word, Excel and PowerPoint (ECMA-376), OpenDocument text and spreadsheets (ISO/IEC 26300).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.document_text.office import local_name, office_lines, words
from confocal_bag.image.privacy.columns import fields_in_rows
from confocal_bag.image.privacy.content import fields_in_line
from confocal_bag.image.privacy.model import PersonalField, PersonalKind
from confocal_bag.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

__all__ = ["OFFICE", "fields_in_part", "is_nobody", "is_office", "is_read", "shared_strings"]

#: The formats whose parts are read here.
OFFICE = frozenset({"docx", "pptx", "xlsx", "odt", "ods"})
_WRITERS = {"creator", "lastModifiedBy", "initial-creator", "printed-by", "author", "manager"}
#: Whom programs name where nobody told them a name.
_NOBODY = {
    "", "python-docx", "python-pptx", "openpyxl", "apache poi", "microsoft office user", "author", "user",
    "windows user", "unknown",
}  # fmt: skip
_MOST_SKIPPED = 100
_MAIN_PARTS = frozenset({"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "META-INF/manifest.xml"})
#: The parts in which a document tells of itself.
_PROPERTIES = re.compile(r"(?:.*/)?(?:docProps/[^/]+|meta)\.xml")


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
    return [words(one) for one in parse_xml(content).iter("{*}si")]


def is_nobody(name: str) -> bool:
    """Whether a program wrote this where it knew of no name."""
    return name.strip().casefold() in _NOBODY


def fields_in_part(name: str, content: bytes, strings: Sequence[str] = ()) -> Iterator[PersonalField]:
    """The fields of one part of a document. Raises ValueError for what is not XML.

    `strings` are the shared strings of an Excel workbook.
    """
    root = parse_xml(content)
    yield from _in_lines(name, root)
    yield from _of_writers(name, root)
    for number, one in enumerate(root.iter("{*}si", "{*}is"), start=1):
        yield from fields_in_line(f"{name}, text {number}", words(one))
    for sheet in root.iter("{*}sheetData"):
        yield from fields_in_rows(_rows(sheet, strings), f"{name}, row")


def _in_lines(name: str, root: Element) -> Iterator[PersonalField]:
    """What paragraphs, cells and the headings of columns tell."""
    tables: dict[int, list[Sequence[str]]] = {}
    for line in office_lines(root):
        if line.table is None:
            yield from fields_in_line(f"{name}, {line.place}", line.text)
            continue
        tables.setdefault(line.table, []).append(line.cells)
        for cell in dict.fromkeys(line.cells):
            yield from fields_in_line(f"{name}, {line.place}", cell)
    for number, rows in tables.items():
        yield from fields_in_rows(rows, f"{name}, table {number}, row")


def _of_writers(name: str, root: Element) -> Iterator[PersonalField]:
    """Who wrote, saved or commented, where links lead, and what else a document tells of itself."""
    tells_of_itself = _PROPERTIES.fullmatch(name.rpartition(", ")[2]) is not None
    for element in root.iter("*"):
        local, text = local_name(element), (element.text or "").strip()
        people = [text] if local in _WRITERS else []
        people += [str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == "author"]
        for person in people:
            if not is_nobody(person):
                yield PersonalField(where=f"{name}, {local}", kind=PersonalKind.PERSON, value=person.strip())
        if local == "Relationship":
            yield from fields_in_line(f"{name}, link", element.get("Target", "").removeprefix("mailto:"))
        elif tells_of_itself and not people:
            yield from fields_in_line(f"{name}, {local}", text)


def _rows(sheet: Element, strings: Sequence[str]) -> Iterator[list[str]]:
    """The rows of an Excel sheet, which leaves empty cells out and says where the others stand."""
    for row in sheet.iter("{*}row"):
        cells: list[str] = []
        for cell in row.iterchildren("{*}c"):
            place = _column(cell.get("r"))
            cells += [""] * min(place - len(cells), _MOST_SKIPPED) if place is not None else []
            cells.append(_cell(cell, strings))
        yield cells


def _cell(cell: Element, strings: Sequence[str]) -> str:
    told = "".join(one.text or "" for one in cell.iter("{*}f", "{*}v", "{*}t"))
    if cell.get("t") == "s" and told.strip().isdecimal() and int(told) < len(strings):
        return strings[int(told)]
    return told


def _column(reference: str | None) -> int | None:
    """The column of a cell such as B2, counted from 0."""
    letters = re.match(r"[A-Z]{1,3}(?=\d)", reference or "")
    if letters is None:
        return None
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
