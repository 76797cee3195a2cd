"""What our bioio readers share: scenes and planes of a local file, decoded one plane at a time.

A bioio reader describes an image as an array. For these formats the file is a set of planes instead, so a reader
here says only which scenes there are and how to decode one plane; the lazy array, its names and metadata follow.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import xarray as xr
from bioio_base import constants, exceptions, io, reader, types
from fsspec.implementations.local import LocalFileSystem

from confocal_bag.image.readers.choice import READER_ERRORS

__all__ = ["PlanewiseReader", "Scene"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One image of a file as its reader found it.

    `axes` maps one-letter axes to sizes, slowest first; the last two, or three where the last is S, make a plane.
    `pixel_size_um` holds the axes whose step is recorded. `notes` holds facts no other field has room for.
    `folded_onto` tells of axes beyond T, C and Z which of these the file itself folds them onto, where it is not T.
    """

    name: str
    axes: Mapping[str, int]
    dtype: np.dtype[np.generic]
    channel_names: tuple[str | None, ...] = ()
    pixel_size_um: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    folded_onto: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of all axes."""
        return tuple(self.axes.values())

    @property
    def plane_count(self) -> int:
        """How many planes the axes make."""
        return prod(self.shape[: -self.plane_dimensions])

    @property
    def plane_bytes(self) -> int:
        """The bytes of one decoded plane."""
        return prod(self.shape[-self.plane_dimensions :]) * self.dtype.itemsize

    @property
    def plane_dimensions(self) -> int:
        """3 for colour planes, else 2."""
        return 3 if "S" in self.axes else 2


class PlanewiseReader(reader.Reader):
    """A bioio reader for one local file.

    With `keep_open` the file stays open between planes until `close`; without, as bioio asks of its plugins, it
    is opened for each plane. Raises bioio's UnsupportedFileFormatError for a file of another format.
    """

    #: What `_open` may raise for a file that is not what its reader expects, or is damaged.
    ERRORS: ClassVar[tuple[type[Exception], ...]] = READER_ERRORS

    def __init__(self, image: types.PathLike, *, keep_open: bool = False, fs_kwargs: Any = None, **_: Any) -> None:
        self._fs, self._path = _local(image, fs_kwargs or {})
        self._is_supported_image(self._fs, self._path)
        self._keep_open = keep_open
        self._source: Any = None
        self.skipped: tuple[str, ...] = ()
        try:
            self._described: tuple[Scene, ...] = self._with_source(self._describe)
        except BaseException:
            self.close()
            raise
        self._scene_names: tuple[str, ...] = _unique(scene.name for scene in self._described)

    @classmethod
    @abstractmethod
    def _open(cls, path: str) -> Any:
        """Open the file; the result has `close`."""

    @abstractmethod
    def _describe(self, source: Any) -> tuple[Scene, ...]:
        """All scenes of the opened file."""

    @abstractmethod
    def _read_plane(self, source: Any, scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """Decode one plane; `index` holds every axis but those of the plane."""

    @classmethod
    def _is_supported_image(cls, fs: Any, path: str, **_: Any) -> bool:
        if not isinstance(fs, LocalFileSystem):
            raise exceptions.UnsupportedFileFormatError(cls.__name__, path, "Only local files can be read.")
        try:
            cls._open(path).close()
        except cls.ERRORS as error:
            raise exceptions.UnsupportedFileFormatError(cls.__name__, path, str(error)) from error
        return True

    @property
    def scenes(self) -> tuple[str, ...]:
        """The names of the scenes, made unique."""
        return self._scene_names

    @property
    def described_scenes(self) -> tuple[Scene, ...]:
        """The scenes as the file describes them, in the order of `scenes`."""
        return self._described

    def _with_source(self, use: Any, *arguments: Any) -> Any:
        source = self._source or self._open(self._path)
        if self._keep_open:
            self._source = source
        try:
            return use(source, *arguments)
        finally:
            if not self._keep_open:
                source.close()

    def read_plane(self, scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """One plane of a scene, of the shape its axes declare; ValueError when the file holds another."""
        described = self._described[scene]
        plane: npt.NDArray[np.generic] = np.asarray(self._with_source(self._read_plane, scene, index))
        expected = described.shape[-described.plane_dimensions :]
        if plane.shape != expected:
            raise ValueError(f"the plane at {dict(index)} has shape {plane.shape}, its header says {expected}")
        return plane

    def close(self) -> None:
        """Close the file if it was kept open."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        """Open files do not travel between processes: the copy opens its own."""
        return {**self.__dict__, "_source": None}

    def _read_delayed(self) -> xr.DataArray:
        from dask.array import from_array

        stack = _PlaneStack(self, self.current_scene_index)
        scene = self._described[self.current_scene_index]
        stacked = len(scene.shape) - scene.plane_dimensions
        chunks = (1,) * stacked + scene.shape[stacked:]
        lazy = from_array(  # type: ignore[no-untyped-call]
            stack, chunks=chunks, asarray=False, fancy=False, name=False
        )
        return self._labelled(lazy)

    def _read_immediate(self) -> xr.DataArray:
        return self._labelled(_PlaneStack(self, self.current_scene_index)[()])

    def _labelled(self, data: Any) -> xr.DataArray:
        index = self.current_scene_index
        scene = self._described[index]
        names = scene.channel_names or (None,) * scene.axes.get("C", 0)
        coordinates = (
            {"C": [name or f"Channel:{index}:{i}" for i, name in enumerate(names)]} if "C" in scene.axes else {}
        )
        attributes = {constants.METADATA_UNPROCESSED: dict(scene.notes)}
        return xr.DataArray(data, dims=list(scene.axes), coords=coordinates, attrs=attributes)

    @property
    def channel_names(self) -> list[str] | None:
        """Names of the channels, made up as bioio does ("Channel:0:1") where the file has none.

        Headers may name a channel in more than one place; what the scene lacks is what `ome_metadata` says.
        """
        names = self.xarray_dask_data.coords.get("C")
        if names is None:
            return None
        index = self.current_scene_index
        known: Sequence[str | None] = self._described[index].channel_names or (None,) * len(names)
        if None in known and len(images := self.ome_metadata.images) == len(self._scene_names):
            recorded = [channel.name for channel in images[index].pixels.channels]
            known = [one or other for one, other in zip(known, recorded, strict=True)]
        return [str(one or made_up) for one, made_up in zip(known, names.values, strict=True)]

    @property
    def physical_pixel_sizes(self) -> types.PhysicalPixelSizes:
        """Pixel sizes of the current scene in micrometres; None where the file records none."""
        sizes = self._described[self.current_scene_index].pixel_size_um
        return types.PhysicalPixelSizes(sizes.get("Z"), sizes.get("Y"), sizes.get("X"))

    @property
    def ome_metadata(self) -> Any:
        """What the headers record as an `ome_types.OME`, one Image for each series of `open_image`."""
        from confocal_bag.image.acquisition import describe_acquisition
        from confocal_bag.image.open import open_image

        with open_image(Path(self._path)) as image:
            return describe_acquisition(image)


class _PlaneStack:
    """An array that decodes the planes that an index touches; it can be pickled."""

    def __init__(self, owner: PlanewiseReader, scene: int) -> None:
        described = owner.described_scenes[scene]
        self._owner = owner
        self._scene = scene
        self._stacked = tuple(described.axes)[: -described.plane_dimensions]
        self.shape = described.shape
        self.ndim = len(self.shape)
        self.dtype = described.dtype

    def __getitem__(self, key: Any) -> npt.NDArray[np.generic]:
        key = key if isinstance(key, tuple) else (key,)
        slices = [part if isinstance(part, slice) else slice(part, part + 1) for part in key]
        slices += [slice(None)] * (self.ndim - len(slices))
        count = len(self._stacked)
        ranges = [range(*part.indices(size)) for part, size in zip(slices[:count], self.shape, strict=False)]
        within = tuple(slices[count:])
        places = (dict(zip(self._stacked, index, strict=True)) for index in product(*ranges))
        planes = [self._owner.read_plane(self._scene, place)[within] for place in places]
        sizes = tuple(len(one) for one in ranges)
        if len(planes) == 1:
            whole = planes[0].reshape(*sizes, *planes[0].shape)
        else:
            whole = np.stack(planes).reshape(*sizes, *planes[0].shape) if planes else self._nothing(sizes)
        return whole[tuple(0 if isinstance(part, int) else slice(None) for part in key)]

    def _nothing(self, sizes: tuple[int, ...]) -> npt.NDArray[np.generic]:
        shape = (*sizes, *self.shape[len(sizes) :])
        return np.empty(shape if prod(shape) == 0 else (0,) * self.ndim, dtype=self.dtype)


def _local(image: Any, options: Mapping[str, Any]) -> tuple[Any, str]:
    """The file system and path; a path object is always local, whatever "::" and "://" its name holds."""
    if isinstance(image, Path):
        return LocalFileSystem(), str(image)
    fs, path = io.pathlike_to_fs(image, enforce_exists=True, fs_kwargs=dict(options))
    return fs, str(path)


def _unique(names: Any) -> tuple[str, ...]:
    found: list[str] = []
    for index, name in enumerate(names):
        plain = name.strip() or f"Image:{index}"
        found.append(f"{plain} ({index})" if plain in found else plain)
    return tuple(found)
