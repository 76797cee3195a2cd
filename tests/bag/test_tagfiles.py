"""bagit.txt, bag-info.txt and fetch.txt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.bag.bag_info import MAX_INFO_LINES, format_bag_info, parse_bag_info
from confocal_bag.bag.declaration import format_bagit_txt, parse_bagit_txt
from confocal_bag.bag.fetch_list import parse_fetch
from confocal_bag.bag.tagtext import Fault, is_known_encoding
from confocal_bag.findings import CannotFinish

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=200)
LABELS = st.text(st.characters(categories=["L", "Nd"]) | st.sampled_from("-_"), min_size=1, max_size=30)


def test_the_written_declaration_is_read_without_a_problem() -> None:
    """bagit.txt as this program writes it is what the standard asks."""
    declaration = parse_bagit_txt(format_bagit_txt())
    assert (declaration.version, declaration.encoding, declaration.problems) == ((1, 0), "UTF-8", ())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", Fault.BYTE_ORDER_MARK),
        (b"BagIt-Version: 1.0\n", Fault.MALFORMED),
        (b"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n", Fault.MALFORMED),
        (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n", Fault.MALFORMED),
        (b"BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n", Fault.MALFORMED),
        (b"BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n", Fault.MALFORMED),
        (b"BagIt-Version: 1.0\nTag-File-Character-Encoding:UTF-8\n", Fault.MALFORMED),
        (b"BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n", Fault.MALFORMED),
        (b"BagIt-Version: 1\nTag-File-Character-Encoding: UTF-8\n", Fault.MALFORMED),
        (b"BagIt-Version: 1.\xc2\xb2\nTag-File-Character-Encoding: UTF-8\n", Fault.MALFORMED),
        (b"", Fault.MALFORMED),
        (b"BagIt-version: 1.0\nTag-File-Character-Encoding: UTF-8\n", Fault.LOOSE),
        (b"BagIt-Version : 0.97\nTag-File-Character-Encoding : UTF-8\n", Fault.LOOSE),
        (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n\n", Fault.BLANK),
    ],
)
def test_a_declaration_by_other_letters_is_a_problem(text: bytes, fault: Fault) -> None:
    """Each deviation from the two lines has its kind of fault."""
    assert fault in {one.fault for one in parse_bagit_txt(text).problems}


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_ends_are_lf_cr_or_crlf(end: bytes) -> None:
    """Any of the three, and none needed at the end."""
    text = end.join([b"BagIt-Version: 0.97", b"Tag-File-Character-Encoding: ISO-8859-1"])
    assert parse_bagit_txt(text).version == (0, 97)
    assert parse_bagit_txt(text + end).problems == ()


@pytest.mark.parametrize("name", ["UTF-8", "utf8", "UTF-16", "ISO-8859-1", "windows-1252", "Shift_JIS", "US-ASCII"])
def test_a_character_encoding_is_known(name: str) -> None:
    """The usual names are understood."""
    assert is_known_encoding(name)


@pytest.mark.parametrize(
    "name",
    [
        *("zlib_codec", "base64", "hex", "rot13", "bz2", "idna", "punycode", "undefined", "unicode_escape"),
        *("utf-8-sig", "none-such", "", "../x", "a\0b", "x" * 5000),
    ],
)
def test_a_codec_that_is_no_character_encoding_is_refused(name: str) -> None:
    """Codecs of the library that turn bytes into bytes, or do tricks, are no encodings of tag files."""
    assert not is_known_encoding(name)


@given(st.lists(st.tuples(LABELS, WORDS), max_size=5))
def test_bag_info_is_read_as_it_was_written(fields: list[tuple[str, str]]) -> None:
    """Order, repeats and long values survive; blanks around a value do not."""
    info = parse_bag_info(format_bag_info(fields), "UTF-8")
    assert info.fields == tuple((label, value.strip(" \t")) for label, value in fields)
    assert info.problems == ()


def test_long_values_are_folded() -> None:
    """No line is longer than 79 characters unless a word is; continuation lines begin with blanks."""
    text = format_bag_info([("External-Description", "word " * 60)]).decode()
    lines = text.splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 79
    assert all(line.startswith("  ") for line in lines[1:])


def test_a_run_of_blanks_survives_folding() -> None:
    """Values are folded at single blanks only, because a fold is read back as one."""
    value = "word  other   " * 30 + "end"
    assert parse_bag_info(format_bag_info([("Note", value)]), "UTF-8").fields == (("Note", value),)


def test_a_line_end_in_a_value_becomes_a_fold() -> None:
    """A value cannot begin a new field by holding a line end."""
    written = format_bag_info([("Note", "one\nPayload-Oxum: 1.1\r\n\nthree")])
    assert parse_bag_info(written, "UTF-8").fields == (("Note", "one Payload-Oxum: 1.1 three"),)


@pytest.mark.parametrize("label", ["", " ", "a:b", "a\nb", " a", "a "])
def test_a_label_that_cannot_be_written_is_refused(label: str) -> None:
    """Colons, line ends and outer blanks have no place in a label."""
    with pytest.raises(CannotFinish, match="label"):
        format_bag_info([(label, "x")])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no colon\n", Fault.MALFORMED),
        (": value\n", Fault.MALFORMED),
        ("   orphan\nA: b\n", Fault.MALFORMED),
        ("A:b\n", Fault.MALFORMED),
        ("A : b\n", Fault.MALFORMED),
        ("A:\n", Fault.LOOSE),
        ("A:  b\n", Fault.SPACING),
        ("A: b\n\n", Fault.BLANK),
    ],
)
def test_a_field_by_other_letters_is_a_problem(text: str, fault: Fault) -> None:
    """In BagIt 1.0 a label is followed by a colon and one blank."""
    assert [one.fault for one in parse_bag_info(text.encode(), "UTF-8").problems] == [fault]


def test_the_drafts_leave_the_spacing_free() -> None:
    """Before 1.0, blanks around the colon are of no consequence."""
    info = parse_bag_info(b"A : b\nC:d\nE  :   f\n", "UTF-8", (0, 97))
    assert info.fields == (("A", "b"), ("C", "d"), ("E", "f"))
    assert info.problems == ()


def test_only_line_ends_end_a_line() -> None:
    """Vertical tab, form feed and U+2028 are part of the value."""
    value = "a\x0bb\x0cc\u2028d\x85e"
    assert parse_bag_info(f"A: {value}\n".encode(), "UTF-8").fields == (("A", value),)


def test_a_huge_line_is_read_once() -> None:
    """A value of 8 MiB, in one line or in folds, is no trouble."""
    assert len(parse_bag_info(b"A: " + b"x" * (8 << 20), "UTF-8").fields[0][1]) == 8 << 20
    assert parse_bag_info(b"A: b\n" + b" x\n" * 500_000, "UTF-8").fields[0][1].endswith(" x x")


@pytest.mark.slow
def test_endless_fields_are_not_read_to_the_end() -> None:
    """The number of fields is bounded, and that some were left out is a problem."""
    info = parse_bag_info(b"A: b\n" * (MAX_INFO_LINES + 10), "UTF-8")
    assert len(info.fields) == MAX_INFO_LINES
    assert info.problems[-1].fault is Fault.MALFORMED


def test_a_message_cannot_steer_the_terminal() -> None:
    """Control characters in a line are shown by their numbers."""
    (problem,) = parse_bag_info(b"\x1b[2Jno colon\n", "UTF-8").problems
    assert "'\\x1b[2Jno colon'" in problem.message


def test_a_fetch_line_has_address_length_and_path() -> None:
    """The path may hold blanks, the length may be unknown."""
    fetch = parse_fetch(b"http://x/a 6 data/a b \nhttp://x/b\t-\tdata/5%25\n", "UTF-8")
    assert [(one.url, one.length, one.path) for one in fetch.entries] == [
        ("http://x/a", 6, "data/a b "),
        ("http://x/b", None, "data/5%"),
    ]
    assert fetch.problems == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("http://x/a data/a", Fault.MALFORMED),
        ("http://x/a six data/a", Fault.MALFORMED),
        ("http://x/a -1 data/a", Fault.MALFORMED),
        ("http://x/a " + "9" * 5000 + " data/a", Fault.MALFORMED),
        ("http://x/a \u0665 data/a", Fault.MALFORMED),
        ("", Fault.BLANK),
        ("http://x/a 1 ./data/a", Fault.NOT_PLAIN),
        ("http://x/a 1 data/5%", Fault.RAW_PERCENT),
    ],
)
def test_a_fetch_line_by_other_letters_is_a_problem(line: str, fault: Fault) -> None:
    """Short lines, odd lengths and raw names are named."""
    assert [one.fault for one in parse_fetch(f"{line}\n".encode(), "UTF-8").problems] == [fault]
