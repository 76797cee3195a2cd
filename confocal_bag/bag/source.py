"""Where a bag comes from: a folder, or an archive read without unpacking. Nothing is followed or written.

Paths inside a bag are text with `/` between the components; bytes that are not UTF-8 are kept as surrogates.
"""

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from confocal_bag.bag.digester import Fixity, OnBytes, hash_stream
from confocal_bag.bag.fixity import hash_files, open_for_reading
from confocal_bag.bag.hash_elsewhere import hash_elsewhere
from confocal_bag.bag.hash_pool import SMALL_BYTES, HashPool, is_worthwhile
from confocal_bag.elsewhere import chosen
from confocal_bag.findings import CannotFinish, Severity, readable_path
from confocal_bag.remote.address import address_of

__all__ = [
    "BagSource",
    "FolderSource",
    "Irregular",
    "Listing",
    "SourceFault",
    "TooLarge",
    "Unreadable",
    "name_order",
    "open_source",
]


class TooLarge(OSError):  # noqa: N818 - says what was seen, as the messages do
    """The file is larger than the reader was willing to take into memory."""


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


@dataclass(frozen=True, kw_only=True)
class BagSource(ABC):
    """A bag that can be listed and read, wherever it lies."""

    path: Path
    listing: Listing = field(repr=False)

    @property
    def files(self) -> Mapping[str, int]:
        """Every regular file and its size in bytes."""
        return self.listing.files

    @property
    def irregular(self) -> tuple[Irregular, ...]:
        """Links, pipes, devices: never opened."""
        return self.listing.irregular

    @property
    @abstractmethod
    def is_archive(self) -> bool:
        """Whether the bag is serialized."""

    @property
    def is_local_folder(self) -> bool:
        """Whether each of its files has a path on this machine."""
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of everything held; it is taken again when something more is read."""

    def prepare(self, *, jobs: int) -> None:  # noqa: B027 - an archive is read as one stream
        """Start what will hash the files, so that it is ready when their names are known."""

    @abstractmethod
    def open(self, path: str) -> BinaryIO:
        """The bytes of one file of `files`. Raises OSError."""

    @abstractmethod
    def fixities(
        self, wanted: Mapping[str, Sequence[str]], *, jobs: int, on_bytes: OnBytes | None = None
    ) -> Iterator[tuple[str, Fixity | OSError]]:
        """Size and digests of each file in `wanted` by the algorithms it asks for, each file read once."""

    def hash_content(self, path: str, algorithms: Sequence[str], *, on_bytes: OnBytes | None = None) -> Fixity:
        """Size and digests of the bytes that `open` gives of one file. Raises OSError."""
        with self.open(path) as stream:
            return hash_stream(stream.read, algorithms, size=self.files[path], on_bytes=on_bytes)

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """Some of `files` in the order in which they are read fastest."""
        return list(paths)

    def read(self, path: str, *, limit: int) -> bytes:
        """The content of a small file. Raises OSError, and its subclass TooLarge beyond `limit` bytes."""
        with self.open(path) as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise TooLarge(f"larger than the {limit:,} bytes that are read of such a file")
        return content


@dataclass(frozen=True, kw_only=True)
class FolderSource(BagSource):
    """A bag that lies in a folder. Very many small files are hashed in processes, all others in threads."""

    _pools: list[HashPool] = field(default_factory=list, repr=False)

    def prepare(self, *, jobs: int) -> None:
        """Start the processes where they are worth their while."""
        if not self._pools and chosen() is None and is_worthwhile(iter(self.files.values()), jobs=jobs):
            with suppress(OSError):  # where no process can be started, threads do it
                self._pools.append(HashPool(jobs))

    def close(self) -> None:
        """End the processes."""
        while self._pools:
            self._pools.pop().close()

    @property
    def is_archive(self) -> bool:
        """False: a folder."""
        return False

    @property
    def is_local_folder(self) -> bool:
        """True."""
        return True

    def open(self, path: str) -> BinaryIO:
        """The bytes of one file; links are not followed."""
        return os.fdopen(open_for_reading(self.path / path), "rb")

    def fixities(
        self, wanted: Mapping[str, Sequence[str]], *, jobs: int, on_bytes: OnBytes | None = None
    ) -> Iterator[tuple[str, Fixity | OSError]]:
        """Hash `jobs` files at a time; the small ones first where there are very many."""
        for algorithms, paths in by_algorithms(wanted).items():
            if (executor := chosen()) is not None:
                sizes = {path: self.files[path] for path in paths}
                yield from hash_elsewhere(executor, self.path, sizes, algorithms, jobs=jobs, on_bytes=on_bytes)
                continue
            if self._pools:
                paths = yield from self._hash_small(paths, algorithms, on_bytes)  # noqa: PLW2901 - those left over
            hashed = hash_files((self.path / path for path in paths), algorithms, jobs=jobs, on_bytes=on_bytes)
            for path, (_, fixity) in zip(paths, hashed, strict=True):
                yield path, fixity

    def _hash_small(
        self, paths: Sequence[str], algorithms: Sequence[str], on_bytes: OnBytes | None
    ) -> Generator[tuple[str, Fixity | OSError], None, list[str]]:
        """Hash the small files in processes; return the others."""
        small = [path for path in paths if self.files[path] <= SMALL_BYTES]
        hashed = self._pools[0].hash_files(os.fspath(self.path), small, algorithms, on_bytes=on_bytes)
        yield from zip(small, hashed, strict=True)
        return [path for path in paths if self.files[path] > SMALL_BYTES]


def by_algorithms(wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """The files grouped by the algorithms they are wanted for."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for path, algorithms in wanted.items():
        groups.setdefault(tuple(algorithms), []).append(path)
    return groups


def name_order(path: str) -> bytes:
    """The sort key of names: their bytes."""
    return path.encode("utf-8", "surrogateescape")


def open_source(path: Path) -> BagSource:
    """The bag at this path: a folder, .zip, .tar or .tar.gz (told by content, not by name).

    A path such as s3:/bucket/bag is an address, and the bag is read in its store. Raises CannotFinish when there is
    nothing at the path, or something that can be no bag.
    """
    if (address := address_of(path)) is not None:
        from confocal_bag.bag.remote_source import open_remote

        return open_remote(path, address)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotFinish(f"{readable_path(path)} cannot be opened ({reason}); check the path.") from error
    if stat.S_ISDIR(mode):
        return FolderSource(path=path, listing=list_folder(path))
    if not stat.S_ISREG(mode):
        raise CannotFinish(f"{readable_path(path)} is neither a folder nor a file; name a bag.")
    from confocal_bag.bag.archives.members import open_archive

    return open_archive(path)


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
