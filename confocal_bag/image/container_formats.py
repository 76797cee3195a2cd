"""Tell apart the formats that are built on OLE2 compound files and on ZIP."""

import os
import struct
from typing import BinaryIO

from confocal_bag.image.format_table import FORMATS, Format

__all__ = ["identify_ole2", "identify_zip"]

_LISTING = 8192


def identify_ole2(stream: BinaryIO, head: bytes) -> Format:
    """The format of an OLE2 compound file, by the first names of its directory ([MS-CFB] 2.6)."""
    if len(head) < 512:
        return FORMATS["ole2"]
    shift, sector = struct.unpack("<H", head[30:32])[0], struct.unpack("<I", head[48:52])[0]
    if shift not in (9, 12) or sector > 0xFFFFFFFA:
        return FORMATS["ole2"]
    stream.seek((sector + 1) << shift)
    names = stream.read(_LISTING)
    for word, found in (
        ("OibInfo.txt", "oib"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("PowerPoint Document", "ppt"),
    ):
        if word.encode("utf-16-le") in names:
            return FORMATS[found]
    both = all(word.encode("utf-16-le") + b"\0\0" in names for word in ("Image", "Tags"))
    return FORMATS["zvi" if both else "ole2"]


def identify_zip(stream: BinaryIO, head: bytes) -> Format:
    """The format of a ZIP, by its first member and the names in its central directory."""
    names = _zip_names(stream)
    for prefix, found in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
        if b"[Content_Types].xml" in head[:60] and any(name.startswith(prefix) for name in names):
            return FORMATS[found]
    for mark, found in ((b"opendocument.text", "odt"), (b"opendocument.spreadsheet", "ods")):
        if b"mimetype" in head[:40] and mark in head[:120]:
            return FORMATS[found]
    if names and all(name.lower().endswith(b".roi") for name in names):
        return FORMATS["imagej-roiset"]
    return FORMATS["zip"]


def _zip_names(stream: BinaryIO) -> list[bytes]:
    """The first names of a ZIP's central directory; empty when it has none where it should."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 1024))
    tail = stream.read(1024)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < 22:
        return []
    stream.seek(struct.unpack("<I", tail[at + 16 : at + 20])[0])
    listing, names, position = stream.read(_LISTING), [], 0
    while listing[position : position + 4] == b"PK\1\2" and len(listing) - position >= 46:
        name, extra, comment = struct.unpack("<HHH", listing[position + 28 : position + 34])
        names.append(listing[position + 46 : position + 46 + name])
        position += 46 + name + extra + comment
    # A name cut off by the end of what was read says nothing.
    return names[:-1] if position > len(listing) else names
