"""Prove that a file whose pixels are known is opened, described and converted without a sample being changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile
from lxml import etree

from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.acquisition.records import records
from confocal_bag.image.convert import convert_image
from confocal_bag.image.model import Series
from confocal_bag.image.ome_checks import ome_problems
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.sidecar import ome_bytes
from confocal_bag.image.sidecar_check import SidecarImage, check_sidecar, compare_sidecar, read_sidecar
from confocal_bag.image.sidecar_settings import compare_settings

__all__ = ["Truth", "prove"]


@dataclass(frozen=True)
class Truth:
    """The pixels of one series, by construction: an array and its axes, slowest first, ending in rows and columns."""

    axes: str
    pixels: npt.NDArray[np.generic]
    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    channel_names: Sequence[str | None] | None = None

    def plane(self, coordinates: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """The plane at these coordinates; axes that the truth does not have must be at 0."""
        assert all(at == 0 for axis, at in coordinates.items() if axis not in self.axes)
        index = tuple(coordinates[axis] for axis in self.axes if axis in coordinates)
        return np.asarray(self.pixels[index])

    @property
    def plane_count(self) -> int:
        """How many planes there are."""
        stacked = self.axes.removesuffix("S")[:-2]
        return int(np.prod(self.pixels.shape[: len(stacked)]))


def prove(path: Path, truths: Sequence[Truth], folder: Path) -> bytes:
    """Assert that the file holds exactly these series, however it is looked at; return its sidecar."""
    with open_image(path) as image:
        assert len(image.series) == len(truths)
        assert image.expected_planes == sum(truth.plane_count for truth in truths)
        for series, truth in zip(image.series, truths, strict=True):
            _prove_series(series, truth)
            planes = list(image.planes(series))
            assert len(planes) == truth.plane_count
            for plane in planes:
                assert np.array_equal(plane.pixels, truth.plane(plane.coordinates)), plane.coordinates
        ome = describe_acquisition(image)
        sidecar = ome_bytes(ome, source_name=path.name, plane_hashes=plane_digests(image))
        assert list(check_sidecar(sidecar)) == []
        assert list(ome_problems(etree.fromstring(sidecar))) == []
        assert list(compare_sidecar(read_sidecar(sidecar), records(image, ome))) == []
        assert list(compare_settings(sidecar, ome)) == []
        for series, said in zip(image.series, read_sidecar(sidecar).images, strict=True):
            _prove_sizes(series, said)
    _prove_copies(path, truths, folder)
    return sidecar


def _prove_series(series: Series, truth: Truth) -> None:
    known = {axis: size for axis, size in zip(truth.axes, truth.pixels.shape, strict=True) if size > 1}
    assert {axis: size for axis, size in series.axes.items() if size > 1} == known
    assert series.dtype == truth.pixels.dtype
    size = series.pixel_size_um
    for found, expected in zip((size.x, size.y, size.z), truth.pixel_size_um, strict=True):
        assert (found is None) == (expected is None)
        assert expected is None or abs((found or 0) - expected) < 1e-6
    if truth.channel_names is not None:
        assert list(series.channel_names) == list(truth.channel_names)


def _prove_sizes(series: Series, said: SidecarImage) -> None:
    """The reader and the sidecar take pixel sizes from the header each for itself."""
    found, told = series.pixel_size_um, (said.physical_size_x_um, said.physical_size_y_um, said.physical_size_z_um)
    for one, other in zip((found.x, found.y, found.z), told, strict=True):
        assert one == other or abs((one or 0) - (other or 0)) < 1e-6


def _prove_copies(path: Path, truths: Sequence[Truth], folder: Path) -> None:
    """The OME-TIFFs hold the same planes, both for this program and page by page for a plain TIFF reader."""
    conversions = convert_image(path, folder)
    assert len(conversions) == len(truths)
    for conversion, truth in zip(conversions, truths, strict=True):
        expected = [truth.plane(proof.coordinates) for proof in conversion.planes]
        with tifffile.TiffFile(conversion.path) as tiff:
            pages: list[Any] = [page.asarray() for page in tiff.pages]
        assert len(pages) == len(expected)
        assert all(np.array_equal(page, plane) for page, plane in zip(pages, expected, strict=True))
        with open_image(conversion.path) as copy:
            (series,) = copy.series
            again = [plane.pixels for plane in copy.planes(series)]
        assert sorted(plane.tobytes() for plane in again) == sorted(plane.tobytes() for plane in expected)
