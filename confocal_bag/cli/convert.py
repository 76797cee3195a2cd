"""confocal-bag convert"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.conversion import Compression, CompressionOption, KeepPersonalOption
from confocal_bag.cli.ending import say
from confocal_bag.cli.given_images import as_given, given_images, is_one_image
from confocal_bag.cli.options import JobsOption, SecondReaderOption
from confocal_bag.cli.places import made_folder, refuse_place
from confocal_bag.cli.progress import progress_bar
from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from confocal_bag.deposit.convertible import ImageToConvert
    from confocal_bag.image.readers.second import Agreement

__all__ = ["convert"]


def convert(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE... OUTDIR", help="Images, or .zip files of them, then the folder for the results."
        ),
    ],
    *,
    compression: CompressionOption = Compression.NONE,
    second_reader: SecondReaderOption = False,
    keep_personal: KeepPersonalOption = False,
    jobs: JobsOption = 2,
) -> None:
    """Convert image files to OME-TIFF, every plane read again.

    One file per series; the planes read back are compared with those that were read.
    """
    from confocal_bag.image.worker import in_order, prepare

    prepare()
    from confocal_bag.image.convert import convert_image
    from confocal_bag.image.readers.second import confirm

    if len(paths) < 2:
        raise typer.BadParameter("Give at least one file and the folder for the results.")
    *files, folder = paths
    refuse_place(folder, files)
    asked = problems = 0
    with made_folder(folder), progress_bar() as progress:
        progress.stage("Converting", None)

        def attempt(image: "ImageToConvert | CannotFinish") -> list[str] | CannotFinish:
            if isinstance(image, CannotFinish):
                return image
            method = None if compression is Compression.NONE else compression.value
            try:
                said = [_agreed(image, confirm(image.path))] if second_reader else []
                made = convert_image(
                    image.path,
                    folder,
                    stem=image.stem,
                    compression=method,
                    keep_personal=keep_personal,
                    on_bytes=progress.advance,
                )
            except CannotFinish as problem:
                return as_given(problem, image)
            for one in made:
                said.append(_proven(readable_path(one.path), len(one.planes), image))
                said += [f"  {text}" for text in one.remarks]
            return said

        for outcome in in_order(attempt, given_images(files), jobs=jobs):
            asked += 1
            if isinstance(outcome, CannotFinish):
                if is_one_image(files):
                    raise outcome
                problems += 1
                say(f"confocal-bag: {outcome}", err=True)
                continue
            for line in outcome:
                say(line)
        if problems:
            raise CannotFinish(f"{problems} of {asked} files were not converted; see above.")


def _proven(made: str, planes: int, image: "ImageToConvert") -> str:
    return f"{made}: {counted(planes, 'plane')}, all equal to {image.shown}"


def _agreed(image: "ImageToConvert", agreement: "Agreement") -> str:
    order = "" if agreement.same_order else ", in another order"
    return f"{image.shown}: {counted(agreement.planes, 'plane')}, the same by {agreement.reader}{order}"
