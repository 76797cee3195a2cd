"""Plain text is read in every encoding that readmes come in, and may be cut anywhere."""

import io

import pytest

from confocal_bag.document_text import read_document
from confocal_bag.document_text.plain import decoded

TEXT = "Größe 0,5 µm\nTwo \u65e5\u672c"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_is_told(encoding: str) -> None:
    """With a mark or without."""
    wide = TEXT.replace("\u65e5\u672c", "words") * (3 if "16-" in encoding else 1)
    assert decoded(wide.encode(encoding)) == wide


def test_old_notes_are_in_windows_1252() -> None:
    """What is no UTF-8."""
    assert decoded("Größe 0,5 µm, 20 €".encode("cp1252")) == "Größe 0,5 µm, 20 €"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_piece_of_a_text_may_begin_and_end_within_a_character(cut: int) -> None:
    """The pieces of characters are left out, the rest stays UTF-8."""
    assert decoded("\u65e5é\u672c".encode()[cut:-cut]) == "é"


def test_lines_are_counted_with_the_empty_ones() -> None:
    """As an editor counts them."""
    text = read_document(io.BytesIO(b"a\n\nb"), "text")
    assert [(line.place, line.text) for line in text.lines] == [("line 1", "a"), ("line 2", ""), ("line 3", "b")]
    assert text.gap is None


@pytest.mark.parametrize("content", [b"abc\n" * 100, b"x" * 1000, "\U0001f600".encode() * 100])
def test_of_a_long_text_the_beginning_is_read(content: bytes) -> None:
    """A line without an end too."""
    text = read_document(io.BytesIO(content), "text", most_characters=50)
    assert 0 < sum(len(line.text) for line in text.lines) <= 50
    assert "it is long and was read up to line" in str(text.gap)
