"""Put a new folder in the place of an old one so that the name always holds a whole one.

The new folder is made beside the old one, on the same file system, in a hidden folder whose name follows from
the old one's, so that the next run finds what a killed one left behind:

    .NAME.confocal-bag-update/
      lock     held for as long as somebody works here
      new/     what is being made; after an exchange in one step, what was there before
      old/     where there is no exchange in one step: what was there before

Where the system can exchange two names in one step (see `exchange`), NAME is never without a folder. Elsewhere
there is a moment between two renames in which NAME is absent while `old` and `new` are both whole; whoever comes
next finishes the second rename. `old` is only ever made once `new` is complete, so its presence says that.
"""

import errno
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from confocal_bag.bag.changing.exchange import exchange
from confocal_bag.bag.writing.durable import sync_folder
from confocal_bag.bag.writing.staging import cannot_write
from confocal_bag.bag.writing.workplace import Workplace, hidden_beside
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Replacement", "describe_interruption", "recover", "workplace"]

_SUFFIX = ".confocal-bag-update"


def workplace(destination: Path) -> Path:
    """The hidden folder beside a destination in which its replacement is made."""
    return hidden_beside(destination, _SUFFIX)


def describe_interruption(destination: Path) -> str | None:
    """What an interrupted update left at this path, in a sentence; None when there is nothing. Only looks."""
    place = workplace(_settled(destination))
    if not os.path.lexists(place):
        return None
    shown = readable_path(destination)
    if os.path.lexists(destination):
        return (
            f"{readable_path(place)} is left from an update of {shown} that was interrupted or is still under way; "
            "the bag itself is whole, as it was before the update or as it is after it."
        )
    if os.path.lexists(place / "old"):
        return (
            f"An update of {shown} was interrupted between taking the old bag away and putting the new one in its "
            f"place; both are whole and lie in {readable_path(place)}."
        )
    return f"{readable_path(place)} is left from work on {shown} that was interrupted before anything was finished."


def recover(destination: Path) -> str | None:
    """Finish or undo what a killed run left at this path; say what was done, None when there was nothing.

    Raises CannotFinish when another run is at work there, or when it cannot be done.
    """
    destination = _settled(destination)
    if not os.path.lexists(workplace(destination)):
        return None
    replacement = Replacement(destination)
    replacement.open()
    replacement.remove()
    return replacement.recovered


class Replacement:
    """A locked workplace. Open it, fill `new`, commit it; remove it whatever happened."""

    def __init__(self, destination: Path) -> None:
        self.destination = _settled(destination)
        self.folder = workplace(self.destination)
        self.new = self.folder / "new"
        self.recovered: str | None = None
        self._old = self.folder / "old"
        self._workplace = Workplace(self.folder, self.destination, holds=("new", "old"))

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.remove()
        except CannotFinish as left:
            if error is None:
                raise
            error.add_note(str(left))

    def open(self) -> None:
        """Make and lock the workplace; first finish what a killed run left there. Raises CannotFinish."""
        try:
            found = self._workplace.claim()
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        try:
            self.recovered = self._finish_renames() if found else None
            _remove_tree(self._old)
            _remove_tree(self.new)
        except OSError as error:
            self._workplace.release()
            raise cannot_write(self.folder, error) from error

    def commit(self) -> None:
        """Put `new`, which must be complete and durable, in the place of the destination. Raises CannotFinish."""
        try:
            sync_folder(self.folder)
            if not os.path.lexists(self.destination):
                self.new.rename(self.destination)
            elif not exchange(self.new, self.destination):
                self._exchange_in_two_steps()
            sync_folder(self.destination.parent)
            sync_folder(self.folder)
        except OSError as error:
            raise CannotFinish(
                f"{readable_path(self.destination)} cannot be given its new content ({error.strerror or error}); "
                "check that you may write to it and to the folder it lies in."
            ) from error

    def publish(self) -> None:
        """Give `new`, which must be complete and durable, a name that nothing has yet. Raises CannotFinish."""
        if os.path.lexists(self.destination):
            raise CannotFinish(
                f"{readable_path(self.destination)} exists and is never overwritten; choose another name."
            )
        self.commit()

    def remove(self) -> None:
        """Remove the workplace with all that is left in it and give the lock back. Raises CannotFinish.

        A destination that is absent while `old` is there gets its folder first; nothing is removed before that.
        """
        try:
            try:
                if os.path.lexists(self._old) and not os.path.lexists(self.destination):
                    self._finish_renames()
                _remove_tree(self.new)
                _remove_tree(self._old)
            finally:
                self._workplace.release()
            self._remove_folder()
        except OSError as error:
            raise self._left_behind(error) from error

    def _remove_folder(self) -> None:
        try:
            self.folder.rmdir()
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
                raise  # else the next run is at work here already
        sync_folder(self.folder.parent)

    def _left_behind(self, error: OSError) -> CannotFinish:
        place, name = readable_path(self.folder), readable_path(self.destination)
        if os.path.lexists(self._old) and not os.path.lexists(self.destination):
            return CannotFinish(
                f"{place} holds what belongs at {name} and cannot be renamed ({error.strerror}); "
                "run the command again when it can."
            )
        return CannotFinish(
            f"{place} cannot be removed ({error.strerror}); {name} is as it should be, "
            "and the next update removes what is left."
        )

    def _exchange_in_two_steps(self) -> None:
        self.destination.rename(self._old)
        try:
            self.new.rename(self.destination)
        except OSError:
            self._old.rename(self.destination)
            raise

    def _finish_renames(self) -> str:
        """After a kill: the destination holds a whole folder again."""
        if os.path.lexists(self.destination):
            return f"what was left of an interrupted update of {readable_path(self.destination)} was removed"
        if os.path.lexists(self._old) and os.path.lexists(self.new):
            self.new.rename(self.destination)
            sync_folder(self.destination.parent)
            return f"the interrupted update of {readable_path(self.destination)} was finished"
        if os.path.lexists(self._old):
            self._old.rename(self.destination)
            sync_folder(self.destination.parent)
            return f"the interrupted update of {readable_path(self.destination)} was undone"
        return f"what was left of interrupted work on {readable_path(self.destination)} was removed"


def _settled(destination: Path) -> Path:
    """The path of the folder itself: a name that is a link is no name to put another folder under."""
    return destination.resolve()


def _remove_tree(folder: Path) -> None:
    """Remove a folder that this tool made or replaced; its files may be linked from elsewhere and keep their modes."""
    if not os.path.lexists(folder):
        return
    _make_writable(folder)
    for parent, folders, _ in os.walk(folder):
        for name in folders:
            path = Path(parent, name)
            if not path.is_symlink():
                _make_writable(path)
    shutil.rmtree(folder)


def _make_writable(folder: Path) -> None:
    """A folder kept read-only in a bag would refuse to let go of its files."""
    mode = folder.stat().st_mode
    if mode & 0o700 != 0o700:
        folder.chmod(mode | 0o700)
