"""confocal-bag preview"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.options import say
from confocal_bag.cli.places import refuse_place
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confocal_bag.image.preview import WrittenPicture

__all__ = ["preview"]


def preview(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE... FOLDER", help="Image files, then the folder for the pictures.")
    ],
    *,
    size: Annotated[
        int, typer.Option(min=64, max=1024, metavar="N", help="Pixels on the longer side of a picture.")
    ] = 384,
) -> None:
    """Make pictures of image files, and movies through depth.

    Thumbnails, projections, a composite with a scale bar, a movie through depth.
    """
    from confocal_bag.image.preview import write_previews

    if len(paths) < 2:
        raise typer.BadParameter("Give at least one file and the folder for the pictures.")
    *files, folder = paths
    refuse_place(folder, files)
    _make_folder(folder)
    problems = 0
    for file in files:
        try:
            written = write_previews(file, folder, size=size)
        except CannotFinish as problem:
            if len(files) == 1:
                raise
            problems += 1
            say(f"confocal-bag: {problem}", err=True)
            continue
        say(f"{readable_path(file)}:")
        _print_table(written)
    if problems:
        raise CannotFinish(f"No pictures were made of {problems} of {len(files)} files; see above.")


def _print_table(written: "Sequence[WrittenPicture]") -> None:
    """One line for each picture, then the notes, each once."""
    width = max(len(readable_path(one.path)) for one in written)
    for one in written:
        say(f"  {readable_path(one.path):<{width}}  {one.bytes:>9,} bytes  {one.shows}")
    for note in dict.fromkeys(note for one in written for note in one.notes):
        say(f"    {note}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise CannotFinish(f"{readable_path(folder)} is a file; a folder was expected as the last argument.") from None
    except OSError as error:
        raise CannotFinish(
            f"{readable_path(folder)} cannot be made: {error.strerror}. Choose another folder."
        ) from error
