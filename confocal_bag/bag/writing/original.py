"""A file outside the bag as it was when it was looked at, to notice that it changed."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Original", "has_changed", "look_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Name, size in bytes and modification time of a file. `name` tells it from the other files of the same work."""

    name: str
    size: int
    mtime_ns: int


def look_at(path: Path, *, name: str | None = None, expected: tuple[int, int] | None = None) -> Original | None:
    """The file as it is now, without opening it; None when no regular file is there to see.

    `name` is its absolute path unless given. Raises CannotFinish when size and time are not the ones expected.
    """
    try:
        now = path.lstat()
    except OSError:
        return None  # whoever opens it gets to say why
    if not stat.S_ISREG(now.st_mode):
        return None
    if expected is not None and expected != (now.st_size, now.st_mtime_ns):
        raise has_changed(path)
    shown = os.path.abspath(path) if name is None else name  # noqa: PTH100 - a link in the path stays a link
    return Original(name=shown, size=now.st_size, mtime_ns=now.st_mtime_ns)


def has_changed(path: Path) -> CannotFinish:
    """The sentence for a file that is no longer what it was."""
    return CannotFinish(
        f"{readable_path(path)} changed after it was inspected; "
        "wait until nothing writes to it any more and start again."
    )
