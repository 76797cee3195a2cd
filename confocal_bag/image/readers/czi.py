"""Zeiss CZI as a bioio reader.

Over openreadout: bioio-czi is GPL, drops the phases of an Airyscan, returns RGB as BGR and refuses files without
scaling or without a channel axis.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from bioio_base import reader_metadata

from confocal_bag.image.readers.planewise import PlanewiseReader, Scene

__all__ = ["CziReader", "ReaderMetadata"]


class CziReader(PlanewiseReader):
    """Read Zeiss CZI. Mosaics come stitched as their sub-blocks lie; pyramids, labels and previews are no scenes."""

    NAME = "confocal-bag-czi"

    @classmethod
    def _open(cls, path: str) -> Any:
        import openreadout

        source = openreadout.File(path)
        if source.format != "czi":
            source.close()
            raise ValueError("the file is not a Zeiss CZI")
        return source

    def _describe(self, source: Any) -> tuple[Scene, ...]:
        return tuple(_scene(source, index) for index in range(len(source.images)))

    def _read_plane(self, source: Any, scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        plane: npt.NDArray[np.generic] = source.read_plane(scene, c=index["C"], z=index["Z"], t=index["T"])
        return plane


class ReaderMetadata(reader_metadata.ReaderMetadata):  # type: ignore[misc]
    """What bioio asks of a plugin: its extensions and its reader class."""

    @staticmethod
    def get_supported_extensions() -> list[str]:
        """The extensions of the format."""
        return [".czi"]

    @staticmethod
    def get_reader() -> type[CziReader]:
        """The class bioio constructs."""
        return CziReader


def _scene(source: Any, index: int) -> Scene:
    image = source.images[index]
    axes = dict(zip(source.dims(index), source.shape(index), strict=True))
    names = {channel["index"]: channel.get("name") for channel in image["channels"]}
    sizes = image["physical_size"]
    return Scene(
        name=(image.get("name") or "").strip(),
        axes=axes,
        dtype=np.dtype(source.dtype(index)),
        channel_names=tuple(names.get(channel) or None for channel in range(axes["C"])),
        pixel_size_um={
            axis: float(sizes[key]) for axis, key in (("X", "x"), ("Y", "y"), ("Z", "z")) if sizes.get(key)
        },
        notes={"tiles": str(image["mosaic"]["tile_count"])} if image.get("mosaic") else {},
    )
