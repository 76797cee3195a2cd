"""The directories of a TIFF or BigTIFF file, read without trusting a single number in it.

TIFF 6.0 section 2; BigTIFF as in the Aware Systems proposal. Needed before any library touches the file: to
identify it from a few kilobytes, and to count its pages independently of the reader that decodes them.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["Directory", "TiffDamagedError", "TiffHeader", "directories", "read_header"]

# Field types 1 to 13 of TIFF, 16 to 18 of BigTIFF.
_TYPE_SIZE = dict(zip((*range(1, 14), 16, 17, 18), (1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 8, 8, 8), strict=True))
_INTEGERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_ENTRIES = 4096
_FURTHEST = 2**63 - 1


class TiffDamagedError(ValueError):
    """The chain of directories leaves the file, loops or makes no sense; the sentence says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TiffHeader:
    """The first bytes of a TIFF: byte order ("<" or ">"), 64-bit offsets or not, where the chain begins."""

    order: str
    big: bool
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One image file directory: where it stands, where the next one stands (0 = none), and its raw entries.

    `entries` maps a tag to (type, count, the 4 or 8 bytes of its value field).
    """

    header: TiffHeader
    offset: int
    following: int
    entries: dict[int, tuple[int, int, bytes]]

    def data(self, stream: BinaryIO, tag: int, *, most: int) -> bytes:
        """At most `most` bytes of a tag's value; empty when the tag is absent or its type is unknown."""
        kind, count, field = self.entries.get(tag, (0, 0, b""))
        length = _TYPE_SIZE.get(kind, 0) * count
        if length <= len(field):
            return field[:length][:most]
        offset = self._offset_of(field)
        if offset > _FURTHEST:
            return b""
        there = stream.seek(0, 2) - offset
        stream.seek(offset)
        return stream.read(max(0, min(length, most, there)))

    def integers(self, stream: BinaryIO, tag: int, *, most: int = 1) -> tuple[int, ...]:
        """At most `most` integers of a tag; empty when the tag is absent, not integral or cut short."""
        kind = self.entries.get(tag, (0, 0, b""))[0]
        code = _INTEGERS.get(kind)
        if code is None:
            return ()
        size = _TYPE_SIZE[kind]
        raw = self.data(stream, tag, most=most * size)
        return struct.unpack(f"{self.header.order}{len(raw) // size}{code}", raw[: len(raw) // size * size])

    def count(self, tag: int) -> int:
        """How many values a tag declares; 0 when it is absent."""
        return self.entries.get(tag, (0, 0, b""))[1]

    def length(self, tag: int) -> int:
        """The bytes of a tag's values as declared; 0 when it is absent or its type is unknown."""
        kind, count, _ = self.entries.get(tag, (0, 0, b""))
        return _TYPE_SIZE.get(kind, 0) * count

    def _offset_of(self, field: bytes) -> int:
        return int(struct.unpack(self.header.order + ("Q" if self.header.big else "I"), field)[0])


def read_header(stream: BinaryIO) -> TiffHeader | None:
    """The header of a TIFF or BigTIFF, or None when the bytes are neither."""
    stream.seek(0)
    head = stream.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return None
    magic = struct.unpack(order + "H", head[2:4])[0]
    if magic == 42:
        return TiffHeader(order=order, big=False, first=struct.unpack(order + "I", head[4:8])[0])
    if magic == 43 and len(head) == 16 and struct.unpack(order + "HH", head[4:8]) == (8, 0):
        return TiffHeader(order=order, big=True, first=struct.unpack(order + "Q", head[8:16])[0])
    return None


def directories(stream: BinaryIO, header: TiffHeader, *, most: int) -> Iterator[Directory]:
    """Yield at most `most` directories of the main chain. Raises TiffDamagedError where the chain breaks."""
    seen: set[int] = set()
    offset = header.first
    while offset and len(seen) < most:
        if offset in seen:
            raise TiffDamagedError(f"the directory at byte {offset} is listed twice: the chain is a loop")
        seen.add(offset)
        directory = _read_directory(stream, header, offset)
        yield directory
        offset = directory.following


def _read_directory(stream: BinaryIO, header: TiffHeader, offset: int) -> Directory:
    count_code, entry_code, next_code = ("Q", "HHQ8s", "Q") if header.big else ("H", "HHI4s", "I")
    entry_size, count_size = struct.calcsize("<" + entry_code), struct.calcsize("<" + count_code)
    if offset > _FURTHEST:
        raise TiffDamagedError(f"a directory should stand at byte {offset}, beyond the end of the file")
    stream.seek(offset)
    raw = stream.read(count_size)
    if len(raw) < count_size:
        raise TiffDamagedError(f"a directory should stand at byte {offset}, beyond the end of the file")
    count = struct.unpack(header.order + count_code, raw)[0]
    if not 0 < count <= _MOST_ENTRIES:
        raise TiffDamagedError(f"the directory at byte {offset} claims {count} entries")
    body = stream.read(count * entry_size)
    tail = stream.read(struct.calcsize("<" + next_code))
    if len(body) < count * entry_size:
        raise TiffDamagedError(f"the directory at byte {offset} is cut short by the end of the file")
    entries = {
        tag: (kind, number, field) for tag, kind, number, field in struct.iter_unpack(header.order + entry_code, body)
    }
    # Some writers leave out the last "no next directory" word when the directory ends the file.
    complete = len(tail) == struct.calcsize("<" + next_code)
    following = int(struct.unpack(header.order + next_code, tail)[0]) if complete else 0
    return Directory(header=header, offset=offset, following=following, entries=entries)
