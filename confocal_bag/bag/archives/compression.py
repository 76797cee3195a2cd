"""How a tar file is compressed: not at all, by gzip, or by Zstandard where a library for it is installed.

What is written depends on the bytes alone: no name, no time, one thread.
"""

import gzip
import io
import os
import sys
from contextlib import closing
from enum import StrEnum
from importlib import import_module
from typing import Any, BinaryIO, cast

from confocal_bag.findings import CannotFinish

__all__ = ["DEFLATE_LEVEL", "Compression", "check_library", "compression_of", "open_compressed", "open_compressing"]

#: Of deflate, in zip and gzip alike: the usual one.
DEFLATE_LEVEL = 3
_LEVEL_ZSTD = 3
_ZSTD_MODULES = ("compression.zstd", "backports.zstd")


class Compression(StrEnum):
    """What lies around a tar."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


def compression_of(head: bytes) -> Compression:
    """The compression that the first bytes of a file tell."""
    if head.startswith(b"\x1f\x8b"):
        return Compression.GZIP
    return Compression.ZSTD if head.startswith(b"\x28\xb5\x2f\xfd") else Compression.NONE


def check_library() -> None:
    """Raise CannotFinish where Zstandard cannot be written or read."""
    _zstd()


def open_compressed(raw: BinaryIO, compression: Compression) -> BinaryIO:
    """The unpacked bytes of a stream, which can be told and sought. Raises CannotFinish without a library."""
    if compression is Compression.GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    if compression is Compression.ZSTD:
        return cast("BinaryIO", _Unpacked(raw))
    return raw


def open_compressing(sink: BinaryIO, compression: Compression) -> closing[Any]:
    """A stream whose bytes reach the sink compressed; leaving the block ends it. Raises CannotFinish likewise."""
    if compression is Compression.GZIP:
        return closing(gzip.GzipFile(filename="", mode="wb", compresslevel=DEFLATE_LEVEL, fileobj=sink, mtime=0))
    if compression is Compression.ZSTD:
        return closing(_zstd_writer(sink))
    return closing(_Plain(sink))


class _Plain:
    """Hands on what it gets."""

    def __init__(self, sink: BinaryIO) -> None:
        self.write = sink.write

    def close(self) -> None:
        """Nothing more is to come."""


class _Unpacked(io.RawIOBase):
    """A Zstandard stream; it goes back by beginning again, and its damage is an OSError."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw, self._library = raw, _zstd()
        self._begin()

    def _begin(self) -> None:
        self._raw.seek(0)
        self._place = 0
        self._stream = self._library.ZstdFile(self._raw, "rb")

    def read(self, size: int = -1) -> bytes:
        """The next bytes, no fewer than asked for before the end."""
        chunks = []
        while size:
            try:
                chunk = self._stream.read(size)
            except (self._library.ZstdError, EOFError) as error:
                raise OSError(f"the Zstandard stream is damaged or cut short: {error}") from error
            if not chunk:
                break
            chunks.append(chunk)
            size -= len(chunk)
            self._place += len(chunk)
        return b"".join(chunks)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Back to the beginning, or forward by unpacking; only from the beginning of the stream."""
        if whence != os.SEEK_SET:
            raise io.UnsupportedOperation("a compressed stream is sought from its beginning")
        if offset < self._place:
            self._begin()
        while self._place < offset and self.read(min(offset - self._place, 1 << 20)):
            pass
        return self._place

    def tell(self) -> int:
        """The place in the unpacked bytes."""
        return self._place


def _zstd_writer(sink: BinaryIO) -> Any:
    library = _zstd()
    options = {
        library.CompressionParameter.compression_level: _LEVEL_ZSTD,
        library.CompressionParameter.checksum_flag: 1,
    }
    return library.ZstdFile(sink, "wb", options=options)


def _zstd() -> Any:
    """The library for Zstandard: Python's own from 3.14 on, or its backport, where that is installed."""
    for name in _ZSTD_MODULES:
        try:
            return import_module(name)
        except ModuleNotFoundError:
            continue
    remedy = "install it with `pip install backports.zstd`" if sys.version_info < (3, 14) else "use a complete Python"
    raise CannotFinish(
        f"Zstandard archives (.tar.zst) need a library that is not installed here; {remedy}, or use .tar.gz."
    )
