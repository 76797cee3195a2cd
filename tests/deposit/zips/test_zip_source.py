"""A zip file is a deposit like a folder: its members are unpacked safely, verified, and gone afterwards."""

import gc
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from confocal_bag.deposit.source import Deposit, EntryKind, list_deposit, open_deposit
from confocal_bag.deposit.zips import members
from confocal_bag.findings import CannotFinish
from tests import make


def zipped(path: Path, members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip file with these members."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), content, compression)
    return path


def kinds(deposit: Deposit) -> dict[str, tuple[EntryKind, str | None]]:
    """What each entry is, and the note on it."""
    return {str(entry.path): (entry.kind, entry.note) for entry in deposit.entries}


def test_the_members_of_a_zip_file_are_the_deposits_files(tmp_path: Path) -> None:
    """Byte for byte, with their times, in a folder that nobody else may enter."""
    path = zipped(tmp_path / "d.zip", {"a/one.txt": b"one", "two.txt": b"two", "empty/": b""})
    found = open_deposit(path)
    assert kinds(found) == {
        "a/one.txt": (EntryKind.FILE, None),
        "empty": (EntryKind.EMPTY_FOLDER, None),
        "two.txt": (EntryKind.FILE, None),
    }
    assert found.root == path
    assert found.local(found.files[0].path).read_bytes() == b"one"
    assert [entry.bytes for entry in found.files] == [3, 3]
    assert found.local(found.files[0].path).stat().st_mtime_ns == found.files[0].modified_ns
    assert stat.S_IMODE(found.folder.stat().st_mode) == 0o700
    assert list_deposit(path) == found.entries


def test_the_private_folder_goes_with_the_deposit(tmp_path: Path) -> None:
    """Nothing is left where the members were unpacked to."""
    found = open_deposit(zipped(tmp_path / "d.zip", {"one.txt": b"one"}))
    folder = found.folder
    assert folder.is_dir()
    del found
    gc.collect()
    assert not folder.exists()


def test_a_folder_in_a_zip_gives_what_the_folder_gives(tmp_path: Path) -> None:
    """The same paths and sizes, in the same order."""
    folder = make.small_deposit(tmp_path / "d")
    members = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    theirs = open_deposit(zipped(tmp_path / "d.zip", members))
    ours = open_deposit(folder)
    assert [(one.path, one.bytes) for one in theirs.files] == [(one.path, one.bytes) for one in ours.files]


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "C:/out.txt", "..", "a\0b"])
def test_a_name_that_leads_out_is_never_unpacked(tmp_path: Path, name: str) -> None:
    """It is an entry that cannot be read, under a name that leads nowhere; the others are there."""
    path = zipped(tmp_path / "d.zip", {"fine.txt": b"fine", name.replace("\0", "@"): b"evil"})
    if "\0" in name:
        path.write_bytes(path.read_bytes().replace(b"a@b", b"a\0b"))
    found = open_deposit(path)
    assert [str(one.path) for one in found.files] == ["fine.txt"]
    (bad,) = [one for one in found.entries if one.kind is EntryKind.UNREADABLE]
    assert "leads out" in (bad.note or "")
    assert f"called '{name}' in the archive" in (bad.note or "")
    assert found.local(bad.path).parent == found.folder
    assert {p.name for p in tmp_path.rglob("*")} == {"d.zip"}


def test_links_and_pipes_are_entries_and_never_made(tmp_path: Path) -> None:
    """What a zip from Unix holds besides files."""
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fine.txt", b"fine")
        for name, mode, content in (("link", stat.S_IFLNK, b"/etc/passwd"), ("pipe", stat.S_IFIFO, b"")):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (mode | 0o644) << 16
            archive.writestr(info, content)
    found = open_deposit(path)
    assert kinds(found)["link"] == (EntryKind.LINK, "/etc/passwd")
    assert kinds(found)["pipe"] == (EntryKind.SPECIAL, "special file")
    assert [one.name for one in found.folder.iterdir()] == ["fine.txt"]


def test_encrypted_members_are_named(tmp_path: Path) -> None:
    """The flag says so; no password is asked for."""
    path = zipped(tmp_path / "d.zip", {"fine.txt": b"fine", "secret.txt": b"secret"})
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.index(mark, content.index(mark) + 4)
        content[at + flags] |= 1
    path.write_bytes(content)
    assert kinds(open_deposit(path))["secret.txt"] == (EntryKind.UNREADABLE, "it is encrypted in the archive")


def test_a_damaged_member_is_named_and_not_kept(tmp_path: Path) -> None:
    """Its checksum is verified while it is unpacked."""
    path = zipped(tmp_path / "d.zip", {"a.txt": b"first", "b.txt": b"second"}, compression=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"second", b"sec0nd"))
    found = open_deposit(path)
    kind, note = kinds(found)["b.txt"]
    assert kind is EntryKind.UNREADABLE
    assert "damaged" in (note or "")
    assert [one.name for one in found.folder.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_member_is_of_the_size_that_is_declared(tmp_path: Path, size: int) -> None:
    """A size that lies is a damaged member, whatever it decompresses to; no more is ever written."""
    path = zipped(tmp_path / "d.zip", {"a.txt": b"fine", "b.txt": bytes(100_000)})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\1\2", content.index(b"PK\1\2") + 4)
    struct.pack_into("<I", content, at + 24, size)
    path.write_bytes(content)
    found = open_deposit(path)
    assert kinds(found)["b.txt"][0] is EntryKind.UNREADABLE
    assert [one.name for one in found.folder.iterdir()] == ["a.txt"]


def test_a_name_that_comes_twice_is_kept_once(tmp_path: Path) -> None:
    """Nobody knows which is meant, so the second is reported."""
    path = tmp_path / "d.zip"
    zipped(path, {"a.txt": b"first", "b.txt": b"second"})
    path.write_bytes(path.read_bytes().replace(b"b.txt", b"a.txt"))
    found = open_deposit(path)
    assert [one.kind for one in found.entries] == [EntryKind.FILE, EntryKind.UNREADABLE]
    assert found.local(found.files[0].path).read_bytes() == b"first"


def test_a_file_that_is_also_a_folder_is_reported(tmp_path: Path) -> None:
    """One of the two cannot be made."""
    found = open_deposit(zipped(tmp_path / "d.zip", {"a": b"file", "a/b": b"inside"}))
    assert kinds(found)["a"][0] is EntryKind.UNREADABLE
    assert kinds(found)["a/b"][0] is EntryKind.FILE


def test_a_zip_that_unpacks_to_far_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a byte of it is unpacked."""
    monkeypatch.setattr(members, "_SUSPECT_FROM", 1 << 20)
    path = zipped(tmp_path / "d.zip", {"zeros": bytes(4 << 20)})
    with pytest.raises(CannotFinish, match="would unpack to"):
        open_deposit(path)


def test_a_zip_for_which_there_is_no_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the place and what to do."""
    monkeypatch.setattr("confocal_bag.deposit.source._RESERVE", 1 << 60)
    with pytest.raises(CannotFinish, match="TMPDIR"):
        open_deposit(zipped(tmp_path / "d.zip", {"a.txt": b"a"}))


def test_a_zip_of_too_many_members_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list itself must not fill the memory."""
    path = zipped(tmp_path / "d.zip", {f"{n}.txt": b"" for n in range(9)})
    monkeypatch.setattr(members, "_MOST_MEMBERS", 8)
    with pytest.raises(CannotFinish, match="9 members"):
        open_deposit(path)
    monkeypatch.setattr("confocal_bag.zip_format.LARGEST_DIRECTORY_BYTES", 100)
    with pytest.raises(CannotFinish, match="too many to be read"):
        open_deposit(path)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    """Cut short, it has no list of members."""
    path = zipped(tmp_path / "d.zip", {"a.txt": b"a" * 1000})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(CannotFinish, match="damaged zip"):
        open_deposit(path)


def test_a_zip_without_files_and_a_zipped_bag_are_refused(tmp_path: Path) -> None:
    """As the folders would be."""
    with pytest.raises(CannotFinish, match="holds no files"):
        open_deposit(zipped(tmp_path / "d.zip", {"a/": b""}))
    with pytest.raises(CannotFinish, match="already a BagIt bag"):
        open_deposit(zipped(tmp_path / "b.zip", {"bag/bagit.txt": b"BagIt-Version: 1.0"}))


def test_names_from_other_systems_are_read(tmp_path: Path) -> None:
    """Backslashes of Windows tools are folders; names in UTF-8 that nobody marked as such are UTF-8."""
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename, info.create_system = "a\\b.txt", 0
        archive.writestr(info, b"1")
        archive.writestr("cafe@@.txt", b"2")
    path.write_bytes(path.read_bytes().replace(b"cafe@@", b"caf\xc3\xa9_"))
    assert set(kinds(open_deposit(path))) == {"a/b.txt", "café_.txt"}
