"""confocal-bag split"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import finish
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    OutputOption,
    SelectOption,
)
from confocal_bag.cli.places import made_folder, refuse_place
from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import Report, one_line, readable_path, run_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confocal_bag.bag.splitting.split import SplitPart

__all__ = ["split"]


def split(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="The bag folder to split; it is only read.")],
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to make for the parts; it must not exist yet.")
    ],
    *,
    max_size: Annotated[
        str, typer.Option("--max-size", metavar="SIZE", help="The most a part may have: 30GB, 700MiB, 5000.")
    ],
    link: Annotated[
        bool,
        typer.Option("--link", help="Link the files instead of copying them; takes no room, where it can be done."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print which file goes into which part and stop.")] = False,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Split a bag by size into parts.

    Each is a complete bag that says which part of what it is.
    """
    refuse_place(folder, [bag])
    from confocal_bag.bag.sizes import parse_size, readable_size
    from confocal_bag.bag.splitting.split import plan_split, split_bag

    limit = parse_size(max_size)
    if dry_run:
        for part in plan_split(bag, folder, max_size=limit).parts:
            typer.echo(f"{one_line(readable_path(part.path.name))}: at most {readable_size(part.bytes)}")
            for path in part.files:
                typer.echo(f"  {one_line(readable_path(path))}")
        return
    with made_folder(folder.parent), progress_bar() as progress:
        progress.stage(f"Splitting {bag.name}", None)
        parts = split_bag(bag, folder, max_size=limit, by_link=link, on_bytes=progress.advance)
    finish([_report(bag, limit, parts)], form=form, output=output, fail_on=fail_on, select=select, ignore=ignore)


def _report(bag: Path, limit: int, parts: "Sequence[SplitPart]") -> Report:
    from confocal_bag.bag.splitting.split import SPLIT_RULES

    checks, findings = run_rules(SPLIT_RULES, (limit, parts))
    listed = [
        {"path": readable_path(part.path), "number": part.number, "files": len(part.files), "bytes": part.bytes}
        for part in parts
    ]
    return Report(
        command="split",
        subject=readable_path(bag),
        checks=tuple(checks),
        findings=tuple(findings),
        summary={"parts": len(parts), "payload_files": sum(len(part.files) for part in parts), "max_size": limit},
        extra={"parts": listed},
    )
