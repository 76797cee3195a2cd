"""PDF files are read page by page, and what of them cannot be read is said."""

import io
import logging
import warnings
import zlib

import pytest

from confocal_bag.document_text import DocumentText, read_document
from tests.pdf_files import encrypted_pdf, scanned_pdf
from tests.pdf_files import pdf as make_pdf

_NOTE = "<< /Type /Annot /Subtype /Text /T (Jo Doe) /Contents (ask Jo) /Rect [0 0 9 9] >>"
_LINK = "<< /Subtype /Link /A << /S /URI /URI (mailto:jo@lab.edu) >> /Rect [0 0 9 9] >>"
_FIELD = "<< /Subtype /Widget /FT /Tx /T (field 1) /V (63x oil) /Rect [0 0 9 9] >>"


def read(content: bytes, most: int = 100_000) -> DocumentText:
    """What is read of a PDF file."""
    return read_document(io.BytesIO(content), "pdf", most_characters=most)


def said(text: DocumentText) -> list[tuple[str, str]]:
    """The lines that are not empty, each with its place."""
    return [(line.place, line.text) for line in text.lines if line.text]


def test_every_line_knows_its_page() -> None:
    """An empty line parts the pages; accents and parentheses survive."""
    text = read(make_pdf([["Our images (raw)", "Zürich"], ["Second"]]))
    assert said(text) == [
        ("page 1, line 1", "Our images (raw)"),
        ("page 1, line 2", "Zürich"),
        ("page 2, line 1", "Second"),
    ]
    assert [line.text for line in text.lines].index("") == 2
    assert text.gap is None


def test_a_font_of_its_own_numbering_is_read_by_its_table() -> None:
    """Most programs write numbers of glyphs, and a table of the characters they stand for (ToUnicode).

    Letters that are set as one, such as fi, are told apart.
    """
    table = (
        b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange "
        b"3 beginbfchar <0001> <004f> <0002> <006b> <0003> <fb01> endbfchar endcmap"
    )
    fonts = [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] "
        b"/ToUnicode 7 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(table), table),
    ]
    content = zlib.compress(b"BT /G 11 Tf 50 750 Td <000100020003> Tj ET")
    raw = make_pdf([["x"]], extra=fonts, streams={0: content})
    # One more font beside that of the file, which then has its table of objects in other places.
    raw = raw.replace(b"/Resources << /Font <<", b"/Resources << /Font << /G 5 0 R", 1)
    assert said(read(raw)) == [("page 1, line 1", "Okfi")]


def test_properties_xmp_comments_links_and_forms_are_read() -> None:
    """Each with the place where a person finds it."""
    text = read(make_pdf([["x"]], info={"Author": "Ann"}, creator="Ben", notes=[_NOTE, _LINK, _FIELD]))
    assert [(one.place, one.value) for one in text.properties] == [
        ("property Author", "Ann"),
        ("page 1, note 1", "Jo Doe"),
    ]
    assert b"<r:li>Ben</r:li>" in text.packets[0]
    assert [(one.place, one.text) for one in text.notes] == [
        ("page 1, note 1", "ask Jo"),
        ("page 1, note 2 link", "jo@lab.edu"),
        ("page 1, note 3 in a form", "63x oil"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (encrypted_pdf("A z-stack.", "secret"), "it is locked with a password"),
        (make_pdf([["A z-stack."]])[:400], "it is damaged"),
        (b"%PDF-1.4 x", "it is damaged"),
        (scanned_pdf(), "it has no text, as a scan has none"),
        (make_pdf([]), "it has no pages"),
        (make_pdf([["\x01\x02\x03\x04\x05 a"]]), "page 1 cannot be read"),
    ],
    ids=["locked", "truncated", "broken", "scanned", "no pages", "glyphs without characters"],
)
def test_what_cannot_be_read_is_said(content: bytes, says: str) -> None:
    """Nobody may take it for read."""
    assert says in str(read(content).gap)


def test_what_everybody_may_open_is_read() -> None:
    """Encryption without a password only forbids changes."""
    text = read(encrypted_pdf("A z-stack.", ""))
    assert (said(text), text.gap) == ([("page 1, line 1", "A z-stack.")], None)


def test_a_page_without_text_is_named() -> None:
    """One that shows nothing is no gap; one that draws is."""
    drawn = zlib.compress(b"0 0 m 100 100 l S\n" * 20)
    text = read(make_pdf([["x"], ["y"], []], streams={1: drawn}))
    assert text.gap == "there is no text on page 2, which may be scanned or drawn"


def test_a_page_that_bursts_costs_itself() -> None:
    """The stream of a page unpacks to 64 MiB, which the library would take; the next page is read."""
    bomb = zlib.compress(b" " * (64 << 20) + b"BT /F 11 Tf (x) Tj ET\n")
    text = read(make_pdf([["a"], ["Hello"]], streams={0: bomb}))
    assert said(text) == [("page 2, line 1", "Hello")]
    assert text.gap == "page 1 cannot be read"


def test_of_ten_thousand_pages_the_first_are_read() -> None:
    """And it is said how many."""
    text = read(make_pdf([["x"]] * 10_000))
    assert len(said(text)) == 500
    assert text.gap == "it is long and was read up to page 500 of 10000"


def test_of_much_text_the_beginning_is_read() -> None:
    """Up to the number of characters that was asked for."""
    text = read(make_pdf([["x" * 60] * 20] * 20), most=500)
    assert sum(len(line.text) for line in text.lines) <= 500
    assert "it is long and was read up to page 1 of 20" in str(text.gap)
    assert "up to page 1, line 9" in str(read(make_pdf([["x" * 60] * 20]), most=500).gap)


def test_broken_xmp_and_attached_files_are_gaps() -> None:
    """An entity in XMP is never resolved; what is attached is not opened."""
    broken = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    names = "/Names << /EmbeddedFiles << /Names [(d.xlsx) << /Type /Filespec /F (d.xlsx) /EF << /F 5 0 R >> >>] >> >>"
    extra = [b"<< /Length %d >>\nstream\n%s\nendstream" % (len(broken), broken)]
    raw = make_pdf([["x"]], catalog=f"{names} /Metadata 5 0 R", extra=extra)
    assert read(raw).gap == "its XMP metadata is damaged; files attached to it were not read: d.xlsx"


def test_a_missing_end_is_told() -> None:
    """What was cut off there may have been written later than what is read."""
    text = read(make_pdf([["Hello"]]) + b"junk " * 2000)
    assert (said(text), text.gap) == ([("page 1, line 1", "Hello")], "its end is missing")


@pytest.mark.parametrize(
    ("healthy", "damaged", "gap"),
    [
        (b"/Contents 6 0 R", b"/Contents 9 0 R", "there is no text on page 1, which may be scanned or drawn"),
        (b"/Contents 6 0 R", b"/Contents (Ann)", "parts of it are damaged, or of a kind that is not read here"),
        (b"/Kids [5 0 R 7 0 R]", b"/Kids [5 0 R 9 0 R]", "1 of 2 pages are missing"),
        (b"WinAnsiEncoding", b"NobodysEncoding", "parts of it are damaged, or of a kind that is not read here"),
        (b"/Type /Font /Subtype", b"/Type /Font    /Type", None),
    ],
    ids=["contents lost", "contents of another kind", "a page lost", "an encoding unknown", "an entry twice"],
)
def test_damage_that_the_library_mends_in_silence_is_told(
    healthy: bytes, damaged: bytes, gap: str | None, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """In one sentence that quotes nothing; what the library logs reaches nobody."""
    raw = make_pdf([["Hello"], ["Ann"]])
    assert raw.count(healthy) == 1
    with warnings.catch_warnings(record=True) as warned, caplog.at_level(logging.DEBUG):
        text = read(raw.replace(healthy, damaged))
    assert text.gap == gap
    assert (list(warned), caplog.records, capfd.readouterr().err) == ([], [], "")
