"""A deposit as a folder, walked once and never written to."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Deposit", "EntryKind", "SourceEntry", "open_deposit"]


class EntryKind(StrEnum):
    """What a directory entry is, without following links."""

    FILE = "file"
    LINK = "symbolic link"
    SPECIAL = "special file"
    EMPTY_FOLDER = "empty folder"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One entry of a deposit; `bytes` is 0 for everything but files. `note` says more about what is not a file."""

    path: PurePosixPath
    kind: EntryKind
    bytes: int = 0
    modified_ns: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A deposit's root and all its entries, in the byte order of their paths."""

    root: Path
    entries: tuple[SourceEntry, ...] = field(default=())

    def local(self, path: PurePosixPath) -> Path:
        """Where an entry lies on this machine."""
        return self.root / path

    @property
    def files(self) -> tuple[SourceEntry, ...]:
        """The regular files."""
        return tuple(entry for entry in self.entries if entry.kind is EntryKind.FILE)


def open_deposit(root: Path) -> Deposit:
    """List everything in the folder `root`.

    Raises `CannotFinish` when there is no such folder, when it is a file, a bag, or empty.
    """
    shown = readable_path(root)
    try:
        mode = root.stat().st_mode
    except FileNotFoundError:
        raise CannotFinish(f"There is no folder {shown}. Check the path of the deposit.") from None
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be read: {error.strerror}. Check its permissions.") from error
    if not stat.S_ISDIR(mode):
        raise CannotFinish(
            f"{shown} is a file; a deposit is a folder. Give the folder that holds it, or unpack the archive first."
        )
    if (root / "bagit.txt").is_file():
        raise CannotFinish(
            f"{shown} is already a BagIt bag (it holds bagit.txt). Use `confocal-bag validate` to check it, "
            "or give the folder the depositor sent."
        )
    entries = sorted(_walk(root, PurePosixPath()), key=lambda entry: os.fsencode(entry.path))
    if all(entry.kind is EntryKind.EMPTY_FOLDER for entry in entries):
        raise CannotFinish(f"{shown} holds no files. Check that the deposit arrived completely.")
    return Deposit(root=root, entries=tuple(entries))


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
