"""Count the planes of a TIFF, ImageJ TIFF, OME-TIFF or LSM by its directories and what its description declares."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.formats import open_regular
from confocal_bag.image.tiff_directory import Directory, TiffDamagedError, directories, read_header

__all__ = ["check", "count", "count_imagej", "count_lsm", "count_ome", "ome_images"]

_MOST_PAGES = 1 << 22
_MOST_STRIPS = 1 << 22
_MOST_LISTED = 8
_LARGEST_DESCRIPTION = 1 << 28
_WIDTH, _HEIGHT, _BITS, _DESCRIPTION, _SAMPLES, _PLANAR, _SUBFILE = 256, 257, 258, 270, 277, 284, 254
_STRIPS = ((273, 279), (324, 325))


def count(path: Path) -> int:
    """The full-resolution pages of a plain TIFF."""
    with _opened(path) as stream:
        return _pages(stream)[0]


def check(path: Path) -> None:
    """Check the directories of a TIFF that says in a way of its own how many planes it has."""
    with _opened(path) as stream:
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
    """The planes that the OME-XML declares, each of which has a page in this file or in one beside it."""
    with _opened(path) as stream:
        pages, first = _pages(stream)
        return _ome(path, first.data(stream, _DESCRIPTION, most=_LARGEST_DESCRIPTION), pages)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_regular(path) as stream:
            yield stream
    except TiffDamagedError as error:
        raise DamagedFileError(str(error)) from error


def ome_images(path: Path) -> int | None:
    """How many images the OME-XML in an OME-TIFF declares; None where it only points at a companion file."""
    with _opened(path) as stream:
        _, first = _pages(stream)
        root = _parse(first.data(stream, _DESCRIPTION, most=_LARGEST_DESCRIPTION))
    if root.find("{*}BinaryOnly") is not None:
        return None
    return sum(1 for image in root.iterchildren("{*}Image") if image.find("{*}Pixels") is not None)


def _pages(stream: BinaryIO, *, per_channel: bool = False) -> tuple[int, Directory]:
    """How many full-resolution pages (or channels of pages) the chain lists, all inside the file, and the first."""
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
        if not _value(stream, directory, _SUBFILE) & 1:
            pages += _value(stream, directory, _SAMPLES, default=1) if per_channel else 1
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
    for offsets_tag, counts_tag in _STRIPS:
        number = directory.count(offsets_tag)
        if number > _MOST_STRIPS:
            raise TiffDamagedError(f"the page at byte {directory.offset} claims {number} strips")
        offsets = directory.integers(stream, offsets_tag, most=number)
        sizes = directory.integers(stream, counts_tag, most=number)
        if len(offsets) < number:
            raise TiffDamagedError(f"the list of strips of the page at byte {directory.offset} is cut short")
        for offset, size in zip(offsets, sizes, strict=False):
            if offset + size > end:
                raise TiffDamagedError(
                    f"the page at byte {directory.offset} has pixels up to byte {offset + size}, the file ends at {end}"
                )


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


def _ome(path: Path, description: bytes, pages: int) -> int:
    """The planes that all Pixels of the OME-XML declare, each proven to have a page in this file or beside it."""
    root = _parse(description)
    own = _own_names(root, path)
    pages_of = dict.fromkeys(own, pages)
    declared, found = 0, 0
    for pixels in root.iter("{*}Pixels"):
        planes = _declared_planes(pixels)
        declared += planes
        blocks = list(pixels.iter("{*}TiffData"))
        # Some writers leave out TiffData where the pages are simply all pages in order.
        available = sum(_pages_of_block(path, block, pages_of) for block in blocks) if blocks else pages
        found += min(planes, available)
    if found < declared:
        raise TiffDamagedError(f"its OME-XML declares {declared} planes, {found} of them have a page")
    return declared or pages


def _own_names(root: Any, path: Path) -> set[str]:
    """The names under which the OME-XML may speak of this very file: a renamed file keeps its old name there."""
    named = {one.get("FileName") or "": (one.text or "").strip() for one in root.iter("{*}UUID")}
    own = {name for name, uuid in named.items() if uuid and uuid == root.get("UUID")}
    if len(named) == 1 and not path.with_name(next(iter(named)) or "?").exists():
        own |= set(named)
    return {path.name, "", *own}


def _parse(description: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(description.split(b"\0", 1)[0], parser)
    except etree.XMLSyntaxError as error:
        raise TiffDamagedError(f"its OME-XML cannot be parsed ({error})") from error


def _declared_planes(pixels: Any) -> int:
    sizes = [_number(pixels.attrib, name, 1) for name in ("SizeC", "SizeZ", "SizeT")]
    samples = [_number(one.attrib, "SamplesPerPixel", 1) for one in pixels.iter("{*}Channel")]
    channels = len(samples) if samples and sum(samples) == sizes[0] else sizes[0]
    return channels * sizes[1] * sizes[2]


def _number(attributes: Mapping[str, str], name: str, default: int) -> int:
    value = attributes.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else default


def _pages_of_block(path: Path, block: Any, pages_of: dict[str, int]) -> int:
    """How many planes one TiffData points at, counting only pages that exist."""
    uuid = block.find("{*}UUID")
    available = _pages_beside(path, (uuid.get("FileName") or "") if uuid is not None else "", pages_of)
    first = _number(block.attrib, "IFD", 0)
    alone = 1 if "IFD" in block.attrib else available
    return max(0, min(_number(block.attrib, "PlaneCount", alone), available - first))


def _pages_beside(path: Path, name: str, pages_of: dict[str, int]) -> int:
    """The pages of another file of the set, which must lie in the same folder; 0 when it is not there."""
    if name in pages_of:
        return pages_of[name]
    pages_of[name] = 0
    if PurePath(name).name == name:
        try:
            with open_regular(path.with_name(name)) as stream:
                pages_of[name] = _pages(stream)[0]
        except FileNotFoundError:
            return 0
    return pages_of[name]
