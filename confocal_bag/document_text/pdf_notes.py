"""What a PDF file says beside the text of its pages: comments, links, forms, properties, XMP, attached files."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from confocal_bag.document_text.model import Line, Property
from confocal_bag.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PageObject, PdfReader

__all__ = ["attached_files", "note_writers", "page_notes", "properties", "xmp_packet"]

_MOST_NOTES, _MOST_PROPERTIES, _MOST_ATTACHED = 10_000, 1000, 3
_MOST_XMP = 4 << 20
_LONGEST = 1 << 16
#: Of an annotation: its text and its subject (ISO 32000-2, 12.5.2, 12.5.6.2).
_TEXTS = ("/Contents", "/Subj")


def page_notes(number: int, page: PageObject) -> Iterator[Line]:
    """The annotations of a page: comments, links, and what was filled into forms."""
    for where, note in _annotations(number, page):
        texts = [(where, note.get(key)) for key in _TEXTS]
        if note.get("/Subtype") == "/Widget":
            # A field that is shown in several places keeps its value above these (12.7.4).
            above: Any = note.get("/Parent")
            filled = note.get("/V") or (above.get_object().get("/V") if above is not None else None)
            texts.append((f"{where} in a form", filled))
        action: Any = note.get("/A")
        texts.append((f"{where} link", action.get_object().get("/URI") if action is not None else None))
        for place, value in texts:
            if value is not None:
                yield Line(place=place, text=_text(value).removeprefix("mailto:"))


def note_writers(number: int, page: PageObject) -> Iterator[Property]:
    """Who wrote the comments of a page; of a field of a form the same entry is its name."""
    for where, note in _annotations(number, page):
        if note.get("/T") is not None and note.get("/Subtype") != "/Widget":
            yield Property(place=where, name="Author", value=_text(note["/T"]).strip())


def _annotations(number: int, page: PageObject) -> Iterator[tuple[str, Any]]:
    found: Any = page.get("/Annots")
    for count, one in enumerate(islice(found.get_object() if found is not None else (), _MOST_NOTES), start=1):
        yield f"page {number}, note {count}", one.get_object()


def properties(reader: PdfReader) -> Iterator[Property]:
    """The entries of the information dictionary (ISO 32000-2, 14.3.3): Author, Title and whatever else is there."""
    for key, value in islice((reader.metadata or {}).items(), _MOST_PROPERTIES):
        name, text = str(key).lstrip("/"), _text(value).strip()
        if text:
            yield Property(place=f"property {name}", name=name, value=text)


def _text(value: Any) -> str:
    resolved = value.get_object() if hasattr(value, "get_object") else value
    return str(resolved)[:_LONGEST]


def xmp_packet(reader: PdfReader) -> tuple[bytes | None, tuple[str, ...]]:
    """The XMP metadata of the document, and the gap where it is there and cannot be read."""
    stream: Any = reader.root_object.get("/Metadata")
    if stream is None or not hasattr(stream.get_object(), "get_data"):
        return None, ()
    content: bytes = stream.get_object().get_data()
    try:
        if len(content) > _MOST_XMP:
            return None, ("its XMP metadata is too long",)
        parse_xml(content)
    except ValueError:
        return None, ("its XMP metadata is damaged",)
    return content, ()


def attached_files(reader: PdfReader) -> Iterator[str]:
    """The gap that attached files are, by their first names."""
    names = [one.name for one in islice(reader.attachment_list, _MOST_ATTACHED + 1)]
    if names:
        more = " and more" if len(names) > _MOST_ATTACHED else ""
        yield f"files attached to it were not read: {', '.join(names[:_MOST_ATTACHED])}{more}"
