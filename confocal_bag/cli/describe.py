"""confocal-bag describe"""

from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import CannotFinish
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["describe"]


def describe(
    deposit: Annotated[
        Path, typer.Argument(metavar="DEPOSIT", help="The folder as the depositor sent it; it is only read.")
    ],
    *,
    level: Annotated[PracticeLevel, typer.Option("--level", help="The practice level to aim for in a new file.")] = (
        PracticeLevel.MOST_REPRODUCIBLE
    ),
    work: Annotated[
        Path | None,
        typer.Option("--work", help="The curator's folder.", show_default="NAME.curation beside the deposit"),
    ] = None,
) -> None:
    """Write deposit.yaml from the image headers, or refresh it; what people wrote stays as it is."""
    from confocal_bag.deposit.description.draft import draft_description
    from confocal_bag.deposit.description.refresh import refresh_description
    from confocal_bag.inspect import find_description, inspect_deposit, work_folder

    folder = work or work_folder(deposit)
    target = folder / "deposit.yaml"
    existing = target if target.is_file() else find_description(deposit)
    with progress_bar() as progress:
        inspection = inspect_deposit(deposit, description=existing, with_digests=False, progress=progress)
    if existing is None:
        text = draft_description(inspection.inventory, level=level)
    else:
        text = refresh_description(_read(existing), inspection.inventory)
    _write(target, text)
    what = "Wrote" if existing is None else "Refreshed"
    typer.echo(
        f"{what} {target}: answer what is empty, then run `confocal-bag inspect {deposit}` to see what is missing."
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotFinish(f"{path} cannot be read: {error}. It should be a text file in UTF-8.") from error


def _write(target: Path, text: str) -> None:
    """Replace the file in one step, so that an interruption never leaves half a description."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(target)
    except OSError as error:
        raise CannotFinish(
            f"{target} cannot be written: {error.strerror}. Choose another folder with --work."
        ) from error
