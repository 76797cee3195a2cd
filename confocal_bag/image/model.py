"""What an opened image file looks like to the rest of the program, whoever reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from confocal_bag.findings import CannotFinish
from confocal_bag.image.format_table import Format

__all__ = ["ImageFile", "PixelSize", "Plane", "Series", "UnreadableImage", "plane_bytes", "plane_digest"]


class UnreadableImage(CannotFinish):
    """The file itself is at fault: damaged, incomplete, or holding what cannot be converted. Others can go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelSize:
    """Distance between neighbouring samples in micrometres; None where the file does not record it."""

    x: float | None = None
    y: float | None = None
    z: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """One decoded plane.

    `pixels` has shape (rows, columns), or (rows, columns, samples) for colour.
    `coordinates` holds an index from 0 for every axis of the series but rows, columns and samples.
    """

    coordinates: Mapping[str, int]
    pixels: npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One image of a file: a scene, position or series, never a thumbnail or pyramid level.

    `axes` maps axis letters to sizes, slowest first, ending in the row axis, the column axis and, for colour, "S":
    {"T": 1, "C": 2, "Z": 10, "Y": 512, "X": 512}. Rows may run along Z in an xz scan: then `axes` has no "Y".
    """

    index: int
    name: str
    axes: Mapping[str, int]
    dtype: np.dtype[np.generic]
    pixel_size_um: PixelSize = field(default_factory=PixelSize)
    channel_names: tuple[str | None, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """Colour samples per pixel; 1 for a single-channel plane."""
        return self.axes.get("S", 1)

    @property
    def rows(self) -> int:
        """Height of a plane."""
        return self._plane_axes()[0]

    @property
    def columns(self) -> int:
        """Width of a plane."""
        return self._plane_axes()[1]

    @property
    def stacked_axes(self) -> dict[str, int]:
        """The axes that number the planes: all but rows, columns and samples, slowest first."""
        names = [name for name in self.axes if name != "S"]
        return {name: self.axes[name] for name in names[:-2]}

    @property
    def plane_count(self) -> int:
        """How many planes the series declares."""
        count = 1
        for size in self.stacked_axes.values():
            count *= size
        return count

    @property
    def plane_bytes(self) -> int:
        """The bytes of one decoded plane."""
        return self.rows * self.columns * self.samples * self.dtype.itemsize

    def _plane_axes(self) -> tuple[int, int]:
        sizes = [size for name, size in self.axes.items() if name != "S"]
        return sizes[-2], sizes[-1]


class ImageFile(Protocol):
    """An opened image file. Use it as a context manager; it never writes to the file.

    `planes` yields every plane of one series, one at a time, in the order T slowest, then Z, then C fastest (OME's
    XYCZT); axes beyond these are slower than T. `expected_planes` is the number of planes the file's own directory
    holds for the exported series, counted without the reader, or None where the format has no such directory.
    """

    path: Path
    format: Format
    reader: str
    series: tuple[Series, ...]
    expected_planes: int | None
    skipped: tuple[str, ...]

    def planes(self, series: Series) -> Iterator[Plane]:
        """Yield the planes of one series."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError


def plane_bytes(pixels: npt.NDArray[np.generic]) -> bytes:
    """The bytes that a plane digest is taken over: row-major, samples interleaved, little-endian."""
    return _little(pixels).tobytes()


def plane_digest(pixels: npt.NDArray[np.generic]) -> str:
    """The SHA-1 of a plane, as sidecars record it (OME 2016-06 Plane/HashSHA1): hexadecimal, over `plane_bytes`."""
    # Over the samples where they are: a copy of a large plane is a large copy.
    return sha1(_little(pixels).reshape(-1).view(np.uint8).data, usedforsecurity=False).hexdigest()


def _little(pixels: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    return np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False))
