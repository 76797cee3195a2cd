"""Folders for what is unpacked or fetched for a while: nobody else may enter them, and a later run deletes leftovers.

What lies in them may hold names of people. Each folder is locked for as long as its process lives, so that a later run
on the same machine can tell which ones nobody needs any more.
"""

import os
import platform
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["PrivateFolder", "Purpose", "private_folder", "sweep"]

_NAME = "confocal-bag"


class Purpose(StrEnum):
    """What a private folder holds; a part of its name."""

    DEPOSIT = "deposit"
    MEMBERS = "members"
    BAG = "bag"
    PAGE = "page"
    FETCHED = "fetched"
    ARCHIVE = "archive"


class PrivateFolder:
    """A new folder among the temporary files, locked until it is removed; its name says what for.

    Raises CannotFinish where none can be made.
    """

    def __init__(self, purpose: Purpose) -> None:
        try:
            self.path, self._lock = _make(_prefix(purpose))
        except OSError as error:
            raise CannotFinish(f"No folder for temporary files can be made ({error.strerror}). Set TMPDIR.") from error

    def remove(self) -> bool:
        """Delete the folder with all that is in it, let go of its lock, and say whether it is gone.

        What could not be deleted a later run tries to delete.
        """
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        return not self.path.exists()


@contextmanager
def private_folder(purpose: Purpose) -> Iterator[Path]:
    """A private folder for the block, after those that killed runs have left were deleted.

    Raises CannotFinish where none can be made, or where it cannot be deleted although all went well.
    """
    sweep()
    folder = PrivateFolder(purpose)
    try:
        yield folder.path
    except BaseException:
        folder.remove()
        raise
    if not folder.remove():
        raise CannotFinish(
            f"The temporary folder {readable_path(folder.path)} could not be deleted. Delete it; all else was done."
        )


def sweep() -> None:
    """Delete the folders that runs which were killed on this machine have left among the temporary files.

    Where a system has no locks nothing tells them from those in use, and they stay.
    """
    beginnings = tuple(map(_prefix, Purpose))
    try:
        with os.scandir(tempfile.gettempdir()) as scan:
            found = [Path(one.path) for one in scan if one.name.startswith(beginnings) and _is_ours(one)]
    except OSError:
        return  # making a folder there will say what is wrong
    for path in found:
        lock = _lock(path)
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _prefix(purpose: Purpose) -> str:
    """What the names of the folders begin with; those of other machines, whose locks are not seen here, differ."""
    return f"{_NAME}-{purpose}-{zlib.crc32(platform.node().encode()):08x}-"


def _is_ours(entry: os.DirEntry[str]) -> bool:
    if sys.platform == "win32" or not entry.is_dir(follow_symlinks=False):
        return False
    return entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def _make(prefix: str) -> tuple[Path, int | None]:
    """A new folder and its lock; None where there are no locks."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix))
        lock = _lock(path)
        # Another run may have taken it, unlocked as it was for a moment, for one that was left.
        if path.is_dir():
            return path, lock
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """The descriptor that locks a folder; None where another process has it, it is gone, or there are no locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
