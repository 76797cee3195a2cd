"""confocal-bag report"""

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
    JobsOption,
    OutputOption,
    SelectOption,
)
from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from confocal_bag.findings import Report
    from confocal_bag.progress import Progress

__all__ = ["report"]


def report(
    subjects: Annotated[
        list[Path],
        typer.Argument(metavar="BAG|DEPOSIT|SAVED.json", help="Bags, deposits, or what --format json wrote of them."),
    ],
    *,
    pictures: Annotated[int, typer.Option(min=0, max=2000, metavar="N", help="Images with pictures, at most.")] = 48,
    fast: Annotated[bool, typer.Option("--fast", help="Of bags check sizes and counts only.")] = False,
    jobs: JobsOption = 2,
    form: FormatOption = Format.HTML,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """One page of a bag or deposit, with pictures.

    A single HTML file that needs no network. What --format json saved is shown again in any format; the images
    are shown where the bag or deposit is still there.
    """
    from confocal_bag.receiving import could_not_judge

    reports: list[Report] = []
    with progress_bar() as progress:
        for subject in subjects:
            try:
                reports.extend(_reports(subject, fast=fast, jobs=jobs, progress=progress))
            except CannotFinish as problem:
                if len(subjects) == 1:
                    raise
                reports.append(could_not_judge(subject, problem, command="report"))
    named = {readable_path(subject): subject for subject in subjects}
    places = [named.get(one.subject, Path(one.subject)) for one in reports]
    finish(
        reports,
        form=form,
        output=output,
        fail_on=fail_on,
        select=select,
        ignore=ignore,
        protected=[place for place in dict.fromkeys([*subjects, *places]) if place.exists()],
        pictures=pictures,
    )


def _reports(subject: Path, *, fast: bool, jobs: int, progress: "Progress") -> "list[Report]":
    """The reports about a subject, made now or saved before. Raises `CannotFinish`."""
    from confocal_bag.page.subject import SubjectForm, look_at

    match look_at(subject):
        case SubjectForm.SAVED:
            from confocal_bag.page.saved_runs import read_reports

            return read_reports(subject)
        case SubjectForm.BAG:
            from confocal_bag.validate import Depth, validate_bag

            depth = Depth.FAST if fast else Depth.FULL
            return [validate_bag(subject, depth=depth, jobs=jobs, progress=progress)]
        case SubjectForm.DEPOSIT:
            from confocal_bag.inspect import inspect_deposit

            inspection = inspect_deposit(subject, jobs=jobs, progress=progress)
            return [inspection.report(readable_path(subject))]
