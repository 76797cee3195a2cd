"""Word and OpenDocument files written by hand for the tests."""

import io
import zipfile
from collections.abc import Iterable

from tests.deposit.packing_people import zipped

__all__ = ["W", "odt", "odt_paragraphs", "word", "word_paragraphs"]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_ODT = " ".join(f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "text", "table", "meta"))
_MIME = "application/vnd.oasis.opendocument.text"


def word(body: str) -> bytes:
    """A Word document with this body."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def word_paragraphs(texts: Iterable[str]) -> str:
    """Paragraphs, each split into two runs as Word does."""
    halves = ((one[: len(one) // 2], one[len(one) // 2 :]) for one in texts)
    return "".join(f"<w:p><w:r><w:t>{a}</w:t></w:r><w:r><w:t>{b}</w:t></w:r></w:p>" for a, b in halves)


def odt(body: str, *, meta: str = "", declared: str = "") -> bytes:
    """An OpenDocument text with this body and these metadata, each element with its prefix."""
    content = f"{declared}<office:document-content {_ODT}><office:body>{body}</office:body></office:document-content>"
    properties = (
        f'<office:document-meta {_ODT} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>{meta}</office:meta>'
        "</office:document-meta>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        # It stands first and unpacked, so that it can be told by its bytes (ISO/IEC 26300-2, 2.2.1).
        packed.writestr("mimetype", _MIME, zipfile.ZIP_STORED)
        for name, part in (("content.xml", content), ("meta.xml", properties), ("META-INF/manifest.xml", "<m/>")):
            packed.writestr(name, part)
    return buffer.getvalue()


def odt_paragraphs(texts: Iterable[str]) -> str:
    """Paragraphs, of each the second half in a span."""
    halves = ((one[: len(one) // 2], one[len(one) // 2 :]) for one in texts)
    return "".join(f"<text:p>{a}<text:span>{b}</text:span></text:p>" for a, b in halves)
