"""A folder on this machine, or on a disk that is mounted here, as a place to which files are sent."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.address import Address
from confocal_bag.remote.appending import append_file
from confocal_bag.remote.read_back import hash_object
from confocal_bag.remote.store import PARTIAL, Entry, Sending, Sent, Store
from confocal_bag.remote.troubles import cannot_finish

__all__ = ["LocalStore"]

_REMEDY = "Check that the disk is mounted, has room and can be written to."
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class LocalStore(Store):
    """A folder; it need not exist yet. Links in it are not followed, nor is it itself one."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._root = Path(address.place)

    def entries(self) -> Iterator[Entry]:
        """Everything below the folder; folders too."""
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            with cannot_finish(f"{readable_path(self._root / folder)} cannot be listed", _REMEDY):
                found = self._list(folder)
            for entry in found:
                yield entry
                if entry.is_folder:
                    waiting.append(entry.name)

    def _list(self, folder: str) -> list[Entry]:
        self._refuse_links(self._root / folder)
        if not folder and not os.path.lexists(self._root):
            return []
        if not folder and not self._root.is_dir():
            raise CannotFinish(f"{readable_path(self._root)} is a file, and no folder can be made there.")
        with os.scandir(self._root / folder) as scan:
            return [
                _entry(f"{folder}/{one.name}" if folder else one.name, one.stat(follow_symlinks=False)) for one in scan
            ]

    def find(self, name: str) -> Entry | None:
        """One file; a link is none."""
        self._refuse_links((self._root / name).parent)
        try:
            entry = _entry(name, (self._root / name).lstat())
        except (FileNotFoundError, NotADirectoryError):
            return None
        return None if entry.is_folder else entry

    def open(self, entry: Entry) -> BinaryIO:
        """The bytes of one file, from the disk rather than from memory where the system can be told so."""
        descriptor = os.open(self._root / entry.name, os.O_RDONLY | _NO_FOLLOW)
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):  # a file system that keeps no copies in memory has none to drop
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        return os.fdopen(descriptor, "rb")

    def vouched_sha256(self, entry: Entry) -> str | None:  # noqa: ARG002 - a disk vouches for nothing
        """None: only reading tells."""
        return None

    def send(self, sending: Sending) -> Sent:
        """Write the file under another name, make it durable, read it back, and give it its name."""
        target = self._root / sending.name
        partial = target.with_name(f"{target.name}{PARTIAL}")
        self._refuse_links(target.parent)
        with cannot_finish(f"{readable_path(target)} cannot be written", _REMEDY):
            _make_folders(target.parent)
            there = partial.lstat().st_size if os.path.lexists(partial) else 0
            fixity = append_file(_Durable, str(partial), sending, there)
        name = f"{sending.name}{PARTIAL}"
        written = hash_object(self, Entry(name=name, size=fixity.size), ("sha256",))
        if written.size != fixity.size or written.digests["sha256"] != fixity.digests["sha256"]:
            self.remove(name)
            raise CannotFinish(
                f"{readable_path(target)} was not what was written when it was read back, and was removed; "
                "check the disk and start again."
            )
        with cannot_finish(f"{readable_path(target)} cannot be given its name", _REMEDY):
            _name(partial, target, replace=sending.replace)
            _sync(target.parent)
        return Sent(size=fixity.size, digests=fixity.digests, proof="read back")

    def remove(self, name: str) -> None:
        """Remove one file."""
        self._refuse_links((self._root / name).parent)
        with cannot_finish(f"{readable_path(self._root / name)} cannot be removed", _REMEDY):
            (self._root / name).unlink()

    def _refuse_links(self, folder: Path) -> None:
        """Refuse a folder, the root or one below it, to which a link leads: what lies there is somebody else's."""
        for one in (folder, *folder.parents):
            if one.is_symlink():
                raise CannotFinish(
                    f"{readable_path(one)} is a symbolic link, which is not followed; name the folder that it leads "
                    "to, or remove the link."
                )
            if one == self._root:
                return


class _Durable:
    """Opens files whose content is on the disk once they are closed."""

    @staticmethod
    def open(path: str, mode: str) -> Any:
        """A file to be written to."""
        return _DurableFile(path, mode)


class _DurableFile:
    def __init__(self, path: str, mode: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | _NO_FOLLOW | (os.O_APPEND if mode == "ab" else os.O_TRUNC)
        self._stream = os.fdopen(os.open(path, flags, 0o666), mode)
        self.write = self._stream.write

    def __enter__(self) -> "_DurableFile":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        finally:
            self._stream.close()


def _name(partial: Path, target: Path, *, replace: bool) -> None:
    if replace:
        partial.replace(target)
        return
    try:
        os.link(partial, target)
        partial.unlink()
    except FileExistsError:
        raise CannotFinish(
            f"{readable_path(target)} exists already and is never overwritten without --replace."
        ) from None
    except OSError:  # a file system without hard links; its rename would replace, so look first
        if os.path.lexists(target):
            raise
        partial.rename(target)


def _make_folders(folder: Path) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.is_dir()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        _sync(one.parent)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot; they write names at once
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entry(name: str, status: os.stat_result) -> Entry:
    if stat.S_ISDIR(status.st_mode):
        return Entry(name=name, is_folder=True)
    if stat.S_ISREG(status.st_mode):
        return Entry(name=name, size=status.st_size)
    return Entry(name=name, kind="symbolic link" if stat.S_ISLNK(status.st_mode) else "special file")
