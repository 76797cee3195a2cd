"""Personal data in what a CZI carries besides pixels and metadata: thumbnails, event lists, labels (ZISRAW 1.2)."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.privacy.byte_scan import fields_in_bytes
from confocal_bag.image.privacy.model import PersonalField
from confocal_bag.image.regular_file import open_regular

__all__ = ["attachment_fields"]

_MOST_ATTACHMENTS = 1000
_MOST_BYTES = 1 << 20
#: Where the file header says where the directory of attachments stands.
_DIRECTORY_AT = 32 + 4 * 4 + 2 * 16 + 4 + 8 + 8 + 4
_ENTRY = struct.Struct("<2s10sqi16s8s80s")


def attachment_fields(path: Path) -> Iterator[PersonalField]:
    """What the first megabyte of every attachment shows; nothing where the directory does not stand in the file."""
    with open_regular(path) as stream:
        for name, position in list(_attachments(stream)):
            raw = _segment(stream, position, b"ZISRAWATTACH")
            size = struct.unpack("<i", raw[:4])[0] if len(raw) >= 256 else 0
            for one in fields_in_bytes(raw[256 : 256 + max(0, size)]):
                yield PersonalField(where=f"attachment {name}, {one.where}", kind=one.kind, value=one.value)


def _attachments(stream: BinaryIO) -> Iterator[tuple[str, int]]:
    """Name and position of each attachment."""
    stream.seek(_DIRECTORY_AT)
    raw = stream.read(8)
    position = struct.unpack("<q", raw)[0] if len(raw) == 8 else 0
    content = _segment(stream, position, b"ZISRAWATTDIR")[256:] if position > 0 else b""
    for entry in _ENTRY.iter_unpack(content[: min(len(content) // _ENTRY.size, _MOST_ATTACHMENTS) * _ENTRY.size]):
        if entry[0] == b"A1":
            yield entry[6].partition(b"\0")[0].decode("ascii", "replace"), entry[2]


def _segment(stream: BinaryIO, position: int, name: bytes) -> bytes:
    """The first megabyte of the segment of this name; nothing where it does not stand there."""
    end = stream.seek(0, 2)
    if not 0 < position < end - 32:
        return b""
    stream.seek(position)
    found, allocated, used = struct.unpack("<16sqq", stream.read(32))
    return stream.read(max(0, min(used or allocated, _MOST_BYTES))) if found.rstrip(b"\0") == name else b""
