"""The segments of a Zeiss CZI file, read without trusting a single number in them.

The ZISRAW container (Zeiss, "CZI file format", version 1.2): every segment has a 32-byte header (16-byte name,
allocated and used size), the file header points at the sub-block directory and at the metadata. The directory says
which planes the file holds, independently of any reader.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from confocal_bag.findings import readable_path
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.regular_file import open_regular

__all__ = ["SubBlock", "ZisrawError", "planes", "read_metadata_xml", "read_sub_blocks"]

_HEADER = struct.Struct("<16sqq")
_ENTRY = struct.Struct("<2siqiiBB4si")
_DIMENSION = struct.Struct("<4siifi")
_LARGEST_METADATA = 1 << 28
_MOST_SUB_BLOCKS = 1 << 24
#: Dimensions that say where in a plane a sub-block lies, or which tile of a mosaic it is: they make no planes.
_WITHIN_PLANE = frozenset("XYM")
_BYTES_PER_PIXEL = {0: 1, 1: 2, 2: 4, 3: 3, 4: 6, 8: 12, 9: 4, 10: 8, 11: 8, 12: 4, 13: 8}


class ZisrawError(ValueError):
    """The file is no CZI, or its segments contradict each other or end too early; the sentence says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubBlock:
    """One entry of the sub-block directory: a plane, a tile of one, or a reduced copy.

    `start` and `size` are by dimension letter (C, Z, T, S = scene, M = tile, H = phase, B = block, R, I, V, X, Y).
    `stored_columns` and `stored_rows` are smaller than the sizes of X and Y in a reduced copy.
    """

    position: int
    pixel_type: int
    compression: int
    start: Mapping[str, int]
    size: Mapping[str, int]
    stored_columns: int
    stored_rows: int

    @property
    def is_reduced(self) -> bool:
        """Whether it belongs to a pyramid and not to the picture as acquired."""
        return self.stored_columns < self.size.get("X", 0) or self.stored_rows < self.size.get("Y", 0)

    @property
    def plane(self) -> tuple[tuple[str, int], ...]:
        """Which plane it belongs to."""
        return tuple(sorted((name, at) for name, at in self.start.items() if name not in _WITHIN_PLANE))


def read_metadata_xml(path: Path) -> bytes:
    """The metadata XML of a CZI, as stored; empty when it has none. Raises UnreadableImage for a damaged file."""
    try:
        with open_regular(path) as stream:
            _, metadata_position = _positions(stream)
            if metadata_position == 0:
                return b""
            used = _segment(stream, metadata_position, b"ZISRAWMETADATA")
            length = _unpack(stream, "<i")[0]
            if not 0 <= length <= min(_LARGEST_METADATA, used):
                raise ZisrawError(f"the metadata claims {length} bytes")
            stream.seek(metadata_position + _HEADER.size + 256)
            content = stream.read(length)
            if len(content) < length:
                raise ZisrawError("the metadata is cut short by the end of the file")
            return content.rstrip(b"\0")
    except (OSError, ZisrawError) as error:
        seen = str(error) if isinstance(error, ZisrawError) else reason(path, error)
        raise fault(
            path,
            error,
            f"{readable_path(path)}: the CZI metadata cannot be read ({seen}); ask the depositor for a complete copy.",
        ) from error


def read_sub_blocks(stream: BinaryIO) -> list[SubBlock]:
    """The entries of the sub-block directory. Raises ZisrawError where one does not lie in the file."""
    directory_position, _ = _positions(stream)
    if directory_position == 0:
        raise ZisrawError("the file has no sub-block directory: it was not closed by the microscope software")
    _segment(stream, directory_position, b"ZISRAWDIRECTORY")
    count = _unpack(stream, "<i")[0]
    if not 0 <= count <= _MOST_SUB_BLOCKS:
        raise ZisrawError(f"the sub-block directory claims {count} entries")
    stream.seek(directory_position + _HEADER.size + 128)
    blocks = [_read_entry(stream) for _ in range(count)]
    for block in blocks:
        _check_lies_in_file(stream, block)
    return blocks


def planes(blocks: list[SubBlock]) -> Iterator[tuple[tuple[str, int], ...]]:
    """Each plane once, in the order of the directory, pyramids left out."""
    seen: set[tuple[tuple[str, int], ...]] = set()
    for block in blocks:
        if not block.is_reduced and block.plane not in seen:
            seen.add(block.plane)
            yield block.plane


def _positions(stream: BinaryIO) -> tuple[int, int]:
    """Where the sub-block directory and the metadata stand: fields of the file header."""
    _segment(stream, 0, b"ZISRAWFILE")
    fields = _unpack(stream, "<iiii16s16siqq")
    if fields[6] != 0:
        raise ZisrawError("it is part of a CZI that spans several files, which cannot be read alone")
    return fields[7], fields[8]


def _segment(stream: BinaryIO, position: int, name: bytes) -> int:
    """Stand at the data of the segment at `position`; return its used size."""
    end = stream.seek(0, 2)
    if not 0 <= position <= end - _HEADER.size:
        raise ZisrawError(f"{name.decode()} should stand at byte {position}; the file has {end} bytes")
    stream.seek(position)
    found, allocated, used = _HEADER.unpack(stream.read(_HEADER.size))
    if found.rstrip(b"\0") != name:
        raise ZisrawError(f"{name.decode()} should stand at byte {position}; something else does")
    # A used size of 0 means that all that is allocated is used.
    size = used or allocated
    if size < 0 or position + _HEADER.size + size > end:
        raise ZisrawError(f"{name.decode()} at byte {position} is cut short by the end of the file")
    return int(size)


def _unpack(stream: BinaryIO, layout: str) -> tuple[int, ...]:
    shape = struct.Struct(layout)
    raw = stream.read(shape.size)
    if len(raw) < shape.size:
        raise ZisrawError("the file ends inside a segment")
    return shape.unpack(raw)


def _read_entry(stream: BinaryIO) -> SubBlock:
    raw = stream.read(_ENTRY.size)
    if len(raw) < _ENTRY.size or raw[:2] != b"DV":
        raise ZisrawError("the sub-block directory holds an entry that cannot be read")
    _, pixel_type, position, _, compression, _, _, _, count = _ENTRY.unpack(raw)
    if not 0 < count <= 40:
        raise ZisrawError(f"a sub-block claims {count} dimensions")
    dimensions = stream.read(count * _DIMENSION.size)
    if len(dimensions) < count * _DIMENSION.size:
        raise ZisrawError("the sub-block directory is cut short by the end of the file")
    start, size, stored = {}, {}, {}
    for name, first, length, _, kept in _DIMENSION.iter_unpack(dimensions):
        letter = name.rstrip(b"\0 ").decode("ascii", "replace")
        start[letter], size[letter], stored[letter] = first, length, kept or length
    return SubBlock(
        position=position,
        pixel_type=pixel_type,
        compression=compression,
        start=start,
        size=size,
        stored_columns=stored.get("X", 0),
        stored_rows=stored.get("Y", 0),
    )


def _check_lies_in_file(stream: BinaryIO, block: SubBlock) -> None:
    used = _segment(stream, block.position, b"ZISRAWSUBBLOCK")
    _, _, data_size = _unpack(stream, "<iiq")
    if not 0 < data_size <= used:
        raise ZisrawError(f"the sub-block at byte {block.position} claims {data_size} bytes of pixels, has {used}")
    expected = _BYTES_PER_PIXEL.get(block.pixel_type, 0) * block.stored_columns * block.stored_rows
    if block.compression == 0 and data_size < expected:
        raise ZisrawError(f"the sub-block at byte {block.position} has {data_size} of {expected} bytes of pixels")
