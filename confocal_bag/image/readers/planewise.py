"""What our readers share: scenes and planes of a local file, decoded one plane at a time.

A reader says which scenes there are and how to decode one plane, and nothing else. It needs no array library but
numpy: bioio, which describes an image as a lazy array, gets ours through `bioio_plugins`, and to load it takes longer
than to convert most files.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

__all__ = ["PlanewiseReader", "Scene", "SceneFile", "SingleSceneReader"]


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


class PlanewiseReader(ABC):
    """A reader of one local file.

    With `keep_open` the file stays open between planes until `close`; without, it is opened for each plane. Raises
    whatever its library does for a file of another format, or a damaged one (`choice.reader_errors`).
    """

    def __init__(self, path: Path, *, keep_open: bool = True) -> None:
        self._path = str(path)
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
    def check(cls, path: Path) -> None:
        """Open the file and close it again; raises what opening it raises."""
        cls._open(str(path)).close()

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


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for index, name in enumerate(names):
        plain = name.strip() or f"Image:{index}"
        found.append(f"{plain} ({index})" if plain in found else plain)
    return tuple(found)
