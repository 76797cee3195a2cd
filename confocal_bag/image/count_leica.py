"""Count the planes of a Leica LIF by its memory blocks and the dimensions its header gives for them."""

import struct
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.regular_file import open_regular

__all__ = ["count"]

_LARGEST_HEADER = 1 << 29
_RGB_TAGS = ["1", "2", "3"]


def count(path: Path) -> int:
    """Planes of all images whose memory block lies whole in the file and is as large as its dimensions need."""
    with open_regular(path) as stream:
        root = _header(stream)
        blocks = _memory_blocks(stream, version=_number(root, "Version", "2"))
    total = 0
    for element in root.iter("Element"):
        image, memory = element.find("Data/Image/ImageDescription"), element.find("Memory")
        if image is None or memory is None:
            continue
        planes, needed = _planes_and_bytes(image)
        name = memory.get("MemoryBlockID", "")
        if blocks.get(name, 0) < needed:
            title = element.get("Name", "?")
            raise DamagedFileError(
                f"the image {title} needs {needed} bytes, the file holds {blocks.get(name, 0)} for it"
            )
        total += planes
    return total


def _header(stream: BinaryIO) -> Any:
    from confocal_bag.image.acquisition.xml import parse_header

    end = _end(stream)
    head = stream.read(13)
    if len(head) < 13:
        raise DamagedFileError("the LIF ends inside its header")
    mark, _, star, characters = struct.unpack("<IIBI", head)
    if mark != 0x70 or star != 0x2A or characters * 2 > min(_LARGEST_HEADER, end - 13):
        raise DamagedFileError("the LIF does not begin with a header")
    text = stream.read(characters * 2)
    if len(text) < characters * 2:
        raise DamagedFileError("the LIF ends inside its header")
    try:
        return parse_header(text.decode("utf-16-le").encode())
    except ValueError as error:
        raise DamagedFileError(f"the header of the LIF cannot be parsed ({error})") from error


def _memory_blocks(stream: BinaryIO, *, version: int) -> dict[str, int]:
    """The size of each memory block by its name. Raises DamagedFileError where one leaves the file."""
    layout = struct.Struct("<IIBIBI" if version == 1 else "<IIBQBI")
    end, blocks = _end(stream), {}
    while (position := stream.tell()) < end:
        raw = stream.read(layout.size)
        if len(raw) < layout.size:
            raise DamagedFileError(f"the memory block at byte {position} is cut short by the end of the file")
        mark, _, star, size, second_star, characters = layout.unpack(raw)
        if mark != 0x70 or star != 0x2A or second_star != 0x2A:
            raise DamagedFileError(f"a memory block should stand at byte {position}")
        start = position + layout.size + characters * 2
        if start + size > end:
            raise DamagedFileError(f"the memory block at byte {position} needs {size} bytes, the file has fewer")
        blocks[stream.read(characters * 2).decode("utf-16-le", "replace")] = size
        stream.seek(start + size)
    return blocks


def _end(stream: BinaryIO) -> int:
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    return end


def _planes_and_bytes(image: Any) -> tuple[int, int]:
    """The planes of an image, and the bytes from its first sample to the end of its last."""
    dimensions = sorted(
        (_number(one, "BytesInc"), _number(one, "NumberOfElements"))
        for one in image.iterfind("Dimensions/DimensionDescription")
    )
    channels = [(one.get("ChannelTag", "0"), _number(one, "BytesInc")) for one in image.iterfind("Channels/*")]
    if not dimensions or not channels:
        return 0, 0
    is_rgb = sorted(tag for tag, _ in channels) == _RGB_TAGS and max(at for _, at in channels) < dimensions[0][0]
    planes = prod(size for _, size in dimensions[2:]) * (1 if is_rgb else len(channels))
    last = sum(step * (size - 1) for step, size in dimensions) + max(at for _, at in channels)
    return planes, last + 1


def _number(element: Any, name: str, default: str = "0") -> int:
    text = element.get(name, default)
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise DamagedFileError(f"the header of the LIF has {text!r} where the number {name} should stand")
    return int(text)
