"""Write CZI files whose sub-blocks hold codestreams, for tests."""

import struct
from collections.abc import Sequence
from pathlib import Path

_U8 = 0


def write_compressed_czi(
    path: Path, blocks: Sequence[tuple[int, int, bytes | bytearray]], *, size: tuple[int, int]
) -> None:
    """Write each block (scene, compression code, codestream) of 8-bit rows x columns as a sub-block of plane 0."""
    body = bytearray(32 + 512)
    entries = []
    for number, (scene, code, content) in enumerate(blocks):
        entry = _entry(scene, number, code, size, position=len(body))
        entries.append(entry)
        # The sub-block's own metadata stands before its pixels.
        note = b"<METADATA/>"
        head = struct.pack("<iiq", len(note), 0, len(content)) + entry
        body += _segment(b"ZISRAWSUBBLOCK", head.ljust(256, b"\0") + note + content)
    directory = len(body)
    body += _segment(b"ZISRAWDIRECTORY", struct.pack("<i", len(entries)).ljust(128, b"\0") + b"".join(entries))
    metadata = len(body)
    xml = b"<ImageDocument/>"
    body += _segment(b"ZISRAWMETADATA", struct.pack("<ii", len(xml), 0).ljust(256, b"\0") + xml)
    fields = struct.pack("<iiii16s16siqqiq", 1, 0, 0, 0, b"p" * 16, b"f" * 16, 0, directory, metadata, 0, 0)
    body[: 32 + 512] = struct.pack("<16sqq", b"ZISRAWFILE", 512, 512) + fields.ljust(512, b"\0")
    path.write_bytes(bytes(body))


def _entry(scene: int, plane: int, code: int, size: tuple[int, int], *, position: int) -> bytes:
    rows, columns = size
    places = {"X": (0, columns), "Y": (0, rows), "C": (0, 1), "Z": (0, 1), "T": (plane, 1), "S": (scene, 1)}
    packed = b"".join(
        struct.pack("<4siifi", name.encode(), at, length, 0.0, length) for name, (at, length) in places.items()
    )
    return struct.pack("<2siqiiBB4si", b"DV", _U8, position, 0, code, 0, 0, b"", len(places)) + packed


def _segment(name: bytes, content: bytes) -> bytes:
    padded = content.ljust((len(content) + 31) // 32 * 32, b"\0")
    return struct.pack("<16sqq", name, len(padded), len(content)) + padded
