"""The digests of all planes of an opened image."""

from collections.abc import Iterator, Mapping

from confocal_bag.image import worker
from confocal_bag.image.model import ImageFile, Series, plane_digest

__all__ = ["plane_digests"]


def plane_digests(image: ImageFile) -> dict[int, list[tuple[Mapping[str, int], str]]]:
    """(coordinates, SHA-1) of every plane of an opened image by series index, in the order of `ImageFile.planes`."""
    return {series.index: list(_digests(image, series)) for series in image.series}


def _digests(image: ImageFile, series: Series) -> Iterator[tuple[Mapping[str, int], str]]:
    for plane in image.planes(series):
        yield plane.coordinates, plane_digest(plane.pixels)
        worker.beat(series.plane_bytes)
