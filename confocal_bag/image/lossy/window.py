"""A piece of a file that holds one codestream: reads stay inside it, whatever the codestream says."""

from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["Window"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`length` bytes of a stream from byte `start`."""

    stream: BinaryIO
    start: int
    length: int

    def read(self, at: int, size: int) -> bytes:
        """`size` bytes from `at` on, counted from the beginning of the window; fewer where it ends."""
        if not 0 <= at < self.length:
            return b""
        self.stream.seek(self.start + at)
        return self.stream.read(min(size, self.length - at))

    def number(self, at: int, size: int) -> int | None:
        """A big-endian number of `size` bytes; None where the window ends before it does."""
        raw = self.read(at, size)
        return int.from_bytes(raw, "big") if len(raw) == size else None

    def part(self, at: int, length: int) -> "Window":
        """A window within this one."""
        return Window(stream=self.stream, start=self.start + at, length=max(0, min(length, self.length - at)))
