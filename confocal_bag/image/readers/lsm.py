"""The reader of Zeiss LSM.

Over tifffile: bioio's own TIFF plugin gives LSM the thumbnail as a second scene and loses every pixel size.
"""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.readers.jpeg_size import check_jpeg_sizes
from confocal_bag.image.readers.planewise import Scene, SingleSceneReader

__all__ = ["LsmReader"]

# Zeiss writes 1e-19 m where there is no step; nothing a confocal microscope scans is finer than a picometre.
_SMALLEST_STEP_M = 1e-12


class LsmReader(SingleSceneReader):
    """Read Zeiss LSM: TIFF with the private tag 34412. The thumbnails between its pages are not scenes."""

    @classmethod
    def _open(cls, path: str) -> "_LsmFile":
        return _LsmFile(path)


class _LsmFile:
    """An open LSM and the last page read: a page holds every channel, and channels are asked for one by one."""

    def __init__(self, path: str) -> None:
        from confocal_bag.image.readers.tiff_file import open_tiff

        self._tiff = open_tiff(Path(path))
        try:
            self._read_structure()
        except BaseException:
            self._tiff.close()
            raise

    def _read_structure(self) -> None:
        from tifffile import TIFF

        metadata = self._tiff.lsm_metadata
        if not metadata:
            raise ValueError("the file is not a Zeiss LSM: tag 34412 is missing or empty")
        self._metadata: Mapping[str, Any] = metadata
        self._pages: list[Any] = [page for page in tuple(self._tiff.pages) if not _is_thumbnail(page)]
        sizes = {axis: int(metadata[name]) for axis, name in TIFF.CZ_LSMINFO_DIMENSIONS.items() if name in metadata}
        letters = [axis for axis in "MP" if sizes.get(axis, 0) > 1] + list(
            TIFF.CZ_LSMINFO_SCANTYPE[metadata["ScanType"]]
        )
        rows, columns = [axis for axis in letters if axis != "C"][-2:]
        self._leading = {axis: sizes[axis] for axis in letters if axis not in ("C", rows, columns)}
        self._plane_axes = {rows: self._pages[0].imagelength, columns: self._pages[0].imagewidth}
        self._channels = int(self._pages[0].samplesperpixel)
        if prod(self._leading.values()) != len(self._pages):
            raise ValueError(f"the header declares {dict(self._leading)}, the file holds {len(self._pages)} pages")
        self._last: tuple[int, npt.NDArray[np.generic]] | None = None

    def close(self) -> None:
        self._last = None
        self._tiff.close()

    def scene(self) -> Scene:
        names = (self._metadata.get("ChannelColors") or {}).get("ColorNames") or ()
        file_name = self._tiff.filename or ""
        return Scene(
            name=file_name.rpartition(".")[0] or file_name,
            axes={**self._leading, "C": self._channels, **self._plane_axes},
            dtype=np.dtype(self._pages[0].dtype),
            channel_names=tuple(str(name) for name in names) if len(names) == self._channels else (),
            pixel_size_um=self._pixel_sizes(),
        )

    def _pixel_sizes(self) -> dict[str, float]:
        scanned = {**self._leading, **self._plane_axes}
        steps = {axis: float(self._metadata.get(f"VoxelSize{axis}", 0.0)) for axis in "XYZ"}
        return {
            axis: step * 1e6 for axis, step in steps.items() if scanned.get(axis, 1) > 1 and step > _SMALLEST_STEP_M
        }

    def plane(self, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """One channel of the page that `index` points at."""
        number = 0
        for axis, size in self._leading.items():
            number = number * size + index.get(axis, 0)
        if self._last is None or self._last[0] != number:
            check_jpeg_sizes(self._pages[number])
            self._last = (number, self._pages[number].asarray())
        page, channel = self._last[1], index.get("C", 0)
        if self._channels == 1:
            return page
        return page[channel] if self._pages[0].planarconfig == 2 else page[..., channel]


def _is_thumbnail(page: Any) -> bool:
    return bool(page.keyframe.is_reduced)
