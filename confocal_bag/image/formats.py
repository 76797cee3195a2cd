"""Say what format a file has, by its bytes."""

import os
import re
import stat
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.container_formats import identify_ole2, identify_zip
from confocal_bag.image.format_table import FORMATS, ZARR_TOPS, Format, Kind
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.signatures import identify_signature
from confocal_bag.image.text_formats import identify_text
from confocal_bag.image.tiff_directory import (
    Directory,
    TiffDamagedError,
    TiffHeader,
    directories,
    read_header,
)

__all__ = ["FORMATS", "Format", "Kind", "extension_disagrees", "identify", "identify_stream"]

_HEAD = 8192
_DOCUMENT = 1 << 20
_NGFF_WORDS = (b'"ome"', b'"multiscales"', b'"plate"', b'"well"', b'"bioformats2raw.layout"')
_TEXTS = ("json", "text")
_ZARR_DOCUMENTS = (".zattrs", ".zgroup", ".zarray", ".zmetadata")
#: The name of a chunk by its place; what it holds may look like anything, an archive for one.
_CHUNK_NAME = re.compile(r"(?:c\.)?[0-9]+(?:\.[0-9]+)*")

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_JPEG2000 = b"\0\0\0\x0cjP  \r\n\x87\n"
_ND2_JPEG2000 = b"LABORATORY IMAGING ND BOX MAP 00"


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
    found = identify_signature(head) or identify_text(head, name) or FORMATS["unknown"]
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
