"""confocal-bag validate"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path

if TYPE_CHECKING:
    from confocal_bag.bag.splitting.parts import PartClaim

__all__ = ["validate"]


def validate(
    bags: Annotated[list[Path], typer.Argument(metavar="BAG", help="Bag folders or archives.")],
    *,
    profile: Annotated[
        list[str] | None,
        typer.Option("--profile", help="A shipped profile or a JSON file (repeat); else those the bag names."),
    ] = None,
    pixels: Annotated[bool, typer.Option("--pixels", help="Decode every plane and compare its digest.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Sizes and counts only (Payload-Oxum).")] = False,
    completeness: Annotated[bool, typer.Option("--completeness", help="Every file is there; no checksums.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Debatable points of RFC 8493 are errors.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Files hashed at the same time.")] = 2,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Judge bags: RFC 8493, profile, tiers, sidecars and, with --pixels, every plane."""
    from confocal_bag.validate import Depth, validate_bag

    if fast and completeness:
        raise typer.BadParameter("--fast and --completeness exclude each other.")
    if pixels and (fast or completeness):
        raise typer.BadParameter("--pixels reads everything; it does not go with --fast or --completeness.")
    depth = Depth.FAST if fast else Depth.COMPLETENESS if completeness else Depth.FULL
    reports: list[Report] = []
    parts: list[PartClaim] = []
    with progress_bar() as progress:
        for bag in bags:
            try:
                report = validate_bag(
                    bag,
                    profiles=profile or (),
                    depth=depth,
                    pixels=pixels,
                    strict=strict,
                    jobs=jobs,
                    progress=progress,
                    on_part=parts.append,
                )
            except CannotFinish as problem:
                if len(bags) == 1:
                    raise
                report = _unfinished(bag, problem)
            reports.append(report)
    if len(parts) > 1:
        reports.append(_together(parts))
    finish(reports, form=form, output=output, fail_on=fail_on, select=select, ignore=ignore, protected=bags)


def _together(parts: "list[PartClaim]") -> Report:
    """Whether the parts that were given make up whole bags."""
    from confocal_bag.bag.splitting.parts import check_parts

    checks, findings = check_parts(parts)
    return Report(
        command="validate",
        subject="the parts given together",
        checks=tuple(checks),
        findings=tuple(findings),
        summary={"parts": len(parts)},
    )


def _unfinished(bag: Path, problem: CannotFinish) -> Report:
    """What is said of a bag that could not be judged, so that the bags after it still are."""
    finding = Finding(rule="internal.cannot-finish", severity=Severity.ERROR, message=str(problem))
    return Report(command="validate", subject=readable_path(bag), findings=(finding,))
