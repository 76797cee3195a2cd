"""Reading vendors' XML: safely, and with absence as None."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

__all__ = ["by_id", "child_text", "parse_header", "path_texts"]


def parse_header(content: bytes | str) -> Element:
    """The root of a vendor's XML; entities are not resolved, nothing is fetched.

    Raises ValueError for what is not XML or declares a document type, which no vendor's header does.
    """
    from lxml import etree

    # The header of a big mosaic exceeds libxml2's limits; without entities its size is that of the file.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the header is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("the header declares a document type")
    return root


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
