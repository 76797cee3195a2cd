"""confocal-bag inspect"""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

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
from confocal_bag.cli.scheduler import SchedulerOption, as_workers_see, work_on
from confocal_bag.cli.words import one_of
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["DescriptionOption", "LevelOption", "inspect"]

DescriptionOption = Annotated[
    Path | None,
    typer.Option(
        "--description", metavar="FILE", help="The deposit.yaml to use; else NAME.curation's or the deposit's own."
    ),
]
LevelOption = Annotated[
    PracticeLevel | None,
    typer.Option(
        "--level",
        metavar="LEVEL",
        parser=one_of(PracticeLevel),
        help="minimum, good-enough or most-reproducible; else what deposit.yaml claims.",
    ),
]


def inspect(
    deposit: Annotated[
        Path, typer.Argument(metavar="DEPOSIT", help="The folder or .zip file as the depositor sent it.")
    ],
    *,
    description: DescriptionOption = None,
    level: LevelOption = None,
    ontology: Annotated[
        list[Path] | None,
        typer.Option("--ontology", metavar="FILE", help="An OBO file to test the terms of deposit.yaml against."),
    ] = None,
    jobs: JobsOption = 2,
    scheduler: SchedulerOption = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Say what is in a deposit, what is wrong, which level it has."""
    from confocal_bag.findings import readable_path
    from confocal_bag.inspect import inspect_deposit
    from confocal_bag.remote.fetch import fetched

    with ExitStack() as stack:
        progress = stack.enter_context(progress_bar())
        there = as_workers_see(stack.enter_context(fetched(deposit, jobs=jobs, progress=progress)), scheduler)
        cluster = stack.enter_context(work_on(scheduler, [there]))
        inspection = inspect_deposit(
            there,
            description=description,
            level=level,
            ontologies=ontology or (),
            jobs=cluster.size if cluster else jobs,
            progress=progress,
        )
        report = inspection.report(readable_path(deposit))
    finish([report], form=form, output=output, fail_on=fail_on, select=select, ignore=ignore, protected=[deposit])
