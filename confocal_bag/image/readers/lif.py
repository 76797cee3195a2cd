"""The reader of Leica LIF.

Over liffile, which reads the structure right: bioio-lif cannot read scans along Z (xz, xzt, xzy) or wavelength at
all, and stitches mosaics. Planes are taken by the strides the header gives, so that no layout is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.readers.planewise import PlanewiseReader, Scene
from confocal_bag.image.regular_file import open_regular

__all__ = ["LifReader"]

# liffile's labels of DimID 5 and 9 (emission and excitation wavelength) and 11 (loop) are not one plain letter.
_LETTERS = {"λ": "L", "Λ": "E", "L": "K"}
_SPARE_LETTERS = "UVWJGD"
_RGB_TAGS = (1, 2, 3)


class LifReader(PlanewiseReader):
    """Read Leica LIF and LOF. Every axis of the file stays an axis: tiles are M, wavelength steps L and E."""

    @classmethod
    def _open(cls, path: str) -> "_OpenLif":
        return _OpenLif(Path(path))

    def _describe(self, source: "_OpenLif") -> tuple[Scene, ...]:
        # Kept: a file of hundreds of images is laid out once, not for each of its planes.
        self._layouts = layouts = [_Layout.of(image) for image in source.file.images if not image.is_flim]
        flim = [image.path for image in source.file.images if image.is_flim]
        self.skipped = tuple(f"{name}: fluorescence lifetime data, not an image of planes" for name in flim)
        return tuple(layout.scene() for layout in layouts)

    def _read_plane(self, source: "_OpenLif", scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        return self._layouts[scene].read(source.stream, index)


class _OpenLif:
    """An open LIF and the stream it is read from."""

    def __init__(self, path: Path) -> None:
        from liffile import LifFile

        self.stream = open_regular(path)
        try:
            self.file: Any = LifFile(self.stream, squeeze=False)
        except BaseException:
            self.stream.close()
            raise

    def close(self) -> None:
        self.file.close()
        self.stream.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the planes of one image lie: per axis (size, bytes from one index to the next), slowest first."""

    name: str
    offset: int
    axes: Mapping[str, tuple[int, int]]
    channel_offsets: tuple[int, ...]
    channel_names: tuple[str | None, ...]
    dtype: np.dtype[np.generic]
    rgb: bool
    pixel_size_um: Mapping[str, float]

    @classmethod
    def of(cls, image: Any) -> "_Layout":
        channels = image._channels
        dimensions = image._dimensions
        tags = [channel.channel_tag for channel in channels]
        narrowest = min((one.bytes_inc for one in dimensions), default=0)
        rgb = sorted(tags) == list(_RGB_TAGS) and max(one.bytes_inc for one in channels) < narrowest
        if rgb:
            channels = sorted(channels, key=lambda one: one.channel_tag)
        axes, sizes_um = _axes(dimensions)
        return cls(
            name=image.path,
            offset=image.memory_block.offset,
            axes=axes,
            channel_offsets=tuple(one.bytes_inc for one in channels),
            channel_names=() if rgb else tuple(one.lut_name or None for one in channels),
            dtype=np.dtype(image.dtype),
            rgb=rgb,
            pixel_size_um=sizes_um,
        )

    def scene(self) -> Scene:
        names = list(self.axes)
        sizes = {name: size for name, (size, _) in self.axes.items()}
        channels = {"S": len(self.channel_offsets)} if self.rgb else {"C": len(self.channel_offsets)}
        stacked = {name: sizes[name] for name in names[:-2]}
        plane = {name: sizes[name] for name in names[-2:]}
        return Scene(
            name=self.name,
            axes={**stacked, **plane, **channels} if self.rgb else {**stacked, **channels, **plane},
            dtype=self.dtype,
            channel_names=self.channel_names,
            pixel_size_um=self.pixel_size_um,
        )

    def read(self, stream: Any, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """One plane, or its colour samples side by side, copied out of the file by its strides."""
        if self.offset < 0:
            raise ValueError(f"the pixels of {self.name} are not in this file")
        start = self.offset + sum(self.axes[axis][1] * value for axis, value in index.items() if axis != "C")
        if self.rgb:
            return np.stack([self._read_at(stream, start + one) for one in self.channel_offsets], axis=-1)
        return self._read_at(stream, start + self.channel_offsets[index.get("C", 0)])

    def _read_at(self, stream: Any, start: int) -> npt.NDArray[np.generic]:
        (rows, row_step), (columns, column_step) = list(self.axes.values())[-2:]
        length = (rows - 1) * row_step + (columns - 1) * column_step + self.dtype.itemsize
        stream.seek(start)
        raw = stream.read(length)
        if len(raw) < length:
            raise ValueError(f"the file ends inside a plane of {self.name}")
        return np.ndarray((rows, columns), self.dtype, raw, strides=(row_step, column_step)).copy()


def _axes(dimensions: Any) -> tuple[dict[str, tuple[int, int]], dict[str, float]]:
    """The axes by letter, and the steps of X, Y and Z: the length of an axis spans one step less than its samples."""
    axes: dict[str, tuple[int, int]] = {}
    sizes_um: dict[str, float] = {}
    spare = iter(_SPARE_LETTERS)
    for one in dimensions:
        letter = _LETTERS.get(one.label, one.label)
        if len(letter) != 1 or not letter.isalpha() or letter in axes or letter in "CS":
            letter = next(spare)
        axes[letter] = (one.number_elements, one.bytes_inc)
        if letter in "XYZ" and one.number_elements > 1 and one.length != 0 and one.unit == "m":
            sizes_um[letter] = abs(one.length) / (one.number_elements - 1) * 1e6
    if len(axes) == 1:
        # A single line: it is a plane of one row.
        axes = {"Y": (1, 0), **axes} if "Y" not in axes else {"T": (1, 0), **axes}
    return axes, sizes_um
