"""Word and OpenDocument files are read by paragraphs and rows; what their authors do not say is left out."""

import io

import pytest

from confocal_bag.document_text import DocumentText, read_document
from tests.deposit.packing_people import zipped
from tests.office_files import odt, odt_paragraphs, word, word_paragraphs


def read(content: bytes, known: str = "docx") -> DocumentText:
    """What is read of a document."""
    return read_document(io.BytesIO(content), known, most_characters=100_000)


def said(text: DocumentText) -> list[tuple[str, str]]:
    """The lines with their places, blanks as one."""
    return [(line.place, " ".join(line.text.split())) for line in text.lines]


def test_rows_are_lines_and_what_was_struck_out_is_not_said() -> None:
    """Labels and values stand in cells; deleted text is kept by Word and says nothing any more."""
    cells = "".join(f"<w:tc>{word_paragraphs([text])}</w:tc>" for text in ("Objective", "63x/1.4 oil"))
    moved = "<w:moveFrom><w:r><w:t> never</w:t></w:r></w:moveFrom>"
    struck = f"<w:p><w:r><w:t>Images were</w:t></w:r><w:del><w:r><w:delText> not</w:delText></w:r></w:del>{moved}"
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>{struck}<w:r><w:tab/><w:t>cropped.</w:t></w:r></w:p>"
    assert said(read(word(body))) == [
        ("table 1, row 1", "Objective 63x/1.4 oil"),
        ("paragraph 1", "Images were cropped."),
    ]


def test_a_table_in_a_table_has_rows_of_its_own() -> None:
    """Whole documents are laid out in tables; the cells of the inner one are told apart."""
    inner = f"<w:tbl><w:tr><w:tc>{word_paragraphs(['NA'])}</w:tc><w:tc>{word_paragraphs(['1.4'])}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{word_paragraphs(['Methods'])}{inner}</w:tc></w:tr></w:tbl>"
    text = read(word(body))
    assert said(text) == [("paragraph 1", "Methods"), ("table 1, row 1", "NA 1.4")]
    assert text.lines[1].cells == ("NA", "1.4")


def test_a_text_box_is_said_once() -> None:
    """Word keeps a second copy of a shape for old programs."""
    box = word_paragraphs(["63x"])
    body = (
        '<w:p xmlns:m="urn:m"><w:r><m:AlternateContent>'
        f"<m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:AlternateContent></w:r></w:p>"
    )
    assert said(read(word(body))) == [("paragraph 1", "63x")]


def test_an_opendocument_text_is_read_by_its_paragraphs_and_rows() -> None:
    """Without comments, notes and deleted text; spaces and tabs are elements."""
    struck = "<text:tracked-changes><text:p>Not said.</text:p></text:tracked-changes>"
    noted = (
        "<text:h>Our<text:s/>images</text:h><text:p/><text:p>A z-<office:annotation><text:p>why?</text:p>"
        "</office:annotation>stack<text:note><text:p>1</text:p></text:note> of<text:tab/>12.</text:p>"
    )
    cells = "".join(f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in ("NA", "1.4"))
    table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    text = read(odt(struck + noted + table + odt_paragraphs(["The end"])), "odt")
    assert said(text) == [
        ("paragraph 1", "Our images"),
        ("paragraph 2", "A z-stack of 12."),
        ("table 1, row 1", "NA 1.4"),
        ("paragraph 3", "The end"),
    ]
    assert text.gap is None


_ENTITIES = f"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '{'&b;' * 100}'><!ENTITY d '{'&c;' * 100}'>]>"


@pytest.mark.parametrize(
    ("content", "known", "says"),
    [
        (b"word/documenX.xml".join(word("").rsplit(b"word/document.xml", 1)), "docx", "word/document.xml"),
        (zipped({"[Content_Types].xml": "", "word/document.xml": "<broken"}), "docx", "not well-formed XML"),
        (zipped({"[Content_Types].xml": "", "word/document.xml": f"{_ENTITIES}<a>&d;</a>"}), "docx", "a document type"),
        (odt("<text:p>&d;</text:p>", declared=_ENTITIES), "odt", "a document type"),
        (word(word_paragraphs(["a" * (9 << 20)])), "docx", "unpacks to more than"),
        (odt(odt_paragraphs(["a" * (9 << 20)])), "odt", "unpacks to more than"),
        (word(word_paragraphs(["A z-stack."]))[:-30], "docx", "it is damaged"),
    ],
    ids=["no main part", "no XML", "entities", "entities in odt", "a bomb", "a bomb in odt", "truncated"],
)
def test_what_cannot_be_read_is_said(content: bytes, known: str, says: str) -> None:
    """Nobody may take it for read, and nothing of it is."""
    text = read(content, known)
    assert text.lines == ()
    assert says in str(text.gap)


def test_repeated_cells_do_not_fill_the_memory() -> None:
    """A cell of OpenDocument may say that it stands for a thousand million columns but one."""
    cell = '<table:table-cell table:number-columns-repeated="999999999"><text:p>a</text:p></table:table-cell>'
    table = f"<table:table><table:table-row>{cell * 200}</table:table-row></table:table>"
    (line,) = read(odt(table), "odt").lines
    assert len(line.cells) < 20_000
