"""The bytes of a tar file, guarded against what a hostile one does to its reader."""

import io
import os
import struct
import tarfile
import zlib
from pathlib import Path

from confocal_bag.bag.archives.compression import Compression, open_compressed
from confocal_bag.bag.archives.members import ratio_fault
from confocal_bag.bag.archives.packed import open_packed
from confocal_bag.bag.digester import CHUNK_BYTES
from confocal_bag.bag.listing import SourceFault
from confocal_bag.findings import Severity

__all__ = ["DAMAGE", "GuardedHeader", "GuardedStream", "TooMuch"]

#: What tarfile and the decompressors below it raise for damaged or hostile data.
DAMAGE = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ArithmeticError,
    LookupError,
    ValueError,
    struct.error,
)
#: tarfile reads an extended header whole; real ones have a few hundred bytes.
MAX_HEADER_BYTES = 16 << 20


class TooMuch(OSError):  # noqa: N818 - says what was seen, as the messages do
    """The stream unpacks to too much and is not read on."""


class GuardedStream(io.RawIOBase):
    """The bytes of the tar, guarded: no huge read at once, no endless unpacking."""

    def __init__(self, path: Path, compression: Compression) -> None:
        self._raw = open_packed(path)
        try:
            self.packed_size = self._raw.seek(0, os.SEEK_END)
            self._raw.seek(0)
            self._unpacked = open_compressed(self._raw, compression)
        except BaseException:
            self._raw.close()
            raise
        self._compressed = compression is not Compression.NONE
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most the size of a sensible header or chunk."""
        if size < 0 or size > MAX_HEADER_BYTES:
            raise tarfile.ReadError(f"a header claims {size:,} bytes")
        self.last = self._unpacked.read(size)
        self._refuse_bomb()
        return self.last

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; in a compressed tar by unpacking up to there."""
        if not self._compressed or offset < self._unpacked.tell():
            return self._unpacked.seek(offset, whence)
        while (ahead := offset - self._unpacked.tell()) > 0:
            if not self._unpacked.read(min(ahead, CHUNK_BYTES)):
                break
            self._refuse_bomb()
        return self._unpacked.tell()

    def tell(self) -> int:
        """The place in the unpacked bytes."""
        return self._unpacked.tell()

    def suspect(self) -> SourceFault | None:
        """The fault of a stream that has unpacked to suspiciously much by now."""
        return ratio_fault(self.packed_size, self._unpacked.tell()) if self._compressed else None

    def _refuse_bomb(self) -> None:
        fault = self.suspect()
        if fault is not None and fault.severity is Severity.ERROR:
            raise TooMuch(fault.message)

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
        super().close()


class GuardedHeader(tarfile.TarInfo):
    """A header that does not take a negative size, which older versions of tarfile walk back on for ever."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.ReadError("a header has a negative size")
        return (count + tarfile.BLOCKSIZE - 1) // tarfile.BLOCKSIZE * tarfile.BLOCKSIZE
