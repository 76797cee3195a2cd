"""confocal-bag log"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.ask import WorkOption, choose_work_folder
from confocal_bag.cli.ending import say
from confocal_bag.cli.places import refuse_inside_bag
from confocal_bag.findings import CannotFinish, UsageProblem, readable_path

__all__ = ["log"]


def log(
    deposit: Annotated[
        Path, typer.Argument(metavar="DEPOSIT", help="The deposit, which is only read, or its folder NAME.curation.")
    ],
    note: Annotated[str, typer.Argument(metavar="NOTE", help="What was done and why, in a sentence.")],
    *,
    who: Annotated[
        str | None, typer.Option("--who", help="Who did it.", show_default="the curator named in deposit.yaml")
    ] = None,
    what: Annotated[str, typer.Option("--what", help="The kind of work in a word or two.")] = "note",
    date: Annotated[
        str | None,
        typer.Option("--date", help="When, as 2019-04-17 or 2019-04-17T10:30 (UTC).", show_default="now"),
    ] = None,
    work: WorkOption = None,
) -> None:
    """Add a line to the curation log, which goes into the bag.

    Who did what, when and why.
    """
    from datetime import UTC, datetime

    from confocal_bag.deposit.curation.log import LogEntry, add_to_log, read_time

    folder = _folder(deposit, work)
    name = who or _curator(deposit, folder)
    if not note.strip():
        raise UsageProblem("The note is empty. Write what was done and why.")
    entry = LogEntry(who=name, when=read_time(date) if date else datetime.now(UTC), what=what, note=note)
    say(f"Added to {readable_path(add_to_log(folder, entry))}")


def _folder(deposit: Path, work: Path | None) -> Path:
    if not deposit.exists():
        raise CannotFinish(f"There is no {readable_path(deposit)}. Give the deposit or its folder NAME.curation.")
    refuse_inside_bag(deposit / "curation-log.txt")
    if work is None and deposit.is_dir() and deposit.resolve().name.endswith(".curation"):
        return deposit
    return choose_work_folder(deposit, work)


def _curator(deposit: Path, folder: Path) -> str:
    """Who curates the deposit, by its description. Raises `CannotFinish` where nobody is named."""
    from confocal_bag.deposit.description.file import load_description
    from confocal_bag.deposit.placeholders import says_something

    for path in (folder / "deposit.yaml", deposit / "deposit.yaml"):
        if path.is_file():
            name = load_description(path).description.curation.curator
            if name and says_something(name):
                return name
    raise CannotFinish(
        "Nobody is named as the one who did it. Add --who NAME, or `curation: curator:` in deposit.yaml."
    )
