"""A bag that lies in a folder: its files are hashed many at a time, in threads, in processes or on a cluster."""

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.fixity import hash_files, open_for_reading
from confocal_bag.bag.hash_elsewhere import hash_elsewhere
from confocal_bag.bag.hash_pool import SMALL_BYTES, HashPool, is_worthwhile
from confocal_bag.bag.source import BagSource
from confocal_bag.elsewhere import chosen

__all__ = ["FolderSource"]


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
