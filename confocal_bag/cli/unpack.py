"""confocal-bag unpack"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.places import made_folder, refuse_inside_bag, refuse_inside_deposit
from confocal_bag.cli.progress import progress_bar

__all__ = ["unpack"]


def unpack(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="A bag in a .zip, .tar, .tar.gz or .tar.zst.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder in which the bag's folder is made.")],
) -> None:
    """Take a bag out of its archive, safely.

    Every checksum is checked before the bag gets its name.

    Nothing is written for an archive with unsafe, doubled, linked or encrypted members, and nothing is overwritten.
    """
    refuse_inside_bag(folder)
    refuse_inside_deposit(folder)
    from confocal_bag.bag.archives.unpack import unpack_bag
    from confocal_bag.findings import readable_path

    with made_folder(folder), progress_bar() as progress:
        progress.stage(f"Unpacking {archive.name}", None)
        bag = unpack_bag(archive, folder, on_bytes=progress.advance)
    typer.echo(f"Unpacked {readable_path(bag)}")
