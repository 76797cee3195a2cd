"""confocal-bag audit"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.ending import exit_code, finish, say
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    OutputOption,
    SelectOption,
)
from confocal_bag.cli.progress import progress_bar
from confocal_bag.cli.scheduler import SchedulerOption, as_workers_see, work_on
from confocal_bag.findings import Report, Severity

__all__ = ["audit"]


def audit(
    shelf: Annotated[
        Path, typer.Argument(metavar="SHELF", help="The folder below which the bags lie, on this machine.")
    ],
    *,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than",
            metavar="AGE",
            help="Check only bags whose last check is older: 180d, 26w, 1y, 90min. With --status: 180d unless given.",
        ),
    ] = None,
    budget: Annotated[
        list[str] | None,
        typer.Option(
            "--budget",
            metavar="LIMIT",
            help="Begin no bag beyond this: 4h, 2TB (repeat for both). The first always begins; with 0 none.",
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history", metavar="FILE", help="The SQLite file of all checks.", show_default="on the shelf, hidden"
        ),
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Check nothing: say from the history how the shelf is.")
    ] = False,
    bag: Annotated[
        list[str] | None,
        typer.Option("--bag", metavar="BAG", help="Check just this bag, now; with --status, tell just of it (repeat)."),
    ] = None,
    moved: Annotated[
        bool, typer.Option("--moved", help="The shelf is the one of the history, moved or mounted elsewhere.")
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", help="Print nothing when all is well, for cron: new bags and links alone are well."),
    ] = False,
    forget: Annotated[
        list[str] | None, typer.Option("--forget", metavar="BAG", help="This bag was taken away on purpose (repeat).")
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", metavar="BAG", help="The damaged files that its manifests list by now are meant so (repeat)."
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, metavar="N", help="Bags checked at the same time.")] = 2,
    scheduler: SchedulerOption = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Re-check a shelf of bags, the oldest check first.

    Every check goes into a history, which tells bit-rot from a change that somebody made. A run that is interrupted is
    gone on with by the next, and several may work on one shelf.
    """
    from confocal_bag.audit import (
        AuditOptions,
        accept_damage,
        audit_shelf,
        forget_bag,
        parse_budget,
        parse_duration,
        shelf_status,
    )
    from confocal_bag.audit.status import DEFAULT_OLDER_THAN

    age = parse_duration(older_than) if older_than else None
    if status and budget:
        raise typer.BadParameter("--status checks nothing, so it has no --budget.")
    if bag and not status and (budget or older_than):
        raise typer.BadParameter("--bag checks these bags now, so it has neither --budget nor --older-than.")
    for one in forget or ():
        forget_bag(shelf, one, history=history, is_moved=moved)
        say(f"{one} is not looked for any more; its checks stay in the history.", err=True)
    for one in accept or ():
        accept_damage(shelf, one, history=history, is_moved=moved)
        say(f"{one} is taken to be meant as it is; what was damaged stays in the history.", err=True)
    if forget or accept:
        return
    if status:
        age = DEFAULT_OLDER_THAN if age is None else age
        reports = [
            shelf_status(shelf, history=history, older_than=age, is_moved=moved, bag=one) for one in bag or (None,)
        ]
    else:
        options = AuditOptions(
            older_than=age or timedelta(0),
            budget=parse_budget(*budget or ()),
            budget_text=" ".join(budget or ()) or None,
            history=history,
            jobs=jobs,
            bags=tuple(bag or ()),
            is_moved=moved,
        )
        there = as_workers_see(shelf, scheduler)
        with progress_bar() as progress, work_on(scheduler, [there]) as cluster:
            options = replace(options, jobs=cluster.size if cluster else jobs)
            report = audit_shelf(there, options, progress=progress, executor=cluster)
        reports = [report]
        if not quiet and report.summary["bags_still_due"] and report.summary["stopped_because"]:
            due = report.summary["bags_still_due"]
            say(f"Stopped because {report.summary['stopped_because']}; bags still due: {due}.", err=True)
    code = exit_code(reports, fail_on=fail_on, select=select, ignore=ignore)
    if quiet and output is None and not code and not any(map(_is_worth_a_mail, reports)):
        return
    finish(reports, form=form, output=output, fail_on=fail_on, select=select, ignore=ignore)


def _is_worth_a_mail(report: Report) -> bool:
    return any(finding.severity.rank <= Severity.ADVICE.rank for finding in report.findings)
