"""confocal-bag validate"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import exit_code, finish
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    JobsOption,
    OutputOption,
    SelectOption,
)
from confocal_bag.cli.progress import progress_bar
from confocal_bag.cli.scheduler import SchedulerOption, as_workers_see, work_on
from confocal_bag.findings import CannotFinish, Report, readable_path

if TYPE_CHECKING:
    from confocal_bag.receiving import Judged, Judging

__all__ = ["validate"]


def validate(
    bags: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="BAG...",
            readable=False,  # one that cannot be read is said of that bag, and the others are judged
            help="Bag folders, archives, or patterns such as 'in/*'.",
        ),
    ] = None,
    *,
    names: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="LIST",
            help="A file of bags, one a line (# begins a comment) or NUL-separated; - reads the input.",
        ),
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile", metavar="NAME", help="A shipped profile or a JSON file (repeat); else those the bag names."
        ),
    ] = None,
    pixels: Annotated[bool, typer.Option("--pixels", help="Decode every plane and compare its digest.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Sizes and counts only (Payload-Oxum).")] = False,
    completeness: Annotated[bool, typer.Option("--completeness", help="Every file is there; no checksums.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Debatable points of RFC 8493 are errors.")] = False,
    jobs: JobsOption = 2,
    scheduler: SchedulerOption = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Judge bags: RFC 8493, profile, tiers, sidecars, planes."""
    from confocal_bag.receiving import Judging, judge_bags, judge_parts
    from confocal_bag.validate import Depth

    if fast and completeness:
        raise typer.BadParameter("--fast and --completeness exclude each other.")
    if pixels and (fast or completeness):
        raise typer.BadParameter("--pixels reads everything; it does not go with --fast or --completeness.")
    depth = Depth.FAST if fast else Depth.COMPLETENESS if completeness else Depth.FULL
    judging = Judging(profiles=tuple(profile or ()), depth=depth, pixels=pixels, strict=strict)
    chosen = [as_workers_see(bag, scheduler) for bag in _chosen(bags or [], names)]
    _load_profiles(judging)
    with ExitStack() as stack:
        write = None
        if form is Format.JSONL:
            from confocal_bag.cli.lines import line_writer

            write = stack.enter_context(line_writer(output, chosen)).write
        progress = stack.enter_context(progress_bar())
        done: dict[Path, Judged] = {}
        cluster = stack.enter_context(work_on(scheduler, chosen))
        at_once = cluster.size if cluster else jobs
        # The files of one bag are spread over the workers; of several bags, each goes to one of them.
        executor = cluster if len(chosen) > 1 else None
        for one in judge_bags(chosen, judging, jobs=at_once, progress=progress, executor=executor):
            done[one.bag] = one
            if write:
                write(one.report)
        reports = list(_in_order(chosen, done))
        parts = [one.part for one in done.values() if one.part]
        if len(parts) > 1:
            reports.append(judge_parts(parts))
            if write:
                write(reports[-1])
    if write:
        raise typer.Exit(exit_code(reports, fail_on=fail_on, select=select, ignore=ignore))
    finish(reports, form=form, output=output, fail_on=fail_on, select=select, ignore=ignore, protected=chosen)


def _chosen(bags: Sequence[Path], names: str | None) -> list[Path]:
    """The bags named, then those in the list. Raises for none at all, which is hardly what anybody means."""
    from confocal_bag.receiving import expand_names, read_names

    listed: list[Path] = []
    if names is not None:
        try:
            listed = read_names(sys.stdin.buffer.read() if names == "-" else Path(names).read_bytes())
        except OSError as error:
            shown = readable_path(names)
            raise CannotFinish(f"The list {shown} cannot be read: {error.strerror}. Check its path.") from error
    chosen = list(dict.fromkeys([*expand_names(bags), *listed]))
    if not chosen:
        raise typer.BadParameter("Name at least one bag, or a list of bags with --from.")
    return chosen


def _load_profiles(judging: "Judging") -> None:
    """A profile that cannot be loaded is said once, not of every bag. Raises `CannotFinish`."""
    from confocal_bag.bag.profiles.load import load_profile

    for one in judging.profiles:
        load_profile(one)


def _in_order(chosen: Sequence[Path], done: "dict[Path, Judged]") -> Iterator[Report]:
    for bag in chosen:
        yield done[bag].report
