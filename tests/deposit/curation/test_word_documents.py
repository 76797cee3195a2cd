"""Readmes that came as Word documents: their sentences count as those of any other readme."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from confocal_bag.deposit.curation.documents import Documents, read_documents
from confocal_bag.deposit.curation.word_text import word_lines
from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.source import open_deposit
from tests.deposit.packing_people import zipped

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str) -> bytes:
    """A Word document with this body."""
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def paragraphs(texts: Iterable[str]) -> str:
    """Paragraphs, each split into two runs as Word does."""
    halves = ((one[: len(one) // 2], one[len(one) // 2 :]) for one in texts)
    return "".join(f"<w:p><w:r><w:t>{a}</w:t></w:r><w:r><w:t>{b}</w:t></w:r></w:p>" for a, b in halves)


def documents(folder: Path, content: bytes) -> Documents:
    """What is read of a deposit with one Word readme."""
    folder.mkdir()
    (folder / "README.docx").write_bytes(content)
    deposit = open_deposit(folder)
    return read_documents(deposit, take_inventory(deposit))


def test_a_word_readme_is_searched_by_its_paragraphs(tmp_path: Path) -> None:
    """The line of a sentence is the number of its paragraph."""
    found = documents(tmp_path / "d", word(paragraphs(["Our images", "Each file is a z-stack of 12 planes."])))
    assert [(one.line, one.text) for one in found.sentences] == [
        (1, "Our images"),
        (2, "Each file is a z-stack of 12 planes."),
    ]
    assert [str(one) for one in found.read] == ["README.docx"]
    assert found.unread == ()


def test_a_row_of_a_table_is_one_line_and_what_was_struck_out_is_not_said(tmp_path: Path) -> None:
    """Labels and values stand in cells; deleted text is kept by Word and says nothing any more."""
    cells = "".join(f"<w:tc>{paragraphs([text])}</w:tc>" for text in ("Objective", "63x/1.4 oil"))
    struck = "<w:p><w:r><w:t>Images were</w:t></w:r><w:del><w:r><w:delText> not</w:delText></w:r></w:del>"
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>{struck}<w:r><w:tab/><w:t>cropped.</w:t></w:r></w:p>"
    (tmp_path / "a.docx").write_bytes(word(body))
    lines = word_lines(tmp_path / "a.docx") or []
    assert [" ".join(line.split()) for line in lines if line] == ["Objective 63x/1.4 oil", "Images were cropped."]


@pytest.mark.parametrize(
    "content",
    [
        b"word/documenX.xml".join(word(paragraphs(["It is a z-stack."])).rsplit(b"word/document.xml", 1)),
        zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<broken"}),
        zipped({"[Content_Types].xml": "", "word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
        word(f"<w:p><w:r><w:t>{'a' * (9 << 20)}</w:t></w:r></w:p>"),
    ],
    ids=["without its main part", "no XML", "with entities", "a bomb"],
)
def test_a_word_document_that_cannot_be_read_is_listed_as_not_searched(tmp_path: Path, content: bytes) -> None:
    """Nobody may take it for searched."""
    found = documents(tmp_path / "d", content)
    assert found.sentences == ()
    assert [str(one) for one in found.unread] == ["README.docx"]


def test_of_a_long_word_document_the_beginning_is_searched(tmp_path: Path) -> None:
    """As of any long readme, and it is said."""
    body = paragraphs(["Each file is a z-stack of 12 planes.", *["Some words."] * 30_000])
    found = documents(tmp_path / "d", word(body))
    assert found.sentences[0].text == "Each file is a z-stack of 12 planes."
    assert found.read == found.unread
