"""Formats that the first bytes of a file tell."""

import struct
from dataclasses import replace

from confocal_bag.image.format_table import FORMATS, Format

__all__ = ["identify_signature"]

# (offset, bytes there, format id); the first that fits wins.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"ZISRAWFILE\0", "czi"),
    (0, b"\xda\xce\xbe\x0a", "nd2"),
    (0, b"OLYMPUSRAWFORMAT", "oir"),
    (0, b"SIS\0", "ets"),
    (0, b"Iout", "imagej-roi"),
    (0, b"ICOL", "imagej-lut"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"8BPS", "psd"),
    (0, b"NRRD000", "nrrd"),
    (0, b"SIMPLE  =", "fits"),
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rtf", "rtf"),
    (0, b"\x1f\x8b\x08", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (257, b"ustar", "tar"),
    (128, b"DICM", "dicom"),
    (96, b"\xa0\xc0", "deltavision"),
    (96, b"\xc0\xa0", "deltavision"),
    (0, b"\x93NUMPY", "npy"),
    (0, b"MATLAB 5.0 MAT-file", "mat"),
    (0, b"\0\0\0\1Bud1", "ds-store"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (0, b"\0\0\1\xba", "mpeg"),
    (0, b"\0\0\1\xb3", "mpeg"),
)

_PDF_PUIDS = {
    b"1.0": "fmt/14", b"1.1": "fmt/15", b"1.2": "fmt/16", b"1.3": "fmt/17", b"1.4": "fmt/18",
    b"1.5": "fmt/19", b"1.6": "fmt/20", b"1.7": "fmt/276", b"2.0": "fmt/1129",
}  # fmt: skip
_BMP_HEADERS = tuple(struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124))


def identify_signature(head: bytes) -> Format | None:
    """The format whose signature the first bytes of a file have; None where they have none that is known.

    TIFF, OLE2, zip and JPEG 2000, which need a second look, are not among them.
    """
    for offset, magic, found in _SIGNATURES:
        if head.startswith(magic, offset):
            return _with_version(FORMATS[found], head)
    for recognise in (_leica, _riff, _media, _hdf5, _small_images):
        name = recognise(head)
        if name is not None:
            return FORMATS[name]
    return None


def _with_version(found: Format, head: bytes) -> Format:
    """PRONOM numbers PDF and GIF by version."""
    if found.id == "pdf":
        return replace(found, puid=_PDF_PUIDS.get(head[5:8]))
    if found.id == "gif" and head.startswith(b"GIF87a"):
        return replace(found, puid="fmt/3")
    return found


def _leica(head: bytes) -> str | None:
    if head[:4] != b"\x70\0\0\0" or head[8:9] != b"\x2a":
        return None
    return "lof" if "LMS_Object_File".encode("utf-16-le") in head[:256] else "lif"


def _riff(head: bytes) -> str | None:
    if head[:4] not in (b"RIFF", b"RIFX"):
        return None
    return {b"AVI ": "avi", b"WEBP": "webp"}.get(head[8:12])


def _media(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "mov" if head[8:12] == b"qt  " else "mp4"
    return "mov" if head[4:8] in (b"moov", b"wide") and head[:2] == b"\0\0" else None


def _hdf5(head: bytes) -> str | None:
    if not head.startswith(b"\x89HDF\r\n\x1a\n"):
        return None
    return "imaris" if b"DataSetInfo" in head or b"ImarisDataSet" in head else "hdf5"


def _small_images(head: bytes) -> str | None:
    if head[:2] == b"BM" and len(head) >= 30 and head[6:10] == b"\0\0\0\0" and head[14:18] in _BMP_HEADERS:
        return "bmp"
    if len(head) >= 76 and head[54:56] == b"\x39\x30" and head[14:16] in (b"\0\0", b"\1\0"):
        return "biorad-pic"
    if b"ics_version" in head[:64]:
        return "ics"
    return None
