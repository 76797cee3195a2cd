"""Hashing: one read, several algorithms, nothing but regular files, sources left alone."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from confocal_bag.bag.copying import copy_and_hash
from confocal_bag.bag.fixity import (
    ALGORITHMS,
    Fixity,
    NotARegularFile,
    digest_length,
    hash_file,
    hash_files,
    normalise_algorithm,
)
from confocal_bag.findings import CannotFinish

LARGE = os.urandom(1 << 20) * 9 + b"tail"


@pytest.mark.parametrize("content", [b"", b"alpha\n", LARGE], ids=["empty", "small", "large"])
def test_all_algorithms_are_computed_in_one_read(tmp_path: Path, content: bytes) -> None:
    """Every algorithm gives what hashlib gives, whether threads are used or not."""
    (tmp_path / "x").write_bytes(content)
    counted: list[int] = []
    result = hash_file(tmp_path / "x", list(ALGORITHMS), on_bytes=counted.append)
    assert result.size == len(content) == sum(counted)
    assert result.digests["md5"] == hashlib.md5(content).hexdigest()
    assert result.digests["sha512"] == hashlib.sha512(content).hexdigest()
    assert result.digests["sha3256"] == hashlib.sha3_256(content).hexdigest()
    assert result.digests["blake2b"] == hashlib.blake2b(content).hexdigest()
    assert {name: len(value) for name, value in result.digests.items()} == {
        name: digest_length(name) for name in ALGORITHMS
    }


@pytest.mark.parametrize(
    ("name", "normal"),
    [("SHA-512", "sha512"), ("SHA3-256", "sha3256"), ("sha3_256", "sha3256"), ("blake2b", "blake2b")],
)
def test_algorithm_names_are_normalised(name: str, normal: str) -> None:
    """Lower case, letters and digits."""
    assert normalise_algorithm(name) == normal
    assert normal in ALGORITHMS


def test_an_unknown_algorithm_is_refused_by_name(tmp_path: Path) -> None:
    """The message names the algorithm and those that are known."""
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(CannotFinish, match=r"xxh3 is not known.*sha512"):
        hash_file(tmp_path / "x", ["xxh3"])


def test_links_pipes_folders_and_devices_are_never_read(tmp_path: Path) -> None:
    """Each is refused at once; a pipe without a writer does not hang."""
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "link", tmp_path / "pipe", tmp_path / "folder", Path("/dev/null")):
        with pytest.raises(NotARegularFile):
            hash_file(path, ["md5"])


def test_hashing_changes_nothing_not_even_the_access_time(tmp_path: Path) -> None:
    """The access time of a file of one's own stays as it was."""
    path = tmp_path / "x"
    path.write_bytes(b"x")
    os.utime(path, ns=(1_000_000_000, 2_000_000_000))
    hash_file(path, ["md5"])
    state = path.stat()
    assert (state.st_atime_ns, state.st_mtime_ns) == (1_000_000_000, 2_000_000_000)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_many_files_come_in_the_order_given(tmp_path: Path, jobs: int) -> None:
    """Results keep the order, and a file that is not there is an error among them, not an end."""
    paths = []
    for number in range(50):
        path = tmp_path / f"{number}"
        if number != 7:
            path.write_bytes(str(number).encode())
        paths.append(path)
    results = list(hash_files(paths, ["sha1"], jobs=jobs))
    assert [path for path, _ in results] == paths
    assert isinstance(results[7][1], FileNotFoundError)
    assert results[8][1] == Fixity(size=1, digests={"sha1": hashlib.sha1(b"8").hexdigest()})


def test_a_file_that_never_stops_growing_is_not_read_for_ever(tmp_path: Path) -> None:
    """Reading ends soon after the size the file had at first, and the size returned is another."""
    path = tmp_path / "x"
    path.write_bytes(LARGE)

    def grow(_: int) -> None:
        with path.open("ab") as more:
            more.write(b"x")

    assert hash_file(path, ["md5"], on_bytes=grow).size == len(LARGE) + 1


def test_only_a_few_files_are_asked_for_ahead(tmp_path: Path) -> None:
    """The paths are taken from the generator as files are finished, so their number costs no memory."""
    (tmp_path / "x").write_bytes(b"x")
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield tmp_path / "x"

    results = hash_files(endless(), ["md5"], jobs=2)  # type: ignore[arg-type]
    for _ in range(5):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert taken < 50


def test_a_copy_has_the_bytes_the_digest_and_the_time_of_its_source(tmp_path: Path) -> None:
    """Size, digests and modification time are those of the source, which is as before."""
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(LARGE)
    os.utime(source, ns=(1_111_111_111, 2_222_222_222))
    result = copy_and_hash(source, copy, ["sha256", "md5"])
    assert copy.read_bytes() == LARGE
    assert result.digests["sha256"] == hashlib.sha256(LARGE).hexdigest()
    assert copy.stat().st_mtime_ns == 2_222_222_222
    assert source.stat().st_atime_ns == 1_111_111_111


def test_a_copy_never_overwrites(tmp_path: Path) -> None:
    """A file that is there stays as it is, also a dangling link."""
    (tmp_path / "source").write_bytes(b"new")
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link"):
        with pytest.raises(CannotFinish, match="exists already"):
            copy_and_hash(tmp_path / "source", tmp_path / name, ["md5"])
    assert (tmp_path / "there").read_bytes() == b"old"
    assert not (tmp_path / "nowhere").exists()


def test_a_source_that_changes_meanwhile_is_named_and_its_copy_removed(tmp_path: Path) -> None:
    """Growth during the copy is noticed."""
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(LARGE)

    def grow(_: int) -> None:
        with source.open("ab") as more:
            more.write(b"x")

    with pytest.raises(CannotFinish, match="source changed while it was being copied"):
        copy_and_hash(source, copy, ["md5"], on_bytes=grow)
    assert not copy.exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "no space left"), (errno.EIO, "cannot be written"), (errno.EACCES, "cannot be written")],
)
def test_a_write_that_fails_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    """A full or broken disk ends in a sentence that names the file, and leaves nothing behind."""
    (tmp_path / "source").write_bytes(b"x")

    def fail(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(CannotFinish, match=words) as caught:
        copy_and_hash(tmp_path / "source", tmp_path / "copy", ["md5"])
    assert str(tmp_path / "copy") in str(caught.value)
    assert not (tmp_path / "copy").exists()


def test_a_read_that_fails_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged source ends in a sentence that names it, and leaves nothing behind."""
    (tmp_path / "source").write_bytes(b"x")

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(CannotFinish, match=r"source cannot be read \(Input/output error\)"):
        copy_and_hash(tmp_path / "source", tmp_path / "copy", ["md5"])
    assert not (tmp_path / "copy").exists()


def test_a_link_is_not_copied(tmp_path: Path) -> None:
    """What a link points to is not what was deposited under its name."""
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(CannotFinish, match="is a link, pipe or device"):
        copy_and_hash(tmp_path / "link", tmp_path / "copy", ["md5"])
