"""PDF files written by hand for the tests: pages of text, properties, comments, and what damages or bursts them."""

import zlib
from collections.abc import Mapping, Sequence

__all__ = ["encrypted_pdf", "pdf", "scanned_pdf"]

_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<r:Description xmlns:d="http://purl.org/dc/elements/1.1/"><d:creator><r:Seq><r:li>%s</r:li></r:Seq></d:creator>'
    "</r:Description></r:RDF></x:xmpmeta>"
)


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    info: Mapping[str, str] | None = None,
    creator: str | None = None,
    notes: Sequence[str] = (),
    streams: Mapping[int, bytes] | None = None,
    catalog: str = "",
    extra: Sequence[bytes] = (),
) -> bytes:
    """A PDF file with these lines on each page.

    `info` is its information dictionary, `creator` the one that its XMP names, `notes` are annotations of its first
    page as PDF writes them. `streams` takes the place of the content of pages, by their index. `catalog` is added to
    the catalog, and `extra` are objects from number 5 on.
    """
    first = 5 + len(extra)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    said = "".join(f"/{name} ({value}) " for name, value in (info or {}).items())
    xmp = (_XMP % creator).encode() if creator else None
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {'/Metadata 4 0 R' if xmp else ''} {catalog} >>".encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] /Resources << /Font << /F {_FONT} >> >> "
        "/MediaBox [0 0 600 800] >>".encode(),
        f"<< {said}>>".encode(),
        _stream(xmp or b"", "/Type /Metadata /Subtype /XML"),
        *extra,
    ]
    for at, lines in enumerate(pages):
        annotations = f"/Annots [{' '.join(notes)}]" if notes and at == 0 else ""
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * at + 1} 0 R {annotations} >>".encode())
        packed = (streams or {}).get(at)
        objects.append(_stream(packed or zlib.compress(_content(lines)), "/Filter /FlateDecode"))
    return _file(objects, "/Info 3 0 R")


def scanned_pdf() -> bytes:
    """A page that is a picture."""
    picture = b"5 0 obj"
    content = zlib.compress(b"q 600 0 0 800 0 0 cm /Picture Do Q")
    image = _stream(
        bytes([len(picture)]), "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
        "/ColorSpace /DeviceGray",
    )  # fmt: skip
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /XObject << /Picture 5 0 R >> >> >>"
    )
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return _file(
        [b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, _stream(content, "/Filter /FlateDecode"), image], ""
    )


def encrypted_pdf(text: str, password: str) -> bytes:
    """A PDF file that only opens with a password, or if that is empty for everybody."""
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(pdf([[text]]))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _content(lines: Sequence[str]) -> bytes:
    shown = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines]
    drawn = "".join(f"({line}) Tj 0 -14 Td\n" for line in shown)
    return f"BT /F 11 Tf 50 750 Td\n{drawn}ET".encode("cp1252") if lines else b""


def _stream(content: bytes, entries: str) -> bytes:
    return f"<< {entries} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = len(written)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(written)
