"""The hidden folder in which a bag is made, beside its destination and on the same file system.

The folder's name follows from the destination's, so that the next run finds what a killed one left behind.
A lock file inside tells a leftover from a bag that is being made at this moment.

    .NAME.confocal-bag-staging/
      lock           held for as long as the bag is being made
      journal.jsonl  which files are finished; only where the work can be resumed
      bag/           becomes NAME in one rename
"""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from confocal_bag.bag.writing.folder_lock import UNSUPPORTED, FolderLock, LockOutcome
from confocal_bag.bag.writing.journal import Journal
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["JOURNAL", "Staging", "cannot_write", "staged_bytes", "staging_path", "sync_files", "sync_folder"]

JOURNAL = "journal.jsonl"

_SUFFIX = ".confocal-bag-staging"
_LONGEST_NAME_BYTES = 255
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def staging_path(destination: Path) -> Path:
    """Where the bag for that destination is made."""
    name = f".{destination.name}{_SUFFIX}"
    if len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        name = f".{hashlib.sha256(os.fsencode(destination.name)).hexdigest()}{_SUFFIX}"
    return destination.parent / name


def staged_bytes(destination: Path) -> int:
    """How much room on the disk an earlier run for that destination holds, which the next run uses or frees."""
    return sum(_size(Path(parent, name)) for parent, _, names in os.walk(staging_path(destination)) for name in names)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0  # the run may be at work just now


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
    """A locked staging folder. Open it, fill `bag`, publish it; then remove it, or leave it for a later run."""

    def __init__(self, destination: Path) -> None:
        self.destination = destination
        self.folder = staging_path(destination)
        self.bag = self.folder / "bag"
        self._lock = FolderLock(self.folder / "lock")

    def open(self, journal: Journal | None = None, *, discard: bool = False) -> bool:
        """Create and lock the folder; whether `journal` goes on with what an earlier run left in `bag`.

        Without a journal, with `discard`, and when the journal found there is of other work, whatever an earlier run
        left is removed. Raises CannotFinish.
        """
        self._refuse_existing()
        if not self.destination.parent.is_dir():
            raise CannotFinish(
                f"The folder {readable_path(self.destination.parent)} does not exist; "
                "create it or choose another destination."
            )
        found = True
        try:
            found = self._create_folder()
            self._take_lock()
            self._refuse_existing()  # again: the run that held the lock may just have finished this bag
            return self._prepare(journal, discard=discard)
        except BaseException as error:
            self._undo(found=found)
            if isinstance(error, OSError):
                raise cannot_write(self.folder, error) from error
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

    def leave(self) -> None:
        """Give the lock back and leave everything else for a later run."""
        with contextlib.suppress(OSError):  # a lock file that stays is taken over by the next run
            self._lock.release()

    def remove(self) -> None:
        """Remove the folder with all that is left in it and give the lock back. Raises CannotFinish."""
        try:
            _remove_all(self.bag)
            (self.folder / JOURNAL).unlink(missing_ok=True)
            self._lock.release()
            self.folder.rmdir()
        except OSError as error:
            self.leave()
            raise CannotFinish(
                f"{readable_path(self.folder)} cannot be removed ({error.strerror}); "
                "it holds an unfinished bag and may be deleted."
            ) from error

    def _undo(self, *, found: bool) -> None:
        """After an opening that failed: what was there before stays, what was made goes."""
        if found:
            self.leave()
        elif self._lock.is_held:
            self.remove()
        else:
            with contextlib.suppress(OSError):  # it is not empty when another run was quicker: then it is theirs
                self.folder.rmdir()

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
            strangers = sorted({path.name for path in self.folder.iterdir()} - {"lock", "bag", JOURNAL})
            if strangers:
                raise CannotFinish(
                    f"{readable_path(self.folder / strangers[0])} is in the way and is not of this tool; "
                    "move it elsewhere."
                ) from None
            return True
        return False

    def _take_lock(self) -> None:
        outcome = self._lock.take()
        if outcome is LockOutcome.IN_USE:
            raise CannotFinish(
                f"{readable_path(self.destination)} is being made by another run of confocal-bag; wait for it to end."
            )
        if outcome is LockOutcome.UNKNOWN:
            raise CannotFinish(
                f"{readable_path(self.folder)} is left from an earlier run, and this file system cannot tell whether "
                "that run has ended. If it has, delete the file lock in that folder to go on from there, or the "
                "folder to start anew."
            )

    def _prepare(self, journal: Journal | None, *, discard: bool) -> bool:
        if journal and not discard and self.bag.is_dir() and not self.bag.is_symlink() and journal.resume():
            return True
        _remove_all(self.bag)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        self.bag.mkdir()
        if journal:
            journal.begin()
        return False


def _remove_all(path: Path) -> None:
    """Remove a folder with everything in it, or whatever else has that name; links are not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can do that."""
    if os.name == "nt":
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
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)
