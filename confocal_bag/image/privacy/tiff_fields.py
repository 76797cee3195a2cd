"""Personal data in the tags of a TIFF: its own, those of Exif and XMP, and what ImageJ and OME put into them."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from confocal_bag.image.acquisition.values import printable
from confocal_bag.image.privacy.model import PersonalField, PersonalKind
from confocal_bag.image.privacy.xml_fields import fields_in_text, fields_in_xml
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_directory import Directory, TiffDamagedError, directories, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["tiff_fields"]

_MOST_PAGES = 1000
_LARGEST_TAG = 1 << 26
_LARGEST_SHORT_TAG = 1 << 16
#: Tags that hold personal data whatever they say (TIFF 6.0, Exif 2.32).
_NAMED = {
    315: ("Artist", PersonalKind.PERSON),
    316: ("HostComputer", PersonalKind.HOST),
    269: ("DocumentName", PersonalKind.FREE_TEXT),
    33432: ("Copyright", PersonalKind.PERSON),
    37510: ("UserComment", PersonalKind.FREE_TEXT),
    40093: ("XPAuthor", PersonalKind.PERSON),
    40092: ("XPComment", PersonalKind.FREE_TEXT),
    42032: ("CameraOwnerName", PersonalKind.PERSON),
    42033: ("BodySerialNumber", PersonalKind.DEVICE),
}
#: Tags whose text may name somebody.
_TEXTS = {305: "Software", 285: "PageName", 51123: "MicroManagerMetadata"}
_DESCRIPTION, _XMP, _EXIF, _GPS, _IMAGEJ_SIZES, _IMAGEJ = 270, 700, 34665, 34853, 50838, 50839


def tiff_fields(path: Path) -> Iterator[PersonalField]:
    """The fields of a TIFF's pages. Raises ValueError where its directories break."""
    with open_regular(path) as stream:
        header = read_header(stream)
        if header is None:
            return
        for number, page in enumerate(directories(stream, header, most=_MOST_PAGES)):
            yield from _page_fields(stream, page, first=number == 0)


def _page_fields(stream: BinaryIO, page: Directory, *, first: bool) -> Iterator[PersonalField]:
    yield from _named(stream, page)
    for tag, name in _TEXTS.items():
        text = _text(page.data(stream, tag, most=_LARGEST_SHORT_TAG))
        yield from fields_in_text(f"TIFF tag {tag} {name}", text, keyed=True)
    yield from _description(stream, page, most=_LARGEST_TAG if first else _LARGEST_SHORT_TAG)
    yield from _markup(f"TIFF tag {_XMP} XMP", page.data(stream, _XMP, most=_LARGEST_TAG))
    yield from _imagej(stream, page)
    for exif in _pointed(stream, page, _EXIF):
        yield from _named(stream, exif)
    for gps in _pointed(stream, page, _GPS):
        yield from _position(stream, gps)


def _pointed(stream: BinaryIO, page: Directory, tag: int) -> list[Directory]:
    """The directory that a tag points at; none where it does not stand there."""
    for pointer in page.integers(stream, tag):
        try:
            return list(directories(stream, replace(page.header, first=pointer), most=1))
        except TiffDamagedError:
            break
    return []


def _named(stream: BinaryIO, page: Directory) -> Iterator[PersonalField]:
    for tag, (name, kind) in _NAMED.items():
        raw = page.data(stream, tag, most=_LARGEST_SHORT_TAG)
        value = printable(_exif_text(raw) if tag in (37510, 40092, 40093) else _text(raw))
        if any(character.isalnum() for character in value):
            yield PersonalField(where=f"TIFF tag {tag} {name}", kind=kind, value=value)


def _description(stream: BinaryIO, page: Directory, *, most: int) -> Iterator[PersonalField]:
    raw = page.data(stream, _DESCRIPTION, most=most)
    where = f"TIFF tag {_DESCRIPTION} ImageDescription"
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        # The paths in OME-XML are known by their own names.
        yield from _markup(where, raw, within="")
    else:
        yield from fields_in_text(where, _text(raw), keyed=True)


def _markup(where: str, raw: bytes, within: str | None = None) -> Iterator[PersonalField]:
    content = raw.strip(b"\0 \t\r\n")
    if not content:
        return
    try:
        yield from list(fields_in_xml(content, within=where if within is None else within))
    except ValueError:
        yield from fields_in_text(where, _text(content), keyed=True)


def _imagej(stream: BinaryIO, page: Directory) -> Iterator[PersonalField]:
    """The Info and slice labels of ImageJ, in UTF-16 of the file's byte order (ij.io.TiffEncoder)."""
    sizes = page.integers(stream, _IMAGEJ_SIZES, most=1 << 20)
    raw = page.data(stream, _IMAGEJ, most=_LARGEST_TAG)
    if not sizes or len(raw) < sizes[0]:
        return
    order = page.header.order
    kinds = _imagej_kinds(raw[: sizes[0]], order)
    at = sizes[0]
    for kind, size in zip(kinds, sizes[1:], strict=False):
        if kind in ("Info", "Labels"):
            text = raw[at : at + size].decode("utf-16-le" if order == "<" else "utf-16-be", "replace")
            yield from fields_in_text(f"TIFF tag {_IMAGEJ} {kind}", text, keyed=True)
        at += size


def _imagej_kinds(head: bytes, order: str) -> list[str]:
    """What each block after the first holds; the first lists kinds and their counts."""
    kinds: list[str] = []
    for code, count in struct.iter_unpack(f"{order}4sI", head[4 : 4 + (len(head) - 4) // 8 * 8]):
        letters = code[::-1] if order == "<" else code
        name = {b"info": "Info", b"labl": "Labels"}.get(letters, "")
        kinds += [name] * min(count, 1 << 20)
    return kinds


def _position(stream: BinaryIO, gps: Directory) -> Iterator[PersonalField]:
    """The latitude of Exif's GPS directory, where it is not zero."""
    raw = gps.data(stream, 2, most=24)
    if any(raw):
        numbers = struct.unpack(f"{gps.header.order}{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
        value = " ".join(str(number) for number in numbers)
        yield PersonalField(where=f"TIFF tag {_GPS} GPS", kind=PersonalKind.PLACE, value=value)


def _text(raw: bytes) -> str:
    """Bytes as text: UTF-8 where they are, else Windows' western code page."""
    content = raw.rstrip(b"\0")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _exif_text(raw: bytes) -> str:
    """Text with the code of its character set before it (Exif), or in UTF-16 (Windows)."""
    for code, encoding in ((b"ASCII\0\0\0", "utf-8"), (b"UNICODE\0", "utf-16-le"), (b"JIS\0\0\0\0\0", "iso2022_jp")):
        if raw.startswith(code):
            return raw[8:].decode(encoding, "replace").strip("\0 ")
    if b"\0" in raw.rstrip(b"\0"):
        return raw.decode("utf-16-le", "replace").strip("\0 ")
    return _text(raw)
