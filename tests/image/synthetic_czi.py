"""Write small uncompressed CZI files, sub-block by sub-block, for tests."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Block = tuple[Mapping[str, int], npt.NDArray[np.generic]]

_PIXEL_TYPES = {("u1", 2): 0, ("u2", 2): 1, ("u1", 3): 3}


def write_czi(path: Path, blocks: Sequence[Block], *, xml: str = "<ImageDocument/>") -> None:
    """Write each block (start by dimension letter, pixels as rows x columns or rows x columns x BGR) as a sub-block."""
    body = bytearray(32 + 512)
    entries = []
    for start, pixels in blocks:
        entry = _entry(start, pixels, position=len(body))
        entries.append(entry)
        data = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
        head = struct.pack("<iiq", 0, 0, len(data)) + entry
        body += _segment(b"ZISRAWSUBBLOCK", head.ljust(256, b"\0") + data)
    directory = len(body)
    body += _segment(b"ZISRAWDIRECTORY", struct.pack("<i", len(entries)).ljust(128, b"\0") + b"".join(entries))
    metadata = len(body)
    body += _segment(b"ZISRAWMETADATA", struct.pack("<ii", len(xml), 0).ljust(256, b"\0") + xml.encode())
    fields = struct.pack("<iiii16s16siqqiq", 1, 0, 0, 0, b"p" * 16, b"f" * 16, 0, directory, metadata, 0, 0)
    body[: 32 + 512] = struct.pack("<16sqq", b"ZISRAWFILE", 512, 512) + fields.ljust(512, b"\0")
    path.write_bytes(bytes(body))


def _entry(start: Mapping[str, int], pixels: npt.NDArray[np.generic], *, position: int) -> bytes:
    rows, columns = pixels.shape[:2]
    sizes = {"X": columns, "Y": rows}
    dimensions = {"X": 0, "Y": 0, **start}
    kind = _PIXEL_TYPES[(pixels.dtype.str[1:], pixels.ndim)]
    packed = b"".join(
        struct.pack("<4siifi", name.encode(), at, sizes.get(name, 1), 0.0, sizes.get(name, 1))
        for name, at in dimensions.items()
    )
    return struct.pack("<2siqiiBB4si", b"DV", kind, position, 0, 0, 0, 0, b"", len(dimensions)) + packed


def _segment(name: bytes, content: bytes) -> bytes:
    padded = content.ljust((len(content) + 31) // 32 * 32, b"\0")
    return struct.pack("<16sqq", name, len(padded), len(content)) + padded
