"""Count the planes of an Olympus OIB or OIF by its list of plane files."""

import struct
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.formats import open_regular

__all__ = ["count_oib", "count_oif"]

_HEADER = struct.Struct("<8s16sHHHHHHIIIIIIIIII")
_LAST_SECTOR = 0xFFFFFFFA
_MOST_FAT_SECTORS = 1 << 20


def count_oib(path: Path) -> int:
    """Plane files listed in the OIB, after a check that its sectors lie in the file and chains do not loop."""
    from oiffile import OibFileSystem

    with open_regular(path) as stream:
        _check_sectors(stream)
    try:
        files = OibFileSystem(str(path))
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise DamagedFileError(f"its list of streams cannot be read ({error})") from error
    try:
        return sum(1 for name in files.files() if _is_plane(str(name)))
    finally:
        files.close()


def count_oif(path: Path) -> int:
    """Plane files in the folder beside the OIF."""
    folder = path.with_name(path.name + ".files")
    if not folder.is_dir():
        raise DamagedFileError(f"the folder {folder.name} with its planes is not beside it")
    return sum(1 for one in folder.iterdir() if _is_plane(one.name))


def _is_plane(name: str) -> bool:
    from confocal_bag.image.readers.oif import coordinates_in

    return coordinates_in(name) is not None


def _check_sectors(stream: BinaryIO) -> None:
    """Every sector in use lies in the file and follows one other at most: no chain loops ([MS-CFB] 2.3)."""
    raw = stream.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        raise DamagedFileError("the OIB ends inside its header")
    fields = _HEADER.unpack(raw)
    shift, fat_sectors, difat_start, difat_sectors = fields[5], fields[10], fields[15], fields[16]
    if shift not in (9, 12) or fat_sectors > _MOST_FAT_SECTORS:
        raise DamagedFileError("the header of the OIB makes no sense")
    end = stream.seek(0, 2)
    table = _allocation_table(stream, shift, fat_sectors, difat_start, difat_sectors)
    used = [index for index, following in enumerate(table) if following != 0xFFFFFFFF]
    # The last sector may be shorter than the others.
    if used and (used[-1] + 1) << shift >= end:
        raise DamagedFileError(f"its sector {used[-1]} lies beyond the end of the file")
    followed = sorted(following for following in table if following <= _LAST_SECTOR)
    if any(one == other for one, other in pairwise(followed)):
        raise DamagedFileError("two of its sectors are followed by the same one")


def _allocation_table(stream: BinaryIO, shift: int, number: int, difat_start: int, difat_sectors: int) -> list[int]:
    per_sector = (1 << shift) // 4
    stream.seek(_HEADER.size)
    where = list(struct.unpack("<109I", stream.read(436)))
    following = difat_start
    for _ in range(min(difat_sectors, number)):
        if following > _LAST_SECTOR:
            break
        entries = _sector(stream, shift, following)
        where += entries[: per_sector - 1]
        following = entries[-1]
    return [entry for sector in where[:number] for entry in _sector(stream, shift, sector)]


def _sector(stream: BinaryIO, shift: int, number: int) -> tuple[int, ...]:
    stream.seek((number + 1) << shift)
    raw = stream.read(1 << shift)
    if len(raw) < 1 << shift:
        raise DamagedFileError(f"its sector {number} lies beyond the end of the file")
    return struct.unpack(f"<{(1 << shift) // 4}I", raw)
