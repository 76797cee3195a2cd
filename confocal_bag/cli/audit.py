"""confocal-bag audit"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.ending import finish, say
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

__all__ = ["audit"]


def audit(
    shelf: Annotated[
        Path, typer.Argument(metavar="SHELF", help="The folder below which the bags lie, on this machine.")
    ],
    *,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than", metavar="AGE", help="Check only bags whose last check is older; for example 180d."
        ),
    ] = None,
    budget: Annotated[
        list[str] | None,
        typer.Option(
            "--budget", metavar="LIMIT", help="Begin no bag beyond this time or size: 4h, 2TB (repeat for both)."
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
    for bag in forget or ():
        forget_bag(shelf, bag, history=history)
        say(f"{bag} is not looked for any more; its checks stay in the history.", err=True)
    for bag in accept or ():
        accept_damage(shelf, bag, history=history)
        say(f"{bag} is taken to be meant as it is; what was damaged stays in the history.", err=True)
    if forget or accept:
        return
    if status:
        report = shelf_status(shelf, history=history, older_than=DEFAULT_OLDER_THAN if age is None else age)
    else:
        options = AuditOptions(
            older_than=age or timedelta(0),
            budget=parse_budget(*budget or ()),
            budget_text=" ".join(budget or ()) or None,
            history=history,
            jobs=jobs,
        )
        there = as_workers_see(shelf, scheduler)
        with progress_bar() as progress, work_on(scheduler, [there]) as cluster:
            options = replace(options, jobs=cluster.size if cluster else jobs)
            report = audit_shelf(there, options, progress=progress, executor=cluster)
        if report.summary["bags_still_due"] and report.summary["stopped_because"]:
            due = report.summary["bags_still_due"]
            say(f"Stopped because {report.summary['stopped_because']}; bags still due: {due}.", err=True)
    finish([report], form=form, output=output, fail_on=fail_on, select=select, ignore=ignore)
