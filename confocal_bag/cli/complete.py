"""confocal-bag complete"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.ending import finish
from confocal_bag.cli.options import Format, FormatOption, OutputOption
from confocal_bag.cli.places import refuse_inside_deposit
from confocal_bag.cli.progress import progress_bar

__all__ = ["complete"]


def complete(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="A bag folder with a fetch.txt.")],
    *,
    hosts: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="HOST", help="A host that may be asked for files (repeat the option)."),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", metavar="N", min=0.1, help="Seconds without data after which a connection is given up."
        ),
    ] = 60.0,
    max_size: Annotated[
        int | None,
        typer.Option(
            "--max-size", metavar="N", min=0, help="The most bytes of a file whose length fetch.txt does not state."
        ),
    ] = None,
    attempts: Annotated[
        int, typer.Option("--attempts", metavar="N", min=1, help="How often a broken transfer is tried.")
    ] = 4,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """Fetch the files that fetch.txt names, verified.

    Each gets its name only when its checksums are right.
    """
    refuse_inside_deposit(bag.resolve().parent)
    from confocal_bag.bag.holey.fetch import DEFAULT_MAX_SIZE, complete_bag
    from confocal_bag.bag.holey.rules import completion_report

    with progress_bar() as progress:
        progress.stage(f"Completing {bag.name}", None)
        completion = complete_bag(
            bag,
            allowed_hosts=hosts or (),
            on_bytes=progress.advance,
            timeout_s=timeout,
            max_size=DEFAULT_MAX_SIZE if max_size is None else max_size,
            attempts=attempts,
        )
    finish([completion_report(completion)], form=form, output=output, protected=(bag,))
