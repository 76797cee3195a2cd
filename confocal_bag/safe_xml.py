"""Read XML that may be hostile: no entity is resolved, nothing is fetched, no document type is taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["parse_xml"]

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
#: What XML 1.0 cannot carry, as a character or as a reference to one.
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#0*(?:[0-8]|1[124-9]|2\d|3[01]);"
    r"|&#x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]);"
)


def parse_xml(content: bytes | str) -> Element:
    """The root of a document.

    Raises ValueError for what is not XML or declares a document type. What is none only for its encoding, or for
    control characters that somebody typed, is read without these.
    """
    from lxml import etree

    try:
        root = _parsed(content)
    except etree.XMLSyntaxError as error:
        try:
            root = _parsed(_mended(content))
        except etree.XMLSyntaxError:
            raise ValueError(f"it is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it declares a document type")
    return root


def _parsed(content: bytes | str) -> Element:
    from lxml import etree

    # The header of a big mosaic exceeds libxml2's limits; without entities its size is that of the file.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    return etree.fromstring(content, parser)


def _mended(content: bytes | str) -> bytes | str:
    """The document as UTF-8 without what no XML holds; itself where it is in UTF-16."""
    if isinstance(content, str) or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("cp1252", "replace")
    return _ILLEGAL.sub("", _DECLARATION.sub("", words, count=1)).strip().encode()
