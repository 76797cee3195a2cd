"""Reading vendors' XML: safely, and with absence as None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.safe_xml import parse_xml as parse_header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

__all__ = ["by_id", "child_text", "parse_header", "path_texts"]


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
