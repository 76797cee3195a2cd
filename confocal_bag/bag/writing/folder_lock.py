"""A lock file that tells a bag in the making from what a dead run left behind."""

import errno
import os
import sys
from enum import StrEnum
from pathlib import Path

__all__ = ["UNSUPPORTED", "FolderLock", "LockOutcome"]

#: What a file system says that has no locks, or that cannot sync a folder.
UNSUPPORTED = {errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class LockOutcome(StrEnum):
    """What became of an attempt to take the lock."""

    TAKEN = "taken"
    IN_USE = "a living process holds it"
    UNKNOWN = "the file lies there, and this file system cannot tell whether anybody holds it"


class FolderLock:
    """Held by one process at a time; the system gives it back when that process dies, however it dies.

    Where a file system has no locks, the file itself is the lock: it is there until its owner ends in an orderly
    way.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def take(self) -> LockOutcome:
        """Try to take the lock, without waiting. Raises OSError when the file cannot be made or opened."""
        descriptor, found = self._open()
        try:
            outcome = self._judge(_lock(descriptor), descriptor, found=found)
        except BaseException:
            os.close(descriptor)
            raise
        if outcome is LockOutcome.TAKEN:
            self._descriptor = descriptor
        else:
            os.close(descriptor)
        return outcome

    def release(self) -> None:
        """Remove the file and give the lock back, if it was taken.

        Raises OSError when the file cannot be removed; the lock is free all the same.
        """
        if self._descriptor is None:
            return
        if sys.platform == "win32":
            self._close()  # an open file cannot be deleted there
        try:
            self._path.unlink(missing_ok=True)
        finally:
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> tuple[int, bool]:
        """The open lock file, and whether it was there before."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            return os.open(self._path, flags | os.O_EXCL, 0o666), False
        except FileExistsError:
            return os.open(self._path, flags, 0o666), True

    def _judge(self, locked: bool | None, descriptor: int, *, found: bool) -> LockOutcome:  # noqa: FBT001 - see _lock
        if locked is None:
            return LockOutcome.UNKNOWN if found else LockOutcome.TAKEN
        return LockOutcome.TAKEN if locked and self._is_current(descriptor) else LockOutcome.IN_USE

    def _is_current(self, descriptor: int) -> bool:
        """Whether the locked file is still the one in the folder; the run before may just have removed it."""
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False


def _lock(descriptor: int) -> bool | None:
    """Lock an open file without waiting: True for done, False for held by another, None for no locks here."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        return None
    return True
