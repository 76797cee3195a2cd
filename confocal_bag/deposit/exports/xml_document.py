"""Build XML of one namespace without empty elements, from texts that may hold anything."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["XmlBuilder", "xml_bytes"]

#: Characters that XML 1.0 (production 2) does not allow; no escape makes them legal.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlBuilder:
    """Makes elements of one namespace.

    `builder("Name", content, ..., attribute="value")` is an element; None among its contents is left out, and an
    element of which nothing is left is None, so that facts nobody recorded leave no empty element behind.
    """

    def __init__(self, namespace: str, prefix: str) -> None:
        self._namespace = namespace
        self._nsmap = {prefix: namespace}

    def __call__(
        self, name: str, *contents: "_Element | str | int | float | None", attributes: Mapping[str, str] | None = None
    ) -> "_Element | None":
        """An element with its contents in this order, or None."""
        from lxml import etree

        kept = [one for one in contents if one is not None and one != ""]
        if not kept:
            return None
        element = etree.Element(f"{{{self._namespace}}}{name}", dict(attributes or {}), nsmap=self._nsmap)
        for one in kept:
            if isinstance(one, str | int | float):
                element.text = (element.text or "") + legal_text(str(one))
            else:
                element.append(one)
        return element


def legal_text(text: str) -> str:
    """The text with every character that XML 1.0 cannot hold written as its code, such as \\x00."""
    return _FORBIDDEN.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def xml_bytes(root: "_Element") -> bytes:
    """The document: UTF-8, indented, with a declaration."""
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
