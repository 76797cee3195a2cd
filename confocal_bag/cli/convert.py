"""confocal-bag convert"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.build import Compression, CompressionOption
from confocal_bag.cli.options import refuse_inside_bag, say
from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["convert"]


def convert(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE... OUTDIR", help="Image files, then the folder for the results.")
    ],
    *,
    compression: CompressionOption = Compression.NONE,
) -> None:
    """Convert image files to OME-TIFF, one file per series, every plane read again and compared."""
    from confocal_bag.image.convert import convert_image

    if len(paths) < 2:
        raise typer.BadParameter("Give at least one file and the folder for the results.")
    *files, folder = paths
    refuse_inside_bag(folder)
    _make_folder(folder)
    problems = 0
    with progress_bar() as progress:
        for file in files:
            progress.stage(file.name, None)
            try:
                made = convert_image(
                    file, folder, compression=None if compression is Compression.NONE else compression.value
                )
            except CannotFinish as problem:
                if len(files) == 1:
                    raise
                problems += 1
                say(f"confocal-bag: {problem}", err=True)
                continue
            for one in made:
                say(f"{readable_path(one.path)}: {len(one.planes)} planes, all equal to {readable_path(file)}")
    if problems:
        raise CannotFinish(f"{problems} of {len(files)} files were not converted; see above.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise CannotFinish(f"{folder} is a file; a folder for the results was expected as the last argument.") from None
    except OSError as error:
        raise CannotFinish(f"{folder} cannot be made: {error.strerror}. Choose another folder.") from error
