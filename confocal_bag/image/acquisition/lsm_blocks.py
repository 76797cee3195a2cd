"""The text blocks of an LSM file that tifffile does not show: whose microscope it was, and the software."""

from __future__ import annotations

import struct
from typing import Any

from confocal_bag.image.acquisition.values import whole

__all__ = ["application_tags", "block_at", "characteristics"]

#: No text block of a real file comes near this.
_LARGEST_BLOCK = 1 << 20


def block_at(stream: Any, offset: object) -> bytes:
    """The block at an offset, which begins with its length in four bytes; nothing where it cannot be."""
    start = whole(offset)
    if start is None or start + 4 > stream.size:
        return b""
    stream.seek(start)
    (length,) = struct.unpack("<I", stream.read(4))
    return bytes(stream.read(length)) if 8 <= length <= min(_LARGEST_BLOCK, stream.size - start) else b""


def characteristics(block: bytes) -> dict[str, str]:
    """The "key = value" lines of the Characteristics block. Whose file it is (CreatedByUser) is not kept."""
    wanted = ("Device", "AcquisitionDateAndTime")
    lines = block.decode("cp1252", "replace").splitlines()
    pairs = (line.partition("=") for line in lines)
    return {key.strip(): value.strip() for key, sign, value in pairs if sign and key.strip() in wanted}


def application_tags(block: bytes) -> dict[str, str]:
    """Name and version of the software: records of length, name, type 2 (text) and value."""
    found: dict[str, str] = {}
    at = 4
    while at + 8 <= len(block):
        length, name_length = struct.unpack_from("<II", block, at)
        kind_at = at + 8 + name_length
        if length < 12 or name_length > length or kind_at + 8 > len(block):
            break
        kind, value_length = struct.unpack_from("<II", block, kind_at)
        if kind == 2:
            value = block[kind_at + 8 : kind_at + 8 + value_length]
            found[_text(block[at + 8 : kind_at])] = _text(value)
        at += length
    return {key: value for key, value in found.items() if key in ("ApplicationName", "ApplicationVersion")}


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("cp1252", "replace")
