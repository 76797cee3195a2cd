"""From an opened image file to the OME document that says all its headers record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import FileFacts

if TYPE_CHECKING:
    from ome_types import OME

    from confocal_bag.image.model import ImageFile

__all__ = ["describe_acquisition"]


def describe_acquisition(image: ImageFile) -> OME:
    """The OME document of a file: one Image per series in the same order, with MetadataOnly and no digests.

    Only what the file records is said. Names of people, paths and serial numbers are left out. Raises
    CannotFinish for a header that cannot be read.
    """
    from confocal_bag.image.readers.choice import reader_errors

    # NameError: nd2 uses a variable it did not set where a spectrum is of no kind it knows.
    unreadable: tuple[type[Exception], ...] = (*reader_errors(), NameError)
    try:
        return _describe(image)
    except unreadable as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        raise CannotFinish(
            f"The acquisition metadata of {readable_path(image.path)} cannot be read ({reason}); "
            "check the file in the vendor's software and ask the depositor for an undamaged copy."
        ) from error


def _describe(image: ImageFile) -> OME:
    if image.format.id == "ome-tiff":
        from confocal_bag.image.acquisition.ome import read_ome_tiff

        return read_ome_tiff(image.path, image.series)
    return build_ome(image.series, _facts(image))


def _facts(image: ImageFile) -> FileFacts:  # noqa: PLR0911 - one return for each vendor
    """The facts of the vendor's own header; a file of any other format has none."""
    path, series = image.path, image.series
    match image.format.id:
        case "lsm":
            from confocal_bag.image.acquisition.lsm import read_lsm

            return read_lsm(path)
        case "czi":
            from confocal_bag.image.acquisition.czi import read_czi

            return read_czi(path, series)
        case "nd2":
            from confocal_bag.image.acquisition.nd2 import read_nd2

            return read_nd2(path, series)
        case "lif" | "lof":
            from confocal_bag.image.acquisition.lif import read_lif

            return read_lif(path, series)
        case "oib" | "oif":
            from confocal_bag.image.acquisition.oif import read_oif

            return read_oif(path)
        case "tiff" | "bigtiff" | "imagej-tiff" | "stk" | "fluoview-tiff" if path.is_file():
            from confocal_bag.image.acquisition.tiff import read_tiff

            return read_tiff(path, series)
        case _:
            return FileFacts()
