"""confocal-bag build"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.conversion import Compression, CompressionOption, KeepPersonalOption, Stacks, StacksOption
from confocal_bag.cli.ending import finish, refuse_protected, say
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
)
from confocal_bag.cli.parts import refuse_parts, split_if_larger
from confocal_bag.cli.places import refuse_inside_deposit
from confocal_bag.cli.progress import progress_bar
from confocal_bag.cli.scheduler import SchedulerOption, as_workers_see, work_on
from confocal_bag.findings import CannotFinish, Report, readable_path

if TYPE_CHECKING:
    from confocal_bag.build import BuildOptions

__all__ = ["TemplatesOption", "build"]


TemplatesOption = Annotated[
    Path | None,
    typer.Option("--templates", metavar="DIR", help="Templates that override or extend the built-in ones."),
]


def build(
    deposit: Annotated[
        Path | None,
        typer.Argument(metavar="DEPOSIT", help="A folder or .zip as the depositor sent it; only read."),
    ] = None,
    bag: Annotated[Path | None, typer.Argument(metavar="BAG", help="The bag to make; it must not exist yet.")] = None,
    *,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="CSV", help="Build many: columns deposit, bag, level, others."),
    ] = None,
    description: DescriptionOption = None,
    level: LevelOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="Build although something is missing; say so.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done, and stop.")] = False,
    compression: CompressionOption = Compression.NONE,
    algorithm: Annotated[
        list[str] | None,
        typer.Option(
            "--algorithm",
            metavar="NAME",
            help="Checksum of the manifests (repeat); else sha256, sha512.",
            show_default=False,
        ),
    ] = None,
    raw_by_reference: Annotated[
        str | None,
        typer.Option(
            "--raw-by-reference",
            metavar="URL",
            help="Raw files lie below this https address; list them in fetch.txt.",
        ),
    ] = None,
    keep_empty_folders: Annotated[
        bool, typer.Option("--keep-empty-folders", help="Keep them by an empty file in each.")
    ] = False,
    max_size: Annotated[
        str | None, typer.Option("--max-size", metavar="SIZE", help="Split a larger bag into parts; 30GB.")
    ] = None,
    keep_personal: KeepPersonalOption = False,
    override_privacy: Annotated[
        str | None,
        typer.Option(
            "--override-privacy",
            metavar="REASON",
            help="Build with personal data nobody answered for; the bag says why.",
        ),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The date of the bag (2026-01-31), also with time; same deposit, same bytes.",
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away what an unfinished run left.")] = False,
    stacks: StacksOption = Stacks.KEEP,
    second_reader: SecondReaderOption = False,
    templates: TemplatesOption = None,
    jobs: JobsOption = 2,
    scheduler: SchedulerOption = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Build the bag: copy, convert, prove, describe, validate."""
    from confocal_bag.bag.sizes import parse_size
    from confocal_bag.build import BuildOptions, build_bag
    from confocal_bag.remote.fetch import fetched
    from confocal_bag.stacks import StackMode

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
        stacks=StackMode(stacks),
        second_reader=second_reader,
        templates=templates,
        override_privacy=_reason(override_privacy),
        date=None if date is None else _moment(date),
        algorithms=tuple(algorithm) if algorithm else ("sha256", "sha512"),
    )
    if batch is not None:
        _refuse_single(deposit, description, max_size, dry_run=dry_run)
        batch = as_workers_see(batch, scheduler)
        deposits = _refuse_batch_output(batch, output)
        reports = _build_many(batch, options, scheduler)
        finish(reports, form=form, output=output, fail_on=fail_on, select=select, ignore=ignore, protected=deposits)
    if deposit is None or bag is None:
        raise typer.BadParameter(_what_is_missing(override_privacy))
    refuse_inside_deposit(bag)
    _refuse_output(output, [deposit, bag])
    limit = parse_size(max_size) if max_size else None
    if limit is not None:
        refuse_parts(bag, raw_by_reference)
    if dry_run:
        raise typer.Exit(_dry_run(deposit, bag, options))
    target = as_workers_see(bag, scheduler)
    with ExitStack() as stack:
        progress = stack.enter_context(progress_bar())
        source = as_workers_see(stack.enter_context(fetched(deposit, jobs=jobs, progress=progress)), scheduler)
        cluster = stack.enter_context(work_on(scheduler, [source, target.parent]))
        options = replace(options, jobs=cluster.size if cluster else jobs)
        result = build_bag(source, target, options, progress=progress)
    if result.bag is not None:
        say(f"Built {readable_path(result.bag)}", err=True)
        for reason in result.not_written:
            say(f"Not written: {reason}", err=True)
        if raw_by_reference is not None:
            say("Its raw files are kept elsewhere: it is complete and valid after `confocal-bag complete`.", err=True)
        if limit is not None:
            split_if_larger(result.bag, limit)
    else:
        gated = any(one.rule == "privacy.gate" for one in result.report.findings)
        hint = "" if draft or gated else " --draft builds a bag that says it is not finished."
        say(f"Not built: see the errors.{hint}", err=True)
        if not result.report.summary["described"]:
            shown = readable_path(deposit)
            say(f"Next: `confocal-bag describe {shown}` writes a deposit.yaml to fill in for it.", err=True)
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


def _refuse_single(deposit: Path | None, description: Path | None, max_size: str | None, *, dry_run: bool) -> None:
    """Refuse what is about one bag where many are to be built."""
    if deposit is not None or description is not None or max_size is not None or dry_run:
        raise typer.BadParameter("--batch goes with neither DEPOSIT and BAG nor --description, --max-size, --dry-run.")


def _refuse_output(output: Path | None, protected: Sequence[Path]) -> None:
    """What would keep the report from being written is said before hours of work. Raises `CannotFinish`."""
    if output is None:
        return
    refuse_protected(output, protected)
    if not output.parent.is_dir():
        raise CannotFinish(f"{readable_path(output)} lies in no such folder; make the folder, or choose another file.")


def _refuse_batch_output(table: Path, output: Path | None) -> list[Path]:
    """The deposits of a table; the report may lie in none of them, in no bag, and take the place of no results."""
    from confocal_bag.batch import places_of

    deposits, written = places_of(table)
    _refuse_output(output, [*deposits, *written])
    return deposits


def _build_many(table: Path, options: "BuildOptions", scheduler: str | None) -> list[Report]:
    """Build the bags of a table; say where the results are."""
    from confocal_bag.batch import build_batch, results_of

    with progress_bar() as progress, work_on(scheduler, [table]) as cluster:
        jobs = cluster.size if cluster else options.jobs
        reports = build_batch(table, options, jobs=jobs, progress=progress, executor=cluster)
    say(f"Results: {readable_path(results_of(table).with_suffix('.csv'))}", err=True)
    return reports


def _reason(text: str | None) -> str | None:
    """The reason that the bag will record; a blank, or a word such as "ok", is none."""
    from confocal_bag.deposit.privacy.reasons import is_reason

    if text is not None and not is_reason(text):
        raise typer.BadParameter("--override-privacy needs a reason in a few words, which the bag records.")
    return text


def _what_is_missing(reason: str | None) -> str:
    """What to say where deposit or bag are not named; the reason that was forgotten has taken the place of one."""
    if reason is not None:
        return (
            f"Deposit and bag are not both named; {reason!r} was taken for the reason of --override-privacy. "
            "Write the reason after it, in quotation marks, and then the deposit and the bag."
        )
    return "Name the deposit and the bag to make, or a table of both with --batch."


def _moment(text: str) -> datetime:
    """A date, meaning its first second in UTC, or a date with a time; without a time zone in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2026-01-31 or 2026-01-31T12:00:00Z.") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC, microsecond=0)


def _dry_run(deposit: Path, bag: Path, options: "BuildOptions") -> int:
    """Print every step; return the exit code that the build would have."""
    from confocal_bag.build import blocking_findings, plan_bag

    inspection, plan = plan_bag(deposit, bag, options)
    for what, source, target in plan.steps():
        if options.raw_url is not None and what == "copy" and target.startswith("data/raw/"):
            say(f"refer    {source} -> {target}, by fetch.txt")
        else:
            say(f"{what:<8} {source + ' -> ' if source else ''}{target}")
    blocking = blocking_findings(inspection, draft=options.draft, override_privacy=options.override_privacy)
    for finding in blocking:
        say(f"{finding.severity.value:<8} {finding.rule}  {finding.message}", err=True)
    if blocking:
        say(f"The build would be refused; errors: {len(blocking)}, see above.", err=True)
    return 1 if blocking else 0
