"""Where a bag comes from: a folder, or an archive read without unpacking. Nothing is followed or written.

Paths inside a bag are text with `/` between the components; bytes that are not UTF-8 are kept as surrogates.
"""

import stat
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from confocal_bag.bag.digester import Fixity, OnBytes, hash_stream
from confocal_bag.bag.listing import Irregular, Listing, list_folder
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.address import address_of

__all__ = ["BagSource", "TooLarge", "open_source"]


class TooLarge(OSError):  # noqa: N818 - says what was seen, as the messages do
    """The file is larger than the reader was willing to take into memory."""


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
        from confocal_bag.bag.folder_source import FolderSource

        listing = list_folder(path)
        hidden = next((one for one in listing.unreadable if one.path in ("", "bagit.txt")), None)
        if hidden is not None:
            shown = readable_path(path / hidden.path)
            raise CannotFinish(f"{shown} cannot be read ({hidden.reason}); have it made readable for you.")
        return FolderSource(path=path, listing=listing)
    if not stat.S_ISREG(mode):
        raise CannotFinish(f"{readable_path(path)} is neither a folder nor a file; name a bag.")
    from confocal_bag.bag.archives.members import open_archive

    return open_archive(path)
