"""confocal-bag build"""

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.inspect import DescriptionOption, LevelOption
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    JobsOption,
    OutputOption,
    SecondReaderOption,
    SelectOption,
    finish,
    say,
)
from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from confocal_bag.build import BuildOptions

__all__ = ["Compression", "CompressionOption", "KeepPersonalOption", "build"]


class Compression(StrEnum):
    """Lossless compressions of the OME-TIFF files."""

    NONE = "none"
    DEFLATE = "deflate"
    LZW = "lzw"
    ZSTD = "zstd"


CompressionOption = Annotated[
    Compression, typer.Option("--compression", help="Compress the OME-TIFF files; all choices are lossless.")
]

KeepPersonalOption = Annotated[
    bool,
    typer.Option(
        "--keep-personal-data", help="Let sidecars and converted copies hold the names and paths of the headers."
    ),
]


def build(
    deposit: Annotated[
        Path,
        typer.Argument(metavar="DEPOSIT", help="The folder or .zip file as the depositor sent it; it is only read."),
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
    raw_by_reference: Annotated[
        str | None,
        typer.Option(
            "--raw-by-reference",
            help="Leave raw files out and say in fetch.txt that they lie below this address (https).",
        ),
    ] = None,
    keep_empty_folders: Annotated[
        bool, typer.Option("--keep-empty-folders", help="Put an empty file into each, so that the bag has it.")
    ] = False,
    max_size: Annotated[
        str | None, typer.Option("--max-size", help="Split a larger bag into parts, in BAG.parts; for example 30GB.")
    ] = None,
    keep_personal: KeepPersonalOption = False,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="Say that the bag was made then (2026-01-31 or 2026-01-31T12:00:00Z); the same deposit then gives "
            "the same bag, byte for byte.",
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away what an earlier, unfinished run left.")] = False,
    second_reader: SecondReaderOption = False,
    jobs: JobsOption = 2,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Build the bag: copy, convert, prove, describe, validate."""
    from confocal_bag.bag.sizes import parse_size
    from confocal_bag.build import BuildOptions, build_bag

    limit = parse_size(max_size) if max_size else None
    if limit is not None:
        _refuse_split(bag, raw_by_reference)
    options = BuildOptions(
        level=level,
        draft=draft,
        description=description,
        compression=None if compression is Compression.NONE else compression.value,
        jobs=jobs,
        fresh=fresh,
        keep_empty_folders=keep_empty_folders,
        raw_url=raw_by_reference,
        keep_personal=keep_personal,
        second_reader=second_reader,
        date=_moment(date) if date else None,
        algorithms=tuple(algorithm) if algorithm else ("sha256", "sha512"),
    )
    if dry_run:
        raise typer.Exit(_dry_run(deposit, bag, options))
    with progress_bar() as progress:
        result = build_bag(deposit, bag, options, progress=progress)
    if result.bag is not None:
        say(f"Built {readable_path(result.bag)}", err=True)
        for reason in result.not_written:
            say(f"Not written: {reason}", err=True)
        if raw_by_reference is not None:
            say("Its raw files are kept elsewhere: it is complete and valid after `confocal-bag complete`.", err=True)
        if limit is not None:
            _split(result.bag, limit)
    else:
        hint = "" if draft else " --draft builds a bag that says it is not finished."
        say(f"Not built: see the errors.{hint}", err=True)
        fail_on = FailOn.ERROR
    finish(
        [result.report],
        form=form,
        output=output,
        fail_on=fail_on,
        select=select,
        ignore=ignore,
        protected=[deposit],
    )


def _moment(text: str) -> datetime:
    """A date, meaning its first second in UTC, or a date with a time; without a time zone in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2026-01-31 or 2026-01-31T12:00:00Z.") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC, microsecond=0)


def _refuse_split(bag: Path, raw_url: str | None) -> None:
    """What would keep the finished bag from being split is said before it is built."""
    if raw_url is not None:
        raise typer.BadParameter("A bag whose raw files are kept elsewhere is not split; leave out one of the options.")
    if os.path.lexists(_parts_folder(bag)):
        raise CannotFinish(f"{readable_path(_parts_folder(bag))} exists and is never overwritten. Move it away.")


def _parts_folder(bag: Path) -> Path:
    return bag.with_name(f"{bag.name}.parts")


def _split(bag: Path, limit: int) -> None:
    """Make parts beside a bag that is larger than the limit; they share its files, so they cost no room."""
    from confocal_bag.bag.splitting.split import split_bag

    if sum(path.stat().st_size for path in bag.rglob("*") if path.is_file()) <= limit:
        return
    for part in split_bag(bag, _parts_folder(bag), max_size=limit, by_link=True):
        too_large = f": larger than {limit:,} bytes, for it holds one large file" if part.bytes > limit else ""
        say(f"Part {readable_path(part.path)}{too_large}", err=True)


def _dry_run(deposit: Path, bag: Path, options: "BuildOptions") -> int:
    """Print every step; return the exit code that the build would have."""
    from confocal_bag.build import blocking_findings, plan_bag

    inspection, plan = plan_bag(deposit, bag, options)
    for what, source, target in plan.steps():
        if options.raw_url is not None and what == "copy" and target.startswith("data/raw/"):
            say(f"refer    {source} -> {target}, by fetch.txt")
        else:
            say(f"{what:<8} {source + ' -> ' if source else ''}{target}")
    blocking = blocking_findings(inspection, draft=options.draft)
    for finding in blocking:
        say(f"{finding.severity.value:<8} {finding.rule}  {finding.message}", err=True)
    if blocking:
        say(f"The build would be refused; errors: {len(blocking)}, see above.", err=True)
    return 1 if blocking else 0
