"""Bags in folders and archives: listed without following anything, read without unpacking."""

import gzip
import io
import os
import random
import socket
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.bag.archives import members as archive
from confocal_bag.bag.archives import tar as tararchive
from confocal_bag.bag.archives import zip as ziparchive
from confocal_bag.bag.archives.compression import Compression
from confocal_bag.bag.archives.guarded_tar import GuardedHeader, GuardedStream, TooMuch
from confocal_bag.bag.fixity import Fixity, NotARegularFile
from confocal_bag.bag.rules import BagCheck, check_bag
from confocal_bag.bag.source import TooLarge, open_source
from confocal_bag.findings import CannotFinish, Verdict, verdict_of
from tests.bag.bags import digest, make_bag, make_tar, make_zip, members, state, write

GOOD = {"zip": make_zip, "tar": make_tar}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """The members of an archive of a good bag."""
    return members(make_bag(tmp_path / "made" / "bag"))


def rules(check: BagCheck) -> set[str]:
    """The rules with errors or warnings."""
    return {one.rule for one in check.findings if one.severity in ("error", "warning")}


def test_a_folder_is_listed_without_following_anything(tmp_path: Path) -> None:
    """Files with sizes, links and special files by kind, empty folders; a link to a folder is not entered."""
    write(tmp_path / "bag/data/a", b"12345")
    write(tmp_path / "outside/secret", b"x")
    bag = tmp_path / "bag"
    (bag / "data/empty").mkdir()
    (bag / "data/link").symlink_to(tmp_path / "outside")
    (bag / "data/dangling").symlink_to("nowhere")
    (bag / "loop").symlink_to(".")
    os.mkfifo(bag / "data/pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(bag)  # the name of a socket is limited to about 100 bytes
        try:
            listener.bind("socket")
        finally:
            os.chdir(here)
        source = open_source(bag)
    assert source.files == {"data/a": 5}
    assert source.listing.folders == {"data", "data/empty"}
    assert source.listing.empty_folders == ("data/empty",)
    assert {one.path: one.kind for one in source.irregular} == {
        "data/link": "symbolic link",
        "data/dangling": "symbolic link",
        "loop": "symbolic link",
        "data/pipe": "named pipe",
        "socket": "socket",
    }


def test_a_name_that_is_not_utf8_is_listed_and_read(tmp_path: Path) -> None:
    """Its bytes are kept, so that the file can be opened."""
    (tmp_path / "bag").mkdir()
    write(tmp_path / "bag" / os.fsdecode(b"\xff\xfe"), b"x")
    source = open_source(tmp_path / "bag")
    (name,) = source.files
    assert os.fsencode(name) == b"\xff\xfe"
    assert source.read(name, limit=10) == b"x"


def test_a_file_that_became_a_link_is_not_opened(tmp_path: Path) -> None:
    """Between listing and reading a file may be replaced; a link is refused then too."""
    write(tmp_path / "bag/a", b"x")
    source = open_source(tmp_path / "bag")
    (tmp_path / "bag/a").unlink()
    (tmp_path / "bag/a").symlink_to("/etc/passwd")
    with pytest.raises(NotARegularFile):
        source.open("a")
    ((_, outcome),) = source.fixities({"a": ["md5"]}, jobs=1)
    assert isinstance(outcome, NotARegularFile)


def test_a_file_larger_than_the_limit_is_not_taken_into_memory(tmp_path: Path) -> None:
    """The error says how much would have been read."""
    write(tmp_path / "bag/a", b"x" * 11)
    with pytest.raises(TooLarge, match="larger than the 10 bytes"):
        open_source(tmp_path / "bag").read("a", limit=10)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG" + bytes(600)])
def test_any_other_file_cannot_be_a_bag(tmp_path: Path, content: bytes) -> None:
    """The sentence names the file and says what is expected."""
    with pytest.raises(CannotFinish, match=r"thing\.bin is a file, but no \.zip"):
        open_source(write(tmp_path / "thing.bin", content))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A path that is neither file nor folder is refused at once."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CannotFinish, match="neither a folder nor a file"):
        open_source(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["bag.zip", "bag.tar", "bag.tar.gz", "bag.tgz"])
def test_an_archive_reads_like_its_folder(tmp_path: Path, files: dict[str, bytes], name: str) -> None:
    """Same files, same sizes, same bytes, same digests, in whatever order they are asked for."""
    path = tmp_path / name
    make_zip(path, files) if name.endswith("zip") else make_tar(path, files, gzipped="gz" in name)
    folder = open_source(tmp_path / "made/bag")
    with open_source(path) as source:
        assert source.files == folder.files
        assert source.listing.folders == folder.listing.folders
        for one in reversed(list(source.files)):
            with source.open(one) as stream:
                assert stream.read() == files[f"bag/{one}"]
        wanted = dict.fromkeys(source.files, ("md5", "sha512"))
        assert dict(source.fixities(wanted, jobs=1)) == dict(folder.fixities(wanted, jobs=1))
    with source.open("data/a.txt") as stream:
        assert stream.read() == b"alpha\n"
    source.close()


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_checking_an_archive_writes_nothing(tmp_path: Path, files: dict[str, bytes], kind: str) -> None:
    """No member is unpacked anywhere, and the archive keeps its times."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    path = shelf / f"bag.{kind}"
    make_zip(path, files) if kind == "zip" else make_tar(path, files, gzipped=kind == "tgz")
    before = state(shelf)
    assert check_bag(path).findings == ()
    assert state(shelf) == before


LAYOUTS: list[tuple[str, Callable[[dict[str, bytes]], dict[str, bytes]], set[str]]] = [
    ("bag at the top", lambda m: {name[4:]: content for name, content in m.items()}, {"bag.archive-layout"}),
    ("two bags", lambda m: m | {f"bag2/{name[4:]}": content for name, content in m.items()}, {"bag.archive-layout"}),
    ("stray file", lambda m: m | {"README": b"x"}, {"bag.archive-layout"}),
    ("other name", lambda m: {f"other/{name[4:]}": content for name, content in m.items()}, {"bag.archive-name"}),
    ("dot slash", lambda m: {f"./{name}": content for name, content in m.items()}, set()),
    ("slip", lambda m: m | {"bag/../../evil.txt": b"evil"}, {"bag.archive-member-unsafe"}),
    (
        "backslash",
        lambda m: m | {"bag\\..\\..\\evil.txt": b"evil"},
        {"bag.archive-member-unsafe", "bag.archive-layout"},
    ),
    ("backslash inside", lambda m: m | {"bag/data\\x": b"evil"}, {"bag.archive-member-unsafe"}),
    ("drive", lambda m: m | {"C:/evil.txt": b"evil"}, {"bag.archive-member-unsafe", "bag.archive-layout"}),
    (
        "corrupt",
        lambda m: {name: content.replace(b"alpha", b"alphA") for name, content in m.items()},
        {"bag.file-changed"},
    ),
    ("unlisted", lambda m: m | {"bag/data/._a.txt": b"x"}, {"bag.file-unlisted", "bag.oxum-wrong", "bag.system-file"}),
    (
        "file and folder",
        lambda m: m | {"bag/data/a.txt/b": b"x"},
        {"bag.archive-member-twice", "bag.file-unlisted", "bag.oxum-wrong"},
    ),
]


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize(("change", "expected"), [pytest.param(*rest, id=name) for name, *rest in LAYOUTS])
def test_an_archive_of_another_layout_fails_the_rule_about_it(
    tmp_path: Path,
    files: dict[str, bytes],
    kind: str,
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
    expected: set[str],
) -> None:
    """Exactly the rules named, for zip and tar alike."""
    assert rules(check_bag(GOOD[kind](tmp_path / f"bag.{kind}", change(files)))) == expected


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_absolute_member_is_unsafe(tmp_path: Path, files: dict[str, bytes], kind: str) -> None:
    """It would be written anywhere."""
    path = GOOD[kind](tmp_path / f"bag.{kind}", files | {"/var/tmp/evil-bag-member.txt": b"evil"})
    assert "bag.archive-member-unsafe" in rules(check_bag(path))


@pytest.mark.filterwarnings("ignore:Duplicate name")  # of zipfile, about the archive made here
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_that_comes_twice_is_an_error(tmp_path: Path, files: dict[str, bytes], kind: str) -> None:
    """Whichever of the two is right, tools disagree on which is meant."""
    path = GOOD[kind](tmp_path / f"bag.{kind}", files)
    if kind == "zip":
        with zipfile.ZipFile(path, "a") as bag:
            bag.writestr("bag/data/a.txt", b"wrong\n")
    else:
        with tarfile.open(path, "a") as bag_tar:
            member = tarfile.TarInfo("bag/data/a.txt")
            member.size = 6
            bag_tar.addfile(member, io.BytesIO(b"wrong\n"))
    assert "bag.archive-member-twice" in rules(check_bag(path))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "hard link"),
        (tarfile.FIFOTYPE, "named pipe"),
        (tarfile.CHRTYPE, "character device"),
        (tarfile.BLKTYPE, "block device"),
    ],
)
def test_a_tar_member_that_is_no_file_is_irregular(
    tmp_path: Path, files: dict[str, bytes], kind: bytes, words: str
) -> None:
    """Links and devices are named by kind."""
    member = tarfile.TarInfo("bag/data/odd")
    member.type, member.linkname = kind, "/etc/passwd"
    check = check_bag(make_tar(tmp_path / "bag.tar", files, further=[member]))
    assert rules(check) == {"bag.irregular-file"}
    assert words in check.findings[0].message


def test_a_link_in_a_zip_is_irregular(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A zip marks links in the attributes of the member."""
    path = make_zip(tmp_path / "bag.zip", files)
    link = zipfile.ZipInfo("bag/data/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as bag:
        bag.writestr(link, "/etc/passwd")
    assert rules(check_bag(path)) == {"bag.irregular-file"}


def test_an_encrypted_member_cannot_be_verified(tmp_path: Path, files: dict[str, bytes]) -> None:
    """The bit that marks encryption is enough; no password is asked for."""
    path = make_zip(tmp_path / "bag.zip", files)
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        start = raw.find(signature)
        while start >= 0:
            if b"a.txt" in raw[start : start + 70]:
                raw[start + offset] |= 1
            start = raw.find(signature, start + 4)
    path.write_bytes(raw)
    assert {"bag.archive-member-unreadable", "bag.file-unreadable"} <= rules(check_bag(path))


def test_a_sparse_member_cannot_be_verified(tmp_path: Path, files: dict[str, bytes]) -> None:
    """What lies in the tar is not the file byte for byte."""
    path = tmp_path / "bag.tar"
    with tarfile.open(make_tar(path, files), "a", format=tarfile.PAX_FORMAT) as bag:
        member = tarfile.TarInfo("bag/data/sparse")
        member.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 60)}
        bag.addfile(member)
    check = check_bag(path)
    assert "bag.archive-member-unreadable" in rules(check)


def test_a_zip_that_lies_about_a_size_is_read_no_further(tmp_path: Path, files: dict[str, bytes]) -> None:
    """The member list says 6 bytes, the stream holds 64 MiB: it is damaged, and never unpacked whole."""
    path = make_zip(tmp_path / "bag.zip", files | {"bag/data/a.txt": bytes(64 << 20)})
    raw = bytearray(path.read_bytes())
    for signature, at, name_at in ((b"PK\1\2", 24, 46), (b"PK\3\4", 22, 30)):
        start = raw.find(signature)
        while start >= 0:
            if raw[start + name_at :].startswith(b"bag/data/a.txt"):
                struct.pack_into("<I", raw, start + at, 6)
                struct.pack_into("<I", raw, start + at - 8, zlib.crc32(b"alpha\n"))
            start = raw.find(signature, start + 4)
    path.write_bytes(raw)
    check = check_bag(path)
    assert "bag.file-unreadable" in rules(check)
    assert check.bytes_hashed < 1 << 20


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_an_archive_cut_short_is_invalid(tmp_path: Path, files: dict[str, bytes], kind: str, part: float) -> None:
    """Wherever it is cut, the check ends with an error about it."""
    path = tmp_path / f"bag.{kind}"
    make_zip(path, files) if kind == "zip" else make_tar(path, files, gzipped=kind == "tgz")
    content = path.read_bytes().rstrip(b"\0") if kind == "tar" else path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    check = check_bag(path)
    assert verdict_of(check.findings) is Verdict.INVALID
    if kind != "tar":
        assert "bag.archive-damaged" in rules(check)


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
@pytest.mark.parametrize("kept", [600, 5000])
def test_an_archive_cut_short_is_not_called_no_bag(
    tmp_path: Path, files: dict[str, bytes], kind: str, kept: int
) -> None:
    """What is missing may have been in the rest of it; that it is cut is said first, with what to do."""
    path = tmp_path / f"bag.{kind}"
    noise = {**files, "bag/data/noise": random.Random(1).randbytes(9000)}
    make_zip(path, noise) if kind == "zip" else make_tar(path, noise, gzipped=kind == "tgz")
    path.write_bytes(path.read_bytes()[:kept])
    check = check_bag(path)
    assert check.findings[0].rule == "bag.archive-damaged"
    assert "damaged or cut short" in check.findings[0].message
    assert check.findings[0].remedy == "Copy or fetch the archive again."
    assert not rules(check) & {"bag.declaration-missing", "bag.payload-folder-missing", "bag.manifest-missing"}


def test_a_gzip_whose_checksum_is_wrong_is_damaged(tmp_path: Path, files: dict[str, bytes]) -> None:
    """The checksum lies behind the last member; it is read all the same."""
    path = make_tar(tmp_path / "bag.tar.gz", files, gzipped=True)
    raw = bytearray(path.read_bytes())
    raw[-8] ^= 1
    path.write_bytes(raw)
    assert "bag.archive-damaged" in rules(check_bag(path))


def test_junk_between_members_does_not_end_a_tar_in_silence(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A header that is none would hide all members behind it."""
    path = make_tar(tmp_path / "bag.tar", files)
    hidden = make_tar(tmp_path / "hidden.tar", {"bag/data/hidden": b"x"}).read_bytes()
    end = len(path.read_bytes().rstrip(b"\0")) // 512 * 512 + 512
    path.write_bytes(path.read_bytes()[:end] + b"junk" * 128 + hidden)
    assert rules(check_bag(path)) == {"bag.archive-damaged"}


def test_a_huge_extended_header_is_not_taken_into_memory(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A header may claim gigabytes; a sensible one has a few hundred bytes."""
    path = tmp_path / "bag.tar.gz"
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 8 << 30
    plain = make_tar(tmp_path / "plain.tar", files).read_bytes().rstrip(b"\0")
    padding = -len(plain) % 512
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(plain + bytes(padding) + header.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20))
    assert "bag.archive-damaged" in rules(check_bag(path))


def test_a_negative_size_does_not_send_the_reader_in_circles(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A size below zero would lead back to the same header for ever."""
    header = tarfile.TarInfo("bag/data/back")
    raw = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    raw[124:136] = b"\xff" * 10 + b"\xfc\x00"
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    plain = make_tar(tmp_path / "bag.tar", files).read_bytes().rstrip(b"\0")
    path = write(tmp_path / "bag.tar", plain + bytes(-len(plain) % 512) + raw + bytes(1024))
    assert "bag.archive-damaged" in rules(check_bag(path))


def test_a_tar_is_never_read_in_one_gulp_nor_backwards(tmp_path: Path, files: dict[str, bytes]) -> None:
    """The guards below tarfile hold whatever version of it is installed."""
    with (
        GuardedStream(make_tar(tmp_path / "bag.tar", files), Compression.NONE) as stream,
        pytest.raises(tarfile.ReadError, match="claims"),
    ):
        stream.read(1 << 30)
    with pytest.raises(tarfile.ReadError, match="negative"):
        GuardedHeader("x")._block(-4)


def test_reading_a_bomb_stops_on_the_way(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit holds while a stream is read, not only while members are skipped."""
    monkeypatch.setattr(archive, "SUSPECT_FROM_BYTES", 1 << 20)
    monkeypatch.setattr(archive, "REFUSED_FROM_BYTES", 4 << 20)
    path = make_tar(tmp_path / "bag.tar.gz", files | {"bag/zero": bytes(32 << 20)}, gzipped=True)
    with GuardedStream(path, Compression.GZIP) as stream:
        with pytest.raises(TooMuch):
            deque(iter(lambda: stream.read(1 << 20), b""), maxlen=0)
        assert stream.tell() < 8 << 20


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_an_archive_that_unpacks_to_very_much_is_suspect(tmp_path: Path, kind: str) -> None:
    """All is right with the bag, so it is a warning; the ratio is named."""
    content = bytes(archive.SUSPECT_FROM_BYTES)
    files = members(make_bag(tmp_path / "made" / "bag", payload={"data/zero.bin": content}))
    path = tmp_path / f"bag.{kind}"
    make_zip(path, files) if kind == "zip" else make_tar(path, files, gzipped=True)
    check = check_bag(path)
    assert rules(check) == {"bag.archive-ratio"}
    assert check.bytes_hashed > archive.SUSPECT_FROM_BYTES


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_an_archive_beyond_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The same, beyond the size that is read at any price: an error, and next to nothing is unpacked."""
    monkeypatch.setattr(archive, "SUSPECT_FROM_BYTES", 1 << 20)
    monkeypatch.setattr(archive, "REFUSED_FROM_BYTES", 4 << 20)
    files = members(make_bag(tmp_path / "made" / "bag", payload={"data/zero.bin": bytes(64 << 20)}))
    path = tmp_path / f"bag.{kind}"
    make_zip(path, files) if kind == "zip" else make_tar(path, files, gzipped=True)
    check = check_bag(path)
    assert verdict_of(check.findings) is Verdict.INVALID
    assert "bag.archive-ratio" in rules(check)
    assert check.bytes_hashed < 1 << 20


def test_the_number_of_members_is_bounded(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More members than can be kept in memory are damage, not a crash."""
    monkeypatch.setattr(ziparchive, "MAX_MEMBERS", 3)
    monkeypatch.setattr(tararchive, "MAX_MEMBERS", 3)
    assert "bag.archive-damaged" in rules(check_bag(make_zip(tmp_path / "bag.zip", files)))
    assert "bag.archive-damaged" in rules(check_bag(make_tar(tmp_path / "bag.tar", files)))


def test_a_huge_member_list_is_not_read(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end record of a zip says how long the list is, before it is read."""
    monkeypatch.setattr("confocal_bag.zip_format.LARGEST_DIRECTORY_BYTES", 100)
    assert "bag.archive-damaged" in rules(check_bag(make_zip(tmp_path / "bag.zip", files)))


def test_an_unmarked_name_in_utf8_is_understood(tmp_path: Path) -> None:
    """Many programs write names in UTF-8 without saying so, which the zip format takes for code page 437."""
    files = members(make_bag(tmp_path / "made" / "bag", payload={"data/café.txt": b"x"}))
    path = make_zip(tmp_path / "bag.zip", files)
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        start = raw.find(signature)
        while start >= 0:
            raw[start + offset + 1] &= ~0x08
            start = raw.find(signature, start + 4)
    path.write_bytes(raw)
    check = check_bag(path)
    assert check.findings == ()
    assert "data/café.txt" in check.bag.payload


def test_a_large_member_is_hashed_by_threads_and_right(tmp_path: Path) -> None:
    """The way a file of many chunks takes through an archive gives the same digests."""
    content = os.urandom(1 << 20) * 5 + b"tail"
    files = members(make_bag(tmp_path / "made" / "bag", payload={"data/large.bin": content}))
    for path in (make_zip(tmp_path / "bag.zip", files), make_tar(tmp_path / "bag.tar.gz", files, gzipped=True)):
        with open_source(path) as source:
            ((_, outcome),) = source.fixities({"data/large.bin": ("sha256", "md5")}, jobs=1)
        assert isinstance(outcome, Fixity)
        assert outcome.digests["sha256"] == digest("sha256", content)
