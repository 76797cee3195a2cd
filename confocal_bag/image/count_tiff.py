"""Count the planes of a TIFF, ImageJ TIFF, OME-TIFF or LSM by its directories and what its description declares."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ELOOP, EMLINK
from pathlib import Path
from typing import Any, BinaryIO

from confocal_bag.counted import counted
from confocal_bag.findings import readable_path
from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.ome_document import OmeDocument, is_plain_name, read_document
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_blocks import block_faults, page_depth, read_page
from confocal_bag.image.tiff_directory import Directory, TiffDamagedError, directories, read_header

__all__ = ["check", "check_stream", "count", "count_imagej", "count_lsm", "count_ome", "ome_images"]

_MOST_PAGES = 1 << 22
_MOST_STRIPS = 1 << 22
_MOST_LISTED = 8
_MOST_NAMED = 5
# What opening a link without following it gives; 0 is our own word for what is not a file.
_LINK_OR_NO_FILE = (0, ELOOP, EMLINK)
_WIDTH, _HEIGHT, _BITS, _DESCRIPTION, _SAMPLES, _PLANAR, _SUBFILE = 256, 257, 258, 270, 277, 284, 254
_STRIPS = (273, 324)


def count(path: Path) -> int:
    """The full-resolution pages of a plain TIFF."""
    with _opened(path) as stream:
        return _pages(stream)[0]


def check(path: Path) -> None:
    """Check the directories of a TIFF that says in a way of its own how many planes it has."""
    with _opened(path) as stream:
        _pages(stream)


def check_stream(stream: BinaryIO) -> None:
    """Check the directories of a TIFF within another file, to its end. Raises TiffDamagedError."""
    _pages(stream)


def count_lsm(path: Path) -> int:
    """The channels of all pages of an LSM but its thumbnails."""
    with _opened(path) as stream:
        return _pages(stream, per_channel=True)[0]


def count_imagej(path: Path) -> int:
    """The slices that ImageJ declares, for which the file has room."""
    with _opened(path) as stream:
        pages, first = _pages(stream)
        return _imagej(stream, first, pages)


def count_ome(path: Path) -> int:
    """The planes that the OME-XML declares, each of which has a page in this file or in one beside it.

    `path` may be any file of a set: a TIFF that holds the OME-XML, one that points at a companion file, or that.
    """
    try:
        return _ome(path, read_document(path))
    except TiffDamagedError as error:
        raise DamagedFileError(str(error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_regular(path) as stream:
            yield stream
    except TiffDamagedError as error:
        raise DamagedFileError(str(error)) from error


def ome_images(path: Path) -> int:
    """How many images the OME-XML of an OME-TIFF, or of the set it belongs to, declares."""
    try:
        root = read_document(path).root
    except TiffDamagedError as error:
        raise DamagedFileError(str(error)) from error
    return sum(1 for image in root.iterchildren("{*}Image") if image.find("{*}Pixels") is not None)


def _pages(stream: BinaryIO, *, per_channel: bool = False) -> tuple[int, Directory]:
    """How many full-resolution pages (or channels of pages) the chain lists, all inside the file, and the first.

    Where all are called reduced copies, there is nothing that they are copies of, and all count.
    """
    pages, first = _listed_pages(stream, per_channel=per_channel, reduced=False)
    return (pages, first) if pages else _listed_pages(stream, per_channel=per_channel, reduced=True)


def _listed_pages(stream: BinaryIO, *, per_channel: bool, reduced: bool) -> tuple[int, Directory]:
    header = read_header(stream)
    if header is None:
        raise TiffDamagedError("it does not begin like a TIFF")
    end = stream.seek(0, 2)
    first, pages, listed = None, 0, 0
    for directory in directories(stream, header, most=_MOST_PAGES):
        first = first or directory
        listed += _listed_bytes(directory)
        # Lists of many pages may lie in one place; then reading them all would take for ever.
        if listed > _MOST_LISTED * end:
            raise TiffDamagedError(f"its pages list {listed} bytes of values, the file has {end}")
        _check_lies_in_file(stream, directory, end)
        if reduced or not _value(stream, directory, _SUBFILE) & 1:
            _check_whole(stream, directory, end)
            samples = _value(stream, directory, _SAMPLES, default=1) if per_channel else 1
            pages += samples * page_depth(stream, directory)
    if first is None:
        raise TiffDamagedError("it has no page")
    return pages, first


def _listed_bytes(directory: Directory) -> int:
    """The bytes of all values of a page that do not stand in the page itself."""
    lengths = (directory.length(tag) for tag in directory.entries)
    return sum(length for length in lengths if length > 8)


def _value(stream: BinaryIO, directory: Directory, tag: int, *, default: int = 0) -> int:
    values = directory.integers(stream, tag)
    return values[0] if values else default


def _check_lies_in_file(stream: BinaryIO, directory: Directory, end: int) -> None:
    for tag in _STRIPS:
        number = directory.count(tag)
        if number > _MOST_STRIPS:
            raise TiffDamagedError(f"the page at byte {directory.offset} claims {number} strips")
        if len(directory.integers(stream, tag, most=number)) < number:
            raise TiffDamagedError(f"the list of strips of the page at byte {directory.offset} is cut short")
    for _, last in read_page(stream, directory).spans():
        if last > end:
            raise TiffDamagedError(
                f"the page at byte {directory.offset} has pixels up to byte {last}, the file ends at {end}"
            )


def _check_whole(stream: BinaryIO, directory: Directory, end: int) -> None:
    """Raise TiffDamagedError where strips or tiles are absent or shorter than their rows: readers fill in zeros.

    Tiles that are sparse on purpose are no damage, and told by `tiff_faults`.
    """
    for fault in block_faults(read_page(stream, directory), end):
        if fault.is_damage:
            raise TiffDamagedError(fault.message)


def _imagej(stream: BinaryIO, first: Directory, pages: int) -> int:
    """ImageJ lists each slice, or only the first of a stack that lies in one piece behind it."""
    description = first.data(stream, _DESCRIPTION, most=1 << 16)
    declared = re.search(rb"^images=(\d{1,12})\s*$", description, re.MULTILINE)
    images = int(declared[1]) if declared else pages
    if images <= pages:
        return pages
    bits = first.integers(stream, _BITS, most=16) or (1,)
    slice_bytes = _value(stream, first, _WIDTH) * _value(stream, first, _HEIGHT) * sum(bits) // 8
    needed = _value(stream, first, 273) + images * slice_bytes
    end = stream.seek(0, 2)
    if pages > 1 or needed > end:
        raise TiffDamagedError(f"ImageJ declares {images} slices, the file has room for fewer ({pages} are listed)")
    return images


def _ome(path: Path, document: OmeDocument) -> int:
    """The planes that all Pixels of the OME-XML declare, each proven to have a page in a file of the set."""
    pages_of = _SetPages(document)
    own = pages_of.of(path.name)
    declared, found = 0, 0
    for pixels in document.root.iter("{*}Pixels"):
        planes = _declared_planes(pixels)
        declared += planes
        blocks = list(pixels.iter("{*}TiffData"))
        # Some writers leave out TiffData where the pages are simply all pages in order.
        available = sum(_pages_of_block(block, pages_of) for block in blocks) if blocks else own
        found += min(planes, available)
    if pages_of.refused:
        raise TiffDamagedError(f"its OME-XML names files that are not beside it ({_listed(pages_of.refused)})")
    if pages_of.absent or found < declared:
        missing = f"; not beside it: {_listed(pages_of.absent)}" if pages_of.absent else ""
        raise TiffDamagedError(
            f"its OME-XML declares {counted(declared, 'plane')}, {found} of them have a page{missing}"
        )
    return declared or own


class _SetPages:
    """How many pages each TIFF of a set has, counted once; which files are absent or not to be looked at."""

    def __init__(self, document: OmeDocument) -> None:
        self._document = document
        self._known: dict[str, int] = {}
        self.absent: list[str] = []
        self.refused: list[str] = []

    def of(self, name: str) -> int:
        """The pages of a file by the name that the document calls it; 0 where it is not there."""
        current = self._document.path.name if name in self._document.own else name
        if current not in self._known:
            self._known[current] = self._count(current)
        return self._known[current]

    def _count(self, name: str) -> int:
        if not is_plain_name(name):
            self.refused.append(name)
            return 0
        try:
            with open_regular(self._document.path.with_name(name)) as stream:
                if read_header(stream) is None:
                    return 0
                return _pages(stream)[0]
        except FileNotFoundError:
            self.absent.append(name)
        except OSError as error:
            if error.errno not in _LINK_OR_NO_FILE:
                raise
            self.refused.append(name)
        return 0


def _listed(names: list[str]) -> str:
    shown = ", ".join(readable_path(name) for name in names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"


def _declared_planes(pixels: Any) -> int:
    sizes = [_number(pixels.attrib, name, 1) for name in ("SizeC", "SizeZ", "SizeT")]
    samples = [_number(one.attrib, "SamplesPerPixel", 1) for one in pixels.iter("{*}Channel")]
    channels = len(samples) if samples and sum(samples) == sizes[0] else sizes[0]
    return channels * sizes[1] * sizes[2]


def _number(attributes: Mapping[str, str], name: str, default: int) -> int:
    value = attributes.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else default


def _pages_of_block(block: Any, pages_of: _SetPages) -> int:
    """How many planes one TiffData points at, counting only pages that exist."""
    uuid = block.find("{*}UUID")
    available = pages_of.of((uuid.get("FileName") or "") if uuid is not None else "")
    first = _number(block.attrib, "IFD", 0)
    alone = 1 if "IFD" in block.attrib else available
    return max(0, min(_number(block.attrib, "PlaneCount", alone), available - first))
