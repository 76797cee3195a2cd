"""A sequence of image files, each a plane or a stack, as the one image that they are together."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from math import isclose
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from confocal_bag.counted import counted
from confocal_bag.findings import readable_path
from confocal_bag.image.bioio_image import in_order
from confocal_bag.image.examine import recorded_depth
from confocal_bag.image.model import Plane, Series, UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.sequence_grid import Value, fill_grid, values_along
from confocal_bag.image.series_meaning import meaning_of
from confocal_bag.image.tiff_structure import TIFF_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from confocal_bag.image.bioio_image import BioioImage

__all__ = ["Member", "SequenceImage", "open_sequence"]

_MOST_OPEN = 16
#: Letters for axes of the names that have several letters, or one that stands for something else here.
_SPARE = "NUVWJGDKEAHLRFQBOI"
_TAKEN = "TCZYXS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The file that holds a plane of a sequence, the coordinates of the plane in it, and its page where it is a TIFF's.

    `page` counts from 0 along the TIFF's own directories; None where the plane is not a listed page.
    """

    path: Path
    coordinates: Mapping[str, int]
    page: int | None


class SequenceImage:
    """Files that are planes or stacks of one image: the `ImageFile` of model.py. `path` is the first of them.

    `files` maps (index along each of `file_axes`) to the file there; `inner` the axes that the files hold themselves
    to the letters these axes have in a file.
    """

    def __init__(
        self,
        files: Mapping[tuple[int, ...], Path],
        file_axes: Sequence[str],
        series: Series,
        inner: Mapping[str, str],
        first: BioioImage,
    ) -> None:
        self.files = dict(files)
        self.file_axes = tuple(file_axes)
        self.path = first.path
        self.format = first.format
        self.reader = f"a sequence of files, each through {first.reader}"
        self.series: tuple[Series, ...] = (series,)
        # By the grid and what the first file lists, not by what is read.
        self.expected_planes: int | None = len(files) * (first.expected_planes or first.series[0].plane_count)
        self.skipped: tuple[str, ...] = first.skipped
        self._inner = dict(inner)
        self._like = first.series[0]
        self._open: OrderedDict[Path, BioioImage] = OrderedDict()

    def planes(self, series: Series) -> Iterator[Plane]:
        """Yield the planes in OME's order XYCZT, each out of its file; UnreadableImage names the file at fault."""
        for coordinates in in_order(series.stacked_axes):
            path, within = self._locate(coordinates)
            image = self._image(path)
            yield Plane(coordinates=coordinates, pixels=image.plane(image.series[0], within).pixels)

    def member(self, coordinates: Mapping[str, int]) -> Member:
        """Where the plane at these coordinates lies."""
        path, within = self._locate(coordinates)
        image = self._image(path)
        return Member(path=path, coordinates=within, page=image.page_number(image.series[0], within))

    def check_members(self) -> None:
        """Open every file once; UnreadableImage where one cannot be read, or is not like the first."""
        for path in self.files.values():
            self._image(path)

    def check_meaning(self) -> None:
        """UnreadableImage where equal numbers of two files mean different things (see `meaning_of`)."""
        meaning_of(self, self.series[0])
        depths = {path: recorded_depth(path) for path in self.files.values() if self.format.id in TIFF_FORMATS}
        known = {path: depth for path, depth in depths.items() if depth is not None}
        first = next(iter(known), None)
        for path, (bits, where) in known.items():
            if first is not None and bits != known[first][0]:
                raise UnreadableImage(
                    f"{readable_path(path)}: {where} says that {bits} bits were acquired, that of "
                    f"{readable_path(first.name)} {known[first][0]}; equal values of the two mean different things. "
                    "Check which files belong to the sequence."
                )

    def _locate(self, coordinates: Mapping[str, int]) -> tuple[Path, dict[str, int]]:
        path = self.files[tuple(coordinates[axis] for axis in self.file_axes)]
        within = dict.fromkeys(self._like.stacked_axes, 0)
        return path, {**within, **{letter: coordinates[axis] for axis, letter in self._inner.items()}}

    def _image(self, path: Path) -> BioioImage:
        """The file at `path`, opened and found to be like the first; a few stay open."""
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path]
        image = _open_member(path)
        self._open[path] = image
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        _check_like(path, image.series[0], self.path, self._like)
        return image

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._open.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_sequence(
    files: Iterable[tuple[Mapping[str, Value], Path]],
    *,
    name: str,
    axes: Sequence[str] | None = None,
    pages: str | None = None,
    channels: Mapping[Value, str] = MappingProxyType({}),
) -> SequenceImage:
    """Open files as one image by their coordinates, such as those that `find_sequences` finds in their names.

    `axes` are the axes of the coordinates, slowest first (those of the first file if not given). Where numbers run 1,
    2, 4, place 3 is missing. Labels along C name the channels, but for values that `channels` has a name for. `pages`
    is the axis that pages run along where the files do not say. Every file is opened once. Axes other than T, C and Z
    get a letter of their own, and none where there is but one place.

    Raises UnreadableImage where a place of the grid is empty or taken twice, or a file cannot be read, holds several
    images, or differs from the first in size, axes, pixel size, type of samples or what its numbers stand for.
    """
    members = [(coordinates, Path(path)) for coordinates, path in files]
    if not members:
        raise UnreadableImage(f"The sequence {readable_path(name)} has no file.")
    named = list(axes) if axes is not None else list(members[0][0])
    places = {axis: values_along(at[axis] for at, _ in members if axis in at) for axis in named}
    grid = fill_grid(members, places, name)
    with _open_member(grid[(0,) * len(named)]) as first:
        inner = _inner_axes(first.series[0], pages)
        letters = _letters(places, inner, name)
        sizes = {letters[axis]: len(values) for axis, values in places.items()}
        labels = [channels.get(value, value) for value in places.get("C", ())]
        series = _series(first.series[0], sizes, inner, labels, name)
        sequence = SequenceImage(grid, list(sizes), series, inner, first)
    try:
        sequence.check_members()
        sequence.check_meaning()
    except BaseException:
        sequence.close()
        raise
    return sequence


def _open_member(path: Path) -> BioioImage:
    image = open_image(path)
    if len(image.series) > 1:
        image.close()
        raise UnreadableImage(
            f"{readable_path(path)} holds {counted(len(image.series), 'image')}; the files of a sequence hold one each."
        )
    return image


def _inner_axes(first: Series, pages: str | None) -> dict[str, str]:
    """The axes that the files hold themselves, with their letters in a file; `pages` names an only axis of no name."""
    inner = [axis for axis, size in first.stacked_axes.items() if size > 1]
    unnamed = [axis for axis in inner if axis not in ("T", "C", "Z")]
    return {pages if pages is not None and [axis] == unnamed else axis: axis for axis in inner}


def _letters(places: Mapping[str, Sequence[Value]], inner: Mapping[str, str], name: str) -> dict[str, str]:
    """A letter for each axis of the names; UnreadableImage where the files themselves have it too."""
    letters: dict[str, str] = {}
    for axis, values in places.items():
        plain = axis in ("T", "C", "Z")
        if plain and axis in inner and len(values) > 1:
            raise UnreadableImage(
                f"The sequence {readable_path(name)} numbers its files along {axis}, and each file holds several "
                f"places along {axis} too; say what one of the two really is."
            )
        usable = plain or (len(axis) == 1 and axis.isalpha() and axis.upper() not in _TAKEN)
        taken = {*letters.values(), *inner, "T", "C", "Z"}
        letter = axis.upper() if usable and (plain or axis.upper() not in taken) else None
        letters[axis] = letter or next(one for one in _SPARE if one not in taken)
    return letters


def _series(
    first: Series, sizes: Mapping[str, int], inner: Mapping[str, str], channels: Sequence[Value], name: str
) -> Series:
    """The series of all files; an axis other than T, C and Z is there where it has several places."""
    held = {axis: first.axes[letter] for axis, letter in inner.items()}
    stacked = {**sizes, **held}
    plane = {axis: size for axis, size in first.axes.items() if axis not in first.stacked_axes}
    plain = {axis: stacked.get(axis, 1) for axis in ("T", "C", "Z")}
    # The files' own axes keep their order, which tells what they are folded onto.
    order = [axis for axis in first.stacked_axes if axis in plain or axis in held]
    beyond = [axis for axis in stacked if axis not in plain and axis not in order]
    axes = {axis: {**plain, **stacked}[axis] for axis in [*beyond, *order]}
    names = tuple(value if isinstance(value, str) else None for value in channels)
    return replace(
        first,
        name=name,
        axes={**axes, **{axis: size for axis, size in plain.items() if axis not in axes}, **plane},
        channel_names=names if any(names) else first.channel_names if "C" in inner else (),
    )


def _check_like(path: Path, series: Series, first: Path, like: Series) -> None:
    """Whether a file is one of a sequence with the first."""
    differs = [
        (f"axes {dict(series.axes)}", f"{dict(like.axes)}") if dict(series.axes) != dict(like.axes) else None,
        (f"samples of type {series.dtype}", f"{like.dtype}") if series.dtype != like.dtype else None,
        *(
            (f"a pixel size of {mine:.6g} µm along {axis}", f"{theirs:.6g} µm")
            for axis in "xyz"
            if (mine := getattr(series.pixel_size_um, axis)) is not None
            and (theirs := getattr(like.pixel_size_um, axis)) is not None
            and not isclose(mine, theirs, rel_tol=1e-3)
        ),
    ]
    for one in differs:
        if one is not None:
            raise UnreadableImage(
                f"{readable_path(path)} has {one[0]}, {readable_path(first.name)} has {one[1]}: they are not planes of "
                "one image. Check which files belong to the sequence."
            )
