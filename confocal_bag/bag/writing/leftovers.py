"""What an earlier, unfinished run left in the staging folder, and what of it can be trusted."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from confocal_bag.bag.fixity import hash_file
from confocal_bag.bag.writing.journal import Journal, JournalEntry
from confocal_bag.bag.writing.original import Original
from confocal_bag.bag.writing.staging import cannot_write

__all__ = ["Leftovers", "files_below"]


class Leftovers:
    """The files of an earlier run that its journal vouches for, until they are taken over or dropped.

    A name in the journal is no proof. A file is taken over only when its bytes, hashed again now, have the digests
    that the journal holds, and a copy only when its source still has the size and the time that it had.
    """

    def __init__(self, bag: Path) -> None:
        self._bag = bag
        self._journal: Journal | None = None
        self._waiting: set[str] = set()

    def collect(self, journal: Journal) -> None:
        """See what lies there, and delete whatever the journal does not vouch for. Raises OSError."""
        self._journal = journal
        vouched = journal.targets
        strangers = []
        for path in files_below(self._bag):
            target = path.relative_to(self._bag).as_posix()
            if target in vouched:
                self._waiting.add(target)
            else:
                strangers.append(path)
        for path in strangers:
            path.unlink()

    def take(self, target: str, source: Original | None) -> JournalEntry | None:
        """The entry of a file that can stay as it lies there; else None, and whatever lies there is deleted.

        `source` is what the file would be copied from now, None for a file that the program makes. Raises
        CannotFinish when what cannot stay cannot be deleted either.
        """
        if self._journal is None or target not in self._waiting:
            return None
        entry = self._entry(self._journal, target)
        if entry is None or entry.source != source or not self._is_unchanged(entry):
            self.drop(target)
            return None
        self._waiting.discard(target)
        return entry

    def drop(self, target: str) -> None:
        """Delete a file that is to be made anew. Raises CannotFinish."""
        if target not in self._waiting:
            return
        try:
            self._bag.joinpath(*target.split("/")).unlink()
        except OSError as error:
            raise cannot_write(target, error) from error
        self._waiting.discard(target)

    def drop_all(self) -> None:
        """Delete what nobody took over. Raises CannotFinish."""
        for target in sorted(self._waiting):
            self.drop(target)

    def _entry(self, journal: Journal, target: str) -> JournalEntry | None:
        try:
            return journal.find(target)
        except OSError:
            return None  # a journal that cannot be read back vouches for nothing

    def _is_unchanged(self, entry: JournalEntry) -> bool:
        path = self._bag.joinpath(*entry.target.split("/"))
        try:
            return hash_file(path, list(entry.fixity.digests)) == entry.fixity
        except OSError:
            return False  # a file that cannot be read back is made anew


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, links and other special files included, none of them followed. Raises OSError."""

    def stop(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, onerror=stop):
        for name in (*names, *folders):
            path = Path(parent, name)
            if not stat.S_ISDIR(path.lstat().st_mode):
                yield path
