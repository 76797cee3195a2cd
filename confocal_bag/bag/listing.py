"""Everything in a bag by name, before anything is read; a folder is listed in one walk that follows no link.

Paths inside a bag are text with `/` between the components; bytes that are not UTF-8 are kept as surrogates.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from confocal_bag.findings import Severity

__all__ = ["Irregular", "Listing", "SourceFault", "Unreadable", "kind_of", "list_folder", "name_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Irregular:
    """A name that belongs to neither a regular file nor a folder; `kind` says to what, in words."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file or folder that could not be looked at, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFault:
    """Something wrong with an archive itself; `rule` is the id of the rule it belongs to."""

    rule: str
    message: str
    path: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Everything in a bag by name, before anything is read; `files` maps each file to its size in bytes.

    `top` is the folder of an archive that the bag lies in, empty for a bag in a folder or at the archive's top.
    """

    files: Mapping[str, int]
    folders: frozenset[str]
    top: str = ""
    empty_folders: tuple[str, ...] = ()
    irregular: tuple[Irregular, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    faults: tuple[SourceFault, ...] = ()


def name_order(path: str) -> bytes:
    """The sort key of names: their bytes."""
    return path.encode("utf-8", "surrogateescape")


def list_folder(root: Path) -> Listing:
    """One walk of the folder by lstat. No link is followed; what cannot be listed is recorded."""
    walk = _Walk(root=os.fspath(root))
    waiting = [""]
    while waiting:
        waiting.extend(walk.visit(waiting.pop()))
    return Listing(
        files={path: walk.files[path] for path in sorted(walk.files, key=name_order)},
        folders=frozenset(walk.folders),
        empty_folders=tuple(sorted(walk.empty, key=name_order)),
        irregular=tuple(sorted(walk.irregular, key=lambda one: name_order(one.path))),
        unreadable=tuple(sorted(walk.unreadable, key=lambda one: name_order(one.path))),
    )


@dataclass(kw_only=True)
class _Walk:
    """What a walk has seen so far."""

    root: str
    files: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    empty: list[str] = field(default_factory=list)
    irregular: list[Irregular] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    def visit(self, folder: str) -> list[str]:
        """Record everything in one folder and return the folders in it."""
        prefix = f"{folder}/" if folder else ""
        found: list[str] = []
        number = 0
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:  # noqa: PTH118 - Path costs too much here
                for entry in entries:
                    number += 1
                    self._record(prefix + entry.name, entry, found)
        except OSError as error:
            self.unreadable.append(Unreadable(path=folder, reason=error.strerror or str(error)))
            return found
        if not number and folder:
            self.empty.append(folder)
        self.folders.update(found)
        return found

    def _record(self, path: str, entry: os.DirEntry[str], found: list[str]) -> None:
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.unreadable.append(Unreadable(path=path, reason=error.strerror or str(error)))
            return
        if stat.S_ISREG(state.st_mode):
            self.files[path] = state.st_size
        elif stat.S_ISDIR(state.st_mode):
            found.append(path)
        else:
            self.irregular.append(Irregular(path=path, kind=kind_of(state.st_mode)))


def kind_of(mode: int) -> str:
    """What an irregular file is, in words."""
    kinds = {
        stat.S_IFLNK: "symbolic link",
        stat.S_IFIFO: "named pipe",
        stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "character device",
        stat.S_IFBLK: "block device",
    }
    return kinds.get(stat.S_IFMT(mode), "special file")
