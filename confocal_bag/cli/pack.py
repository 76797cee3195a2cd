"""confocal-bag pack"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.ending import finish
from confocal_bag.cli.places import made_folder, refuse_place
from confocal_bag.cli.progress import progress_bar

__all__ = ["pack"]


def pack(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="The folder of a valid bag; it is only read.")],
    archive: Annotated[
        Path,
        typer.Argument(metavar="ARCHIVE", help="The .zip, .tar, .tar.gz or .tar.zst to make; it must not exist yet."),
    ],
    *,
    jobs: Annotated[int, typer.Option("--jobs", min=1, metavar="N", help="Files hashed at the same time.")] = 2,
) -> None:
    """Write a valid bag into one file and read it back.

    Prints its SHA-256 and SHA-512.

    The same bag gives the same bytes. A bag that is not valid is not packed; its report says why. One that lacks
    nothing but the files its fetch.txt names is packed as it is.
    """
    refuse_place(archive, [bag])
    from confocal_bag.bag.archives.obstacles import serious
    from confocal_bag.bag.archives.serialize import check_packable, serialize_bag
    from confocal_bag.findings import readable_path
    from confocal_bag.validate import validate_bag

    size = sum(check_packable(bag, archive).files.values())
    with made_folder(archive.parent):
        with progress_bar() as progress:
            report = validate_bag(bag, jobs=jobs, progress=progress)
            if not serious(report.findings):
                progress.stage(f"Packing {archive.name}", 2 * size)  # once out, once read back
                fixity = serialize_bag(bag, archive, on_bytes=progress.advance)
        if serious(report.findings):
            typer.echo("Not packed: the bag is not valid.", err=True)
            finish([report])
    typer.echo(f"Packed {readable_path(archive)}: {fixity.size:,} bytes", err=True)
    for algorithm, digest in fixity.digests.items():
        typer.echo(f"{algorithm}  {digest}  {readable_path(archive.name)}")
