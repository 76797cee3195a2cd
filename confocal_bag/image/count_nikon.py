"""Count the planes of a Nikon ND2 by the chunk map at its end."""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.regular_file import open_regular

__all__ = ["check_frames", "count"]

_TAIL = b"ND2 CHUNK MAP SIGNATURE 0000001!"
_MAGIC = 0x0ABECEDA
_LARGEST_MAP = 1 << 28
_LARGEST_METADATA = 1 << 27
_FRAME = b"ImageDataSeq|"
_COMPRESSED = b"L"
_CHUNK = struct.Struct("<IIQ")


def count(path: Path, samples: int) -> int:
    """Frames in the chunk map, each checked to lie in the file, times channels."""
    with open_regular(path) as stream:
        chunks = _chunk_map(stream)
        frames = _frames(stream, chunks)
        _check_other_chunks(stream, chunks)
        components = _components(stream, chunks)
    return len(frames) * max(1, components // samples)


def check_frames(path: Path) -> None:
    """Raise DamagedFileError where the loops or the frame size that the metadata declare do not fit the frames."""
    from confocal_bag.image.readers.nikon_headers import declared_frames

    frames, size = declared_frames(path)
    with open_regular(path) as stream:
        lengths = _frames(stream, _chunk_map(stream))
    if frames != len(lengths):
        raise DamagedFileError(f"its metadata declare {frames} frames, its chunk map lists {len(lengths)}")
    # Before the pixels stands the time of the frame.
    shortest = min(lengths, default=0) - 8
    if size is not None and size > shortest:
        raise DamagedFileError(f"its metadata declare frames of {size} bytes, the shortest has {shortest}")


def _frames(stream: BinaryIO, chunks: Mapping[bytes, int]) -> list[int]:
    """The length of each frame, all of which must be there: nd2 makes black pixels of one that is not."""
    numbered = {name[len(_FRAME) : -1]: at for name, at in chunks.items() if name.startswith(_FRAME)}
    lengths = []
    for number in range(len(numbered)):
        at = numbered.get(str(number).encode())
        if at is None:
            raise DamagedFileError(f"frame {number} is missing from its chunk map of {len(numbered)} frames")
        lengths.append(_chunk(stream, at)[1])
    return lengths


def _check_other_chunks(stream: BinaryIO, chunks: Mapping[bytes, int]) -> None:
    """Chunks of metadata end in the file, and hold no more, decompressed, than metadata can be."""
    end = stream.seek(0, 2)
    for name, at in chunks.items():
        if name.startswith(_FRAME) or at > end - _CHUNK.size:
            continue
        stream.seek(at)
        # What does not look like a chunk is not read as one.
        if _CHUNK.unpack(stream.read(_CHUNK.size))[0] == _MAGIC:
            start, length = _chunk(stream, at)
            stream.seek(start)
            if length > 12 and stream.read(1) == _COMPRESSED:
                stream.seek(start + 12)
                _check_decompressed(stream.read(length - 12), name)


def _check_decompressed(content: bytes, name: bytes) -> None:
    try:
        engine = zlib.decompressobj()
        plain = engine.decompress(content, _LARGEST_METADATA)
    except zlib.error:
        return
    if engine.unconsumed_tail or plain[:1] == _COMPRESSED:
        raise DamagedFileError(f"the chunk {name.decode('ascii', 'replace')} decompresses to more than metadata can be")


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
