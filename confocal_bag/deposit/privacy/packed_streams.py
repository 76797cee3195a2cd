"""Streams that unpack as they are read: gzip, bzip2 and xz, and the members of a tar file."""

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import IO, Any, BinaryIO

from confocal_bag.findings import readable_path
from confocal_bag.zip_format import ZIP_DAMAGE

__all__ = ["STREAMS", "STREAM_DAMAGE", "open_stream", "tar_members"]

#: What is raised for packed data that are damaged, locked or of a kind that cannot be read here.
STREAM_DAMAGE = (*ZIP_DAMAGE, gzip.BadGzipFile, lzma.LZMAError, tarfile.TarError)
#: The formats that pack one stream.
STREAMS = frozenset({"gzip", "bzip2", "xz"})


def open_stream(known: str, stream: BinaryIO) -> AbstractContextManager[IO[bytes]]:
    """What is packed in a stream of one of `STREAMS`."""
    openers: dict[str, Callable[[BinaryIO], Any]] = {
        "gzip": lambda packed: gzip.GzipFile(fileobj=packed),
        "bzip2": bz2.BZ2File,
        "xz": lzma.LZMAFile,
    }
    opened: AbstractContextManager[IO[bytes]] = openers[known](stream)
    return opened


def tar_members(
    stream: BinaryIO, spend: Callable[[int], None], *, can_seek: bool, most: int
) -> Iterator[tuple[str, IO[bytes] | None]]:
    """The names of the members of a tar file, each with its content; None for what is no file.

    Where the stream cannot seek, `spend` is told how many bytes a member has before they are read past. A list of more
    than `most` ends with TarError.
    """
    with tarfile.open(fileobj=stream, mode="r:" if can_seek else "r|") as archive:
        for number, member in enumerate(archive):
            if number >= most:
                raise tarfile.ReadError(f"it lists more than {most:,} members")
            name = readable_path(member.name)
            if member.isfile():
                yield name, archive.extractfile(member)
                if not can_seek:
                    spend(member.size)
            elif not member.isdir():
                yield name, None
            # What was read is not kept, so that a long list does not fill the memory; the stubs do not list this.
            archive.members = []  # type: ignore[attr-defined]
