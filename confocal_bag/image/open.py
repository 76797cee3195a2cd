"""Open an image file of any format this program reads, if it is whole."""

from pathlib import Path
from typing import Any

from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.bioio_image import BioioImage, unreadable
from confocal_bag.image.count import count_planes, count_series
from confocal_bag.image.formats import Format, identify
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.numbering import image_number
from confocal_bag.image.readers.choice import READERS, reader_errors
from confocal_bag.image.readers.plugins import choice_for

__all__ = ["READERS", "BioioImage", "NoReaderError", "open_image"]

# Planes up to 384 MiB pass whatever the file's size; larger ones need a file of at least a hundredth of that.
_SMALLEST_LIMIT = 384 << 20
_MOST_EXPANSION = 100
# All planes together: no compression in use makes 2000 bytes of one, on the average of a whole file.
_SMALLEST_TOTAL = 1 << 30
_MOST_TOTAL_EXPANSION = 2000


def open_image(path: Path, *, format: Format | None = None) -> BioioImage:  # noqa: A002 - the word everyone uses
    """Open an image file by what its bytes say it is, whatever it is called.

    Raises UnreadableImage for a file that is no image, is not readable by this program, is damaged, or of which the
    reader offers other than the number of planes that the file's own directory lists; plain CannotFinish where the
    file is not there, must not be read, or the disk fails.
    """
    from confocal_bag.image.readers.planewise import PlanewiseReader

    found = format or identify(path)
    choice = choice_for(path, found)
    if choice is None:
        raise NoReaderError(_unread(path, found))
    listed = count_planes(path, found)
    reader = None
    try:
        reader = choice.open(path.absolute())
        if isinstance(reader, PlanewiseReader):
            # Before anything is laid out: a damaged header can declare more planes than memory holds names for.
            _check_count(path, listed, sum(scene.plane_count for scene in reader.described_scenes))
            _check_sizes(path, found, [(scene.plane_count, scene.plane_bytes) for scene in reader.described_scenes])
        image = BioioImage(path, found, reader, choice.name)
    except CannotFinish:
        _close(reader)
        raise
    except reader_errors() as error:
        _close(reader)
        raise unreadable(path, error) from error
    try:
        _check_complete(image, listed)
    except CannotFinish:
        image.close()
        raise
    return image


class NoReaderError(UnreadableImage):
    """No reader here knows the format; nothing is said against the file."""


#: Formats of microscopes that are recognised and not read here, and what can be done with them.
_ELSEWHERE = {
    "nd2-jpeg2000": "the old kind of ND2, of NIS-Elements before version 3; open it in NIS-Elements and save it as ND2 "
    "again, or as TIFF",
    "zvi": "the format of AxioVision; save it as CZI or OME-TIFF in ZEN or AxioVision",
    "oir": "the format of FluoView FV3000; save it as OIB or OME-TIFF in its software",
    "imaris": "the format of Imaris; save it as OME-TIFF there",
    "vsi": "the format of cellSens, whose pixels lie in the folder beside it; save it as OME-TIFF there",
    "ets": "the pixels of a cellSens VSI; give the .vsi file",
    "slidebook": "the format of SlideBook; save it as OME-TIFF there",
}


def _unread(path: Path, found: Format) -> str:
    shown = readable_path(path)
    if found.id in _ELSEWHERE:
        return (
            f"{shown} is {found.name}, {_ELSEWHERE[found.id]}. It is not read here unless a bioio plugin for it is "
            "installed; the original is kept as it is."
        )
    return (
        f"{shown} is {found.name}, which cannot be read as a microscopy image here; formats that can: "
        f"{', '.join(sorted(READERS))}, and those of installed bioio plugins."
    )


def _check_complete(image: BioioImage, listed: int | None) -> None:
    if not image.series:
        raise UnreadableImage(
            f"{readable_path(image.path)} holds no image; ask the depositor which file has the pixels."
        )
    _check_series(image)
    _check_sizes(image.path, image.format, [(series.plane_count, series.plane_bytes) for series in image.series])
    samples = max(series.samples for series in image.series)
    image.expected_planes = listed if samples == 1 else count_planes(image.path, image.format, samples=samples)
    _check_count(image.path, image.expected_planes, sum(series.plane_count for series in image.series))


def _check_count(path: Path, listed: int | None, offered: int) -> None:
    if listed is not None and listed != offered:
        raise UnreadableImage(
            f"{readable_path(path)} is incomplete or damaged: its directory lists {counted(listed, 'plane')}, its "
            f"header makes it {offered}. Ask the depositor for a complete copy, or whether the acquisition was stopped "
            "early."
        )


def _check_series(image: BioioImage) -> None:
    declared = count_series(image.path, image.format)
    if declared is not None and declared != len(image.series):
        raise UnreadableImage(
            f"{readable_path(image.path)} is damaged: its header declares {counted(declared, 'image')}, "
            f"{len(image.series)} can be read. Ask the depositor for a complete copy."
        )


def _check_sizes(path: Path, found: Format, sizes: list[tuple[int, int]]) -> None:
    """A damaged header can make a plane of a few kilobytes one of terabytes; no compression reaches that.

    `sizes` holds the number of planes and the bytes of one, decoded, for each series.
    """
    if found.id not in READERS:
        return  # a plugin's format may keep its pixels in files that nobody here knows of
    stored = _stored_bytes(path, found)
    for number, (planes, size) in enumerate(sizes):
        if size > max(_SMALLEST_LIMIT, _MOST_EXPANSION * stored) or planes > stored:
            raise UnreadableImage(
                f"{readable_path(path)} declares {counted(planes, 'plane')} of {size} bytes in "
                f"{image_number(number, len(sizes))}, more than a file of its size can hold; it is damaged. "
                "Ask the depositor for a complete copy."
            )
    total = sum(planes * size for planes, size in sizes)
    if total > max(_SMALLEST_TOTAL, _MOST_TOTAL_EXPANSION * stored):
        raise UnreadableImage(
            f"{readable_path(path)} declares {total} bytes of pixels, more than a file of its size can hold; it is "
            "damaged. Ask the depositor for a complete copy."
        )


def _stored_bytes(path: Path, found: Format) -> int:
    """The size of the file, with the files of an OIF's folder, of a set of OME-TIFFs, or of an OME-Zarr."""
    if found.id in ("ome-tiff", "ome-companion"):
        from confocal_bag.image.ome_document import set_bytes

        return set_bytes(path)
    if found.id == "ome-zarr":
        from confocal_bag.image.count_zarr import stored_bytes

        return stored_bytes(path)
    folder = path.with_name(path.name + ".files")
    beside = sum(one.lstat().st_size for one in folder.iterdir()) if found.id == "oif" and folder.is_dir() else 0
    return path.stat().st_size + beside


def _close(reader: Any) -> None:
    close = getattr(reader, "close", None)
    if close is not None:
        close()
