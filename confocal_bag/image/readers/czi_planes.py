"""The planes of a CZI put together from its sub-blocks and decoded by imagecodecs: a second way to the same pixels.

Nothing of it is shared with the reader that opens CZI, which is another library over another decoder.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from confocal_bag.image.readers.zisraw import SubBlock, ZisrawError, read_sub_blocks
from confocal_bag.image.regular_file import open_regular

__all__ = ["czi_planes"]

#: Sample type and samples per pixel by the number of the pixel type (CZI file format 1.2.2, 5.4).
_TYPES = {
    0: ("u1", 1),
    1: ("<u2", 1),
    2: ("<f4", 1),
    3: ("u1", 3),
    4: ("<u2", 3),
    8: ("<f4", 3),
    9: ("u1", 4),
    12: ("<u4", 1),
}
_RAW, _JPEG, _LZW, _JPEG_XR, _ZSTD, _ZSTD_HEADER = 0, 1, 2, 4, 5, 6
#: A plane larger than this is not put together.
_LARGEST_PLANE = 1 << 31
_Bytes = bytes | bytearray
_Samples = npt.NDArray[np.generic]


def czi_planes(path: Path) -> Iterator[tuple[int, str, _Samples]]:
    """Every plane with the number of its image and words for its place; T slowest, then Z, then C in each image.

    Images are told apart by all other dimensions. Mosaics are composed with later tiles over earlier ones.

    Raises ZisrawError for what is damaged or packed in a way that is not known here.
    """
    with open_regular(path) as stream:
        blocks = [one for one in read_sub_blocks(stream) if not one.is_reduced]
        frames = _frames(blocks)
        tiles: dict[tuple[tuple[str, int], ...], list[SubBlock]] = defaultdict(list)
        for one in blocks:
            tiles[one.plane].append(one)
        images: dict[tuple[tuple[str, int], ...], int] = {}
        for plane in sorted(tiles, key=_order):
            number = images.setdefault(_order(plane)[0], len(images))
            where = ", ".join(f"{axis}={at}" for axis, at in plane)
            yield number, where, _composed(stream, tiles[plane], frames[_scene(tiles[plane][0])])


def _order(plane: tuple[tuple[str, int], ...]) -> tuple[tuple[tuple[str, int], ...], int, int, int]:
    """What tells images apart, scenes first; then T, Z and C."""
    places = dict(plane)
    t, z, c = (places.pop(axis, 0) for axis in "TZC")
    return tuple(sorted(places.items(), key=lambda one: (one[0] != "S", one[0]))), t, z, c


def _scene(block: SubBlock) -> int:
    return block.start.get("S", 0)


def _frames(blocks: Sequence[SubBlock]) -> dict[int, tuple[int, int, int, int]]:
    """Left, top, right and bottom of each scene, over all its planes."""
    frames: dict[int, tuple[int, int, int, int]] = {}
    for one in blocks:
        left, top = one.start["X"], one.start["Y"]
        right, bottom = left + one.size["X"], top + one.size["Y"]
        known = frames.get(_scene(one), (left, top, right, bottom))
        frames[_scene(one)] = (
            min(left, known[0]), min(top, known[1]), max(right, known[2]), max(bottom, known[3]),
        )  # fmt: skip
    return frames


def _composed(stream: BinaryIO, tiles: Sequence[SubBlock], frame: tuple[int, int, int, int]) -> _Samples:
    left, top, right, bottom = frame
    dtype, samples = _sample_type(tiles[0])
    shape = (bottom - top, right - left, samples) if samples > 1 else (bottom - top, right - left)
    if np.prod(shape, dtype=object) * dtype.itemsize > _LARGEST_PLANE:
        raise ZisrawError("a plane is too large to be put together")
    if len(tiles) == 1 and tiles[0].size["X"] == shape[1] and tiles[0].size["Y"] == shape[0]:
        return _pixels(stream, tiles[0])
    canvas = np.zeros(shape, dtype)
    for one in sorted(tiles, key=lambda tile: tile.start.get("M", 0)):
        y, x = one.start["Y"] - top, one.start["X"] - left
        pixels = _pixels(stream, one)
        canvas[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
    return canvas


def _sample_type(block: SubBlock) -> tuple[np.dtype[np.generic], int]:
    try:
        name, samples = _TYPES[block.pixel_type]
    except KeyError:
        raise ZisrawError(f"pixels of type {block.pixel_type} are not known here") from None
    return np.dtype(name), samples


def _pixels(stream: BinaryIO, block: SubBlock) -> _Samples:
    """The samples of one sub-block, colours as red, green, blue."""
    dtype, samples = _sample_type(block)
    shape = (block.stored_rows, block.stored_columns, samples)
    decoded = _decoded(_stored(stream, block), block.compression, dtype, shape)
    if samples > 1 and block.compression not in (_JPEG, _JPEG_XR):
        # Zeiss keeps blue first; what JPEG and JPEG XR decode to is red first already.
        decoded = decoded[..., [2, 1, 0, 3][:samples]]
    return decoded if samples > 1 else decoded[..., 0]


def _stored(stream: BinaryIO, block: SubBlock) -> bytes:
    """The bytes of a sub-block as stored: behind its directory entry and its own metadata."""
    stream.seek(block.position + 32)
    head = stream.read(48)
    metadata, _, size = struct.unpack_from("<iiq", head)
    dimensions = struct.unpack_from("<i", head, 16 + 28)[0]
    stream.seek(block.position + 32 + max(256, 16 + 32 + 20 * dimensions) + metadata)
    stored = stream.read(size)
    if len(stored) < size:
        raise ZisrawError(f"the sub-block at byte {block.position} is cut short")
    return stored


def _decoded(stored: _Bytes, compression: int, dtype: np.dtype[np.generic], shape: tuple[int, int, int]) -> _Samples:
    import imagecodecs

    size = int(np.prod(shape)) * dtype.itemsize
    if compression in (_JPEG, _JPEG_XR):
        decode = imagecodecs.jpeg8_decode if compression == _JPEG else imagecodecs.jpegxr_decode
        picture: _Samples = np.asarray(decode(stored))
        return picture.reshape(shape).astype(dtype, copy=False)
    flat: _Bytes
    if compression == _RAW:
        flat = stored[:size]
    elif compression == _LZW:
        flat = imagecodecs.lzw_decode(stored, out=size)
    elif compression == _ZSTD:
        flat = imagecodecs.zstd_decode(stored, out=size)
    elif compression == _ZSTD_HEADER:
        flat = _unpacked_zstd(stored, size)
    else:
        raise ZisrawError(f"pixels packed by method {compression} are not known here")
    return np.frombuffer(flat, dtype).reshape(shape)


def _unpacked_zstd(stored: _Bytes, size: int) -> _Bytes:
    """Zstandard behind a header that may say that low and high bytes stand apart."""
    import imagecodecs

    length = stored[0]
    apart = length == 3 and stored[1] == 1 and bool(stored[2] & 1)
    if length not in (1, 3):
        raise ZisrawError(f"a header of {length} bytes before Zstandard is not known here")
    flat: _Bytes = imagecodecs.zstd_decode(stored[length:], out=size)
    if not apart:
        return flat
    return np.frombuffer(flat, np.uint8).reshape(2, -1).T.tobytes()
