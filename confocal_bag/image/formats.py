"""Say what format a file has, by its bytes."""

import os
import re
import stat
import struct
from dataclasses import replace
from io import BufferedReader
from pathlib import Path, PurePath
from typing import BinaryIO

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.container_formats import identify_ole2, identify_zip
from confocal_bag.image.format_table import FORMATS, ZARR_TOPS, Format, Kind
from confocal_bag.image.text_formats import identify_text
from confocal_bag.image.tiff_directory import (
    Directory,
    TiffDamagedError,
    TiffHeader,
    directories,
    read_header,
)

__all__ = ["FORMATS", "Format", "Kind", "extension_disagrees", "identify", "identify_stream", "open_regular"]

_HEAD = 8192
_DOCUMENT = 1 << 20
_NGFF_WORDS = (b'"ome"', b'"multiscales"', b'"plate"', b'"well"', b'"bioformats2raw.layout"')
_TEXTS = ("json", "text")
_ZARR_DOCUMENTS = (".zattrs", ".zgroup", ".zarray", ".zmetadata")
#: The name of a chunk by its place; what it holds may look like anything, an archive for one.
_CHUNK_NAME = re.compile(r"(?:c\.)?[0-9]+(?:\.[0-9]+)*")

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

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_JPEG2000 = b"\0\0\0\x0cjP  \r\n\x87\n"
_ND2_JPEG2000 = b"LABORATORY IMAGING ND BOX MAP 00"
_PDF_PUIDS = {
    b"1.0": "fmt/14", b"1.1": "fmt/15", b"1.2": "fmt/16", b"1.3": "fmt/17", b"1.4": "fmt/18",
    b"1.5": "fmt/19", b"1.6": "fmt/20", b"1.7": "fmt/276", b"2.0": "fmt/1129",
}  # fmt: skip


def identify(path: Path) -> Format:
    """The format of the file or folder at `path`, from a few kilobytes of its bytes.

    Links are not followed, pipes and devices not opened; the extension only tells text formats apart. Raises
    CannotFinish when the path does not exist or must not be read.
    """
    try:
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            return _identify_folder(path)
        if stat.S_ISLNK(mode):
            return FORMATS["link"]
        if not stat.S_ISREG(mode):
            return FORMATS["special"]
        with open_regular(path) as stream:
            found = identify_stream(stream, path.name)
        return _within_zarr(path, found)
    except OSError as error:
        raise CannotFinish(
            f"{readable_path(path)} cannot be read ({error.strerror}); check that it is there and readable."
        ) from error


def open_regular(path: Path) -> BufferedReader:
    """Open a file for reading only: no link is followed, no pipe waited for, the access time kept where one may."""
    return open(os.fspath(path), "rb", opener=_open_regular)


def _open_regular(path: str, _: int) -> int:
    descriptor = _open_keeping_access_time(path)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is not a regular file")
    return descriptor


def _open_keeping_access_time(path: str) -> int:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if hasattr(os, "O_NOATIME"):
        try:
            return os.open(path, flags | os.O_NOATIME)
        except PermissionError:
            pass  # only the owner of a file may ask for this; the plain open below decides
    return os.open(path, flags)


def identify_stream(stream: BinaryIO, name: str) -> Format:
    """The format of an open, seekable stream whose file is called `name`: for members of archives."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        return FORMATS["empty"]
    header = read_header(stream)
    if header is not None:
        # A VSI is a TIFF with an overview picture; the image lies in a folder beside it.
        return FORMATS["vsi"] if name.lower().endswith(".vsi") else _identify_tiff(stream, header)
    if head.startswith(_OLE2):
        return identify_ole2(stream, head)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return identify_zip(stream, head)
    if head.startswith(_JPEG2000):
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - 40))
        return FORMATS["nd2-jpeg2000" if stream.read(40).startswith(_ND2_JPEG2000) else "jpeg2000"]
    found = _identify_signature(head) or identify_text(head, name) or FORMATS["unknown"]
    # A SlideBook 7 image is a text beside a folder with its arrays.
    return FORMATS["slidebook"] if found.kind is Kind.DOCUMENT and name.lower().endswith(".sldy") else found


def _identify_folder(path: Path) -> Format:
    """An OME-Zarr image or plate, or just a folder: Zarr 2 says so in .zattrs, Zarr 3 in zarr.json."""
    for name in ZARR_TOPS:
        try:
            with open_regular(path / name) as stream:
                text = stream.read(_DOCUMENT)
        except OSError:
            continue
        if any(word in text for word in _NGFF_WORDS):
            return FORMATS["ome-zarr"]
    return FORMATS["folder"]


def _within_zarr(path: Path, found: Format) -> Format:
    """What a file in a folder NAME.zarr is: the file at its top stands for the image, chunks have no signature."""
    if not any(one.name.lower().endswith(".zarr") for one in path.parents):
        return found
    if _CHUNK_NAME.fullmatch(path.name):
        return FORMATS["zarr-part"]
    at_top = path.parent.name.lower().endswith(".zarr") and path.name in ZARR_TOPS
    if path.name in _ZARR_DOCUMENTS and found.id == "text":
        found = FORMATS["json"]
    if not at_top or (path.name == ".zattrs" and (path.parent / "zarr.json").is_file()):
        return found
    return FORMATS["ome-zarr"] if found.id in _TEXTS and _identify_folder(path.parent).id == "ome-zarr" else found


def _identify_tiff(stream: BinaryIO, header: TiffHeader) -> Format:
    try:
        first = next(directories(stream, header, most=1), None)
    except (TiffDamagedError, OSError):
        first = None
    found = FORMATS[_tiff_flavour(stream, first)]
    if not header.big:
        return found
    # DROID takes the BigTIFFs that tifffile writes for Zoomify (fmt/898); the header says otherwise.
    return FORMATS["bigtiff"] if found.id == "tiff" else replace(found, puid="fmt/1917")


def _tiff_flavour(stream: BinaryIO, first: Directory | None) -> str:
    if first is None:
        return "tiff"
    for tag, flavour in ((34412, "lsm"), (33628, "stk"), (34361, "fluoview-tiff")):
        if tag in first.entries:
            return flavour
    description = first.data(stream, 270, most=4096)
    if b"openmicroscopy.org/Schemas/OME" in description or b"<OME " in description:
        return "ome-tiff"
    return "imagej-tiff" if description.startswith(b"ImageJ=") else "tiff"


def _identify_signature(head: bytes) -> Format | None:
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


_BMP_HEADERS = tuple(struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124))


def extension_disagrees(path: PurePath, found: Format) -> bool:
    """Whether the file's name promises another format than its bytes show.

    A name without an extension promises nothing. A text file may be called anything no other format claims; a
    file nobody recognised, or an empty one, disagrees when its extension belongs to a format told by its
    bytes.
    """
    name = path.name.lower()
    if found.id in ("folder", "link", "special", "ome-zarr", "zarr-part") or "." not in name.strip("."):
        return False
    claimed = max((one for one in _EXTENSIONS if name.endswith(one)), key=len, default=None)
    if claimed in found.extensions:
        return False
    if claimed is None:
        return _told_by_bytes(found)
    return _told_by_bytes(found) or any(_told_by_bytes(FORMATS[one]) for one in _EXTENSIONS[claimed])


def _told_by_bytes(found: Format) -> bool:
    return found.kind in _MARKED or found.id in _MARKED_DOCUMENTS


_MARKED = frozenset({Kind.IMAGE, Kind.ARCHIVE, Kind.MOVIE})
_MARKED_DOCUMENTS = frozenset(
    {"pdf", "docx", "pptx", "xlsx", "odt", "ods", "doc", "xls", "ppt", "rtf", "npy", "hdf5"}
    | {"ome-xml", "ome-companion", "imagej-roi"}
)
_EXTENSIONS = {
    extension: [one.id for one in FORMATS.values() if extension in one.extensions]
    for entry in FORMATS.values()
    for extension in entry.extensions
}
