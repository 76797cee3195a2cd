"""The text of a PDF file (ISO 32000-2) page by page, and what it records about itself, read by pypdf (BSD licence).

Pictures are not read: a page that was scanned has no text. Call this in a guarded process only, for a file may be made
so that reading it takes very long.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from confocal_bag.document_text.model import DocumentText, Line, Property, first_characters
from confocal_bag.document_text.pdf_notes import attached_files, note_writers, page_notes, properties, xmp_packet
from confocal_bag.document_text.quiet import quiet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import Configuration, PageObject, PdfReader

__all__ = ["read_pdf"]

#: A page of text takes less than a tenth of a second.
_MOST_PAGES = 500
#: What a stream of a page may unpack to; drawings of a microscope's stage stay far below.
_MOST_UNPACKED = 16 << 20
#: What stands in the content of a page that draws nothing: numbers, names, and operators that only prepare
#: (ISO 32000-2, annex A). Anything else paints, or is no content of a page.
_PREPARES = frozenset(
    b"q Q cm w J j M d ri i gs g G rg RG k K cs CS sc SC scn SCN m l c v y h re n W W* BT ET Tf Td TD Tm T* Tc Tw Tz "
    b"TL Tr Ts BMC BDC EMC MP DP BX EX".split()
)
_OPERAND = re.compile(rb"[-+]?[\d.]+|/[\w+.-]+|[\[\]]|<<|>>")
_END_WITHIN = 4096
_MOST_NAMED = 5
#: Letters that are set as one (fi, ffl), which nobody types who looks for a word, and hyphens that only print at the
#: end of a line.
_SET_AS_ONE = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
    0xAD: "",
}
#: The share of characters that print in a text whose font says what its glyphs mean.
_LEGIBLE = 0.8
#: How pypdf begins to tell of what loses no text: places that are off, widths of letters, spelling.
_HARMLESS = (
    "/Prev=0", "Duplicate %%EOF", "EOF marker not at start", "Expected an array for /Widths", "Expected numeric value",
    "Ignoring invalid /FirstChar", "Ignoring wrong pointing object", "Illegal character in NameObject",
    "Invalid font width", "Limiting excessive", "Multiple definitions", "Object ID", "Object count",
    "Optional font table", "Overwriting cache", "Stream length not defined", "Superfluous whitespace",
    "Unexpected escaped string", "Xref table not zero-indexed", "incorrect startxref",
)  # fmt: skip
_INCOMPLETE = "parts of it are damaged, or of a kind that is not read here"
#: What damaged files make pypdf raise beside its own errors, as its documentation says.
_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(slots=True)
class _Pages:
    """What came of the pages, by their numbers from 1."""

    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    writers: list[Property] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)


def read_pdf(stream: BinaryIO, *, most_characters: int) -> DocumentText:
    """The lines of every page, an empty one after each, with notes, properties and XMP."""
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import DependencyError

    with quiet("pypdf", harmless=_HARMLESS) as heard, apply_configuration(_limits()):
        try:
            reader = PdfReader(stream)
            # Without a password everybody may open it; most encrypted files only forbid changes.
            if reader.is_encrypted and not reader.decrypt(""):
                return DocumentText(gaps=("it is locked with a password",))
            text = _read(reader, stream, most_characters)
        except DependencyError:
            return DocumentText(gaps=("it is encrypted in a way that is not read here",))
        except _damage():
            return DocumentText(gaps=("it is damaged",))
    return replace(text, gaps=(*text.gaps, _INCOMPLETE)) if heard.complained and not text.gaps else text


def _limits() -> Configuration:
    """Those of pypdf, but for what streams may unpack to."""
    from pypdf import Configuration

    return Configuration(
        zlib_maximum_output_length=_MOST_UNPACKED,
        lzw_maximum_output_length=_MOST_UNPACKED,
        run_length_maximum_output_length=_MOST_UNPACKED,
        brotli_maximum_output_length=_MOST_UNPACKED,
        array_based_stream_maximum_output_length=_MOST_UNPACKED,
    )


def _damage() -> tuple[type[Exception], ...]:
    """What reading a damaged file may raise."""
    from pypdf.errors import DeprecationError, PyPdfError

    return (PyPdfError, DeprecationError, *_DAMAGE)


def _read(reader: PdfReader, stream: BinaryIO, most_characters: int) -> DocumentText:
    count = len(reader.pages)
    pages = _Pages()
    gaps: list[str] = []
    characters = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > _MOST_PAGES or characters > most_characters:
            gaps.append(f"it is long and was read up to page {number - 1} of {count}")
            break
        before = len(pages.lines)
        _take_page(number, page, pages)
        characters += sum(len(line.text) + 1 for line in pages.lines[before:])
    lines, cut = first_characters(pages.lines, most_characters)
    packet, damage = xmp_packet(reader)
    return DocumentText(
        lines=lines,
        notes=tuple(pages.notes),
        properties=(*properties(reader), *pages.writers),
        packets=(packet,) if packet else (),
        gaps=(
            *_gaps_of(pages, count),
            *_missing_pages(reader, count),
            *(gaps or cut),
            *damage,
            *attached_files(reader),
            *_cut_off(stream),
        ),
        flows=True,
    )


def _take_page(number: int, page: PageObject, pages: _Pages) -> None:
    try:
        texts = [text for text in page.extract_text().translate(_SET_AS_ONE).splitlines() if text.strip()]
        pages.notes += page_notes(number, page)
        pages.writers += note_writers(number, page)
        if not texts and _draws(page):
            pages.bare.append(number)
        elif not _is_legible("".join(texts)):
            pages.damaged.append(number)
    except _damage():
        pages.damaged.append(number)
        return
    pages.lines += _numbered(number, texts)


def _numbered(page: int, texts: list[str]) -> Iterator[Line]:
    for number, text in enumerate(texts, start=1):
        yield Line(place=f"page {page}, line {number}", text=text)
    if texts:
        yield Line(place=f"page {page}", text="")


def _draws(page: PageObject) -> bool:
    """Whether a page without text shows something all the same, or what it shows is lost."""
    from pypdf.generic import is_null_or_none

    resources: Any = page.get("/Resources", {}).get_object() if "/Resources" in page else {}
    if resources.get("/XObject"):
        return True
    if "/Contents" not in page:
        return False
    if is_null_or_none(page["/Contents"]):
        return True
    contents = page.get_contents()
    words = contents.get_data().split() if contents is not None else []
    return not all(word in _PREPARES or _OPERAND.fullmatch(word) for word in words)


def _is_legible(text: str) -> bool:
    """Whether the fonts tell what their glyphs mean: else control characters and private ones come out."""
    good = sum(one.isprintable() and one != "\ufffd" for one in text)
    return good >= _LEGIBLE * len(text)


def _gaps_of(pages: _Pages, count: int) -> Iterator[str]:
    if pages.bare and not pages.lines:
        yield "it has no text, as a scan has none"
    elif pages.bare:
        yield f"there is no text on {_named(pages.bare)}, which may be scanned or drawn"
    if pages.damaged:
        yield f"{_named(pages.damaged)} cannot be read"
    if not count:
        yield "it has no pages"


def _missing_pages(reader: PdfReader, count: int) -> Iterator[str]:
    """Pages whose objects are lost are left out without a word; the tree of pages counts them (7.7.3.2)."""
    tree: Any = reader.root_object["/Pages"]
    counted = tree.get_object().get("/Count")
    if isinstance(counted, int) and counted > count:
        yield f"{counted - count:,} of {counted:,} pages are missing"


def _named(numbers: list[int]) -> str:
    more = f" and {len(numbers) - _MOST_NAMED:,} more" if len(numbers) > _MOST_NAMED else ""
    word = "pages" if len(numbers) > 1 else "page"
    return f"{word} {', '.join(map(str, numbers[:_MOST_NAMED]))}{more}"


def _cut_off(stream: BinaryIO) -> Iterator[str]:
    """A file that was cut off may still be read in part (ISO 32000-2, 7.5.5)."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END_WITHIN))
    if b"%%EOF" not in stream.read():
        yield "its end is missing"
