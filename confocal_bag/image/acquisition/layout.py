"""How the axes of a series lie in OME's five dimensions: columns, rows, Z, C and T."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from confocal_bag.image.model import Series

__all__ = ["Layout", "Place", "layout_of", "parse_axes", "scene_of"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where a plane lies in OME's dimensions; `c` counts channels, not colour samples."""

    t: int
    c: int
    z: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The axes of a series, slowest first, as in `Series.axes`.

    Rows lie in Y and columns in X whatever they are in the file. Axes other than T, C and Z are folded onto one of
    them and run faster than it (ModuloAlong, OME 6D storage): onto C or Z where they stand behind it, else onto T. A Y
    axis that numbers planes, as in an xzy scan, lies along Z.
    """

    axes: Mapping[str, int]

    @property
    def samples(self) -> int:
        """Colour samples per pixel."""
        return self.axes.get("S", 1)

    @cached_property
    def plane_axes(self) -> tuple[str, str]:
        """The letters of the row axis and of the column axis."""
        names = [name for name in self.axes if name != "S"]
        return names[-2], names[-1]

    @property
    def rows(self) -> int:
        """Height of a plane."""
        return self.axes[self.plane_axes[0]]

    @property
    def columns(self) -> int:
        """Width of a plane."""
        return self.axes[self.plane_axes[1]]

    @cached_property
    def stacked(self) -> dict[str, int]:
        """The axes that number the planes, slowest first."""
        names = [name for name in self.axes if name != "S"]
        return {name: self.axes[name] for name in names[:-2]}

    @cached_property
    def depth_axis(self) -> str:
        """The axis along OME's Z: Z, or Y where planes are numbered along it and rows run along Z."""
        return "Y" if "Y" in self.stacked and "Z" not in self.stacked else "Z"

    @cached_property
    def folded(self) -> dict[str, int]:
        """The axes folded onto T, C or Z, slowest first."""
        return {name: size for name, size in self.stacked.items() if name not in ("T", "C", self.depth_axis)}

    @cached_property
    def folded_onto(self) -> dict[str, dict[str, int]]:
        """The axes folded onto each of T, C and Z, slowest first."""
        onto: dict[str, dict[str, int]] = {"T": {}, "C": {}, "Z": {}}
        along = "T"
        for name, size in self.stacked.items():
            if name in self.folded:
                onto[along][name] = size
            elif name == "C" or (name == "Z" and self.depth_axis == "Z"):
                along = name
        return onto

    @property
    def size_t(self) -> int:
        """Time points times the sizes of the axes folded onto T."""
        return self.stacked.get("T", 1) * prod(self.folded_onto["T"].values())

    @property
    def size_z(self) -> int:
        """Planes along depth times the sizes of the axes folded onto Z."""
        return self.stacked.get(self.depth_axis, 1) * prod(self.folded_onto["Z"].values())

    @property
    def channels(self) -> int:
        """Channels, each of `samples` colour samples, times the sizes of the axes folded onto C."""
        return self.stacked.get("C", 1) * prod(self.folded_onto["C"].values())

    def place(self, coordinates: Mapping[str, int]) -> Place:
        """Where the plane with these coordinates lies.

        Coordinates along the file's own axes, or along OME's: those of the same planes in an OME-TIFF, where nothing
        is left of the folded axes but their layout annotation.
        """
        moved = [*self.folded, *(["Y"] if self.depth_axis == "Y" else [])]
        if moved and not any(name in coordinates for name in moved):
            return Place(t=coordinates.get("T", 0), c=coordinates.get("C", 0), z=coordinates.get("Z", 0))
        return Place(
            t=self._index("T", "T", coordinates),
            c=self._index("C", "C", coordinates),
            z=self._index("Z", self.depth_axis, coordinates),
        )

    def _index(self, along: str, name: str, coordinates: Mapping[str, int]) -> int:
        index = coordinates.get(name, 0)
        for inner, size in self.folded_onto[along].items():
            index = index * size + coordinates.get(inner, 0)
        return index

    def places(self) -> Iterator[Place]:
        """The places of all planes in the order of `ImageFile.planes`: C fastest, then Z, then T."""
        beyond = [name for name in self.stacked if name not in ("T", "C", "Z")]
        order = [*beyond, *(name for name in ("T", "Z", "C") if name in self.stacked)]
        for index in range(prod(self.stacked.values())):
            coordinates, rest = {}, index
            for name in reversed(order):
                rest, coordinates[name] = divmod(rest, self.stacked[name])
            yield self.place(coordinates)

    def __str__(self) -> str:
        return " ".join(f"{name}={size}" for name, size in self.axes.items())


def scene_of(series: Series) -> int:
    """The number of the image that a series is, or is a tile of: what the file's reader calls a scene."""
    noted = series.notes.get("scene", "")
    return int(noted) if noted.isdecimal() else series.index


def layout_of(series: Series) -> Layout:
    """The layout of a series."""
    return Layout(axes=dict(series.axes))


def parse_axes(text: str) -> Layout:
    """The layout that `str(layout)` wrote; ValueError for anything else."""
    axes = {}
    for part in text.split():
        name, sign, size = part.partition("=")
        if not (name and sign and size.isdecimal()):
            raise ValueError(f"not an axis and its size: {part!r}")
        axes[name] = int(size)
    if len([name for name in axes if name != "S"]) < 2:
        raise ValueError("fewer than two axes")
    return Layout(axes=axes)
