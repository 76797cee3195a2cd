"""The journal of a bag in the making: it says what is finished, or nothing."""

import errno
import json
import os
from pathlib import Path

import pytest

from confocal_bag.bag.fixity import Fixity
from confocal_bag.bag.writing.journal import Journal, JournalEntry
from confocal_bag.bag.writing.original import Original

ALGORITHMS = ("md5",)


def entry(target: str, *, size: int = 1, note: dict[str, object] | None = None) -> JournalEntry:
    """A finished file, copied where there is no note."""
    source = None if note else Original(name=target, size=size, mtime_ns=5)
    return JournalEntry(
        target=target, fixity=Fixity(size=size, digests={"md5": f"{size:032x}"}), source=source, note=note
    )


def journal(path: Path, *, key: str = "k", algorithms: tuple[str, ...] = ALGORITHMS) -> Journal:
    """A journal that is not open yet."""
    return Journal(path, key=key, algorithms=algorithms)


def written(path: Path, *entries: JournalEntry) -> Path:
    """A closed journal with these entries."""
    one = journal(path)
    one.begin()
    for each in entries:
        one.add(each)
    one.close()
    return path


def test_what_was_added_is_found_again(tmp_path: Path) -> None:
    """With source or note, whatever the names hold."""
    entries = [entry("data/a"), entry('data/\udcff\n"ä'), entry("data/b", note={"planes": [[0, {"Z": 1}, "ab"]]})]
    path = written(tmp_path / "j", *entries)
    again = journal(path)
    assert again.resume()
    assert again.targets == {one.target for one in entries}
    assert [again.find(one.target) for one in entries] == entries
    assert again.find("data/c") is None
    again.close()


def test_each_line_is_a_json_object(tmp_path: Path) -> None:
    """So that people can read it with the tools they have."""
    lines = written(tmp_path / "j", entry("data/a\nb"), entry("data/c")).read_text("ascii").splitlines()
    records = [json.loads(line)["record"] for line in lines]
    assert records[0] == {"journal": 1, "key": "k", "algorithms": ["md5"]}
    assert [record["target"] for record in records[1:]] == ["data/a\nb", "data/c"]


def test_the_last_word_on_a_file_counts(tmp_path: Path) -> None:
    """A file that was copied anew has two lines."""
    path = written(tmp_path / "j", entry("data/a", size=1), entry("data/a", size=2))
    again = journal(path)
    assert again.resume()
    assert again.find("data/a") == entry("data/a", size=2)
    again.close()


def test_a_journal_torn_at_any_byte_says_what_its_whole_lines_say(tmp_path: Path) -> None:
    """And the next line begins where the torn one began."""
    entries = [entry("data/a"), entry("data/b")]
    whole = written(tmp_path / "j", *entries).read_bytes()
    header = whole.index(b"\n") + 1
    for length in range(len(whole) + 1):
        path = tmp_path / "torn"
        path.write_bytes(whole[:length])
        torn = journal(path)
        resumed = torn.resume()
        assert resumed == (length >= header)
        if resumed:
            assert len(torn.targets) == whole[:length].count(b"\n") - 1
            torn.add(entry("c"))
            torn.close()
            assert path.read_bytes().endswith(b"\n")
            again = journal(path)
            assert again.resume()
            assert "c" in again.targets
            again.close()


def test_a_damaged_line_is_ignored_and_the_others_count(tmp_path: Path) -> None:
    """A changed digit in a note would otherwise end up as a plane's digest."""
    path = written(tmp_path / "j", entry("data/a"), entry("data/b", note={"sha1": "abcd"}), entry("data/c"))
    path.write_bytes(path.read_bytes().replace(b"abcd", b"abce"))
    again = journal(path)
    assert again.resume()
    assert again.targets == {"data/a", "data/c"}
    again.close()


@pytest.mark.parametrize(
    "other", [{"key": "other"}, {"algorithms": ("sha256",)}, {"algorithms": ("md5", "sha256")}], ids=str
)
def test_a_journal_of_other_work_counts_for_nothing(tmp_path: Path, other: dict[str, object]) -> None:
    """Another deposit, other options, other checksums."""
    path = written(tmp_path / "j", entry("data/a"))
    assert not journal(path, **other).resume()  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n", b"[]\n", b"{}\n", b"7\n", b"[" * 100_000 + b"\n"])
def test_what_is_no_journal_counts_for_nothing(tmp_path: Path, content: bytes) -> None:
    """Whatever it holds."""
    (tmp_path / "j").write_bytes(content)
    assert not journal(tmp_path / "j").resume()


def test_a_pipe_is_no_journal(tmp_path: Path) -> None:
    """And nobody waits for what comes out of it; a new journal takes its place."""
    os.mkfifo(tmp_path / "j")
    one = journal(tmp_path / "j")
    assert not one.resume()
    one.begin()
    one.close()
    assert (tmp_path / "j").is_file()


def test_no_journal_is_not_resumed(tmp_path: Path) -> None:
    """Nor made by looking for it."""
    assert not journal(tmp_path / "j").resume()
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_found_no_room_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it was written when the disk was full."""
    one = journal(tmp_path / "j")
    one.begin()
    one.add(entry("data/a"))
    before = (tmp_path / "j").read_bytes()
    write = os.write

    def half(descriptor: int, content: memoryview) -> int:
        if len(content) < 40:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[: len(content) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space"):
            one.add(entry("data/b"))
    assert (tmp_path / "j").read_bytes() == before
    assert one.targets == {"data/a"}
    one.add(entry("data/c"))
    one.close()
    again = journal(tmp_path / "j")
    assert again.resume()
    assert again.targets == {"data/a", "data/c"}
    again.close()
