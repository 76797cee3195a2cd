"""confocal-bag preview"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import say
from confocal_bag.cli.given_images import as_given, given_images, is_one_image
from confocal_bag.cli.places import made_folder, refuse_place
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confocal_bag.deposit.convertible import ImageToConvert
    from confocal_bag.image.preview import WrittenPicture

__all__ = ["preview"]


def preview(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE... FOLDER", help="Images, or .zip files of them, then the folder.")
    ],
    *,
    size: Annotated[
        int, typer.Option(min=64, max=1024, metavar="N", help="Pixels on the longer side of a picture.")
    ] = 384,
) -> None:
    """Make pictures of image files, and movies through depth.

    Thumbnails, projections, a composite with a scale bar, a movie through depth.
    """
    if len(paths) < 2:
        raise typer.BadParameter("Give at least one file and the folder for the pictures.")
    *files, folder = paths
    refuse_place(folder, files)
    asked = problems = 0
    with made_folder(folder):
        for image in given_images(files):
            asked += 1
            problem = image if isinstance(image, CannotFinish) else _write(image, folder, size)
            if problem is not None:
                if is_one_image(files):
                    raise problem
                problems += 1
                say(f"confocal-bag: {problem}", err=True)
        if problems:
            raise CannotFinish(f"No pictures were made of {problems} of {asked} files; see above.")


def _write(image: "ImageToConvert", folder: Path, size: int) -> CannotFinish | None:
    """Write and list the pictures of one image; what kept it from having any."""
    from confocal_bag.image.preview import write_previews

    try:
        written = write_previews(image.path, folder, size=size, stem=image.stem)
    except CannotFinish as problem:
        return as_given(problem, image)
    say(f"{image.shown}:")
    _print_table(written)
    return None


def _print_table(written: "Sequence[WrittenPicture]") -> None:
    """One line for each picture, then the notes, each once."""
    width = max(len(readable_path(one.path)) for one in written)
    for one in written:
        say(f"  {readable_path(one.path):<{width}}  {one.bytes:>9,} bytes  {one.shows}")
    for note in dict.fromkeys(note for one in written for note in one.notes):
        say(f"    {note}")
