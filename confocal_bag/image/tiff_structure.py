"""Check that a TIFF file is what its directories, its OME-XML and its ImageJ description say (TIFF 6.0; OME-TIFF).

Readers pass over much of this: a directory that is not reached, a strip shorter than its rows, a page that the OME-XML
does not speak of. Only the directories are read, never the pixels; a hostile file costs bounded time and memory.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_blocks import Page, block_faults, overlaps, read_page
from confocal_bag.image.tiff_declared import declared_faults
from confocal_bag.image.tiff_directory import TiffDamagedError, TiffHeader, directories, read_header
from confocal_bag.image.tiff_fault import StructureFault

__all__ = ["TIFF_FORMATS", "StructureFault", "sparse_tiles", "tiff_faults"]

#: Formats whose files are TIFFs, by their ids.
TIFF_FORMATS = frozenset({"lsm", "ome-tiff", "imagej-tiff", "tiff", "bigtiff", "stk", "fluoview-tiff"})

_MOST_PAGES = 1 << 18
_MOST_FAULTS = 20
#: Strips and tiles that are kept to see whether any two share bytes; files with more are not looked at for that.
_MOST_BLOCKS = 1 << 20
#: The values of all pages together, against the size of the file: pages that share their lists are no honest file.
_MOST_LISTED = 8


def tiff_faults(path: Path) -> tuple[StructureFault, ...]:
    """The faults of a TIFF, at most 20; OSError where it cannot be opened. A file of another kind has none."""
    with open_regular(path) as stream:
        header = read_header(stream)
        return tuple(islice(_faults(path, stream, header), _MOST_FAULTS)) if header else ()


def sparse_tiles(path: Path) -> int:
    """How many tiles of its pages are not stored, and read as zeros; of a file that `open_image` accepted."""
    with open_regular(path) as stream:
        header = read_header(stream)
        pages = _pages(stream, header, stream.seek(0, 2)) if header else iter(())
        return sum(page.sparse for page in pages if not page.reduced)


def _faults(path: Path, stream: BinaryIO, header: TiffHeader) -> Iterator[StructureFault]:
    pages: list[Page] = []
    sound, kept = True, 0
    try:
        end = stream.seek(0, 2)
        for page in _pages(stream, header, end):
            for fault in block_faults(page, end):
                sound = sound and not fault.is_damage
                yield fault
            kept += len(page.offsets)
            pages.append(page if kept <= _MOST_BLOCKS else replace(page, offsets=(), sizes=()))
    except TiffDamagedError as error:
        yield StructureFault(code="chain", message=str(error), is_damage=True)
        return
    if len(pages) < _MOST_PAGES:
        # A strip that lies wrong overlaps others; that is no second fault.
        if sound and kept <= _MOST_BLOCKS:
            yield from overlaps(pages)
        yield from declared_faults(path, stream, header, pages)


def _pages(stream: BinaryIO, header: TiffHeader, end: int) -> Iterator[Page]:
    listed, found = 0, False
    for directory in directories(stream, header, most=_MOST_PAGES):
        found = True
        lengths = (directory.length(tag) for tag in directory.entries)
        listed += sum(length for length in lengths if length > 8)
        if listed > _MOST_LISTED * end:
            raise TiffDamagedError(f"its pages list {listed} bytes of values, the file has {end}")
        yield read_page(stream, directory)
    if not found:
        raise TiffDamagedError("it has no page")
