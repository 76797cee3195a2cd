"""From an opened image file to the OME document that says all its headers record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import FileFacts

if TYPE_CHECKING:
    from ome_types import OME

    from confocal_bag.image.model import ImageFile

__all__ = ["describe_acquisition"]


def describe_acquisition(image: ImageFile) -> OME:
    """The OME document of a file: one Image per series in the same order, with MetadataOnly and no planes' digests.

    Only what the file records is said. Names of people, paths and serial numbers are left out.
    """
    return build_ome(image.series, _facts(image))


def _facts(image: ImageFile) -> FileFacts:
    if image.format.id == "lsm":
        from confocal_bag.image.acquisition.lsm import read_lsm

        return read_lsm(image.path)
    return FileFacts()
