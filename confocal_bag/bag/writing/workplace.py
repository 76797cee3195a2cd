"""A hidden folder beside a destination, in which one run at a time makes what will have the destination's name.

Its name follows from the destination's, so that the next run finds what a killed one left behind. A lock file in it
tells such a leftover from work that is under way.
"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from confocal_bag.bag.writing.folder_lock import FolderLock, LockOutcome
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Workplace", "hidden_beside"]

_LOCK = "lock"
_LONGEST_NAME_BYTES = 255


def hidden_beside(destination: Path, suffix: str) -> Path:
    """The hidden folder of that kind beside a destination; a name that would be too long is hashed."""
    name = f".{destination.name}{suffix}"
    if len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        name = f".{hashlib.sha256(os.fsencode(destination.name)).hexdigest()}{suffix}"
    return destination.parent / name


class Workplace:
    """The hidden folder and its lock; `holds` are the names that this tool gives to things in it."""

    def __init__(self, folder: Path, destination: Path, *, holds: Iterable[str]) -> None:
        self._folder = folder
        self._destination = destination
        self._known = {_LOCK, *holds}
        self._lock = FolderLock(folder / _LOCK)

    def claim(self) -> bool:
        """Make the folder and lock it; whether there was one already. What is not of this tool is left alone.

        Raises CannotFinish and OSError; then a folder that was made is gone again.
        """
        found = self._make()
        try:
            self._take_lock()
        except BaseException:
            if not found:
                with suppress(OSError):  # it is not empty when another run was quicker: then it is theirs
                    self._folder.rmdir()
            raise
        return found

    def release(self) -> None:
        """Give the lock back, if it was taken. Raises OSError where its file stays; it is free all the same."""
        self._lock.release()

    def _make(self) -> bool:
        try:
            self._folder.mkdir()
        except FileExistsError:
            self._refuse_strangers()
            return True
        return False

    def _refuse_strangers(self) -> None:
        if self._folder.is_symlink() or not self._folder.is_dir():
            raise CannotFinish(f"{readable_path(self._folder)} is in the way and is no folder of this tool; rename it.")
        strangers = sorted({path.name for path in self._folder.iterdir()} - self._known)
        if strangers:
            raise CannotFinish(
                f"{readable_path(self._folder / strangers[0])} is in the way and is not of this tool; "
                "move it elsewhere."
            )

    def _take_lock(self) -> None:
        outcome = self._lock.take()
        if outcome is LockOutcome.IN_USE:
            raise CannotFinish(
                f"Another run of confocal-bag is at work on {readable_path(self._destination)}; wait for it to end."
            )
        if outcome is LockOutcome.UNKNOWN:
            raise CannotFinish(
                f"{readable_path(self._folder)} is left from an earlier run, and this file system cannot tell "
                f"whether that run has ended. If it has, delete the file {readable_path(self._folder / _LOCK)} "
                "and run the command again."
            )
