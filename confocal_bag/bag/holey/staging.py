"""Where files lie while they are fetched.

The hidden folder `.NAME.confocal-bag-fetch` beside the bag holds one unfinished file for each address, so that the
next run goes on where this one stopped.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from confocal_bag.bag.holey.open_folders import FOLDER
from confocal_bag.bag.holey.unfinished import Download
from confocal_bag.bag.writing.folder_lock import UNSUPPORTED
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["FetchStaging", "fetch_staging_path"]


def fetch_staging_path(bag: Path) -> Path:
    """Where the unfinished files of that bag lie."""
    return bag.parent / f".{bag.name}.confocal-bag-fetch"


class FetchStaging:
    """The locked folder of unfinished files, and the open folder of the bag (`bag`)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = fetch_staging_path(root)
        self.bag = -1
        self._folder = -1

    def __enter__(self) -> Self:
        if not {os.open, os.link, os.mkdir, os.unlink, os.stat} <= os.supports_dir_fd:
            raise CannotFinish("This system cannot open a folder inside another; complete the bag on Linux or macOS.")
        try:
            self.bag = os.open(self.root, FOLDER)
            with suppress(FileExistsError):
                self.path.mkdir(mode=0o700)
            self._folder = os.open(self.path, FOLDER)
            self._lock()
        except OSError as error:
            self._close()
            raise CannotFinish(
                f"{readable_path(self.path)} cannot be used for unfinished files ({error.strerror}); "
                "make the folder of the bag writable, or remove what has this name."
            ) from error
        except CannotFinish:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with suppress(OSError):  # unfinished files stay for the next run
                self.path.rmdir()
        finally:
            self._close()

    def _lock(self) -> None:
        """Refuse a folder that others can write to when they cannot write to the bag, and one already in use."""
        import fcntl

        state, bag = os.fstat(self._folder), os.fstat(self.bag)
        is_foreign = state.st_uid not in (os.geteuid(), bag.st_uid)
        if is_foreign or (state.st_mode & ~bag.st_mode & 0o022):
            raise CannotFinish(
                f"{readable_path(self.path)} belongs to somebody else or others can write to it; "
                "remove it, after a look at what it holds."
            )
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in UNSUPPORTED:
                return
            raise CannotFinish(
                f"{readable_path(self.root)} is being completed by another run; wait for it to end."
            ) from error
        if not os.path.samestat(state, self.path.lstat()):
            raise CannotFinish(f"{readable_path(self.root)} was being completed by another run; start again.")

    def _close(self) -> None:
        for descriptor in (self._folder, self.bag):
            if descriptor >= 0:
                os.close(descriptor)
        self._folder = self.bag = -1

    @contextmanager
    def download(self, key: str) -> Iterator[Download]:
        """The unfinished file of that key, new or as the last run left it. Raises OSError."""
        download = Download(self._folder, key)
        try:
            yield download
        finally:
            download.close()

    def clear(self) -> None:
        """Remove unfinished files of earlier runs, once nothing is missing any more."""
        for name in os.listdir(self._folder):  # noqa: PTH208 - of an open folder
            if name.endswith((".part", ".json")):
                with suppress(OSError):
                    os.unlink(name, dir_fd=self._folder)

    def free_bytes(self) -> int:
        """How much more fits on the disk."""
        state = os.fstatvfs(self._folder)
        return state.f_bavail * state.f_frsize
