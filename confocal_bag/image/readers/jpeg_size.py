"""Compare a JPEG or JPEG XR inside a TIFF with its strip or tile: the size in its header (ITU T.81 B.2.2), and its end.

The decoder makes room for what the JPEG declares, whatever the TIFF around it says: 65,535 by 65,535 in a kilobyte. Of
one that is cut short it makes up the rest.
"""

import struct
from math import prod
from typing import Any

from confocal_bag.image.lossy.jpegxr import codestream_end
from confocal_bag.image.lossy.window import Window

__all__ = ["check_jpeg_sizes"]

_JPEG = (6, 7)
#: Old-style JPEG (6) leaves the end of image to the decoder.
_JPEG_WITH_END = 7
_JPEG_XR = (22610, 34934)
_END_OF_IMAGE = b"\xff\xd9"
#: Writers pad strips behind the end.
_TAIL = 1 << 12
_HEAD = 1 << 16
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
#: Strips are padded to whole blocks, and the last one of a page may be as high as the others.
_MOST_EXCESS = 4


def check_jpeg_sizes(page: Any) -> None:
    """Raise ValueError where a JPEG of a tifffile page is cut short, or declares far more samples than its strip."""
    compression = int(page.compression)
    if compression in _JPEG_XR:
        _check_jpegxr(page)
    if compression not in _JPEG:
        return
    most = _MOST_EXCESS * max(prod(page.chunks), 1 << 12)
    stream = page.parent.filehandle
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
        stream.seek(offset)
        rows, columns = _frame_size(stream.read(min(count, _HEAD)))
        if rows * columns > most:
            raise ValueError(f"a JPEG declares {rows} by {columns} samples, more than its strip or tile has")
        if compression == _JPEG_WITH_END and count:
            stream.seek(offset + max(0, count - _TAIL))
            if _END_OF_IMAGE not in stream.read(min(count, _TAIL)):
                raise ValueError("a JPEG is cut short: its strip or tile ends before the end of the image")


def _check_jpegxr(page: Any) -> None:
    """Raise ValueError where the file format of a JPEG XR lists more bytes of codestream than its strip or tile has."""
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
        end = codestream_end(Window(stream=page.parent.filehandle, start=offset, length=count))
        if end > count:
            raise ValueError(f"a JPEG XR is cut short: it has {end} bytes, its strip or tile {count}")


def _frame_size(head: bytes) -> tuple[int, int]:
    """Rows and columns in the first frame header; zeros where there is none."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = struct.unpack_from(">xBH", head, at)
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            rows, columns = struct.unpack_from(">HH", head, at + 5)
            return rows, columns
        at += 1 if marker == 0xFF else 2 + length
    return 0, 0
