"""The bags on a shelf: folders and archives, found without following a link or looking into a bag."""

import os
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from confocal_bag.bag.fixity import open_for_reading
from confocal_bag.bag.source import open_source
from confocal_bag.findings import CannotFinish

__all__ = ["FoundBag", "Survey", "bag_size"]

_ARCHIVE_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst")
_MANIFEST = re.compile(r"manifest-.+\.txt")
#: Folders of this program beside bags: bags in the making, and what an interrupted update left.
_OURS = re.compile(r"\..*confocal-bag.*")
#: A tar file is read so far for its bagit.txt, which writers put first or last; beyond, it counts as a bag.
_MOST_MEMBERS = 1000


class FoundBag(NamedTuple):
    """A bag by its path from the shelf, with `/` between components, and whether it is an archive."""

    path: str
    is_archive: bool


@dataclass(kw_only=True)
class Survey:
    """One walk over a shelf. `is_known` says of a path whether it was a bag before, whatever it looks like now.

    `unreadable` fills with the folders below which nothing could be seen, and the reasons.
    """

    shelf: Path
    is_known: Callable[[str], bool]
    unreadable: dict[str, str] = field(default_factory=dict)

    def bags(self) -> Iterator[FoundBag]:
        """Each bag, one folder after the other."""
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(self.shelf / folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable[folder] = error.strerror or str(error)
                continue
            if folder and (_looks_like_bag(entries) or self.is_known(folder)):
                yield FoundBag(folder, is_archive=False)
                continue
            folders: list[str] = []
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not _OURS.fullmatch(entry.name):
                        folders.append(path)
                elif entry.is_file(follow_symlinks=False) and self._is_archive(path, entry.name):
                    yield FoundBag(path, is_archive=True)
            waiting += reversed(folders)

    def _is_archive(self, path: str, name: str) -> bool:
        """Whether it is a bag in an archive; one that cannot be looked into is taken for one, so that it is said."""
        if not name.lower().endswith(_ARCHIVE_ENDINGS) or _OURS.fullmatch(name):
            return False
        return self.is_known(path) or _may_hold_bag(self.shelf / path)


def _looks_like_bag(entries: list[os.DirEntry[str]]) -> bool:
    """A folder with bagit.txt, or one that lost it but has a manifest and data/."""
    names = {entry.name for entry in entries}
    return "bagit.txt" in names or ("data" in names and any(_MANIFEST.fullmatch(name) for name in names))


def _may_hold_bag(path: Path) -> bool:
    try:
        with os.fdopen(open_for_reading(path), "rb") as stream:
            if path.name.lower().endswith(".zip"):
                with zipfile.ZipFile(stream) as archive:
                    return any(map(_declares_bag, archive.namelist()))
            with tarfile.open(fileobj=stream, mode="r|*") as archive:
                for number, member in enumerate(archive):
                    if _declares_bag(member.name):
                        return True
                    if number >= _MOST_MEMBERS:
                        return True
            return False
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, tarfile.TarError, NotImplementedError):
        return True


def _declares_bag(name: str) -> bool:
    parts = name.removeprefix("./").split("/")
    return len(parts) <= 2 and parts[-1] == "bagit.txt"


def bag_size(path: Path) -> int:
    """The bytes of a bag that was never checked; 0 for one that cannot be looked at, which its check will say."""
    if path.is_file():
        return path.stat().st_size
    try:
        with open_source(path) as source:
            return sum(source.files.values())
    except CannotFinish:
        return 0
