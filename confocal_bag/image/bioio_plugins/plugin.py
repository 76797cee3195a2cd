"""What our bioio plugins share: a reader of planes as the lazy array, names and metadata that bioio asks for."""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import xarray as xr
from bioio_base import constants, exceptions, io, reader, reader_metadata, types
from fsspec.implementations.local import LocalFileSystem

from confocal_bag.image.readers.choice import reader_errors
from confocal_bag.image.readers.planewise import PlanewiseReader

__all__ = ["PluginReader", "plugin_metadata"]


class PluginReader(reader.Reader):
    """A bioio reader for one local file, over a reader of ours; the file is opened anew for each plane, as bioio asks.

    Raises bioio's UnsupportedFileFormatError for a file of another format.
    """

    #: The reader of the format.
    PLANES: ClassVar[type[PlanewiseReader]]

    def __init__(self, image: types.PathLike, *, fs_kwargs: Any = None, **_: Any) -> None:
        self._fs, self._path = _local(image, fs_kwargs or {})
        self._is_supported_image(self._fs, self._path)
        self._planes = self.PLANES(Path(self._path), keep_open=False)

    @classmethod
    def _is_supported_image(cls, fs: Any, path: str, **_: Any) -> bool:
        if not isinstance(fs, LocalFileSystem):
            raise exceptions.UnsupportedFileFormatError(cls.__name__, path, "Only local files can be read.")
        try:
            cls.PLANES.check(Path(path))
        except reader_errors() as error:
            raise exceptions.UnsupportedFileFormatError(cls.__name__, path, str(error)) from error
        return True

    @property
    def scenes(self) -> tuple[str, ...]:
        """The names of the scenes, made unique."""
        return self._planes.scenes

    def _read_delayed(self) -> xr.DataArray:
        from dask.array import from_array

        index = self.current_scene_index
        scene = self._planes.described_scenes[index]
        stacked = len(scene.shape) - scene.plane_dimensions
        chunks = (1,) * stacked + scene.shape[stacked:]
        lazy = from_array(  # type: ignore[no-untyped-call]
            _PlaneStack(self._planes, index), chunks=chunks, asarray=False, fancy=False, name=False
        )
        return self._labelled(lazy)

    def _read_immediate(self) -> xr.DataArray:
        return self._labelled(_PlaneStack(self._planes, self.current_scene_index)[()])

    def _labelled(self, data: Any) -> xr.DataArray:
        index = self.current_scene_index
        scene = self._planes.described_scenes[index]
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
        described = self._planes.described_scenes[index]
        known: Sequence[str | None] = described.channel_names or (None,) * len(names)
        if None in known and len(images := self.ome_metadata.images) == len(self.scenes):
            recorded = [channel.name for channel in images[index].pixels.channels]
            known = [one or other for one, other in zip(known, recorded, strict=True)]
        return [str(one or made_up) for one, made_up in zip(known, names.values, strict=True)]

    @property
    def physical_pixel_sizes(self) -> types.PhysicalPixelSizes:
        """Pixel sizes of the current scene in micrometres; None where the file records none."""
        sizes = self._planes.described_scenes[self.current_scene_index].pixel_size_um
        return types.PhysicalPixelSizes(sizes.get("Z"), sizes.get("Y"), sizes.get("X"))

    @property
    def ome_metadata(self) -> Any:
        """What the headers record as an `ome_types.OME`, one Image for each series of `open_image`."""
        from confocal_bag.image.acquisition import describe_acquisition
        from confocal_bag.image.open import open_image

        with open_image(Path(self._path)) as image:
            return describe_acquisition(image)


def plugin_metadata(of: type[reader.Reader], *extensions: str) -> type[reader_metadata.ReaderMetadata]:
    """What bioio asks of a plugin's module, under the name `ReaderMetadata`: its extensions and its reader class."""

    class ReaderMetadata(reader_metadata.ReaderMetadata):
        """The extensions and the reader of one plugin."""

        @staticmethod
        def get_supported_extensions() -> list[str]:
            """The extensions of the format."""
            return list(extensions)

        @staticmethod
        def get_reader() -> type[reader.Reader]:  # type: ignore[override] # bioio says instance, means class
            """The class bioio constructs."""
            return of

    return ReaderMetadata


class _PlaneStack:
    """An array that decodes the planes that an index touches; it can be pickled."""

    def __init__(self, planes: PlanewiseReader, scene: int) -> None:
        described = planes.described_scenes[scene]
        self._planes = planes
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
        planes = [self._planes.read_plane(self._scene, place)[within] for place in places]
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
