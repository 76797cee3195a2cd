"""The reader of OME-Zarr (NGFF 0.1 to 0.5, on Zarr 2 and 3): full resolution, from a local folder.

Over zarr. bioio-ome-zarr wants scikit-image and scipy, takes pyramid levels along, and follows links and addresses.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.ngff.arrays import ArrayLayout, count_chunk_files, read_layout
from confocal_bag.image.ngff.documents import NgffError, inside, zarr_root
from confocal_bag.image.ngff.images import NgffAxis, NgffImage, read_images
from confocal_bag.image.readers.planewise import PlanewiseReader, Scene

__all__ = ["OmeZarrReader", "micrometres"]

_LETTERS = {"t": "T", "time": "T", "c": "C", "channel": "C", "z": "Z", "y": "Y", "x": "X"}
#: Letters for axes of no such name: none that has a meaning of its own here.
_SPARE = "NUVWJGDK"
_UM = {
    "angstrom": 1e-4, "nanometer": 1e-3, "micrometer": 1.0, "millimeter": 1e3, "centimeter": 1e4, "meter": 1e6,
    "picometer": 1e-6, "nm": 1e-3, "um": 1.0, "µm": 1.0, "\u03bcm": 1.0, "mm": 1e3, "micron": 1.0,
}  # fmt: skip
#: Decoded blocks are kept for the planes that follow, up to this many bytes of them.
_MOST_KEPT = 256 << 20


class OmeZarrReader(PlanewiseReader):
    """Read the images of an OME-Zarr, each a scene. Labels, pyramid levels and tables are none."""

    @classmethod
    def _open(cls, path: str) -> "_OpenZarr":
        return _OpenZarr(zarr_root(Path(path)))

    def _describe(self, source: "_OpenZarr") -> tuple[Scene, ...]:
        return tuple(one.scene() for one in source.arrays)

    def _read_plane(self, source: "_OpenZarr", scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        return source.arrays[scene].plane(index)


class _OpenZarr:
    """An open OME-Zarr: its images, in order."""

    def __init__(self, root: Path) -> None:
        self.arrays: Sequence[_ZarrImage] = [_image(root, one) for one in read_images(root)]

    def close(self) -> None:
        """Nothing is kept open; let the decoded blocks go."""
        for one in self.arrays:
            one.kept.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _ZarrImage:
    """One image; `letters` are the axes of the array as stored, `kept` its last decoded blocks by their place."""

    root: Path
    image: NgffImage
    layout: ArrayLayout
    letters: tuple[str, ...]
    array: Any
    kept: OrderedDict[tuple[int, ...], npt.NDArray[np.generic]]

    @property
    def plane_axes(self) -> tuple[str, str]:
        """Rows and columns: Y and X, or the last two axes of an array without them."""
        return ("Y", "X") if {"Y", "X"} <= set(self.letters) else (self.letters[-2], self.letters[-1])

    def scene(self) -> Scene:
        sizes = dict(zip(self.letters, self.layout.shape, strict=True))
        stacked = {axis: size for axis, size in sizes.items() if axis not in self.plane_axes}
        steps = dict(zip(self.letters, map(micrometres, self.image.axes), strict=True))
        return Scene(
            name=self.image.name,
            axes={**stacked, **{axis: sizes[axis] for axis in self.plane_axes}},
            dtype=self.layout.dtype,
            channel_names=_labels(self.image, sizes.get("C", 1)),
            pixel_size_um={axis: step for axis in "XYZ" if (step := steps.get(axis)) is not None},
            notes={"group": self.image.group} if self.image.group else {},
        )

    def plane(self, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """Decode one plane, from the block along the other axes that holds it."""
        place = [None if axis in self.plane_axes else index.get(axis, 0) for axis in self.letters]
        start = tuple(
            0 if at is None else at // block * block for at, block in zip(place, self.layout.block, strict=True)
        )
        held = self._block(start, place)
        within = tuple(
            slice(None) if at is None else (at - first if held.shape[axis] > 1 else 0)
            for axis, (at, first) in enumerate(zip(place, start, strict=True))
        )
        plane = held[within]
        order = [axis for axis in self.letters if axis in self.plane_axes]
        return plane if tuple(order) == self.plane_axes else plane.transpose()

    def _block(self, start: tuple[int, ...], place: Sequence[int | None]) -> npt.NDArray[np.generic]:
        """The samples of all rows and columns in one layer of blocks; of one plane alone where that is too much."""
        shape = self.layout.shape
        ends = [
            size if at is None else min(first + block, size)
            for at, first, block, size in zip(place, start, self.layout.block, shape, strict=True)
        ]
        size = prod(end - first for first, end in zip(start, ends, strict=True)) * self.layout.dtype.itemsize
        if size > _MOST_KEPT // 2:
            return self._decoded(tuple(slice(None) if at is None else slice(at, at + 1) for at in place))
        if start not in self.kept:
            while self.kept and sum(one.nbytes for one in self.kept.values()) + size > _MOST_KEPT:
                self.kept.popitem(last=False)
            self.kept[start] = self._decoded(tuple(slice(*ends) for ends in zip(start, ends, strict=True)))
        return self.kept[start]

    def _decoded(self, wanted: tuple[slice, ...]) -> npt.NDArray[np.generic]:
        decoded: npt.NDArray[np.generic] = np.asarray(self.array[wanted])
        return decoded


def _image(root: Path, image: NgffImage) -> _ZarrImage:
    layout = read_layout(inside(root, image.array))
    # Also looks for links, which zarr would follow.
    count_chunk_files(layout)
    letters = _letters(image.axes)
    if len(letters) != len(layout.shape):
        raise NgffError(f"the image {image.array} has {len(layout.shape)} axes and names {len(letters)}")
    return _ZarrImage(root=root, image=image, layout=layout, letters=letters, array=_array(layout), kept=OrderedDict())


def _array(layout: ArrayLayout) -> Any:
    import zarr
    from zarr.storage import LocalStore

    return zarr.open_array(store=LocalStore(layout.folder, read_only=True), mode="r")


def _letters(axes: Sequence[NgffAxis]) -> tuple[str, ...]:
    """One letter for each axis; one of another name than T, C, Z, Y and X is a counter."""
    known = [_LETTERS.get(axis.name.lower()) for axis in axes]
    spare = iter(_SPARE)
    letters = [letter or next(spare, "") for letter in known]
    if "" in letters or len(set(letters)) < len(letters):
        raise NgffError("its axes have names that cannot be told apart")
    return tuple(letters)


def micrometres(axis: NgffAxis) -> float | None:
    """The step along an axis of space; None without a unit, for then a scale of 1 says nothing."""
    factor = _UM.get(axis.unit or "")
    if factor is None or axis.step is None or axis.type not in (None, "space"):
        return None
    step = axis.step * factor
    return step if isfinite(step) and step > 0 else None


def _labels(image: NgffImage, channels: int) -> tuple[str | None, ...]:
    """The names of the channels, where omero describes as many as there are."""
    if len(image.channels) != channels:
        return ()
    labels = [one.get("label") for one in image.channels]
    return tuple(one if isinstance(one, str) and one else None for one in labels)
