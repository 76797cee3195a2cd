"""Count the planes of a Nikon ND2 by the chunk map at its end."""

import struct
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.formats import open_regular

__all__ = ["count"]

_TAIL = b"ND2 CHUNK MAP SIGNATURE 0000001!"
_MAGIC = 0x0ABECEDA
_LARGEST_MAP = 1 << 28
_CHUNK = struct.Struct("<IIQ")


def count(path: Path, samples: int) -> int:
    """Frames in the chunk map, each checked to lie in the file, times channels."""
    with open_regular(path) as stream:
        chunks = _chunk_map(stream)
        frames = [at for name, at in chunks.items() if name.startswith(b"ImageDataSeq|")]
        for at in frames:
            _chunk(stream, at)
        components = _components(stream, chunks)
    return len(frames) * max(1, components // samples)


def _chunk_map(stream: BinaryIO) -> dict[bytes, int]:
    end = stream.seek(0, 2)
    stream.seek(max(0, end - 40))
    tail = stream.read(40)
    if len(tail) < 40 or not tail.startswith(_TAIL):
        raise DamagedFileError("the chunk map at the end of the ND2 is missing, as in a copy that was cut short")
    start, length = _chunk(stream, struct.unpack("<Q", tail[32:])[0])
    if length > _LARGEST_MAP:
        raise DamagedFileError(f"the chunk map claims {length} bytes")
    stream.seek(start)
    content, chunks, position = stream.read(length), {}, 0
    while (mark := content.find(b"!", position)) >= 0 and len(content) >= mark + 17:
        name = content[position : mark + 1]
        if name == _TAIL:
            break
        chunks[name] = struct.unpack_from("<Q", content, mark + 1)[0]
        position = mark + 17
    return chunks


def _chunk(stream: BinaryIO, at: int) -> tuple[int, int]:
    """Where the data of the chunk at a byte begins, and how long it is."""
    end = stream.seek(0, 2)
    if at > end - _CHUNK.size:
        raise DamagedFileError(f"a chunk should stand at byte {at}, the file ends at {end}")
    stream.seek(at)
    magic, name, length = _CHUNK.unpack(stream.read(_CHUNK.size))
    start = at + _CHUNK.size + name
    if magic != _MAGIC or start + length > end:
        raise DamagedFileError(f"the chunk at byte {at} is damaged or cut short by the end of the file")
    return start, length


def _components(stream: BinaryIO, chunks: dict[bytes, int]) -> int:
    """Samples of all channels in a frame: the attribute uiComp, an unsigned 32-bit number behind its UTF-16 name."""
    at = chunks.get(b"ImageAttributesLV!")
    if at is None:
        raise DamagedFileError("the ND2 has no image attributes")
    start, length = _chunk(stream, at)
    stream.seek(start)
    content = stream.read(min(length, 1 << 20))
    name = "uiComp\0".encode("utf-16-le")
    found = content.find(name)
    value = content[found + len(name) : found + len(name) + 4]
    if found < 0 or len(value) < 4:
        raise DamagedFileError("the ND2 does not say how many components a frame has")
    return int(struct.unpack("<I", value)[0])
