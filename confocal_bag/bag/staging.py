"""The hidden folder in which a bag is made, beside its destination and on the same file system.

The folder's name follows from the destination's, so that the next run finds what a killed one left behind.
A lock file inside tells a leftover from a bag that is being made at this moment.

    .NAME.confocal-bag-staging/
      lock     held for as long as the bag is being made
      bag/     becomes NAME in one rename
"""

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Staging", "cannot_write", "staging_path", "sync_files", "sync_folder"]

_SUFFIX = ".confocal-bag-staging"
_LONGEST_NAME_BYTES = 255
#: What a file system says that has no locks, or that cannot sync a folder.
_UNSUPPORTED = {errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def staging_path(destination: Path) -> Path:
    """Where the bag for that destination is made."""
    name = f".{destination.name}{_SUFFIX}"
    if len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        name = f".{hashlib.sha256(os.fsencode(destination.name)).hexdigest()}{_SUFFIX}"
    return destination.parent / name


def cannot_write(path: Path | str, error: OSError) -> CannotFinish:
    """The sentence for a write that failed."""
    if error.errno in _NO_SPACE:
        return CannotFinish(
            f"There is no space left for {readable_path(path)}; free some or choose another destination."
        )
    return CannotFinish(
        f"{readable_path(path)} cannot be written ({error.strerror or error}); "
        "choose a destination that can be written to, and names that it can hold."
    )


class Staging:
    """A locked staging folder. Open it, fill `bag`, publish it; remove it whatever happened."""

    def __init__(self, destination: Path) -> None:
        self.destination = destination
        self.folder = staging_path(destination)
        self.bag = self.folder / "bag"
        self._lock: int | None = None

    def open(self) -> None:
        """Create and lock the folder, removing what a killed run left behind. Raises CannotFinish."""
        self._refuse_existing()
        if not self.destination.parent.is_dir():
            raise CannotFinish(
                f"The folder {readable_path(self.destination.parent)} does not exist; "
                "create it or choose another destination."
            )
        try:
            found = self._create_folder()
            self._take_lock(found=found)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        try:
            self._refuse_existing()  # again: the run that held the lock may just have finished this bag
            if os.path.lexists(self.bag):
                shutil.rmtree(self.bag)
            self.bag.mkdir()
        except OSError as error:
            self.remove()
            raise cannot_write(self.folder, error) from error
        except BaseException:
            self.remove()
            raise

    def publish(self) -> None:
        """Give the finished bag its final name, never in place of something else."""
        self._refuse_existing()
        try:
            # This would replace an empty folder made since the line above, which loses nothing; it fails on
            # anything else.
            self.bag.rename(self.destination)
            sync_folder(self.destination.parent)
        except OSError as error:
            raise cannot_write(self.destination, error) from error

    def remove(self) -> None:
        """Remove the folder with all that is left in it and give the lock back. Raises CannotFinish."""
        try:
            if os.path.lexists(self.bag):
                shutil.rmtree(self.bag)
            if sys.platform == "win32":
                self._release()  # an open file cannot be deleted there
            (self.folder / "lock").unlink(missing_ok=True)
            self.folder.rmdir()
        except OSError as error:
            raise CannotFinish(
                f"{readable_path(self.folder)} cannot be removed ({error.strerror}); "
                "it holds an unfinished bag and may be deleted."
            ) from error
        finally:
            self._release()

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _refuse_existing(self) -> None:
        if not self.destination.name or os.path.lexists(self.destination):
            raise CannotFinish(
                f"{readable_path(self.destination)} exists already and is never overwritten; "
                "choose another destination."
            )

    def _create_folder(self) -> bool:
        """Make the folder; whether there was one already. What is not of this tool is left alone."""
        try:
            self.folder.mkdir()
        except FileExistsError:
            if self.folder.is_symlink() or not self.folder.is_dir():
                raise CannotFinish(
                    f"{readable_path(self.folder)} is in the way and is no folder of this tool; rename it."
                ) from None
            strangers = sorted({path.name for path in self.folder.iterdir()} - {"lock", "bag"})
            if strangers:
                raise CannotFinish(
                    f"{readable_path(self.folder / strangers[0])} is in the way and is not of this tool; "
                    "move it elsewhere."
                ) from None
            return True
        return False

    def _take_lock(self, *, found: bool) -> None:
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            held = _lock(lock)
            if held is False or (held and not self._is_current(lock)):
                raise CannotFinish(
                    f"{readable_path(self.destination)} is being made by another run of confocal-bag; "
                    "wait for it to end."
                )
            if held is None and found:
                raise CannotFinish(
                    f"{readable_path(self.folder)} is left from an earlier run, and this file system "
                    "cannot tell whether that run has ended; delete the folder if it has."
                )
        except BaseException:
            os.close(lock)
            raise
        self._lock = lock

    def _is_current(self, lock: int) -> bool:
        """Whether the locked file is still the one in the folder; the run before may just have removed it."""
        try:
            return os.path.samestat(os.fstat(lock), (self.folder / "lock").stat())
        except FileNotFoundError:
            return False


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can do that."""
    if sys.platform == "win32":
        return
    sync_file(folder)


def sync_files(paths: Iterable[Path]) -> None:
    """Make many files durable; several at once, because a disk takes their commits together."""
    waiting = iter(paths)
    pool = ThreadPoolExecutor(8, thread_name_prefix="sync")
    try:
        while batch := list(islice(waiting, 500)):
            for _ in pool.map(sync_file, batch):
                pass  # taking each result raises what went wrong
    finally:
        pool.shutdown(cancel_futures=True)


def sync_file(path: Path) -> None:
    """Make a file or folder durable. Raises OSError when the disk reports that it could not."""
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)


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
        if error.errno not in _UNSUPPORTED:
            raise
        return None
    return True
