"""Count the planes of an OME-Zarr by the JSON of its arrays, and its chunks by the files that are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.ngff.arrays import ArrayLayout, count_chunk_files, read_layout
from confocal_bag.image.ngff.documents import NgffError, inside, zarr_root
from confocal_bag.image.ngff.images import NgffImage, read_images

__all__ = ["AbsentChunks", "absent_chunks", "count", "stored_bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentChunks:
    """An image some of whose chunk files are not there, so that their samples read as the fill value."""

    image: str
    absent: int
    expected: int


def count(path: Path) -> int:
    """Planes of all images at full resolution. Raises DamagedFileError for metadata that cannot be read."""
    try:
        return sum(_planes(image, layout) for image, layout in _arrays(zarr_root(path)))
    except NgffError as error:
        raise DamagedFileError(str(error)) from error


def absent_chunks(path: Path) -> tuple[AbsentChunks, ...]:
    """The images of an OME-Zarr that lack chunk files, with their numbers. Legal: a reader fills in, silently."""
    found = []
    try:
        for image, layout in _arrays(zarr_root(path)):
            absent = layout.chunk_count - count_chunk_files(layout)
            if absent:
                found.append(AbsentChunks(image=image.array, absent=absent, expected=layout.chunk_count))
    except NgffError as error:
        raise DamagedFileError(str(error)) from error
    return tuple(found)


def stored_bytes(path: Path) -> int:
    """The bytes of all files of the arrays at full resolution and their metadata. Raises OSError."""
    root = zarr_root(path)
    return sum(one.lstat().st_size for one in root.rglob("*") if one.is_file() and not one.is_symlink())


def _arrays(root: Path) -> Iterator[tuple[NgffImage, ArrayLayout]]:
    for image in read_images(root):
        layout = read_layout(inside(root, image.array))
        if len(image.axes) != len(layout.shape):
            raise NgffError(f"the image {image.array} has {len(layout.shape)} axes and names {len(image.axes)}")
        yield image, layout


def _planes(image: NgffImage, layout: ArrayLayout) -> int:
    """Samples over those of a plane, whose axes are called y and x; the last two where none are."""
    sizes = {axis.name.lower(): size for axis, size in zip(image.axes, layout.shape, strict=True)}
    plane = sizes["y"] * sizes["x"] if {"x", "y"} <= sizes.keys() else prod(layout.shape[-2:])
    return prod(layout.shape) // plane
