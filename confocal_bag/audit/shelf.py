"""The bags on a shelf: folders and archives, found without following a link or looking into a bag."""

import os
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from confocal_bag.bag.archives.compression import Compression, compression_of
from confocal_bag.bag.fixity import open_for_reading
from confocal_bag.bag.source import open_source
from confocal_bag.findings import CannotFinish

__all__ = ["FoundBag", "Survey", "Unread", "bag_size", "lies_there"]

_ARCHIVE_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst")
_MANIFEST = re.compile(r"manifest-.+\.txt")
#: Folders of this program beside bags: bags in the making, and what an interrupted update left.
_OURS = re.compile(r"\..*confocal-bag.*")
#: A tar file is read so far for its bagit.txt, which writers put first or last; beyond, it counts as a bag.
_MOST_MEMBERS = 1000


#: Archives that may hold bags and are not read.
_OTHER_ENDINGS = (".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.lz", ".tar.lzma", ".tar.z", ".7z", ".rar")


class FoundBag(NamedTuple):
    """A bag by its path from the shelf, with `/` between components, and whether it is an archive.

    One that does not look whole was a bag before, and at first sight is none any more.
    """

    path: str
    is_archive: bool
    looks_whole: bool = True


class Unread(StrEnum):
    """Why something that may hold bags was not looked into."""

    LINK = "a link, which is not followed"
    OTHER_ARCHIVE = "an archive of a kind that is not read"


@dataclass(kw_only=True)
class Survey:
    """One walk over a shelf. `is_known` says of a path whether it was a bag before, whatever it looks like now.

    `unreadable` fills with the folders below which nothing could be seen, and the reasons; `unread` with what was left
    out.
    """

    shelf: Path
    is_known: Callable[[str], bool]
    unreadable: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Unread] = field(default_factory=dict)

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
            if folder and _looks_like_bag(entries):
                yield FoundBag(folder, is_archive=False)
                continue
            if folder and _holds_something(entries) and self.is_known(folder):
                yield FoundBag(folder, is_archive=False, looks_whole=False)
                continue
            folders: list[str] = []
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_symlink():
                    self._note_link(path, entry)
                elif entry.is_dir(follow_symlinks=False):
                    if not _OURS.fullmatch(entry.name):
                        folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    bag = self._archive(path, entry.name)
                    if bag is not None:
                        yield bag
            waiting += reversed(folders)

    def _archive(self, path: str, name: str) -> FoundBag | None:
        """A bag in an archive; one that cannot be looked into is taken for one, so that it is said."""
        if _OURS.fullmatch(name):
            return None
        if name.lower().endswith(_OTHER_ENDINGS):
            self.unread[path] = Unread.OTHER_ARCHIVE
        if not name.lower().endswith(_ARCHIVE_ENDINGS):
            return None
        if self.is_known(path):
            return FoundBag(path, is_archive=True, looks_whole=_is_packed(self.shelf / path))
        return FoundBag(path, is_archive=True) if _may_hold_bag(self.shelf / path) else None

    def _note_link(self, path: str, entry: "os.DirEntry[str]") -> None:
        """A link counts where it leads to a folder, to an archive, or nowhere; its target is not looked into."""
        try:
            is_file = entry.is_file()
        except OSError:
            is_file = False
        if not is_file or entry.name.lower().endswith((*_ARCHIVE_ENDINGS, *_OTHER_ENDINGS)):
            self.unread[path] = Unread.LINK


def _holds_something(entries: list[os.DirEntry[str]]) -> bool:
    """Whether more than other folders is left of what was a bag: a file, or data/."""
    return any(entry.name == "data" or entry.is_file(follow_symlinks=False) for entry in entries)


def _looks_like_bag(entries: list[os.DirEntry[str]]) -> bool:
    """A folder with bagit.txt, or one that lost it but has a manifest and data/."""
    names = {entry.name for entry in entries}
    return "bagit.txt" in names or ("data" in names and any(_MANIFEST.fullmatch(name) for name in names))


def _is_packed(path: Path) -> bool:
    """Whether the first bytes are those of an archive that can be read, as `open_source` tells it."""
    try:
        with os.fdopen(open_for_reading(path), "rb") as stream:
            head = stream.read(512)
    except OSError:
        return False
    is_tar = head[257:262] == b"ustar" or (path.name.lower().endswith(".tar") and bool(head))
    is_zip = head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08"))
    return is_zip or is_tar or compression_of(head) is not Compression.NONE


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


def lies_there(shelf: Path, path: str, *, is_archive: bool) -> bool:
    """Whether a bag that no walk met lies at its path all the same, below another bag; not so behind a link."""
    here = shelf / path
    if os.path.realpath(here) != os.path.join(os.path.realpath(shelf), path):  # noqa: PTH118 - as realpath gives them
        return False
    return here.is_file() if is_archive else (here / "bagit.txt").is_file()


def bag_size(path: Path) -> int:
    """The bytes of a bag that was never checked; 0 for one that cannot be looked at, which its check will say."""
    if path.is_file():
        return path.stat().st_size
    try:
        with open_source(path) as source:
            return sum(source.files.values())
    except CannotFinish:
        return 0
