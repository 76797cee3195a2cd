"""Handing a large copy over to the disk while it is being made."""

import errno
import os
from pathlib import Path

import pytest

from confocal_bag.bag import writeback
from confocal_bag.bag.copying import copy_and_hash
from confocal_bag.bag.writeback import Writeback
from confocal_bag.findings import CannotFinish


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes that the file had when the disk was asked."""
    sizes: list[int] = []

    def remember(descriptor: int) -> None:
        sizes.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr(writeback, "_EVERY_BYTES", 2 << 20)
    monkeypatch.setattr(os, "fdatasync", remember)
    return sizes


def test_a_large_copy_goes_to_the_disk_on_the_way(tmp_path: Path, synced: list[int]) -> None:
    """The disk is asked before the copy is complete, and the copy is right."""
    (tmp_path / "source").write_bytes(os.urandom(1 << 20) * 9)
    fixity = copy_and_hash(tmp_path / "source", tmp_path / "copy", ["sha256"])
    assert synced
    assert synced[0] < fixity.size == 9 << 20
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "source").read_bytes()


def test_a_small_copy_does_not_ask(tmp_path: Path, synced: list[int]) -> None:
    """Thousands of small files are made durable together, at the end."""
    (tmp_path / "source").write_bytes(b"small")
    copy_and_hash(tmp_path / "source", tmp_path / "copy", ["sha256"])
    assert synced == []


def test_a_disk_that_fails_on_the_way_stops_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is reported once, to this call: it must not be lost."""

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(writeback, "_EVERY_BYTES", 2 << 20)
    monkeypatch.setattr(os, "fdatasync", fail)
    (tmp_path / "source").write_bytes(bytes(9 << 20))
    with pytest.raises(CannotFinish, match=r"copy cannot be written \(Input/output error\)"):
        copy_and_hash(tmp_path / "source", tmp_path / "copy", ["sha256"])
    assert not (tmp_path / "copy").exists()


def test_a_file_system_that_cannot_is_no_reason_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it cannot do now it says again at the end, where it counts."""

    def refuse(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(writeback, "_EVERY_BYTES", 1)
    monkeypatch.setattr(os, "fdatasync", refuse)
    with (tmp_path / "x").open("wb") as stream, Writeback(stream.fileno()) as one:
        one.wrote(5)
        one.wrote(5)
