"""Whether one path lies inside another, whatever links lead there: asked before anything is written."""

import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["folders_around", "lies_in"]


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file or folder, which need not exist yet, is `folder` or lies somewhere below it.

    Links and ".." are followed on both sides; of a path that is itself a link, both its own place and where it leads
    count. Names that the file system takes for one, as where letters may be written large or small, are one.
    """
    whole = _followed(folder)
    try:
        wanted = whole.stat()
    except OSError:
        return whole in folders_around(path)  # what is not there can be told by its name only
    return any(one == whole or _is(one, wanted) for one in folders_around(path))


def folders_around(path: Path) -> Iterator[Path]:
    """The path as it lies on this machine, and each folder that it lies in, the nearest first; as `lies_in` sees it."""
    # A path that ends in ".." or is "." names a folder without its name, which only the way there tells.
    place = _followed(path.parent) / path.name if path.name not in ("", "..") else _followed(path)
    target = _followed(path)
    yield from dict.fromkeys((place, *place.parents, target, *target.parents))


def _followed(path: Path) -> Path:
    """The path without links and ".."; unlike Path.resolve this takes links that lead in a circle."""
    return Path(os.path.realpath(path))


def _is(one: Path, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(one.stat(), wanted)
    except OSError:
        return False
