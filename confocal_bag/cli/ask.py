"""confocal-bag ask"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.build import TemplatesOption
from confocal_bag.cli.ending import say
from confocal_bag.cli.inspect import DescriptionOption, LevelOption
from confocal_bag.cli.places import refuse_inside_bag
from confocal_bag.cli.progress import progress_bar
from confocal_bag.containment import lies_in
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["WorkOption", "ask", "choose_work_folder", "refuse_in_deposit"]

WorkOption = Annotated[
    Path | None,
    typer.Option("--work", help="The curator's folder.", show_default="NAME.curation beside the deposit"),
]


def ask(
    deposit: Annotated[
        Path, typer.Argument(metavar="DEPOSIT", help="The folder as the depositor sent it; it is only read.")
    ],
    *,
    description: DescriptionOption = None,
    level: LevelOption = None,
    work: WorkOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write the letter to this file.", show_default="letter.txt in NAME.curation"
        ),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write the letter as Markdown.")] = False,
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", help="Write a table for the answers too, as CSV; `describe --answers` reads it back."),
    ] = None,
    templates: TemplatesOption = None,
) -> None:
    """Draft the letter to the depositor.

    What was received, and the questions only they can answer.
    """
    from confocal_bag.asking import ask_depositor
    from confocal_bag.bag.sizes import readable_size
    from confocal_bag.deposit.curation.unanswered import read_unanswered, unanswered_file
    from confocal_bag.deposit.curation.work_files import write_keeping
    from confocal_bag.deposit.exports.template import Templates
    from confocal_bag.inspect import inspect_deposit
    from confocal_bag.vocabulary import PracticeLevel

    folder = choose_work_folder(deposit, work)
    target = output or folder / ("letter.md" if markdown else "letter.txt")
    for path in filter(None, (target, sheet)):
        refuse_in_deposit(path, deposit)
        refuse_inside_bag(path)
    own_templates = Templates(templates)
    own_templates.check()
    own = folder / "deposit.yaml"
    with progress_bar() as progress:
        inspection = inspect_deposit(
            deposit,
            description=description or (own if own.is_file() else None),
            level=level,
            default_level=PracticeLevel.MINIMUM,
            with_digests=False,
            progress=progress,
        )
    aim = inspection.aim or PracticeLevel.MINIMUM
    size = readable_size(sum(record.bytes for record in inspection.inventory.files))
    asked = ask_depositor(
        inspection,
        aim=aim,
        size=size,
        sheet=sheet.name if sheet else None,
        templates=own_templates,
        unanswered=read_unanswered(folder),
    )
    say(write_keeping(target, asked.letter(markdown=markdown)).in_words())
    if sheet:
        say(write_keeping(sheet, asked.sheet()).in_words())
    count = len(asked.requests.now)
    say(f"{count} question{'' if count == 1 else 's'} for the depositor, aiming at {aim}.")
    if asked.out_of_reach:
        say(asked.out_of_reach)
    if asked.requests.not_known:
        say(f"To ask again what nobody knew, delete {readable_path(unanswered_file(folder))} and run this once more.")
    if asked.left:
        say(f"Left for you to see to: {'; '.join(asked.left)}.")
    if sheet and asked.requests.own:
        say(f'The rows of {sheet.name} that begin with "For the curator" are for this.')
    if sheet and count:
        say(f"When the answers are back: confocal-bag describe {readable_path(deposit)} --answers FILE.csv")


def choose_work_folder(deposit: Path, work: Path | None) -> Path:
    """The curator's folder; raises `CannotFinish` where it would lie in the deposit."""
    from confocal_bag.inspect import work_folder

    folder = work or work_folder(deposit)
    refuse_in_deposit(folder, deposit)
    return folder


def refuse_in_deposit(path: Path, deposit: Path) -> None:
    """Refuse to write into a deposit. Raises `CannotFinish`."""
    if lies_in(path, deposit):
        raise CannotFinish(
            f"{readable_path(path)} lies in the deposit, which is never written to. Choose another place."
        )
