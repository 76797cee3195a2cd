"""The reader of TIFF, ImageJ TIFF and their relatives, but for OME-TIFF.

Over tifffile, which keeps the file and its index open: bioio's plugin bioio-tifffile gives the same planes but opens
the file and rebuilds its index for each one, half a second a plane for a stack of 2000.
"""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.numbering import image_number
from confocal_bag.image.readers.jpeg_size import check_jpeg_sizes
from confocal_bag.image.readers.planewise import PlanewiseReader, Scene
from confocal_bag.image.readers.tiff_headers import headers_of

__all__ = ["TiffReader"]

_COUNTERS = "NUVWJGDK"


class TiffReader(PlanewiseReader):
    """Read TIFF by its series of pages. An axis that the file does not name is a plain counter (N), never Z or C."""

    @classmethod
    def _open(cls, path: str) -> Any:
        from confocal_bag.image.readers.tiff_file import open_tiff

        # What looks like OME-XML in a plain TIFF must not lead to other files.
        return open_tiff(Path(path), is_ome=False, is_mmstack=False)

    def _describe(self, source: Any) -> tuple[Scene, ...]:
        headers = headers_of(source)
        scenes = []
        self._numbers: list[int] = []
        # Copies of nothing are what there is.
        has_whole = any(not series.keyframe.is_reduced for series in source.series)
        for number, series in enumerate(source.series):
            header = headers[number]
            if has_whole and series.keyframe.is_reduced:
                self.skipped += (
                    f"{image_number(number, len(source.series))}: a reduced copy of another image of the file",
                )
                continue
            self._numbers.append(number)
            scenes.append(
                Scene(
                    name=header.name,
                    axes=_arranged(_axes(series)),
                    dtype=np.dtype(series.dtype),
                    channel_names=header.channel_names,
                    pixel_size_um=header.pixel_size_um,
                )
            )
        return tuple(scenes)

    def _read_plane(self, source: Any, scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        return _plane(source.series[self._numbers[scene]], index)

    def page_number(self, scene: int, index: Mapping[str, int]) -> int | None:
        """The directory of the file that a plane is; None where it is part of a page, or not listed."""
        return self._with_source(self._page_number, scene, index)  # type: ignore[no-any-return]

    def page_address(self, scene: int, index: Mapping[str, int]) -> tuple[Path, int] | None:
        """The file and the page that holds a plane, alone or among others, or that describes it; None for no page."""
        number = self._with_source(self._holding_page, scene, index)
        return None if number is None else (Path(self._path), number)

    def _holding_page(self, source: Any, scene: int, index: Mapping[str, int]) -> int | None:
        series = source.series[self._numbers[scene]]
        number, _ = _page_of(series, index)
        # Only the first page of a stack in one piece is listed.
        page = series.pages[number if number < len(series.pages) else 0]
        return None if page is None else int(page.index)

    def _page_number(self, source: Any, scene: int, index: Mapping[str, int]) -> int | None:
        series = source.series[self._numbers[scene]]
        number, inner = _page_of(series, index)
        page = series.pages[number] if number < len(series.pages) else None
        names = [axis for axis in list(_axes(series))[inner:] if axis != "S"]
        return int(page.index) if page is not None and len(names) == 2 else None


def _axes(series: Any) -> dict[str, int]:
    """Every axis of a series by one letter of its own, as stored; sizes of 1 are kept."""
    letters, shape = series.get_axes(squeeze=False), series.get_shape(squeeze=False)
    spare = [letter for letter in _COUNTERS if letter not in letters]
    axes: dict[str, int] = {}
    for letter, size in zip(letters, shape, strict=True):
        axes[spare.pop(0) if letter in "QI" or letter in axes else letter] = int(size)
    return axes


def _arranged(axes: Mapping[str, int]) -> dict[str, int]:
    """The axes with colour samples last, and without a sample axis of one."""
    samples = axes.get("S", 1)
    return {**{axis: size for axis, size in axes.items() if axis != "S"}, **({"S": samples} if samples > 1 else {})}


def _plane(series: Any, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
    """One plane: out of its page, or by its place where the stack lies in one piece behind the first page."""
    axes = _axes(series)
    names = list(axes)
    number, inner = _page_of(series, index)
    page = _page(series, number).reshape([axes[axis] for axis in names[inner:]])
    kept = [axis for axis in names if axis != "S"][-2:] + (["S"] if axes.get("S", 1) > 1 else [])
    plane = page[tuple(slice(None) if axis in kept else index.get(axis, 0) for axis in names[inner:])]
    present = [axis for axis in names[inner:] if axis in kept]
    return plane.transpose([present.index(axis) for axis in kept])


def _page_of(series: Any, index: Mapping[str, int]) -> tuple[int, int]:
    """The number of the page that holds a plane, in the series, and how many of the axes number the pages."""
    axes = _axes(series)
    names = list(axes)
    page_size = int(series.keyframe.size)
    # A page holds rows and columns at least, even where there is but one row, and sometimes channels or samples.
    inner = min(names.index(axis) for axis in [name for name in names if name != "S"][-2:])
    while inner and prod(list(axes.values())[inner:]) < page_size:
        inner -= 1
    number = 0
    for axis in names[:inner]:
        number = number * axes[axis] + index.get(axis, 0)
    return number, inner


def _page(series: Any, number: int) -> npt.NDArray[np.generic]:
    if number < len(series.pages):
        page = series.pages[number]
        if page is None:
            raise ValueError(f"page {number} of the series is missing")
        if len(series.pages) > 1 or series.size == series.keyframe.size:
            check_jpeg_sizes(page)
            pixels: npt.NDArray[np.generic] = page.asarray()
            return pixels
    return _contiguous_page(series, number)


def _contiguous_page(series: Any, number: int) -> npt.NDArray[np.generic]:
    """A slice of a stack of which only the first page is listed, as ImageJ writes beyond 4 GB."""
    if series.dataoffset is None:
        raise ValueError(f"page {number} of the series is not listed in the file")
    size = int(series.keyframe.size)
    dtype = np.dtype(series.keyframe.parent.byteorder + series.dtype.char)
    stream = series.keyframe.parent.filehandle
    stream.seek(series.dataoffset + number * size * dtype.itemsize)
    raw = stream.read(size * dtype.itemsize)
    if len(raw) < size * dtype.itemsize:
        raise ValueError(f"the file ends inside slice {number}")
    return np.frombuffer(raw, dtype)
