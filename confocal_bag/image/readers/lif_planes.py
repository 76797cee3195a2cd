"""The planes of a Leica LIF cut out of its memory blocks by the strides of its XML: a second way to the same pixels.

LIF does not compress. Nothing of this is shared with liffile, by which LIF is opened.
"""

import struct
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from confocal_bag.image.regular_file import open_regular

__all__ = ["lif_planes"]

_LARGEST_HEADER = 1 << 29
_LARGEST_PLANE = 1 << 31
_MOST_DIMENSIONS = 16
#: DimIDs: tiles are images of their own, Z runs faster than T, and T faster than the rest.
_TILE = "10"
_SLOWEST_FIRST = {_TILE: 0, "4": 2, "3": 3}
_RGB_TAGS = ["1", "2", "3"]


def lif_planes(path: Path) -> Iterator[tuple[int, str, npt.NDArray[np.generic]]]:
    """Every plane with the number of its image and words for its place; T slowest, then Z, then C in each image.

    Rows and columns are the axes whose samples lie closest together; each tile is an image.

    Raises ValueError for a header that makes no sense, or planes that reach out of their memory block.
    """
    with open_regular(path) as stream:
        root = _header(stream)
        blocks = _memory_blocks(stream, long=root.get("Version") != "1")
        number = 0
        for element in root.iter("Element"):
            image, memory = element.find("Data/Image/ImageDescription"), element.find("Memory")
            if image is not None and memory is not None:
                place, size = blocks[memory.get("MemoryBlockID", "")]
                tile = 0
                for tile, where, plane in _planes(stream, image, place, size):
                    yield number + tile, f"{where} of {element.get('Name', '?')}", plane
                number += tile + 1


def _header(stream: BinaryIO) -> Any:
    from confocal_bag.image.acquisition.xml import parse_header

    mark, _, star, characters = struct.unpack("<IIBI", _exactly(stream, 13))
    if mark != 0x70 or star != 0x2A or characters * 2 > _LARGEST_HEADER:
        raise ValueError("the file does not begin with a header of a LIF")
    return parse_header(_exactly(stream, characters * 2).decode("utf-16-le").encode())


def _memory_blocks(stream: BinaryIO, *, long: bool) -> dict[str, tuple[int, int]]:
    """Where each memory block stands and how many bytes it has, by its name."""
    layout = struct.Struct("<IIBQBI" if long else "<IIBIBI")
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    blocks = {}
    while stream.tell() < end:
        mark, _, _, size, _, characters = layout.unpack(_exactly(stream, layout.size))
        if mark != 0x70:
            raise ValueError("a memory block does not stand where it should")
        name = _exactly(stream, characters * 2).decode("utf-16-le", "replace")
        blocks[name] = (stream.tell(), size)
        stream.seek(size, 1)
    return blocks


def _planes(stream: BinaryIO, image: Any, place: int, size: int) -> Iterator[tuple[int, str, npt.NDArray[np.generic]]]:
    channels = list(image.iterfind("Channels/ChannelDescription"))
    axes = sorted(
        (int(one.get("BytesInc", 0)), int(one.get("NumberOfElements", 0)), one.get("DimID", ""))
        for one in image.iterfind("Dimensions/DimensionDescription")
    )
    if not channels or not 1 <= len(axes) <= _MOST_DIMENSIONS:
        return
    columns, rows, *others = axes if len(axes) > 1 else [*axes, (0, 1, "")]
    others.reverse()
    # Axes that have no place in this list stay as they are stored, slowest first.
    stacked = sorted(others, key=lambda axis: _SLOWEST_FIRST.get(axis[2], 1))
    dtype = _sample_type(channels[0].attrib)
    offsets = [(int(one.get("BytesInc", 0)), one.get("ChannelTag", "0")) for one in channels]
    is_color = sorted(tag for _, tag in offsets) == _RGB_TAGS and max(offsets)[0] < columns[0]
    for steps in product(*(range(count) for _, count, _ in stacked)):
        start = sum(at * step for at, (step, _, _) in zip(steps, stacked, strict=True))
        where = ", ".join(f"axis {name}={at}" for at, (_, _, name) in zip(steps, stacked, strict=True))
        tile = steps[0] if stacked and stacked[0][2] == _TILE else 0
        cut = [
            (tag, _cut(stream, place, size, start + offset, axes=(rows[:2], columns[:2]), dtype=dtype))
            for offset, tag in offsets
        ]
        if is_color:
            yield tile, where, np.stack([plane for _, plane in sorted(cut, key=lambda one: one[0])], axis=-1)
        else:
            yield from ((tile, f"channel {number}, {where}", plane) for number, (_, plane) in enumerate(cut))


def _cut(
    stream: BinaryIO,
    place: int,
    size: int,
    start: int,
    *,
    axes: tuple[tuple[int, int], tuple[int, int]],
    dtype: np.dtype[np.generic],
) -> npt.NDArray[np.generic]:
    (row_step, rows), (column_step, columns) = axes
    length = (rows - 1) * row_step + (columns - 1) * column_step + dtype.itemsize
    if not 0 <= start <= start + length <= size or length > _LARGEST_PLANE or prod((rows, columns)) > _LARGEST_PLANE:
        raise ValueError("a plane reaches out of its memory block")
    stream.seek(place + start)
    raw = _exactly(stream, length)
    return np.ndarray((rows, columns), dtype, raw, strides=(row_step, column_step)).copy()


def _sample_type(channel: Mapping[str, str]) -> np.dtype[np.generic]:
    """Little-endian integers or reals of as many bytes as the resolution in bits needs."""
    bits = int(channel.get("Resolution", 0))
    width = next(one for one in (1, 2, 4, 8) if one * 8 >= bits)
    return np.dtype(f"<{'f' if channel.get('DataType') == '1' else 'u'}{width}")


def _exactly(stream: BinaryIO, count: int) -> bytes:
    raw = stream.read(count)
    if len(raw) < count:
        raise ValueError("the file ends too early")
    return raw
