"""The images that files on a command line stand for: themselves, or those in a .zip file."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from confocal_bag.deposit.convertible import ImageToConvert

__all__ = ["as_given", "given_images", "is_one_image"]


def given_images(files: Sequence[Path]) -> "Iterator[ImageToConvert | CannotFinish]":
    """Each image of each file, or why there is none."""
    from confocal_bag.deposit.convertible import images_to_convert

    for file in files:
        try:
            yield from images_to_convert(file)
        except CannotFinish as problem:
            yield problem


def is_one_image(files: Sequence[Path]) -> bool:
    """Whether the files are a single one that is itself an image, so that its problem is that of the command."""
    return len(files) == 1 and files[0].suffix.lower() != ".zip"


def as_given(problem: CannotFinish, image: "ImageToConvert") -> CannotFinish:
    """The same problem with the name that was given: images out of a .zip file lie in a private folder."""
    return type(problem)(str(problem).replace(readable_path(image.path), image.shown))
