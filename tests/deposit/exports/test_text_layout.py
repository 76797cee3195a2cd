"""Lines of plain text: their width, where they are broken, tables that stay in it."""

from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.deposit.exports.plain_text import bullet, entry, heading, paragraph, path_line, title_line
from confocal_bag.deposit.exports.text_table import table
from confocal_bag.deposit.exports.text_width import WIDTH, display_width, padded, wrapped


def widest(text: str) -> int:
    """The columns of the longest line."""
    return max(map(display_width, text.split("\n")))


@given(st.text())
def test_nothing_is_wider_than_a_line_or_begins_in_the_first_column(text: str) -> None:
    """Whatever the value: entries, paragraphs, bullets, paths, tables."""
    for laid_out in (
        entry("Label", text),
        entry("Label", [text, text], indent=4, width=20),
        paragraph(text, 6),
        bullet(text),
        path_line(text, text),
        path_line(text, "", 4, lead="-> "),
        table(("One", "Two", "Three"), [(text, text, "x"), (text * 9, None, text)]),
    ):
        assert widest(laid_out) <= WIDTH
        assert all(line.startswith("  ") for line in laid_out.split("\n") if line)
        assert all(character.isprintable() or character == "\n" for character in laid_out)


@given(st.text(min_size=1), st.integers(10, 80))
def test_wrapping_loses_no_character(text: str, width: int) -> None:
    """But blanks."""
    assert "".join("".join(wrapped(text, width=width)).split()) == "".join(text.split())


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    """As a terminal shows them."""
    assert display_width("abc") == 3
    assert display_width("細胞") == 4
    assert display_width("e\N{COMBINING ACUTE ACCENT}") == 1
    assert padded("細", 4) == "細  "
    assert padded("細", 4, to_the_right=True) == "  細"


def test_a_number_stays_with_its_unit() -> None:
    """No line ends between them."""
    assert wrapped("a step of 0.5 µm", width=14) == ["a step of", "0.5 µm"]
    assert wrapped("(2 % laser)", width=8) == ["(2 %", "laser)"]


def test_columns_are_aligned_and_empty_ones_left_out() -> None:
    """Numbers to the right; a cell of which nothing is known holds a hyphen."""
    text = table(
        ("Name", "Empty", "Bytes"), [("a", None, "5"), ("細胞", "", "1,000"), ("b", None, None)], right=("Bytes",)
    )
    assert text == "  Name  Bytes\n  ----  -----\n  a         5\n  細胞  1,000\n  b         -"


def test_long_cells_go_on_below() -> None:
    """The widest columns give way first."""
    text = table(("Id", "Said"), [("c0", "word " * 30), ("c1", "x" * 200)])
    assert widest(text) <= WIDTH
    assert text.split("\n")[2].startswith("  c0  word word")
    assert text.split("\n")[3].startswith("      word")


def test_a_title_and_a_heading_are_one_line_of_text() -> None:
    """A long title is wrapped between its rules, and says so if there is none."""
    assert title_line(None).split("\n")[1] == "README: a dataset whose title is not recorded"
    assert title_line("TODO").split("\n")[1] == "README: a dataset whose title is not recorded"
    assert widest(title_line("word " * 40)) == WIDTH
    assert heading(3, "a\nb") == "3. A B\n------"
