"""The text of a Word document (ECMA-376, part 1, 17): a line for each paragraph and for each row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.deposit.zips import DamagedZip, open_zip
from confocal_bag.image.acquisition.xml import parse_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element as Element

__all__ = ["word_lines"]

_MAIN_PART = "word/document.xml"
#: The XML of a readme of a hundred pages; what unpacks to more is not read.
_MOST_BYTES = 8 << 20
_BLANKS = frozenset({"tab", "br", "cr"})


def word_lines(path: Path) -> list[str] | None:
    """The lines of the document itself, without headers, footers and notes; None where that cannot be read.

    What was struck out with changes tracked is left out. Raises `CannotFinish` where the file cannot be opened.
    """
    try:
        with open_zip(path) as archive, archive.open(_MAIN_PART) as stream:
            content = stream.read(_MOST_BYTES + 1)
        return None if len(content) > _MOST_BYTES else list(_lines(parse_header(content)))
    except (DamagedZip, KeyError, *ZIP_DAMAGE):
        return None


def _lines(root: Element) -> Iterator[str]:
    """The text of each paragraph, and of each outermost row of a table, whose cells are parted by blanks."""
    within: Element | None = None
    for element in root.iter("{*}p", "{*}tr"):
        if within is None or within not in element.iterancestors():
            within = element
            yield "".join(_words(element))


def _words(element: Element) -> Iterator[str]:
    for one in element.iter("{*}t", "{*}tc", "{*}p", *(f"{{*}}{name}" for name in _BLANKS)):
        if not _is_repeated(one):
            yield (one.text or "") if str(one.tag).endswith("}t") else " "


def _is_repeated(element: Element) -> bool:
    """Whether the text stands a second time, for programs that do not know the shape it is in."""
    return next(element.iterancestors("{*}Fallback"), None) is not None
