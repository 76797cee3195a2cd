"""Count the planes of a MetaMorph STK: all lie in one piece from the first strip on, and only the first is listed."""

from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.count_tiff import check_stream
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_blocks import read_page
from confocal_bag.image.tiff_directory import Directory, TiffDamagedError, directories, read_header

__all__ = ["count"]

#: The tags UIC1 to UIC4, whose values never stand in the directory; UIC2 has one for each plane.
_UIC = range(33628, 33632)
_NOTES, _PLANES = 33628, 33629
_MOST_NOTES = 1 << 16
_LARGEST_IN_PLACE = 4


def count(path: Path) -> int | None:
    """The planes that the tag UIC2 counts, where there is room for so many; None where they are compressed.

    The pixels are followed by a directory or the values of a tag, or by the end of the file. Raises DamagedFileError
    where there is room for fewer planes or for more.
    """
    try:
        with open_regular(path) as stream:
            check_stream(stream)
            header = read_header(stream)
            pages = list(directories(stream, header, most=2)) if header else []
            return _count(stream, pages[0]) if len(pages) == 1 else None
    except TiffDamagedError as error:
        raise DamagedFileError(str(error)) from error


def _count(stream: BinaryIO, directory: Directory) -> int | None:
    page = read_page(stream, directory)
    size = sum(size for _, size in page.blocks())
    declared = directory.count(_PLANES)
    if not page.plain or not declared or not size:
        return None
    begin = min(page.offsets)
    counted = begin + declared * size
    limit = _first_behind(stream, _structures(directory), begin + 1)
    if limit >= counted:
        # Notes of the program lie anywhere; one that seems to lie among the planes may be no place at all.
        limit = _first_behind(stream, [*_structures(directory), *_notes(stream, directory)], counted)
    room = (limit - begin) // size
    if room != declared:
        raise DamagedFileError(f"it counts {declared} planes in its tag UIC2, and has room for {room} of {size} bytes")
    return declared


def _first_behind(stream: BinaryIO, places: list[int], least: int) -> int:
    """The first of the places at or behind byte `least`; the end of the file where there is none."""
    end = stream.seek(0, 2)
    return min((place for place in places if least <= place < end), default=end)


def _structures(directory: Directory) -> list[int]:
    """Where the directory and the values of its tags stand."""
    apart = (
        field
        for tag, (_, _, field) in directory.entries.items()
        if directory.length(tag) > _LARGEST_IN_PLACE or tag in _UIC
    )
    return [directory.offset, *(_place(directory, field) for field in apart)]


def _notes(stream: BinaryIO, directory: Directory) -> list[int]:
    """The values of UIC1, pairs of a number and a value, which may be the place of a longer one."""
    _, count, field = directory.entries.get(_NOTES, (0, 0, b""))
    stream.seek(_place(directory, field))
    raw = stream.read(8 * min(count, _MOST_NOTES))
    return [_place(directory, raw[at : at + 4]) for at in range(4, len(raw), 8)]


def _place(directory: Directory, field: bytes) -> int:
    return int.from_bytes(field, "little" if directory.header.order == "<" else "big")
