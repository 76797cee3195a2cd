"""An object read in blocks, one request each, as a file that can be sought."""

import io
import os
from collections.abc import Callable

__all__ = ["BLOCK_BYTES", "Blocks"]

#: What one request asks for. A file that is read from its beginning to its end is asked for once.
BLOCK_BYTES = 8 << 20


class Blocks(io.RawIOBase):
    """`read_range(start, end)` gives bytes of an object of `size` bytes; it raises OSError, and so does reading."""

    def __init__(self, read_range: Callable[[int, int], bytes], size: int, block_bytes: int = BLOCK_BYTES) -> None:
        self._read_range, self._size, self._block_bytes = read_range, size, block_bytes
        self._place = self._begin = 0
        self._block = b""

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; nothing is asked for yet."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, origin + offset)
        return self._place

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """Read the next bytes into the buffer, from the block at hand or from the next one."""
        if self._place >= self._size:
            return 0
        within = self._place - self._begin
        if not 0 <= within < len(self._block):
            self._begin, within = self._place, 0
            self._block = self._read_range(self._place, min(self._place + self._block_bytes, self._size))
            if not self._block:
                raise OSError("the store sent nothing where there should be more")
        chunk = self._block[within : within + len(buffer)]
        buffer[: len(chunk)] = chunk
        self._place += len(chunk)
        return len(chunk)
