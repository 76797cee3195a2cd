"""confocal-bag describe"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.ending import say
from confocal_bag.cli.progress import progress_bar
from confocal_bag.containment import lies_in
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["describe"]


def describe(
    deposit: Annotated[
        Path,
        typer.Argument(metavar="DEPOSIT", help="The folder or .zip file as the depositor sent it; it is only read."),
    ],
    *,
    level: Annotated[
        PracticeLevel | None,
        typer.Option("--level", help="The practice level that a new file aims at.", show_default="minimum"),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option("--work", help="The curator's folder.", show_default="NAME.curation beside the deposit"),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", help="Take in the answer sheet (CSV) that `ask --sheet` wrote and the depositor filled in."
        ),
    ] = None,
) -> None:
    """Write deposit.yaml from the image headers, or refresh it.

    What people wrote stays as it is.
    """
    from confocal_bag.cli.answers import take_in
    from confocal_bag.deposit.curation.binding import refuse_other_deposit
    from confocal_bag.deposit.curation.sheet import read_sheet
    from confocal_bag.deposit.description.changes import describe_changes
    from confocal_bag.deposit.description.draft import draft_description
    from confocal_bag.deposit.description.refresh import refresh_description
    from confocal_bag.inspect import find_description, inspect_deposit, work_folder

    folder = work or work_folder(deposit)
    if lies_in(folder, deposit):
        raise CannotFinish(
            f"{readable_path(folder)} lies in the deposit, which is never written to. Choose another folder."
        )
    sheet = read_sheet(answers) if answers else None
    target = folder / "deposit.yaml"
    existing = target if target.is_file() else find_description(deposit)
    with progress_bar() as progress:
        inspection = inspect_deposit(deposit, description=existing, with_digests=False, progress=progress)
    if sheet and answers:
        shown = readable_path(answers), readable_path(deposit)
        refuse_other_deposit(sheet.marks, inspection.inventory, sheet=shown[0], deposit=shown[1])
        if not sheet.marks:
            say(
                f"{shown[0]} has no row `deposit`, so that nobody can tell whether it is of {shown[1]}; see that it is."
            )
        for column in sheet.beside:
            say(f"{shown[0]}: the column {column} is not read; answers stand in the column 'answer'.")
    if inspection.described is None:
        _write(target, draft_description(inspection.inventory, level=level or PracticeLevel.MINIMUM))
        say(f"Wrote {readable_path(target)}")
    else:
        old = inspection.described.content.decode("utf-8")
        new = refresh_description(old, inspection.inventory)
        _write(target, new)
        say(f"Refreshed {readable_path(target)}")
        for change in describe_changes(old, new, inspection.inventory):
            say(f"  {change}")
        if level is not None and level is not inspection.aim:
            say(f"The file aims at {inspection.aim or 'no level'}; change `level:` in it to aim at {level}.")
    wrong = take_in(target, sheet.rows, inspection.inventory, answers) if sheet and answers else 0
    if sheet and not sheet.rows:
        say("No answer was found: answers stand in the column 'answer', which is the last one, not in 'example'.")
        wrong = 1
    say(f"Answer what is empty, then run `confocal-bag inspect {readable_path(deposit)}` to see what is missing.")
    if wrong:
        raise typer.Exit(1)


def _write(target: Path, text: str) -> None:
    """Replace the file in one step, so that an interruption never leaves half a description."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="")
        partial.replace(target)
    except OSError as error:
        raise CannotFinish(
            f"{readable_path(target)} cannot be written: {error.strerror}. Choose another folder with --work."
        ) from error
