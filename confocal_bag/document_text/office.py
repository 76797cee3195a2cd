"""The paragraphs and rows in the XML of office documents.

Word and PowerPoint (ECMA-376, parts 1, 17 and 21), OpenDocument (ISO/IEC 26300-1). Text is split into runs, so that a
word may lie in several elements; a paragraph is what somebody wrote in one go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.document_text.model import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

__all__ = ["NOT_SAID", "PARAGRAPHS", "local_name", "office_lines", "words"]

#: What one person writes in one go.
PARAGRAPHS = frozenset({"p", "h"})
_ROWS = frozenset({"tr", "table-row"})
_CELLS = ("{*}tc", "{*}table-cell", "{*}covered-table-cell")
_TABLES = ("{*}tbl", "{*}table")
#: What parts two words, though no blank stands there.
_BLANKS = frozenset({"tab", "br", "cr", "line-break", "s", "tc", "table-cell", *PARAGRAPHS})
#: What holds characters in the formats of ECMA-376; in OpenDocument every element may.
_TEXTS = frozenset({"t", "delText", "instrText", "delInstrText"})
_OPEN_DOCUMENT = "{urn:oasis:"
#: What the author no longer says or did not say: struck out with changes tracked, codes of fields, notes and comments,
#: and the second copy of a shape, for programs that do not know it.
NOT_SAID = frozenset(
    {"moveFrom", "delText", "instrText", "Fallback", "tracked-changes", "annotation", "note", "note-citation"}
)
_MOST_REPEATED, _MOST_CELLS = 100, 10_000


def office_lines(root: Element, *, leave_out: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Each paragraph that has text, and each row of a table; a row that holds a table is gone into.

    `leave_out` names elements whose text is not wanted. Paragraphs are counted from 1, without those in tables.
    """
    from lxml import etree

    tables: dict[Element, list[int]] = {}
    paragraphs = 0
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        name = local_name(element)
        if name in leave_out:
            walker.skip_subtree()
        elif name in PARAGRAPHS:
            walker.skip_subtree()
            text = words(element, leave_out)
            if text.strip():
                paragraphs += 1
                yield Line(place=f"paragraph {paragraphs}", text=text)
        elif name in _ROWS and next(element.iter(*_TABLES), None) is None:
            walker.skip_subtree()
            table = next(element.iterancestors(*_TABLES), root)
            counted = tables.setdefault(table, [len(tables) + 1, 0])
            counted[1] += 1
            yield _row(element, counted[0], counted[1], leave_out)


def _row(row: Element, table: int, number: int, leave_out: frozenset[str]) -> Line:
    texts: list[str] = []
    cells: list[str] = []
    for cell in row.iter(*_CELLS):
        text = words(cell, leave_out).strip()
        texts.append(text)
        cells += [text] * min(_repeated(cell), max(1, _MOST_CELLS - len(cells)))
    return Line(
        place=f"table {table}, row {number}", text=" ".join(filter(None, texts)), cells=tuple(cells), table=table
    )


def _repeated(cell: Element) -> int:
    """How many columns a cell of OpenDocument stands for."""
    told = next((value for name, value in cell.attrib.items() if str(name).endswith("number-columns-repeated")), "1")
    return max(1, min(int(told), _MOST_REPEATED)) if str(told).isdecimal() and len(str(told)) < 10 else 1


def words(element: Element, leave_out: frozenset[str] = frozenset()) -> str:
    """The text of an element, whatever it is split into; a tab, a line break or a paragraph within it as a blank."""
    from lxml import etree

    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, one in walker:
        name = local_name(one)
        is_mixed = str(one.tag).startswith(_OPEN_DOCUMENT)
        if event == "end":
            if is_mixed and one is not element:
                pieces.append(one.tail or "")
            continue
        if name in _BLANKS and one is not element:
            pieces.append(" ")
        if name in leave_out:
            walker.skip_subtree()
        elif is_mixed or name in _TEXTS:
            pieces.append(one.text or "")
    return "".join(pieces)


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
