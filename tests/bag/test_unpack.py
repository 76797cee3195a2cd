"""Bags taken out of archives: all or nothing, and never a byte beside the folder that was named."""

import io
import json
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import pytest

from confocal_bag.bag.archives import unpack
from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.bag.archives.unpack import unpack_bag, unpack_into
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.source import open_source
from confocal_bag.bag.writing.staging import staging_path
from confocal_bag.findings import CannotFinish, Severity
from tests.bag.bags import make_bag, make_tar, make_zip, members, write

EVIL = b"evil"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """The members of an archive of a valid bag."""
    return members(make_bag(tmp_path / "made/bag"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder to unpack into, three levels down so that climbing out of it stays in the test's own folder."""
    folder = tmp_path / "world/one/two"
    folder.mkdir(parents=True)
    return folder


def everything(folder: Path) -> set[str]:
    """Every name below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    """A tar member that is no file."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.mode = kind, link, 0o644
    return member


def zip_link(path: Path, name: str, target: str) -> None:
    """Add a symbolic link to a zip file."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, target)


class Case(NamedTuple):
    """Members beside those of a valid bag, and what the refusal says of them."""

    files: dict[str, bytes]
    sentence: str
    further: tuple[tarfile.TarInfo, ...] = ()


HOSTILE = {
    "climbs": Case({"bag/../../evil.txt": EVIL}, "climbs to a parent"),
    "climbs-in-data": Case({"bag/data/../../../evil.txt": EVIL}, "climbs to a parent"),
    "climbs-at-once": Case({"../evil.txt": EVIL}, "climbs to a parent"),
    "backslashes": Case({"bag\\..\\..\\evil.txt": EVIL}, "not safe to unpack"),
    "backslash-in-data": Case({"bag/data/a\\b": EVIL}, "holds a backslash"),
    "absolute": Case({"/var/tmp/evil-bag-member.txt": EVIL}, "absolute path"),
    "drive": Case({"C:/evil.txt": EVIL}, "drive letter"),
    "home": Case({"~/evil.txt": EVIL}, "home folder"),
    "two-bags": Case({"bag2/bagit.txt": EVIL}, "one folder, the bag, is expected"),
    "stray-file": Case({"README": EVIL}, "one folder, the bag, is expected"),
    "file-and-folder": Case({"bag/data/sub": EVIL}, "both a file and a folder"),
    "dot-component": Case({"bag/data/./sub/b.bin": EVIL}, "has an empty component or a dot"),
    "empty-component": Case({"bag/data//a.txt": EVIL}, "has an empty component or a dot"),
    "unlisted": Case({"bag/data/._a.txt": EVIL}, "not valid: .*_a.txt"),
}
SPECIAL = {
    "link-out": Case({}, "symbolic link", (special("bag/data/link", tarfile.SYMTYPE, "/etc/passwd"),)),
    "link-in": Case({}, "symbolic link", (special("bag/data/link", tarfile.SYMTYPE, "a.txt"),)),
    "link-above": Case({}, "symbolic link", (special("bag/data/d", tarfile.SYMTYPE, "../../.."),)),
    "hard-link": Case({}, "hard link", (special("bag/data/hl", tarfile.LNKTYPE, "bag/data/a.txt"),)),
    "hard-link-out": Case({}, "hard link", (special("bag/data/hl", tarfile.LNKTYPE, "/etc/passwd"),)),
    "pipe": Case({}, "named pipe", (special("bag/data/pipe", tarfile.FIFOTYPE),)),
    "character-device": Case({}, "character device", (special("bag/data/null", tarfile.CHRTYPE),)),
    "block-device": Case({}, "block device", (special("bag/data/blk", tarfile.BLKTYPE),)),
}


def refused(archive: Path, out: Path, sentence: str) -> None:
    """Unpacking ends with that sentence, and no name appears or vanishes anywhere."""
    world = out.parents[1]
    before = everything(world), everything(archive.parent)
    with pytest.raises(CannotFinish, match=sentence):
        unpack_bag(archive, out)
    assert (everything(world), everything(archive.parent)) == before
    assert not Path("/var/tmp/evil-bag-member.txt").exists()


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_refused(tmp_path: Path, files: dict[str, bytes], out: Path, case: Case, kind: str) -> None:
    """By the member list alone, whether the name comes first or last."""
    for number, everything_in in enumerate((files | case.files, case.files | files)):
        path = tmp_path / f"{number}/bag.{kind}"
        path.parent.mkdir()
        make_zip(path, everything_in) if kind == "zip" else make_tar(path, everything_in, gzipped=kind == "tgz")
        refused(path, out, case.sentence)


@pytest.mark.parametrize("case", SPECIAL.values(), ids=SPECIAL)
def test_what_is_no_file_is_refused(tmp_path: Path, files: dict[str, bytes], out: Path, case: Case) -> None:
    """No link, pipe or device is ever made."""
    refused(make_tar(tmp_path / "bag.tar", files, further=case.further), out, case.sentence)
    refused(make_tar(tmp_path / "bag.tgz", files, gzipped=True, further=case.further), out, case.sentence)


def test_nothing_is_written_through_a_link(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """A link to a folder, then a file below it."""
    link, below = special("bag/data/d", tarfile.SYMTYPE, "../../.."), tarfile.TarInfo("bag/data/d/evil.txt")
    refused(make_tar(tmp_path / "bag.tar", files, further=(link, below)), out, "symbolic link")
    zip_link(make_zip(tmp_path / "bag.zip", files), "bag/data/d", "../../..")
    with zipfile.ZipFile(tmp_path / "bag.zip", "a") as archive:
        archive.writestr("bag/data/d/evil.txt", EVIL)
    refused(tmp_path / "bag.zip", out, "symbolic link")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_comes_twice_is_refused(tmp_path: Path, files: dict[str, bytes], out: Path, kind: str) -> None:
    """Nobody can tell which of the two is meant, even where one of them has the right bytes."""
    path = tmp_path / f"bag.{kind}"
    if kind == "zip":
        make_zip(path, {"bag/data/a.txt": b"wrong\n"})
        with zipfile.ZipFile(path, "a") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        make_tar(path, files, further=(tarfile.TarInfo("bag/data/a.txt"),))
    refused(path, out, "twice")


def test_a_bag_without_its_folder_is_refused(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """It would spread its files over the folder that was named."""
    refused(make_zip(tmp_path / "bag.zip", {name[4:]: one for name, one in files.items()}), out, "lies at the top")
    refused(make_zip(tmp_path / "empty.zip", {}), out, "one folder")


def test_an_encrypted_member_is_refused(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """There is no way to verify it."""
    path = make_zip(tmp_path / "bag.zip", files)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\1\2")
    content[at + 8] |= 1
    path.write_bytes(content)
    refused(path, out, "encrypted")


def test_a_member_larger_than_it_says_is_read_no_further(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """The list says six bytes; the stream has 64 MiB."""
    path = make_zip(tmp_path / "bag.zip", files | {"bag/data/a.txt": bytes(64 << 20)})
    content = bytearray(path.read_bytes())
    for sign, size_at, name_at in ((b"PK\1\2", 24, 46), (b"PK\3\4", 22, 30)):
        at = content.find(sign)
        while at >= 0:
            if content[at + name_at :].startswith(b"bag/data/a.txt"):
                struct.pack_into("<I", content, at + size_at, 6)
                struct.pack_into("<I", content, at + size_at - 8, zlib.crc32(b"alpha\n"))
            at = content.find(sign, at + 4)
    path.write_bytes(content)
    refused(path, out, "a.txt")


def test_a_source_that_gives_more_than_it_lists_is_stopped(
    tmp_path: Path, files: dict[str, bytes], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that gives less: the size in the list is the size on the disk, or nothing is."""
    with open_source(make_zip(tmp_path / "bag.zip", files)) as source:
        for content in (b"alpha\n" * 999_999, b"alph"):
            given = iter([content])
            monkeypatch.setattr(type(source), "open", lambda *_, given=given: io.BytesIO(next(given, b"")))
            monkeypatch.setattr(type(source), "in_order", lambda *_: ["data/a.txt"])
            target = out / str(len(content))
            target.mkdir()
            with pytest.raises(CannotFinish, match="does not have the 6 bytes that the member list says"):
                unpack_into(source, target)
            assert (target / "data/a.txt").stat().st_size <= 6


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_an_archive_cut_short_is_refused(tmp_path: Path, files: dict[str, bytes], out: Path, kind: str) -> None:
    """Wherever it was cut, nothing is left in the folder."""
    path = tmp_path / f"bag.{kind}"
    make_zip(path, files) if kind == "zip" else make_tar(path, files, gzipped=kind == "tgz")
    content = path.read_bytes()
    end = len(content.rstrip(b"\0"))
    for part in range(1, 10):
        path.write_bytes(content[: end * part // 10])
        refused(path, out, "damaged|not unpacked|cannot be unpacked|is a file, but no")


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz"])
def test_flipped_bits_are_found(tmp_path: Path, out: Path, ending: str) -> None:
    """Either the archive is refused, or the flipped bit was one that no file and no name depends on."""
    bag = make_bag(tmp_path / "bag", payload={"data/a": random.Random(1).randbytes(2000), "data/b": b"text " * 100})
    path = tmp_path / f"bag{ending}"
    serialize_bag(bag, path)
    content = path.read_bytes()
    original = members(bag)
    chosen = random.Random(2)
    found = 0
    for number in range(120):
        place = chosen.randrange(len(content))
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << chosen.randrange(8)]) + content[place + 1 :])
        (out / str(number)).mkdir()
        try:
            unpacked = unpack_bag(path, out / str(number))
        except CannotFinish:
            found += 1
            assert everything(out / str(number)) == set()
            assert has_errors(path)
        else:
            assert members(unpacked, "bag") == original
    assert found > 20


def has_errors(path: Path) -> bool:
    """Whether a check of the archive, read in stream, finds an error or cannot even begin."""
    try:
        return any(one.severity is Severity.ERROR for one in check_bag(path).findings)
    except CannotFinish:
        return True


def test_a_flipped_byte_of_the_payload_is_found(tmp_path: Path, out: Path) -> None:
    """Stored in a tar, where no checksum but the manifest's covers it."""
    bag = make_bag(tmp_path / "bag")
    serialize_bag(bag, tmp_path / "bag.tar")
    write(tmp_path / "bag.tar", (tmp_path / "bag.tar").read_bytes().replace(b"alpha", b"alphA"))
    refused(tmp_path / "bag.tar", out, "its bag is not valid: .*data/a.txt")


def test_damage_in_a_file_that_no_manifest_lists_is_found(tmp_path: Path, out: Path) -> None:
    """The zip's own checksum tells, in the stream and while unpacking."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "notes.txt", random.Random(1).randbytes(500))
    serialize_bag(bag, tmp_path / "bag.zip")
    content = bytearray((tmp_path / "bag.zip").read_bytes())
    content[content.index(b"notes.txt") + 100] ^= 1
    write(tmp_path / "bag.zip", bytes(content))
    assert "bag.file-unreadable" in {one.rule for one in check_bag(tmp_path / "bag.zip").findings}
    refused(tmp_path / "bag.zip", out, r"'notes\.txt' in .* cannot be unpacked: the archive is damaged here")


def test_permissions_owners_and_times_in_the_archive_are_ignored(
    tmp_path: Path, files: dict[str, bytes], out: Path
) -> None:
    """No set-user-id bit, no file that nobody can read."""
    path = tmp_path / "bag.tar"
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.uid, member.mtime = len(content), 0o7000, 12345, 2**33
            archive.addfile(member, io.BytesIO(content))
    bag = unpack_bag(path, out)
    (tmp_path / "plain").touch()
    for one in bag.rglob("*"):
        if one.is_file():
            assert one.stat().st_mode == (tmp_path / "plain").stat().st_mode
            assert one.stat().st_uid == os.getuid()


def test_an_existing_folder_is_never_touched(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """Nor is anything else of that name, nor one that appears while the bag is being unpacked."""
    path = make_zip(tmp_path / "bag.zip", files)
    write(out / "bag/mine.txt", b"precious")
    refused(path, out, "exists already and is never overwritten")
    shutil.rmtree(out / "bag")
    (out / "bag").symlink_to(tmp_path / "made/bag")
    refused(path, out, "exists already and is never overwritten")
    (out / "bag").unlink()

    def meddle(_: int) -> None:
        if not (out / "bag").exists():
            write(out / "bag/mine.txt", b"precious")

    with pytest.raises(CannotFinish, match="exists already and is never overwritten"):
        unpack_bag(path, out, on_bytes=meddle)
    assert everything(out) == {"bag", "bag/mine.txt"}


def test_a_folder_is_no_archive_and_a_file_no_place(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """Each said in a sentence."""
    with pytest.raises(CannotFinish, match="is a folder already; name an archive"):
        unpack_bag(tmp_path / "made/bag", out)
    path = make_zip(tmp_path / "bag.zip", files)
    with pytest.raises(CannotFinish, match="does not exist; create it"):
        unpack_bag(path, out / "absent")
    with pytest.raises(CannotFinish, match="does not exist; create it"):
        unpack_bag(path, write(out / "file", b""))


def test_a_bag_that_cannot_be_valid_is_not_unpacked_first(
    tmp_path: Path, files: dict[str, bytes], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing file shows in the manifests, before anything large is written."""
    del files["bag/data/a.txt"]
    monkeypatch.setattr(unpack, "_unpack", None)
    refused(make_zip(tmp_path / "bag.zip", files), out, "'data/a.txt' is listed in manifest-sha512.txt but is not")


def test_too_little_space_is_seen_beforehand(
    tmp_path: Path, files: dict[str, bytes], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sizes in the member list are added up before the first byte is written."""
    usage = shutil.disk_usage(out)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(unpack, "_unpack", None)
    refused(make_zip(tmp_path / "bag.zip", files), out, "only 1,000 free")


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """The unfinished bag lies in the hidden folder that the next run takes over."""
    write(staging_path(out / "bag") / "bag/data/half", b"half")
    unpack_bag(make_zip(tmp_path / "bag.zip", files), out)
    assert {path.name for path in out.iterdir()} == {"bag"}
    assert not (out / "bag/data/half").exists()


def test_a_foreign_archive_in_another_order_is_unpacked(tmp_path: Path, files: dict[str, bytes], out: Path) -> None:
    """Payload first, folders as members, names that begin with a dot, another name than the bag's."""
    shuffled = {f"./{name}": files[name] for name in sorted(files, reverse=True)}
    folder = special("./bag/data/", tarfile.DIRTYPE)
    unpack_bag(make_tar(tmp_path / "other.tar.gz", shuffled, gzipped=True, further=(folder,)), out)
    assert members(out / "bag") == files


@pytest.mark.slow
def test_the_adversarial_archives_are_unpacked_whole_or_not_at_all(shared: Path, tmp_path: Path) -> None:
    """Every archive that is called invalid is refused; whatever happens, nothing appears beside the folder."""
    generator = shared / "conformance/adversarial.py"
    if not generator.is_file():
        pytest.skip("the adversarial bags are not among the shared reference files")
    made = tmp_path / "made"
    subprocess.run([sys.executable, generator, made], check=True, capture_output=True)
    cases = json.loads((made / "expected.json").read_text())
    archives = {name: one for name, one in cases.items() if one["kind"] == "archive"}
    assert len(archives) > 25
    wrong = []
    for name, case in archives.items():
        out = tmp_path / "world" / name / "one/two"
        out.mkdir(parents=True)
        before = everything(made)
        try:
            unpack_bag(made / case["path"], out)
            accepted = True
        except CannotFinish:
            accepted = False
        if accepted != (case["expect"] != "invalid"):
            wrong.append(name)
        assert everything(tmp_path / "world" / name) - {"one", "one/two"} == everything_below(out, "one/two")
        assert (everything(out) != set()) == accepted
        assert everything(made) == before
    assert wrong == []


def everything_below(folder: Path, prefix: str) -> set[str]:
    """Every name below a folder, with the folder's own."""
    return {f"{prefix}/{name}" for name in everything(folder)}
