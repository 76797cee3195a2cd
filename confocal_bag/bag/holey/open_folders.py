"""Folders of a bag opened one inside the other, so that no link leads out of it.

Not even exchanging a folder for a link in between does: a path is followed name by name, each in the folder that is
open already.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from confocal_bag.bag.writing.folder_lock import UNSUPPORTED
from confocal_bag.findings import readable_path

__all__ = ["FOLDER", "CannotPlace", "open_folder", "size_in_bag", "state_of", "sync_open_folder"]

#: How a folder is opened.
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class CannotPlace(Exception):  # noqa: N818 - says what was seen
    """A file cannot get its name in the bag; the text says why."""


def size_in_bag(bag: int, path: str) -> int | None:
    """The size of a file in the bag that is open as `bag`, None where the name is free.

    Raises CannotPlace where a parent is a link or no folder, or something that is no file has the name; and OSError.
    """
    *folders, name = path.split("/")
    try:
        with open_folder(bag, folders, create=False) as parent:
            state = state_of(parent, name)
    except FileNotFoundError:
        return None
    if state is None:
        return None
    if not stat.S_ISREG(state.st_mode):
        raise CannotPlace("a folder, link or device has its name")
    return state.st_size


def state_of(parent: int, name: str) -> os.stat_result | None:
    """What has that name in an open folder; None where nothing has. Raises OSError."""
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


@contextmanager
def open_folder(bag: int, folders: Sequence[str], *, create: bool) -> Iterator[int]:
    """The folder at that path inside the bag, opened name by name without following a link."""
    now = os.dup(bag)
    try:
        for depth, name in enumerate(folders, 1):
            inside = _open_inside(now, name, "/".join(folders[:depth]), create=create)
            os.close(now)
            now = inside
        yield now
    finally:
        os.close(now)


def _open_inside(parent: int, name: str, shown: str, *, create: bool) -> int:
    if create:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=parent)
    try:
        return os.open(name, FOLDER, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise CannotPlace(f"{readable_path(shown)} is a link or no folder") from error
        raise


def sync_open_folder(folder: int) -> None:
    """Make the names in an open folder durable, where the system can do that. Raises OSError."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in UNSUPPORTED:  # some file systems cannot sync a folder, and lose nothing by it
            raise
