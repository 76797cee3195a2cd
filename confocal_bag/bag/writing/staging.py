"""The hidden folder in which a bag is made, beside its destination and on the same file system.

.NAME.confocal-bag-staging/
  lock           held for as long as the bag is being made
  journal.jsonl  which files are finished; only where the work can be resumed
  bag/           becomes NAME in one rename
"""

import contextlib
import errno
import os
import shutil
from pathlib import Path

from confocal_bag.bag.writing.durable import sync_folder
from confocal_bag.bag.writing.journal import Journal
from confocal_bag.bag.writing.workplace import Workplace, hidden_beside
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["JOURNAL", "Staging", "cannot_write", "staged_bytes", "staging_path"]

JOURNAL = "journal.jsonl"

_SUFFIX = ".confocal-bag-staging"
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def staging_path(destination: Path) -> Path:
    """Where the bag for that destination is made."""
    return hidden_beside(destination, _SUFFIX)


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
    """A locked staging folder. Open it, fill `bag`, publish it; then remove it, or leave it for a later run.

    A journal it was opened with is closed when it is left or removed.
    """

    def __init__(self, destination: Path) -> None:
        self.destination = destination
        self.folder = staging_path(destination)
        self.bag = self.folder / "bag"
        self._workplace = Workplace(self.folder, destination, holds=("bag", JOURNAL))
        self._journal: Journal | None = None

    @property
    def kept(self) -> str:
        """Where the finished files are once it is left, and what to do with them, in a sentence."""
        return (
            f"What is finished so far is kept in {readable_path(self.folder)}: give the same command again "
            "to go on from there, or delete that folder to throw it away."
        )

    def open(self, journal: Journal | None = None, *, discard: bool = False) -> bool:
        """Create and lock the folder; whether `journal` goes on with what an earlier run left in `bag`.

        Without a journal, with `discard`, and when the journal found there is of other work, whatever an earlier run
        left is removed. Raises CannotFinish.
        """
        self._journal = journal
        self._refuse_existing()
        if not self.destination.parent.is_dir():
            raise CannotFinish(
                f"The folder {readable_path(self.destination.parent)} does not exist; "
                "create it or choose another destination."
            )
        found = True
        try:
            found = self._workplace.claim()
            self._refuse_existing()  # again: the run that held the lock may just have finished this bag
            return self._prepare(journal, discard=discard)
        except BaseException as error:
            if found:  # what was there before stays, what was made goes
                self.leave()
            else:
                self.remove()
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
        self._close_journal()
        with contextlib.suppress(OSError):  # a lock file that stays is taken over by the next run
            self._workplace.release()

    def remove(self) -> None:
        """Remove the folder with all that is left in it and give the lock back. Raises CannotFinish."""
        self._close_journal()
        try:
            _remove_all(self.bag)
            (self.folder / JOURNAL).unlink(missing_ok=True)
            self._workplace.release()
            self.folder.rmdir()
        except OSError as error:
            self.leave()
            raise CannotFinish(
                f"{readable_path(self.folder)} cannot be removed ({error.strerror}); "
                "it holds an unfinished bag and may be deleted."
            ) from error

    def _close_journal(self) -> None:
        if self._journal:
            self._journal.close()

    def _refuse_existing(self) -> None:
        if not self.destination.name or os.path.lexists(self.destination):
            raise CannotFinish(
                f"{readable_path(self.destination)} exists already and is never overwritten; "
                "choose another destination."
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
