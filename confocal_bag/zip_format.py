"""What zipfile leaves to who reads zip files of strangers: its errors, unreadable members, names, endless lists."""

import lzma
import os
import struct
import zipfile
import zlib
from typing import BinaryIO

__all__ = [
    "LARGEST_DIRECTORY_BYTES",
    "ZIP_DAMAGE",
    "is_encrypted",
    "is_of_unknown_method",
    "member_name",
    "refuse_huge_directory",
]

#: What zipfile and the decompressors below it raise for damaged or unsupported data.
ZIP_DAMAGE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    ValueError, struct.error, MemoryError,
)  # fmt: skip
#: A larger list of members is not read, so that it cannot fill the memory.
LARGEST_DIRECTORY_BYTES = 256 << 20

_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
#: The end record; before it what large archives add, after it the longest comment (APPNOTE 4.3.14 to 4.3.16).
_END_BYTES, _END64_BYTES, _LONGEST_COMMENT_BYTES = 22, 20 + 56, 1 << 16


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Whether a member can be read with a password only."""
    return bool(info.flag_bits & _ENCRYPTED)


def is_of_unknown_method(info: zipfile.ZipInfo) -> bool:
    """Whether a member is packed in a way that zipfile does not know."""
    return info.compress_type not in _METHODS


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's whole name; zipfile reads an unmarked name as code page 437, though most are UTF-8."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def refuse_huge_directory(stream: BinaryIO) -> None:
    """Raise BadZipFile where the end record announces a list of members too large to take into memory."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _LONGEST_COMMENT_BYTES - _END_BYTES - _END64_BYTES))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + _END_BYTES:
        return  # zipfile says what is wrong
    listed: int = struct.unpack_from("<I", tail, end + 12)[0]
    larger = tail.rfind(b"PK\6\6", 0, end)
    if listed == 0xFFFFFFFF and 0 <= larger <= len(tail) - 48:
        listed = struct.unpack_from("<Q", tail, larger + 40)[0]
    if listed > LARGEST_DIRECTORY_BYTES:
        raise zipfile.BadZipFile(f"its list of members has {listed:,} bytes, too many to be read")
