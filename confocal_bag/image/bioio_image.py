"""An image file read through a bioio reader: its series in our words, its planes one at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.formats import Format
from confocal_bag.image.model import PixelSize, Plane, Series
from confocal_bag.image.readers.choice import reader_errors

__all__ = ["BioioImage", "unreadable"]

# Positions and tiles are pictures of their own: each becomes a series.
_SERIES_AXES = ("P", "M")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where the planes of a series come from: a scene of the reader, and the indices that single it out."""

    scene: int
    fixed: Mapping[str, int] = field(default_factory=dict)


class BioioImage:
    """An image file read through a bioio reader: the `ImageFile` of model.py."""

    def __init__(self, path: Path, found: Format, reader: Any, reader_name: str) -> None:
        self.path = path
        self.format = found
        self.reader = reader_name
        self.skipped: tuple[str, ...] = tuple(getattr(reader, "skipped", ()))
        self.expected_planes: int | None = None
        self._reader = reader
        self._sources: list[_Source] = []
        described = _describe(path, found, reader)
        self.series: tuple[Series, ...] = tuple(self._split(described))

    def _split(self, scenes: list["_SceneDescription"]) -> Iterator[Series]:
        """One series for each scene, or for each tile or position of it."""
        for number, scene in enumerate(scenes):
            parts = {axis: scene.axes[axis] for axis in _SERIES_AXES if scene.axes.get(axis, 1) > 1}
            for place in product(*(range(size) for size in parts.values())):
                fixed = dict(zip(parts, place, strict=True))
                self._sources.append(_Source(scene=number, fixed=fixed))
                yield scene.series(len(self._sources) - 1, number, fixed)

    def planes(self, series: Series) -> Iterator[Plane]:
        """Yield the planes of one series, C fastest, then Z, then T, then any other axis.

        Raises UnreadableImage, naming the plane, where one cannot be decoded.
        """
        source = self._sources[series.index]
        try:
            self._reader.set_scene(source.scene)
            lazy = self._reader.xarray_dask_data
        except reader_errors() as error:
            raise unreadable(self.path, error) from error
        dims = [str(name) for name in lazy.dims]
        for coordinates in _in_order(series.stacked_axes):
            yield Plane(coordinates=coordinates, pixels=self._decode(series, lazy.data, dims, source, coordinates))

    def _decode(
        self, series: Series, data: Any, dims: list[str], source: _Source, coordinates: Mapping[str, int]
    ) -> np.ndarray[Any, np.dtype[np.generic]]:
        place = {**coordinates, **source.fixed}
        kept = [name for name in series.axes if name not in series.stacked_axes]
        index = tuple(slice(None) if name in kept else place.get(name, 0) for name in dims)
        try:
            pixels = np.asarray(data[index].compute(scheduler="synchronous"))
        except reader_errors() as error:
            where = ", ".join(f"{axis}={at}" for axis, at in coordinates.items())
            raise fault(
                self.path,
                error,
                f"{readable_path(self.path)}: the plane {where} of series {series.index} cannot be decoded "
                f"({reason(self.path, error)}); ask the depositor for a complete copy.",
            ) from error
        present = [name for name in dims if name in kept]
        return pixels.transpose([present.index(name) for name in kept]).astype(series.dtype, copy=False)

    def close(self) -> None:
        """Close the file."""
        close = getattr(self._reader, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _SceneDescription:
    """One scene of a bioio reader in our words."""

    name: str
    axes: Mapping[str, int]
    dtype: np.dtype[np.generic]
    pixel_size_um: PixelSize
    channel_names: tuple[str | None, ...]
    notes: Mapping[str, str]

    def series(self, index: int, scene: int, fixed: Mapping[str, int]) -> Series:
        """The series of this scene at the given tile or position."""
        axes = {axis: size for axis, size in self.axes.items() if axis not in _SERIES_AXES}
        where = "".join(f" {axis}{at}" for axis, at in fixed.items())
        return Series(
            index=index,
            name=self.name + where,
            axes=_arranged(axes),
            dtype=self.dtype,
            pixel_size_um=self.pixel_size_um,
            channel_names=self.channel_names,
            notes={**self.notes, "scene": str(scene), **{axis: str(at) for axis, at in fixed.items()}},
        )


def _describe(path: Path, found: Format, reader: Any) -> list[_SceneDescription]:
    scenes = []
    for number in range(len(reader.scenes)):
        reader.set_scene(number)
        lazy = reader.xarray_dask_data
        name, channels, size = _header(path, found, reader, number)
        scenes.append(
            _SceneDescription(
                name=name or (path.name if len(reader.scenes) == 1 else f"{path.name} #{number + 1}"),
                axes={str(axis): int(length) for axis, length in lazy.sizes.items()},
                dtype=_whole_bytes(np.dtype(lazy.dtype)),
                pixel_size_um=size,
                channel_names=channels,
                notes=reader.described_scenes[number].notes if hasattr(reader, "described_scenes") else {},
            )
        )
    return scenes


def _header(path: Path, found: Format, reader: Any, number: int) -> tuple[str, tuple[str | None, ...], PixelSize]:
    """The name, channel names and pixel size of a scene as recorded; bioio's own readers make up what is not."""
    if hasattr(reader, "described_scenes"):
        scene = reader.described_scenes[number]
        sizes = scene.pixel_size_um
        return scene.name, scene.channel_names, PixelSize(x=sizes.get("X"), y=sizes.get("Y"), z=sizes.get("Z"))
    if found.id.startswith("nd2"):
        from confocal_bag.image.readers.nikon_headers import channel_names_and_pixel_size

        return "", *channel_names_and_pixel_size(path)
    return "", (), PixelSize()


def _whole_bytes(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type as this program hands it on: one bit per sample becomes one byte of 0 or 1, as every reader does."""
    return np.dtype(np.uint8) if dtype.kind == "b" else dtype


def _arranged(axes: Mapping[str, int]) -> dict[str, int]:
    """The axes as `Series.axes` wants them: others, T, C, Z, rows, columns, S."""
    spatial = [axis for axis in axes if axis != "S"]
    plane = spatial[-2:]
    sizes = {"T": 1, "C": 1, "Z": 1, **axes}
    stacked = [axis for axis in spatial[:-2] if axis not in ("T", "C", "Z")]
    # A scan along Z or T has that axis in its planes; a stack of xz scans is numbered along Y.
    depth = [] if "Y" in stacked else ["Z"]
    ordered = [*stacked, *(axis for axis in ("T", "C", *depth) if axis not in plane)]
    return {axis: sizes[axis] for axis in [*ordered, *plane, *(["S"] if "S" in axes else [])]}


def _in_order(stacked: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Coordinates in OME's order XYCZT: C runs fastest, then Z, then T, then the others."""
    others = [axis for axis in stacked if axis not in ("T", "Z", "C")]
    order = [*others, *(axis for axis in ("T", "Z", "C") if axis in stacked)]
    for place in product(*(range(stacked[axis]) for axis in order)):
        at = dict(zip(order, place, strict=True))
        yield {axis: at[axis] for axis in stacked}


def unreadable(path: Path, error: Exception) -> CannotFinish:
    """The sentence for a file that its reader cannot make sense of."""
    return fault(
        path,
        error,
        f"{readable_path(path)} cannot be read as the image it seems to be ({reason(path, error)}); compare it with "
        "the original and ask the depositor for a complete copy.",
    )
