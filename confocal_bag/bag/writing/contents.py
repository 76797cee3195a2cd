"""The finished files of a bag in the making, and whether they still are what was hashed."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock

from confocal_bag.bag.digester import OnBytes
from confocal_bag.bag.fixity import Fixity, NotARegularFile, hash_file, hash_stream
from confocal_bag.bag.writing.leftovers import files_below
from confocal_bag.bag.writing.staging import cannot_write
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Contents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finished:
    """One file; the time of its last change tells a later change."""

    fixity: Fixity
    changed_ns: int


class Contents:
    """What was written into the folder `bag`. `add` may be called from several threads.

    Files are hashed by `algorithms`.
    """

    def __init__(self, bag: Path, algorithms: Sequence[str]) -> None:
        self._bag = bag
        self.algorithms = algorithms
        self._files: dict[str, _Finished] = {}
        self._lock = Lock()

    def path(self, target: str) -> Path:
        """Where a file of the bag lies."""
        return self._bag.joinpath(*target.split("/"))

    def add(self, target: str, fixity: Fixity) -> Fixity:
        """Remember a file that is complete; its fixity is returned."""
        with self._lock:
            self._files[target] = _Finished(fixity=fixity, changed_ns=self.path(target).lstat().st_mtime_ns)
        return fixity

    def make_room(self, target: str) -> Path:
        """Make the folders of a file that is to be written, and return where it is to lie. Raises CannotFinish."""
        path = self.path(target)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(target, error) from error
        return path

    def write(self, target: str, content: bytes, *, on_bytes: OnBytes | None = None) -> Fixity:
        """Write a small file and remember it. Raises CannotFinish."""
        path = self.path(target)
        try:
            with path.open("xb") as stream:
                try:
                    stream.write(content)
                    stream.flush()
                except BaseException:
                    path.unlink()
                    raise
        except OSError as error:
            raise cannot_write(target, error) from error
        fixity = hash_stream(BytesIO(content).read, self.algorithms, size=len(content), on_bytes=on_bytes)
        return self.add(target, fixity)

    def read_back(self, target: str, *, on_bytes: OnBytes | None = None) -> Fixity:
        """Hash a file that was written here by somebody else. Raises CannotFinish."""
        path = self.path(target)
        try:
            return hash_file(path, self.algorithms, on_bytes=on_bytes)
        except NotARegularFile:
            raise CannotFinish(
                f"{readable_path(target)} is not a regular file, and a bag holds nothing else."
            ) from None
        except OSError as error:
            raise CannotFinish(f"{readable_path(path)} cannot be read back ({error.strerror}).") from error

    def remove(self, target: str) -> None:
        """Delete a finished file. Raises CannotFinish."""
        try:
            self.path(target).unlink()
        except OSError as error:
            raise cannot_write(target, error) from error
        with self._lock:
            del self._files[target]

    def __contains__(self, target: str) -> bool:
        return target in self._files

    def payload(self) -> dict[str, Fixity]:
        """The files below data/, in the order in which they were finished."""
        return {target: one.fixity for target, one in self._files.items() if target.startswith("data/")}

    def tag_files(self) -> dict[str, Fixity]:
        """All other files, in the order in which they were finished."""
        return {target: one.fixity for target, one in self._files.items() if not target.startswith("data/")}

    def paths(self) -> list[Path]:
        """Where the files lie."""
        return [self.path(target) for target in self._files]

    def compare_with_disk(self, unfinished: Collection[str]) -> None:
        """Make sure that the folder holds exactly what was hashed; folders without files are removed.

        `unfinished` are targets that may not be there. Raises CannotFinish, ValueError for one of these, and OSError.
        """
        seen = set()
        for path in files_below(self._bag):
            target = path.relative_to(self._bag).as_posix()
            if target in unfinished:
                raise ValueError(f"{target!r} was placed and written, but not adopted")
            if target not in self._files:
                raise CannotFinish(
                    f"{readable_path(target)} lies in the unfinished bag, but nobody announced it; "
                    "remove what writes there and start again."
                )
            self._compare(target, path)
            seen.add(target)
        for target in self._files.keys() - seen:
            raise _changed(target)
        self._remove_empty_folders()

    def _compare(self, target: str, path: Path) -> None:
        """A new time of change may be a network disk's doing; only other bytes are a reason to stop."""
        known, now = self._files[target], path.lstat()
        if (now.st_mtime_ns, now.st_size) == (known.changed_ns, known.fixity.size):
            return
        try:
            fixity = hash_file(path, self.algorithms)
        except NotARegularFile:
            raise _changed(target) from None
        if fixity != known.fixity:
            raise _changed(target)

    def _remove_empty_folders(self) -> None:
        for folder, _, _ in os.walk(self._bag, topdown=False):
            if folder != os.fspath(self._bag) and not any(Path(folder).iterdir()):
                Path(folder).rmdir()
        (self._bag / "data").mkdir(exist_ok=True)


def _changed(target: str) -> CannotFinish:
    return CannotFinish(
        f"{readable_path(target)} was changed in the unfinished bag after it was hashed; "
        "find what writes there and start again."
    )
