"""The answers of a depositor, taken into deposit.yaml: said of each row that cannot be taken, and logged."""

from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.cli.options import say
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confocal_bag.deposit.curation.sheet import SheetRow
    from confocal_bag.deposit.curation.taking import TakenAnswers
    from confocal_bag.deposit.inventory import Inventory

__all__ = ["take_in"]


def take_in(target: Path, rows: "Sequence[SheetRow]", inventory: "Inventory", sheet: Path) -> int:
    """Write the answers of a sheet into the file `target` and say what became of them; return how many were refused."""
    from confocal_bag.deposit.curation.taking import take_answers

    taken = take_answers(target.read_text(encoding="utf-8"), rows, inventory)
    if taken.written:
        _replace(target, taken.text)
        _log(target.parent, taken, sheet)
    say(f"{_count(len(taken.written), 'answer')} from {readable_path(sheet)} written to {readable_path(target)}")
    if taken.same:
        say(f"  {_count(len(taken.same), 'answer')} stood there already")
    if taken.not_known:
        say(f"  not known: {_count(taken.not_known, 'answer')}, for which nothing is written")
    for one in taken.problems:
        say(f"  row {one.row}, column {one.column!r}: {one.reason}.")
    return len(taken.problems)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _replace(target: Path, text: str) -> None:
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="")
        partial.replace(target)
    except OSError as error:
        raise CannotFinish(f"{readable_path(target)} cannot be written: {error.strerror}.") from error


def _log(folder: Path, taken: "TakenAnswers", sheet: Path) -> None:
    """Remember in the curation log which fields the depositor answered."""
    from datetime import UTC, datetime

    from confocal_bag import __version__
    from confocal_bag.deposit.curation.log import LogEntry, add_to_log

    note = f"{_count(len(taken.written), 'answer')} of the depositor from {sheet.name} written to deposit.yaml: "
    who = f"confocal-bag {__version__}"
    entry = LogEntry(who=who, when=datetime.now(UTC), what="answers", note=note + ", ".join(taken.written))
    add_to_log(folder, entry)
