"""The reader of Nikon ND2.

Over nd2, whose planes bioio-nd2 hands on too; but that opens the file anew for each of them, lays out a lazy array of
all, and brings bioio along.
"""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.readers.nikon_headers import channel_names, pixel_size_um
from confocal_bag.image.readers.planewise import PlanewiseReader, Scene
from confocal_bag.image.regular_file import open_regular

__all__ = ["Nd2Reader"]

_LETTERS = {"XYPosLoop": "P", "ZStackLoop": "Z", "TimeLoop": "T", "NETimeLoop": "T"}
#: Letters for loops of other kinds.
_COUNTERS = "UNVWJGDK"
_COLOURS = 3


class Nd2Reader(PlanewiseReader):
    """Read Nikon ND2 (not that in JPEG 2000). The loops of the experiment are its axes, each position a scene."""

    @classmethod
    def _open(cls, path: str) -> "_OpenNd2":
        return _OpenNd2(Path(path))

    def _describe(self, source: "_OpenNd2") -> tuple[Scene, ...]:
        return (source.scene(),) * source.loops.get("P", 1)

    def _read_plane(self, source: "_OpenNd2", scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        return source.plane({**index, "P": scene})


class _OpenNd2:
    """An open ND2 and the last frame read: a frame holds every channel, and channels are asked for one by one."""

    def __init__(self, path: Path) -> None:
        from nd2 import ND2File

        self._stream = open_regular(path)
        try:
            self._file: Any = ND2File(self._stream)
            self._read_structure()
        except BaseException:
            self._stream.close()
            raise
        self._last: tuple[int, npt.NDArray[np.generic]] | None = None

    def _read_structure(self) -> None:
        attributes = self._file.attributes
        spare = iter(_COUNTERS)
        loops = [(_LETTERS.get(loop.type) or next(spare), int(loop.count)) for loop in self._file.experiment]
        #: Sizes of the loops, slowest first.
        self.loops = dict(loops)
        if len(self.loops) < len(loops):
            raise ValueError("its experiment has two loops of one kind")
        components = self._file.components_per_channel
        self._samples = components if components == _COLOURS else 1
        self._channels = attributes.componentCount // self._samples
        self._rows, self._columns = attributes.heightPx, attributes.widthPx or 0
        if min(self._rows, self._columns, self._channels, *self.loops.values()) < 1:
            raise ValueError("its header declares an image without pixels")

    def scene(self) -> Scene:
        """What every position has."""
        names = channel_names(self._file)
        stacked = {axis: size for axis, size in self.loops.items() if axis != "P"}
        colour = {"S": self._samples} if self._samples > 1 else {}
        return Scene(
            name="",
            axes={**stacked, "C": self._channels, "Y": self._rows, "X": self._columns, **colour},
            dtype=np.dtype(self._file.dtype),
            channel_names=names if len(names) == self._channels else (),
            pixel_size_um=pixel_size_um(self._file),
        )

    def plane(self, place: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """One channel of the frame at the given place in the loops."""
        number = 0
        for axis, size in self.loops.items():
            number = number * size + place.get(axis, 0)
        if self._last is None or self._last[0] != number:
            self._last = (number, self._frame(number))
        plane: npt.NDArray[np.generic] = self._last[1][place.get("C", 0)]
        return plane

    def _frame(self, number: int) -> npt.NDArray[np.generic]:
        """A frame as channels, rows, columns and, for colour, samples; a copy, as the file is mapped into memory."""
        frame = self._file.read_frame(number)
        shape = (self._channels, self._rows, self._columns, self._samples)
        if frame.size != prod(shape):
            raise ValueError(f"frame {number} has shape {frame.shape}, its header says {shape}")
        if self._samples == 1 and self._file.components_per_channel > 1:
            # Neither one nor three samples of a pixel, side by side: each is a channel.
            frame = np.moveaxis(frame.reshape(-1, self._rows, self._columns, self._file.components_per_channel), 3, 1)
        copied = np.array(frame.reshape(shape), order="C")
        return copied if self._samples > 1 else copied[..., 0]

    def close(self) -> None:
        """Close the file."""
        self._last = None
        self._file.close()
        self._stream.close()
