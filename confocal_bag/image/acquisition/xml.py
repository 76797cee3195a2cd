"""Reading vendors' XML: safely, and with absence as None."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

__all__ = ["by_id", "child_text", "parse_header", "path_texts"]


def parse_header(content: bytes | str) -> Element:
    """The root of a vendor's XML; entities are not resolved, nothing is fetched.

    Raises ValueError for what is not XML or declares a document type, which no vendor's header does. What is none only
    for its encoding, or for control characters that somebody typed into a comment, is read without these.
    """
    from lxml import etree

    try:
        root = _parsed(content)
    except etree.XMLSyntaxError as error:
        try:
            root = _parsed(_mended(content))
        except etree.XMLSyntaxError:
            raise ValueError(f"the header is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("the header declares a document type")
    return root


def _parsed(content: bytes | str) -> Element:
    from lxml import etree

    # The header of a big mosaic exceeds libxml2's limits; without entities its size is that of the file.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    return etree.fromstring(content, parser)


_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
#: What XML 1.0 cannot carry, as a character or as a reference to one.
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#0*(?:[0-8]|1[124-9]|2\d|3[01]);"
    r"|&#x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]);"
)


def _mended(content: bytes | str) -> bytes | str:
    """The header as UTF-8 without what no XML holds; itself where it is in UTF-16."""
    if isinstance(content, str) or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("cp1252", "replace")
    return _ILLEGAL.sub("", _DECLARATION.sub("", words, count=1)).strip().encode()


def child_text(parent: Element | None, path: str) -> str | None:
    """The text at a path of child names, or None where it is absent or empty."""
    found = None if parent is None else parent.find(path)
    words = (found.text or "").strip() if found is not None else ""
    return words or None


def path_texts(parent: Element | None, path: str) -> list[str]:
    """The texts of all elements at a path, in order, without empty ones."""
    found = [] if parent is None else parent.findall(path)
    return [words for one in found if (words := (one.text or "").strip())]


def by_id(elements: Iterable[Element]) -> dict[str, Element]:
    """Elements by their Id attribute."""
    return {one.get("Id", ""): one for one in elements if one.get("Id")}
