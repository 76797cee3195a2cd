"""What our bioio plugins have in common beside reading: what they tell bioio, and files of a single scene."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from bioio_base import reader, reader_metadata

from confocal_bag.image.readers.planewise import PlanewiseReader, Scene

__all__ = ["SceneFile", "SingleSceneReader", "plugin_metadata"]


class SceneFile(Protocol):
    """An open file of one scene."""

    def scene(self) -> Scene:
        """The scene as the file describes it."""
        raise NotImplementedError

    def plane(self, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """Decode one plane; `index` holds every axis but those of the plane."""
        raise NotImplementedError


class SingleSceneReader(PlanewiseReader):
    """A reader of files of one scene: its `_open` returns a `SceneFile`."""

    def _describe(self, source: Any) -> tuple[Scene, ...]:
        return (source.scene(),)

    def _read_plane(self, source: Any, _scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        plane: npt.NDArray[np.generic] = source.plane(index)
        return plane


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
