"""The reader of Zeiss CZI.

Over openreadout: bioio-czi is GPL, drops the phases of an Airyscan, returns RGB as BGR and refuses files without
scaling or without a channel axis.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.readers.planewise import PlanewiseReader, Scene

__all__ = ["CziReader"]

_MOST_CHANNELS = 1 << 16
_SPLIT_NAME = re.compile(r"(.*?)((?:\s*\b[HIRV]=\d+)+)\s*", re.DOTALL)
_SPLIT_AXIS = re.compile(r"([HIRV])=(\d+)")


class CziReader(PlanewiseReader):
    """Read Zeiss CZI. Mosaics come stitched as their sub-blocks lie; pyramids, labels and previews are no scenes.

    The phases of an Airyscan are one image with the axis H; so are rotations (R), illuminations (I) and views (V).
    """

    @classmethod
    def _open(cls, path: str) -> "_OpenCzi":
        return _OpenCzi(path)

    def _describe(self, source: "_OpenCzi") -> tuple[Scene, ...]:
        self._groups = _groups(source.file.images)
        return tuple(_scene(source.file, group) for group in self._groups)

    def _read_plane(self, source: "_OpenCzi", scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        group = self._groups[scene]
        image = group.images[tuple(index[axis] for axis in group.axes)]
        plane: npt.NDArray[np.generic] = source.file.read_plane(image, c=index["C"], z=index["Z"], t=index["T"])
        return plane


class _OpenCzi:
    """An open CZI; openreadout takes names in Unicode only, so a file of another name is opened for it."""

    def __init__(self, path: str) -> None:
        import openreadout

        self._stream = None if path.isprintable() else Path(path).open("rb")  # noqa: SIM115 - closed by close
        try:
            self.file: Any = openreadout.File(self._stream or path, name="image.czi" if self._stream else None)
            if self.file.format != "czi":
                self.file.close()
                raise ValueError("the file is not a Zeiss CZI")
        except BaseException:
            self._close_stream()
            raise

    def close(self) -> None:
        self.file.close()
        self._close_stream()

    def _close_stream(self) -> None:
        if self._stream is not None:
            self._stream.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Images of openreadout that are one scene: it splits phases and the like, and says so at the end of the name."""

    name: str
    axes: Mapping[str, int]
    images: Mapping[tuple[int, ...], int]


def _groups(images: Sequence[Mapping[str, Any]]) -> list[_Group]:
    """The scenes: images that differ in phase, rotation, illumination or view only are put together."""
    found: dict[tuple[Any, ...], dict[tuple[int, ...], int]] = {}
    for number, image in enumerate(images):
        name = str(image.get("name") or "")
        split = _SPLIT_NAME.fullmatch(name)
        letters, values = zip(*_SPLIT_AXIS.findall(split[2]), strict=True) if split else ((), ())
        shape = tuple(image[f"size_{axis}"] for axis in "xyzct")
        key = (split[1].strip() if split else name, letters, shape, image["pixel_type"], None if split else number)
        found.setdefault(key, {})[tuple(int(value) for value in values)] = number
    return [group for key, members in found.items() for group in _as_grid(key[0], key[1], members)]


def _as_grid(name: str, letters: tuple[str, ...], members: Mapping[tuple[int, ...], int]) -> list[_Group]:
    """One group where the members fill a grid, else each member alone under its full name."""
    values = [sorted({place[at] for place in members}) for at in range(len(letters))]
    if prod(len(one) for one in values) != len(members):
        full = ["".join(f" {axis}={at}" for axis, at in zip(letters, place, strict=True)) for place in members]
        return [
            _Group(name=(name + suffix).strip(), axes={}, images={(): number})
            for suffix, number in zip(full, members.values(), strict=True)
        ]
    ordered = {
        tuple(values[at].index(value) for at, value in enumerate(place)): number for place, number in members.items()
    }
    axes = {axis: len(one) for axis, one in zip(letters, values, strict=True)}
    return [_Group(name=name, axes=axes, images=ordered)]


def _scene(file: Any, group: _Group) -> Scene:
    index = next(iter(group.images.values()))
    image = file.images[index]
    axes = dict(zip(file.dims(index), file.shape(index), strict=True))
    if axes["C"] > _MOST_CHANNELS:
        raise ValueError(f"the file claims {axes['C']} channels")
    names = {channel["index"]: channel.get("name") for channel in image["channels"]}
    sizes = image["physical_size"]
    steps = {axis: float(sizes[axis.lower()]) for axis in "XYZ" if sizes.get(axis.lower())}
    return Scene(
        name=group.name.strip(),
        axes={**group.axes, **axes},
        dtype=np.dtype(file.dtype(index)),
        channel_names=tuple(names.get(channel) or None for channel in range(axes["C"])),
        pixel_size_um=steps,
        notes={"tiles": str(image["mosaic"]["tile_count"])} if image.get("mosaic") else {},
    )
