"""Manifests: read line by line without losing one, written the same way every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.bag.manifest import Manifest, ManifestEntry, format_manifest, parse_manifest
from confocal_bag.bag.tagtext import MAX_PROBLEMS, Fault
from confocal_bag.findings import CannotFinish

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=20)
ENTRIES = st.dictionaries(
    NAMES.filter(lambda name: name not in (".", "..")).map("data/{}".format),
    st.text("0123456789abcdef", min_size=2),
    max_size=8,
)


def faults(manifest: Manifest) -> list[tuple[int, Fault]]:
    """Line and kind of every problem."""
    return [(one.line, one.fault) for one in manifest.problems]


@given(ENTRIES)
def test_a_manifest_is_read_as_it_was_written(entries: dict[str, str]) -> None:
    """Every name that a file can have, also with line ends, blanks and percent signs, survives."""
    written = format_manifest(ManifestEntry(path=path, digest=digest) for path, digest in entries.items())
    manifest = parse_manifest(written)
    assert {entry.path: entry.digest for entry in manifest.entries} == entries
    assert manifest.problems == ()


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "utf-16", "iso-8859-1", "shift_jis"]))
def test_no_line_is_lost_in_silence(data: bytes, encoding: str) -> None:
    """Whatever the bytes, every line is an entry or a problem, or the text as a whole is a problem."""
    manifest = parse_manifest(data, encoding=encoding)
    if not any(one.fault is Fault.UNDECODABLE for one in manifest.problems):
        lines = data.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        expected = len(lines) - (lines[-1] == "")
        seen = {entry.line for entry in manifest.entries} | {one.line for one in manifest.problems}
        assert seen - {0} == set(range(1, expected + 1)) or not expected


def test_the_same_entries_give_the_same_bytes() -> None:
    """Entries are sorted by the bytes of their names, in whatever order they come."""
    entries = [ManifestEntry(path=path, digest="ab") for path in ("data/ü", "data/b", "data/a b", "data/B")]
    assert format_manifest(entries) == format_manifest(reversed(entries))
    assert format_manifest(entries) == "ab  data/B\nab  data/a b\nab  data/b\nab  data/ü\n".encode()


def test_a_name_that_is_not_utf8_is_not_written() -> None:
    """A name with stray bytes cannot be spelled and is refused by name."""
    with pytest.raises(CannotFinish, match=r"data/\\xff"):
        format_manifest([ManifestEntry(path="data/\udcff", digest="ab")])


def test_a_name_that_is_not_utf8_is_read_with_its_bytes() -> None:
    """A manifest with stray bytes is faulty, and still finds the file of that name."""
    manifest = parse_manifest(b"ab  data/x\nab  data/\xff\n")
    assert manifest.entries[1].path == "data/\udcff"
    assert faults(manifest) == [(2, Fault.UNDECODABLE)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("garbage", Fault.MALFORMED),
        ("# made by hand", Fault.MALFORMED),
        ("xyz  data/a", Fault.MALFORMED),
        ("abc  data/a", Fault.MALFORMED),
        ("", Fault.BLANK),
        (" \t", Fault.BLANK),
        ("0" * 32 + " *data/a", Fault.BINARY_MARKER),
        ("0" * 32 + "  ./data/a", Fault.NOT_PLAIN),
        ("0" * 32 + "  data/5%", Fault.RAW_PERCENT),
    ],
)
def test_a_line_that_is_not_as_it_should_be_is_named(line: str, fault: Fault) -> None:
    """The number of the line and the kind of fault are recorded."""
    good = "1" * 32 + "  data/good\n"
    manifest = parse_manifest((good + line + "\n" + good).encode(), algorithm="md5")
    assert faults(manifest) == [(2, fault)]


def test_separators_and_letters_vary() -> None:
    """Tabs and several blanks separate, letters of the digest are of either case, names keep their blanks."""
    manifest = parse_manifest(b"AbCd\tdata/a\nabcd  \t data/b \r\nabcd data/c\rabcd  data/d\xe2\x80\xa8e")
    assert [entry.path for entry in manifest.entries] == ["data/a", "data/b ", "data/c", "data/d\u2028e"]
    assert {entry.digest for entry in manifest.entries} == {"abcd"}
    assert manifest.problems == ()


def test_a_byte_order_mark_is_a_fault_in_utf8_only() -> None:
    """UTF-16 needs its mark, UTF-8 must have none; the first line is read all the same."""
    line = "ab  data/a\n"
    marked = parse_manifest(b"\xef\xbb\xbf" + line.encode())
    assert faults(marked) == [(1, Fault.BYTE_ORDER_MARK)]
    assert marked.entries[0].digest == "ab"
    assert parse_manifest(line.encode("utf-16"), encoding="UTF-16").problems == ()


def test_very_many_faults_are_counted_and_not_kept() -> None:
    """A hostile manifest does not fill the memory with problems, and none of them goes unsaid."""
    manifest = parse_manifest(b"x\n" * (MAX_PROBLEMS + 500))
    assert len(manifest.problems) == MAX_PROBLEMS + 1
    assert "500 more" in manifest.problems[-1].message


def test_the_spelling_is_kept_where_it_differs() -> None:
    """The undecoded name is there for manifests that were written raw."""
    (entry,) = parse_manifest(b"ab  ./data/a%0Ab\n").entries
    assert (entry.path, entry.spelled) == ("data/a\nb", "data/a%0Ab")
