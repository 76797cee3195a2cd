"""Compare the size in the header of a JPEG inside a TIFF with that of its strip or tile (ITU T.81 B.2.2).

The decoder makes room for what the JPEG declares, whatever the TIFF around it says: 65,535 by 65,535 in a kilobyte.
"""

import struct
from math import prod
from typing import Any

__all__ = ["check_jpeg_sizes"]

_JPEG = (6, 7)
_HEAD = 1 << 16
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
#: Strips are padded to whole blocks, and the last one of a page may be as high as the others.
_MOST_EXCESS = 4


def check_jpeg_sizes(page: Any) -> None:
    """Raise ValueError where a JPEG of a tifffile page declares many more samples than its strip or tile has."""
    if int(page.compression) not in _JPEG:
        return
    most = _MOST_EXCESS * max(prod(page.chunks), 1 << 12)
    stream = page.parent.filehandle
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
        stream.seek(offset)
        rows, columns = _frame_size(stream.read(min(count, _HEAD)))
        if rows * columns > most:
            raise ValueError(f"a JPEG declares {rows} by {columns} samples, more than its strip or tile has")


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
