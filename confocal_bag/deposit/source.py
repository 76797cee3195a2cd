"""A deposit as a folder or a zip file, listed once and never written to."""

import errno
import os
import shutil
import stat
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from confocal_bag.deposit.source_entry import EntryKind, SourceEntry
from confocal_bag.deposit.zips import ZipMember, open_zip, read_members, unpack_member
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.formats import identify
from confocal_bag.private_folder import PrivateFolder, Purpose, sweep

__all__ = ["Deposit", "EntryKind", "SourceEntry", "list_deposit", "open_deposit"]

#: What must stay free on the disk that a zip file is unpacked to.
_RESERVE = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Deposit:
    """A deposit's root and all its entries, in the byte order of their paths.

    `root` is the folder or zip file as given, `unpacked` the private folder that holds the members of a zip file; that
    folder is deleted when the deposit is let go.
    """

    root: Path
    entries: tuple[SourceEntry, ...] = field(default=())
    unpacked: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder in which the entries lie on this machine."""
        return self.unpacked or self.root

    def local(self, path: PurePosixPath) -> Path:
        """Where an entry lies on this machine."""
        return self.folder / path

    @property
    def files(self) -> tuple[SourceEntry, ...]:
        """The regular files."""
        return tuple(entry for entry in self.entries if entry.kind is EntryKind.FILE)


def open_deposit(root: Path) -> Deposit:
    """List everything in the folder or zip file `root`; the members of a zip file are deposit files like any other.

    Raises `CannotFinish` when there is no such folder, when it is another kind of file, a bag, or empty, and when a zip
    file is damaged, or unpacks to more than it should or the disk holds.
    """
    sweep()
    if not _is_zip(root):
        return Deposit(root=root, entries=list_deposit(root))
    with open_zip(root) as archive:
        members = read_members(root, archive)
        _refuse(root, [one.entry for one in members])
        return _unpacked(root, members, archive)


def list_deposit(root: Path) -> tuple[SourceEntry, ...]:
    """The entries of a deposit as `open_deposit` gives them, without unpacking: to see whether one has changed."""
    if _is_zip(root):
        with open_zip(root) as archive:
            entries = [one.entry for one in read_members(root, archive)]
    else:
        entries = list(_walk(root, PurePosixPath()))
    _refuse(root, entries)
    return tuple(sorted(entries, key=lambda entry: os.fsencode(entry.path)))


def _is_zip(root: Path) -> bool:
    """Whether a deposit is a zip file; raises CannotFinish for what is neither that nor a folder."""
    shown = readable_path(root)
    try:
        mode = root.stat().st_mode
    except FileNotFoundError:
        raise CannotFinish(f"There is no folder {shown}. Check the path of the deposit.") from None
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be read: {error.strerror}. Check its permissions.") from error
    if stat.S_ISDIR(mode):
        return False
    if stat.S_ISREG(mode) and identify(root.resolve()).id == "zip":
        return True
    raise CannotFinish(
        f"{shown} is a file; a deposit is a folder or a .zip file. Give the folder that holds it, or unpack the "
        "archive first."
    )


def _refuse(root: Path, entries: Sequence[SourceEntry]) -> None:
    shown = readable_path(root)
    if (root / "bagit.txt").is_file() or any(_is_bag_declaration(root, one.path) for one in entries):
        raise CannotFinish(
            f"{shown} is already a BagIt bag (it holds bagit.txt). Use `confocal-bag validate` to check it, "
            "or give the folder the depositor sent."
        )
    if all(entry.kind is EntryKind.EMPTY_FOLDER for entry in entries):
        raise CannotFinish(f"{shown} holds no files. Check that the deposit arrived completely.")


def _is_bag_declaration(root: Path, path: PurePosixPath) -> bool:
    """A bag in a zip file lies in a folder of its own, or at the top."""
    return path.name == "bagit.txt" and len(path.parts) <= 2 and root.is_file()


def _unpacked(root: Path, members: Sequence[ZipMember], archive: ZipFile) -> Deposit:
    wanted = sum(one.entry.bytes for one in members if one.entry.kind is EntryKind.FILE)
    private = PrivateFolder(Purpose.DEPOSIT)
    folder = private.path
    try:
        # Where the members are an OME-Zarr without its folder (.ozx), the folder that they lie in says so.
        is_zarr = any(str(one.entry.path) in ZARR_TOPS for one in members)
        place = folder / "image.zarr" if is_zarr else folder
        place.mkdir(exist_ok=True)
        free = shutil.disk_usage(folder).free
        if wanted + _RESERVE > free:
            raise _no_room(root, folder, f"{free:,} bytes are free, {wanted:,} are needed")
        entries = [
            unpack_member(archive, one, place) if one.entry.kind is EntryKind.FILE else one.entry for one in members
        ]
        in_order = tuple(sorted(entries, key=lambda entry: os.fsencode(entry.path)))
        deposit = Deposit(root=root, entries=in_order, unpacked=place)
        weakref.finalize(deposit, private.remove)
    except BaseException as error:
        private.remove()
        if isinstance(error, OSError):
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise _no_room(root, folder, "the disk is full" if full else str(error.strerror)) from error
        raise
    return deposit


def _no_room(root: Path, folder: Path, why: str) -> CannotFinish:
    return CannotFinish(
        f"{readable_path(root)} cannot be unpacked to {readable_path(folder.parent)}: {why}. Make room, set TMPDIR to "
        "another disk, or unpack it yourself and give the folder."
    )


def _walk(root: Path, folder: PurePosixPath) -> Iterator[SourceEntry]:
    """Yield everything below root/folder without following a link. Uses a stack, so depth is no limit."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(root / current) as scan:
                found = list(scan)
        except OSError as error:
            yield SourceEntry(path=current, kind=EntryKind.UNREADABLE, note=error.strerror)
            continue
        if not found and current != PurePosixPath():
            yield SourceEntry(path=current, kind=EntryKind.EMPTY_FOLDER)
        for item in found:
            path = current / item.name
            if item.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                yield _entry(item, path)


def _entry(item: os.DirEntry[str], path: PurePosixPath) -> SourceEntry:
    try:
        status = item.stat(follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            return SourceEntry(path=path, kind=EntryKind.LINK, note=readable_path(Path(item.path).readlink()))
    except OSError as error:
        return SourceEntry(path=path, kind=EntryKind.UNREADABLE, note=error.strerror)
    if not stat.S_ISREG(status.st_mode):
        return SourceEntry(path=path, kind=EntryKind.SPECIAL, note=_special_name(status.st_mode))
    if not os.access(item.path, os.R_OK):
        return SourceEntry(path=path, kind=EntryKind.UNREADABLE, bytes=status.st_size, note="Permission denied")
    return SourceEntry(path=path, kind=EntryKind.FILE, bytes=status.st_size, modified_ns=status.st_mtime_ns)


def _special_name(mode: int) -> str:
    names = {stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket", stat.S_IFBLK: "block device"}
    return names.get(stat.S_IFMT(mode), "device")
