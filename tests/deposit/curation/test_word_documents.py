"""Readmes that came as Word, OpenDocument or PDF: their sentences count as those of any other readme."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.curation import documents as documents_module
from confocal_bag.deposit.curation.documents import Documents, read_documents
from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.source import open_deposit
from tests import make
from tests.deposit.packing_people import put, zipped
from tests.office_files import odt, odt_paragraphs, word, word_paragraphs
from tests.pdf_files import encrypted_pdf, pdf, scanned_pdf
from tests.recording import Ran

STACK = "Each file is a z-stack of 12 planes."


def documents(folder: Path, name: str, content: bytes) -> Documents:
    """What is read of a deposit with one readme."""
    deposit = open_deposit(put(folder, name, content))
    return read_documents(deposit, take_inventory(deposit))


def unread(found: Documents) -> list[tuple[str, str]]:
    """What was not read, or not as a whole, and why."""
    return [(str(one.path), one.why) for one in found.unread]


@pytest.mark.parametrize(
    ("name", "content", "places"),
    [
        ("README.docx", word(word_paragraphs(["Our images", STACK])), ("paragraph 1", "paragraph 2")),
        ("README.odt", odt(odt_paragraphs(["Our images", STACK])), ("paragraph 1", "paragraph 2")),
        ("README.pdf", pdf([["Our images"], [STACK]]), ("page 1, line 1", "page 2, line 1")),
        ("README.txt", pdf([["Our images"], [STACK]]), ("page 1, line 1", "page 2, line 1")),
        ("README.txt", f"Our images\n\n{STACK}".encode(), ("line 1", "line 3")),
        ("README.pdf", f"Our images\n\n{STACK}".encode(), ("line 1", "line 3")),
    ],
    ids=["docx", "odt", "pdf", "a PDF called txt", "text", "a text called pdf"],
)
def test_a_readme_is_searched_in_whatever_format(
    tmp_path: Path, name: str, content: bytes, places: tuple[str, str]
) -> None:
    """A sentence is quoted with the place where a person finds it; the bytes tell the format, not the name."""
    found = documents(tmp_path / "d", name, content)
    assert [(one.place, one.text) for one in found.sentences] == list(zip(places, ("Our images", STACK), strict=True))
    assert [str(one) for one in found.read] == [name]
    assert found.unread == ()


def test_a_sentence_of_a_pdf_runs_over_its_lines(tmp_path: Path) -> None:
    """It is quoted from the line in which it begins; a page ends a sentence."""
    content = pdf([["Our images. Each file is", "a z-stack of", "12 planes."], ["Goodbye"]])
    found = documents(tmp_path / "d", "README.pdf", content)
    assert [(one.place, one.text) for one in found.sentences][1:] == [
        ("page 1, line 1", STACK),
        ("page 2, line 1", "Goodbye"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("README.docx", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<broken"}), "it is damaged"),
        ("README.odt", odt("<text:p>&b;</text:p>", declared="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "a document type"),
        ("README.docx", word(f"<w:p><w:r><w:t>{'a' * (9 << 20)}</w:t></w:r></w:p>"), "unpacks to more than"),
        ("README.pdf", encrypted_pdf(STACK, "secret"), "it is locked with a password"),
        ("README.pdf", pdf([[STACK]])[:500], "it is damaged"),
        ("README.pdf", scanned_pdf(), "it has no text, as a scan has none"),
        ("README.rtf", b"{\\rtf1 It is a z-stack.}", "Rich Text is not read here"),
    ],
    ids=["damaged", "entities", "a bomb", "locked", "truncated", "scanned", "another format"],
)
def test_what_cannot_be_read_is_listed_with_the_reason(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    """Nobody may take it for searched."""
    found = documents(tmp_path / "d", name, content)
    assert (found.sentences, found.read) == ((), ())
    ((path, told),) = unread(found)
    assert path == name
    assert why in told


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.docx", word(word_paragraphs([STACK, *["Some words."] * 30_000]))),
        ("README.pdf", pdf([[STACK], *[["Some words."] * 60] * 1200])),
        ("README.txt", f"{STACK}\n{'Some words. ' * 30_000}".encode()),
    ],
    ids=["docx", "pdf", "text"],
)
def test_of_a_long_document_the_beginning_is_searched(tmp_path: Path, name: str, content: bytes) -> None:
    """And it is said how far."""
    found = documents(tmp_path / "d", name, content)
    assert found.sentences[0].text.startswith(STACK[:-1])
    assert [str(path) for path in found.read] == [name]
    assert "it is long and was read up to" in unread(found)[0][1]


def test_a_document_that_hangs_its_reader_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in a process of its own, which may crash."""
    monkeypatch.setattr(documents_module, "_read", make_crash)
    found = documents(tmp_path / "d", "README.pdf", pdf([[STACK]]))
    assert unread(found) == [("README.pdf", "reading it takes too much time or memory, or crashes its reader")]


def make_crash(path: Path, known: str) -> None:
    """End the process that reads a document."""
    import os

    from confocal_bag.image.worker.process import is_inside

    assert is_inside()
    os._exit(3)


def test_the_decision_tree_quotes_a_pdf_with_its_page(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """In text, in JSON and on the page."""
    folder = put(
        make.small_deposit(tmp_path / "d"), "README.pdf", pdf([["Our images"], ["Images were cropped in Fiji."]])
    )
    put(folder, "scan.pdf", scanned_pdf())
    assert 'README.pdf page 2, line 1: "Images were cropped in Fiji."' in run("inspect", folder).out
    quoted = {
        (one["path"], one["line"], one["place"], one["text"])
        for step in json.loads(run("inspect", folder, "--format", "json").out)["decision_tree"]
        for one in step.get("evidence", ())
    }
    assert ("README.pdf", 3, "page 2, line 1", "Images were cropped in Fiji.") in quoted
    page = tmp_path / "page.html"
    run("inspect", folder, "-o", page)
    assert "page 2, line 1: <q><bdi>Images were cropped in Fiji." in page.read_text(encoding="utf-8")
