"""confocal-bag build"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.inspect import DescriptionOption, LevelOption
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    OutputOption,
    SelectOption,
    finish,
)
from confocal_bag.cli.progress import progress_bar

__all__ = ["Compression", "CompressionOption", "build"]


class Compression(StrEnum):
    """Lossless compressions of the OME-TIFF files."""

    NONE = "none"
    DEFLATE = "deflate"
    LZW = "lzw"
    ZSTD = "zstd"


CompressionOption = Annotated[
    Compression, typer.Option("--compression", help="Compress the OME-TIFF files; all choices are lossless.")
]


def build(
    deposit: Annotated[
        Path, typer.Argument(metavar="DEPOSIT", help="The folder as the depositor sent it; it is only read.")
    ],
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="The bag to make; it must not exist yet.")],
    *,
    description: DescriptionOption = None,
    level: LevelOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="Build although something is missing, and say so.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done and stop.")] = False,
    compression: CompressionOption = Compression.NONE,
    algorithm: Annotated[
        list[str] | None,
        typer.Option("--algorithm", help="Checksums of the manifests (repeat).", show_default="sha256, sha512"),
    ] = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Build the bag: copy, convert with proof, describe, validate, seal."""
    from confocal_bag.build import BuildOptions, build_bag, plan_bag

    options = BuildOptions(
        level=level,
        draft=draft,
        description=description,
        compression=None if compression is Compression.NONE else compression.value,
        algorithms=tuple(algorithm) if algorithm else ("sha256", "sha512"),
    )
    if dry_run:
        from confocal_bag.findings import readable_path

        _, plan = plan_bag(deposit, bag, options)
        for what, source, target in plan.steps():
            typer.echo(readable_path(f"{what:<8} {source + ' -> ' if source else ''}{target}"))
        return
    with progress_bar() as progress:
        result = build_bag(deposit, bag, options, progress=progress)
    if result.bag is not None:
        typer.echo(f"Built {result.bag}", err=True)
    else:
        typer.echo("Not built: see the errors. --draft builds a bag that says it is not finished.", err=True)
        fail_on = FailOn.ERROR
        select = ignore = None
    finish([result.report], form=form, output=output, fail_on=fail_on, select=select, ignore=ignore)
