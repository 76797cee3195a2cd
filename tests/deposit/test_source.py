"""A deposit's folder is listed completely and never changed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.source import EntryKind, open_deposit
from confocal_bag.findings import CannotFinish
from tests import make

Watch = Callable[[Callable[[Path], Path]], Path]


def with_strange_entries(folder: Path) -> Path:
    """One of everything a folder can hold."""
    (folder / "a").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "a" / "file.txt").write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("y")
    return folder


def test_everything_in_a_folder_is_listed_for_what_it_is(deposit: Watch) -> None:
    """Links are not followed, pipes not opened, empty folders and odd names not forgotten."""
    found = open_deposit(deposit(with_strange_entries))
    kinds = {os.fsencode(entry.path): entry.kind for entry in found.entries}
    assert kinds == {
        b"a/file.txt": EntryKind.FILE,
        b"caf\xe9.txt": EntryKind.FILE,
        b"empty": EntryKind.EMPTY_FOLDER,
        b"link": EntryKind.LINK,
        b"loop": EntryKind.LINK,
        b"pipe": EntryKind.SPECIAL,
    }


def test_the_order_of_entries_is_that_of_their_bytes(deposit: Watch) -> None:
    """Two walks of the same deposit give the same list."""
    found = open_deposit(deposit(make.small_deposit))
    names = [os.fsencode(entry.path) for entry in found.entries]
    assert names == sorted(names)


def test_a_deposit_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The sentence names the path."""
    with pytest.raises(CannotFinish, match="nowhere"):
        open_deposit(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Folders without a file are no deposit."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(CannotFinish, match="holds no files"):
        open_deposit(tmp_path)


def test_a_file_is_refused(tmp_path: Path) -> None:
    """A deposit is a folder."""
    (tmp_path / "scan.czi").write_bytes(b"x")
    with pytest.raises(CannotFinish, match="is a file"):
        open_deposit(tmp_path / "scan.czi")


def test_a_bag_is_refused(tmp_path: Path) -> None:
    """A bag is not bagged again without a word."""
    (tmp_path / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    with pytest.raises(CannotFinish, match="already a BagIt bag"):
        open_deposit(tmp_path)


def test_a_very_deep_folder_is_walked(tmp_path: Path) -> None:
    """Depth is bounded by the system, not by the program's stack."""
    folder = tmp_path
    for _ in range(300):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "f").write_text("x")
    assert len(open_deposit(tmp_path).files) == 1
