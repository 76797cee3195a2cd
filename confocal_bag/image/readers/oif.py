"""The reader of Olympus OIB and OIF (FluoView FV1000).

Over oiffile. The axes come from the main settings file, never from which planes happen to lie there: a reader that
counts the plane files takes an OIF that lost one for an image with fewer channels.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from confocal_bag.counted import counted
from confocal_bag.image.count_tiff import check_stream
from confocal_bag.image.readers.fluoview_files import open_files
from confocal_bag.image.readers.jpeg_size import check_jpeg_sizes
from confocal_bag.image.readers.planewise import Scene, SingleSceneReader
from confocal_bag.image.tiff_directory import TiffDamagedError

__all__ = ["OifReader", "coordinates_in"]

# s_C001Z001T001.tif; L numbers the steps of a wavelength scan. s_C001-R001.tif and s_Thumb are reference pictures.
_PLANE_NAME = re.compile(r"(?:^|[\\/])s_((?:[A-Z]\d{3,})+)\.tif$", re.IGNORECASE)
_TO_UM = {"um": 1.0, "μm": 1.0, "µm": 1.0, "nm": 1e-3, "mm": 1e3}
# FluoView does not compress its planes; those of some other writer are small.
_SMALLEST_LIMIT = 1 << 26
_MOST_EXPANSION = 100


class OifReader(SingleSceneReader):
    """Read Olympus OIB, or OIF with its folder of planes beside it."""

    @classmethod
    def _open(cls, path: str) -> "_Fluoview":
        return _Fluoview(path)


class _Fluoview:
    """An open OIB or OIF: its settings, and the name of the file of each plane."""

    def __init__(self, path: str) -> None:
        self._files, self._names = open_files(Path(path))
        try:
            self._read_structure()
        except BaseException:
            self.close()
            raise

    def _read_structure(self) -> None:
        self._settings: Mapping[str, Any] = self._files.settings
        order = str(self._settings["Axis Parameter Common"]["AxisOrder"])
        described = _axes(self._settings)
        self._axes = {axis: described[axis] for axis in order}
        names = {name: coordinates_in(name) for name in self._names}
        self._planes = {tuple(sorted(place.items())): name for name, place in names.items() if place}
        self._named = {axis for key in self._planes for axis, _ in key}
        self._stacked = {axis: _size(self._axes[axis]) for axis in reversed(order[2:])}
        declared = prod(self._stacked.values())
        absent = next((place for place in self._places() if self._key(place) not in self._planes), None)
        if absent is not None:
            where = ", ".join(f"{axis} {index + 1}" for axis, index in absent.items())
            raise ValueError(
                f"{declared} planes are declared and {len(self._planes)} plane files are there; "
                f"the first that is missing is {where or 'the only one'}"
            )

    def close(self) -> None:
        self._files.close()

    def _places(self) -> Iterator[dict[str, int]]:
        ranges = [range(size) for size in self._stacked.values()]
        return (dict(zip(self._stacked, place, strict=True)) for place in product(*ranges))

    def _key(self, place: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
        """The coordinates as the file names give them: counted from 1, and only the axes that names have."""
        return tuple(sorted((axis, place.get(axis, 0) + 1) for axis in self._named))

    def scene(self) -> Scene:
        first = self.plane(dict.fromkeys(self._stacked, 0))
        letters = list(self._axes)
        sizes = {"C": 1, **self._stacked}
        steps = {axis: _step_um(self._axes[axis]) for axis in "XYZ" if axis in self._axes}
        return Scene(
            name=str(self._settings.get("File Info", {}).get("DataName") or ""),
            axes={**sizes, letters[1]: first.shape[0], letters[0]: first.shape[1]},
            dtype=first.dtype,
            channel_names=self._channel_names(),
            pixel_size_um={axis: step for axis, step in steps.items() if step is not None},
        )

    def _channel_names(self) -> tuple[str | None, ...]:
        # "GUI Channel 1 Parameters" and so on are those of all detectors, recorded or not.
        sections = [self._settings.get(f"Channel {i + 1} Parameters", {}) for i in range(self._stacked.get("C", 1))]
        return tuple(str(one["CH Name"]) if one.get("CH Name") else None for one in sections)

    def plane(self, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        """Decode the TIFF file of one plane."""
        name = self._planes[self._key(index)]
        with self._files.open_file(name) as stream:
            _check_structure(stream, name)
            return self._pixels(stream, name)

    @staticmethod
    def _pixels(stream: BinaryIO, name: str) -> npt.NDArray[np.generic]:
        from tifffile import TiffFile

        with TiffFile(stream, name=name) as tiff:
            if len(tiff.pages) != 1:
                raise ValueError(f"{name} holds {counted(len(tiff.pages), 'page')}, a plane file holds one")
            page = tiff.pages[0]
            if page.nbytes > max(_SMALLEST_LIMIT, _MOST_EXPANSION * tiff.filehandle.size):
                raise ValueError(f"{name} declares {page.nbytes} bytes of pixels, more than it can hold")
            check_jpeg_sizes(page)
            plane: npt.NDArray[np.generic] = page.asarray()
        return plane


def _check_structure(stream: BinaryIO, name: str) -> None:
    """Of a strip shorter than its rows, the decoder would make up the rest."""
    try:
        check_stream(stream)
    except TiffDamagedError as error:
        raise ValueError(f"{name} is damaged: {error}") from error
    stream.seek(0)


def _axes(settings: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    sections = [settings[name] for name in settings if re.fullmatch(r"Axis \d+ Parameters Common", name)]
    return {str(section["AxisCode"]): section for section in sections}


def _size(axis: Mapping[str, Any]) -> int:
    return max(1, int(axis["MaxSize"]))


def _step_um(axis: Mapping[str, Any]) -> float | None:
    """The distance between samples: the recorded interval, else the span over one step less than samples."""
    size, factor = _size(axis), _TO_UM.get(str(axis.get("UnitName", "")).strip())
    if size < 2 or factor is None:
        return None
    interval = abs(float(axis.get("Interval") or 0))
    span = abs(float(axis["EndPosition"]) - float(axis["StartPosition"]))
    return (interval or span / (size - 1)) * factor or None


def coordinates_in(name: str) -> dict[str, int] | None:
    """The coordinates, counted from 1, in the name of a plane file; None for any other file."""
    found = _PLANE_NAME.search(name)
    if found is None:
        return None
    return {letter.upper(): int(number) for letter, number in re.findall(r"([A-Za-z])(\d+)", found[1])}
