"""An image file read through a reader of ours or of bioio: its series in our words, its planes one at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.formats import Format
from confocal_bag.image.model import PixelSize, Plane, Series
from confocal_bag.image.numbering import image_number
from confocal_bag.image.pixel_meaning import PixelMeaning, page_meanings
from confocal_bag.image.readers.choice import reader_errors

__all__ = ["BioioImage", "in_order", "unreadable"]

# Positions and tiles are pictures of their own: each becomes a series.
_SERIES_AXES = ("P", "M")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where the planes of a series come from: a scene of the reader, and the indices that single it out."""

    scene: int
    fixed: Mapping[str, int] = field(default_factory=dict)


class BioioImage:
    """An image file read through a reader: the `ImageFile` of model.py."""

    def __init__(self, path: Path, found: Format, reader: Any, reader_name: str) -> None:
        self.path = path
        self.format = found
        self.reader = reader_name
        self.skipped: tuple[str, ...] = tuple(getattr(reader, "skipped", ()))
        self.expected_planes: int | None = None
        self._reader = reader
        self._sources: list[_Source] = []
        self._laid_out: tuple[int, Any] | None = None
        self._meanings: dict[Path, Sequence[PixelMeaning | None]] = {}
        described = _describe(path, reader)
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
        for coordinates in in_order(series.stacked_axes):
            yield self.plane(series, coordinates)

    def plane(self, series: Series, coordinates: Mapping[str, int]) -> Plane:
        """The plane of a series at the given coordinates; UnreadableImage where it cannot be decoded."""
        source = self._sources[series.index]
        decode = self._read_plane if hasattr(self._reader, "described_scenes") else self._compute_plane
        try:
            pixels = decode(source, {**coordinates, **source.fixed}, series.axes)
        except reader_errors() as error:
            where = ", ".join(f"{axis}={at}" for axis, at in coordinates.items())
            # What a decoder does not do is no fault of the file.
            advice = (
                "keep the original, and ask the depositor for a copy that is stored otherwise"
                if isinstance(error, NotImplementedError)
                else "ask the depositor for a complete copy"
            )
            raise fault(
                self.path,
                error,
                f"{readable_path(self.path)}: the plane {where} of "
                f"{image_number(series.index, len(self.series))} cannot be decoded "
                f"({reason(self.path, error)}); {advice}.",
            ) from error
        return Plane(coordinates=dict(coordinates), pixels=pixels.astype(series.dtype, copy=False))

    def page_number(self, series: Series, coordinates: Mapping[str, int]) -> int | None:
        """The page of the file that a plane is, from 0 along the directories of a TIFF; None where there is no such."""
        source = self._sources[series.index]
        find = getattr(self._reader, "page_number", None)
        number: int | None = find(source.scene, {**coordinates, **source.fixed}) if find else None
        return number

    def page_address(self, series: Series, coordinates: Mapping[str, int]) -> tuple[Path, int] | None:
        """The TIFF that a plane lies in, which may be another of a set, and the page that holds it; None for none."""
        source = self._sources[series.index]
        place = {**coordinates, **source.fixed}
        find = getattr(self._reader, "page_address", None)
        if find is not None:
            address: tuple[Path, int] | None = find(source.scene, place)
            return address
        number = self.page_number(series, coordinates)
        return None if number is None else (self.path, number)

    def page_meanings(self, path: Path) -> Sequence[PixelMeaning | None]:
        """What each page of a TIFF of this image says of its numbers (`pixel_meaning.page_meanings`), read once."""
        if path not in self._meanings:
            self._meanings[path] = page_meanings(path)
        return self._meanings[path]

    def _read_plane(self, source: _Source, place: Mapping[str, int], _: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """A plane out of a reader of ours, whose planes lie as those of the series."""
        scene = self._reader.described_scenes[source.scene]
        stacked = list(scene.axes)[: -scene.plane_dimensions]
        pixels: npt.NDArray[np.generic] = self._reader.read_plane(
            source.scene, {axis: place.get(axis, 0) for axis in stacked}
        )
        return pixels

    def _compute_plane(
        self, source: _Source, place: Mapping[str, int], axes: Mapping[str, int]
    ) -> npt.NDArray[np.generic]:
        """A plane out of the lazy array of one of bioio's own readers."""
        if self._laid_out is None or self._laid_out[0] != source.scene:
            self._reader.set_scene(source.scene)
            self._laid_out = (source.scene, self._reader.xarray_dask_data)
        lazy = self._laid_out[1]
        dims = [str(name) for name in lazy.dims]
        spatial = [name for name in axes if name != "S"]
        kept = [name for name in axes if name not in spatial[:-2]]
        index = tuple(slice(None) if name in kept else place.get(name, 0) for name in dims)
        pixels = np.asarray(lazy.data[index].compute(scheduler="synchronous"))
        present = [name for name in dims if name in kept]
        return pixels.transpose([present.index(name) for name in kept])

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
    folded_onto: Mapping[str, str] = field(default_factory=dict)

    def series(self, index: int, scene: int, fixed: Mapping[str, int]) -> Series:
        """The series of this scene at the given tile or position."""
        axes = {axis: size for axis, size in self.axes.items() if axis not in _SERIES_AXES}
        where = "".join(f" {axis}{at}" for axis, at in fixed.items())
        return Series(
            index=index,
            name=self.name + where,
            axes=_arranged(axes, self.folded_onto),
            dtype=self.dtype,
            pixel_size_um=self.pixel_size_um,
            channel_names=self.channel_names,
            notes={**self.notes, "scene": str(scene), **{axis: str(at) for axis, at in fixed.items()}},
        )


def _describe(path: Path, reader: Any) -> list[_SceneDescription]:
    unnamed = [path.name] if len(reader.scenes) == 1 else [f"{path.name} #{n + 1}" for n in range(len(reader.scenes))]
    if hasattr(reader, "described_scenes"):
        return [_of_ours(scene, name) for scene, name in zip(reader.described_scenes, unnamed, strict=True)]
    return [_of_bioio(reader, number, name) for number, name in enumerate(unnamed)]


def _of_ours(scene: Any, unnamed: str) -> _SceneDescription:
    """A scene of a reader of ours, as it describes it; no lazy array is laid out for it."""
    sizes = scene.pixel_size_um
    return _SceneDescription(
        name=scene.name or unnamed,
        axes=scene.axes,
        dtype=_whole_bytes(scene.dtype),
        pixel_size_um=PixelSize(x=sizes.get("X"), y=sizes.get("Y"), z=sizes.get("Z")),
        channel_names=scene.channel_names,
        notes=scene.notes,
        folded_onto=scene.folded_onto,
    )


def _of_bioio(reader: Any, number: int, unnamed: str) -> _SceneDescription:
    """A scene of one of bioio's own readers, which make up the names and pixel sizes that are not recorded."""
    from confocal_bag.image.readers.plugins import plugin_header

    reader.set_scene(number)
    lazy = reader.xarray_dask_data
    channels, size = plugin_header(reader, int(lazy.sizes.get("C", 1)))
    return _SceneDescription(
        name=unnamed,
        axes={str(axis): int(length) for axis, length in lazy.sizes.items()},
        dtype=_whole_bytes(np.dtype(lazy.dtype)),
        pixel_size_um=size,
        channel_names=channels,
        notes={},
    )


def _whole_bytes(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type as this program hands it on: one bit per sample becomes one byte of 0 or 1, as every reader does."""
    return np.dtype(np.uint8) if dtype.kind == "b" else dtype


def _arranged(axes: Mapping[str, int], folded_onto: Mapping[str, str]) -> dict[str, int]:
    """The axes as `Series.axes` wants them: others, T, C, Z, rows, columns, S; what C and Z hold stands behind them.

    Where the file does not fold its axes itself, the second of them goes behind Z: ModuloAlong has room for one axis
    along each.
    """
    spatial = [axis for axis in axes if axis != "S"]
    plane = spatial[-2:]
    sizes = {"T": 1, "C": 1, "Z": 1, **axes}
    stacked = [axis for axis in spatial[:-2] if axis not in ("T", "C", "Z")]
    # A scan along Z or T has that axis in its planes; a stack of xz scans is numbered along Y.
    depth = [] if "Y" in stacked else ["Z"]
    depth = [axis for axis in depth if axis not in plane]
    onto = dict(folded_onto) or (dict.fromkeys(stacked[1:2], "Z") if depth else {})
    ordered = [axis for axis in stacked if onto.get(axis, "T") == "T"]
    for name in [axis for axis in ("T", "C", *depth) if axis not in plane]:
        ordered += [name, *(axis for axis in stacked if name != "T" and onto.get(axis) == name)]
    return {axis: sizes[axis] for axis in [*ordered, *plane, *(["S"] if "S" in axes else [])]}


def in_order(stacked: Mapping[str, int]) -> Iterator[dict[str, int]]:
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
