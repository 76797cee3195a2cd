"""Count the planes that a file holds by its own directory, without the reader that decodes them.

Readers pass over what they cannot find: a cut ImageJ stack becomes one slice, a cut CZI one scene fewer. Only a count
made on another way tells a complete image from the rest of one.
"""

from collections.abc import Callable
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.formats import Format
from confocal_bag.image.regular_file import open_regular

__all__ = ["DamagedFileError", "count_planes", "count_series"]


class DamagedFileError(ValueError):
    """The file's own directory contradicts the file: it is cut short, damaged or hostile; the sentence says where."""


def count_planes(path: Path, found: Format, *, samples: int = 1) -> int | None:
    """How many planes the directory of the file lists, pyramids, thumbnails and previews left out.

    `samples` is the number of colour samples of a plane as decoded: some directories count these. None where the
    format has no directory that this program reads. Raises UnreadableImage where the directory points outside the
    file, loops, or declares more than the file holds.
    """
    counter = _counters().get(found.id)
    if counter is None:
        return None
    try:
        return counter(path, samples)
    except (DamagedFileError, OSError) as error:
        raise _damaged(path, error) from error


def count_series(path: Path, found: Format) -> int | None:
    """How many images the header of an OME-TIFF or ImageJ TIFF declares; None for other formats.

    Where their header is damaged, a reader may fall back to plain pages: as many planes, but in other series.
    """
    from confocal_bag.image import count_tiff

    if found.id == "imagej-tiff":
        return 1
    if found.id not in ("ome-tiff", "ome-companion"):
        return None
    try:
        return count_tiff.ome_images(path)
    except (DamagedFileError, OSError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> CannotFinish:
    seen = str(error) if isinstance(error, DamagedFileError) else reason(path, error)
    return fault(
        path,
        error,
        f"{readable_path(path)} is damaged or incomplete: {seen}. Compare its size with the original and ask the "
        "depositor for a complete copy.",
    )


def _counters() -> dict[str, Callable[[Path, int], int | None]]:
    from confocal_bag.image import count_leica, count_nikon, count_olympus, count_stk, count_tiff, count_zarr

    return {
        "ome-zarr": lambda path, _: count_zarr.count(path),
        **dict.fromkeys(("tiff", "bigtiff"), lambda path, _: count_tiff.count(path)),
        "stk": lambda path, _: count_stk.count(path),
        "fluoview-tiff": lambda path, _: count_tiff.check(path),
        "imagej-tiff": lambda path, _: count_tiff.count_imagej(path),
        **dict.fromkeys(("ome-tiff", "ome-companion"), lambda path, _: count_tiff.count_ome(path)),
        "lsm": lambda path, _: count_tiff.count_lsm(path),
        "czi": lambda path, _: _count_czi(path),
        "lif": lambda path, _: count_leica.count(path),
        "nd2": count_nikon.count,
        "oib": lambda path, _: count_olympus.count_oib(path),
        "oif": lambda path, _: count_olympus.count_oif(path),
    }


def _count_czi(path: Path) -> int:
    from confocal_bag.image.readers.zisraw import ZisrawError, planes, read_metadata_xml, read_sub_blocks

    try:
        with open_regular(path) as stream:
            listed = sum(1 for _ in planes(read_sub_blocks(stream)))
    except ZisrawError as error:
        raise DamagedFileError(str(error)) from error
    # The metadata often stand last: a copy that ends early may have every pixel and still be cut.
    read_metadata_xml(path)
    return listed
