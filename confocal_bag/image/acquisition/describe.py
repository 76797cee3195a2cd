"""From an opened image file to the OME document that says all its headers record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.findings import readable_path
from confocal_bag.image.acquisition.build import build_ome, obstacle
from confocal_bag.image.acquisition.facts import FileFacts
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.numbering import image_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ome_types import OME

    from confocal_bag.image.model import ImageFile
    from confocal_bag.image.privacy.model import PersonalField

__all__ = ["TypeNotInOmeError", "check_sample_types", "describe_acquisition"]


class TypeNotInOmeError(UnreadableImage):
    """Nothing is wrong with the file: OME 2016-06 has no name for the type of its samples, such as int64."""


def describe_acquisition(image: ImageFile, *, keep_personal: bool = False) -> OME:
    """The OME document of a file: one Image per series in the same order, with MetadataOnly and no digests.

    Only what the file records is said. Names of people, paths and serial numbers are left out, and an annotation
    says which fields that concerns; with `keep_personal` it has their values.

    Raises UnreadableImage for a header that cannot be read, TypeNotInOmeError for samples of a type that OME 2016-06
    has no name for.
    """
    from confocal_bag.image.readers.choice import reader_errors

    check_sample_types(image)
    try:
        return _describe(image, keep_personal=keep_personal)
    except reader_errors() as error:
        raise fault(
            image.path,
            error,
            f"The acquisition metadata of {readable_path(image.path)} cannot be read ({reason(image.path, error)}); "
            "check the file in the vendor's software and ask the depositor for an undamaged copy.",
        ) from error


def check_sample_types(image: ImageFile) -> None:
    """Raise TypeNotInOmeError where a series has samples that OME 2016-06, and so OME-TIFF, cannot hold."""
    for series in image.series:
        seen = obstacle(series.dtype.newbyteorder("=").name)
        if seen is not None:
            raise TypeNotInOmeError(
                f"{readable_path(image.path)}: {image_number(series.index, len(image.series))} cannot be described "
                f"or converted: {seen}. Keep the original as it is."
            )


def _describe(image: ImageFile, *, keep_personal: bool) -> OME:
    from confocal_bag.image.meaning_note import note_meaning
    from confocal_bag.image.privacy.search import search_file
    from confocal_bag.image.privacy.withhold import note_personal

    personal = search_file(image.path, image.format, with_bytes=False).fields
    ome = _document(image, personal, keep_personal=keep_personal)
    note_personal(ome, personal, keep=keep_personal)
    note_meaning(ome, image)
    return ome


def _document(image: ImageFile, personal: Sequence[PersonalField], *, keep_personal: bool) -> OME:
    from confocal_bag.image.privacy.withhold import Cleaner, clean_facts, clean_series

    if image.format.id in ("ome-tiff", "ome-companion"):
        from confocal_bag.image.acquisition.ome import read_ome_tiff

        return read_ome_tiff(image.path, image.series, personal=personal, keep_personal=keep_personal)
    if image.format.id == "ome-zarr":
        from confocal_bag.image.acquisition.zarr import read_zarr

        return read_zarr(image.path, image.series)
    if keep_personal:
        return build_ome(image.series, _facts(image))
    cleaner = Cleaner(personal)
    return build_ome(clean_series(image.series, cleaner), clean_facts(_facts(image), cleaner))


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
        case "stk":
            from confocal_bag.image.acquisition.stk import read_stk

            return read_stk(path, series)
        case "fluoview-tiff":
            from confocal_bag.image.acquisition.fluoview_tiff import read_fluoview_tiff

            return read_fluoview_tiff(path, series)
        case "tiff" | "bigtiff" | "imagej-tiff" if path.is_file():
            from confocal_bag.image.acquisition.tiff import read_tiff

            return read_tiff(path, series)
        case _:
            return FileFacts()
