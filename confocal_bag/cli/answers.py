"""The answers of a depositor, taken into deposit.yaml: said of each row that cannot be taken, and logged."""

from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.cli.ending import say
from confocal_bag.findings import CannotFinish, readable_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confocal_bag.deposit.curation.sheet import SheetRow
    from confocal_bag.deposit.curation.taking import TakenAnswers
    from confocal_bag.deposit.inventory import Inventory

__all__ = ["take_in"]

_LONGEST_VALUE = 120
_MOST_NAMED = 10


def take_in(target: Path, rows: "Sequence[SheetRow]", inventory: "Inventory", sheet: Path) -> int:
    """Write the answers of a sheet into the file `target` and say what became of them; return how many were refused.

    What was written is remembered beside it, so that a corrected sheet can be taken in later.
    """
    from confocal_bag.deposit.curation.answered import read_answered, write_answered
    from confocal_bag.deposit.curation.answering import is_said, take_sheet
    from confocal_bag.deposit.curation.unanswered import read_unanswered, write_unanswered
    from confocal_bag.deposit.not_known import remark_behind

    earlier, before = read_answered(target.parent), read_unanswered(target.parent)
    sheet_taken = take_sheet(target.read_text(encoding="utf-8"), rows, inventory, earlier, before)
    taken = sheet_taken.taken
    if sheet_taken.unanswered != before:
        write_unanswered(target.parent, sheet_taken.unanswered)
    if taken.written or taken.corrected:
        _replace(target, taken.text)
        write_answered(target.parent, taken.record)
        _log(target.parent, taken, sheet)
    if taken.written or not taken.corrected:
        say(f"{_count(len(taken.written), 'answer')} from {readable_path(sheet)} written to {readable_path(target)}")
    for change in taken.corrected:
        say(f"  corrected {_named(change.field)}: {_short(change.old)} -> {_short(change.new)}")
    if taken.same:
        say(f"  {_count(len(taken.same), 'answer')} stood there already")
    if taken.not_known:
        unsaid = [row for row in rows if not is_said(row)]
        named = "; ".join(_named(_short(row.field)) for row in unsaid[:_MOST_NAMED])
        more = f" and {len(unsaid) - _MOST_NAMED} more" if len(unsaid) > _MOST_NAMED else ""
        say(f"  not known: {_count(taken.not_known, 'answer')}, for which nothing is written: {named}{more}")
        for row in unsaid:
            if remark_behind(row.answer):
                say(f"    left out of {_named(_short(row.field))}: {_quoted(row.answer)}")
        say("    They are not asked again; `confocal-bag ask` says which level is out of reach without them.")
    for row in taken.promised:
        say(f"  row {row.number}: {_quoted(row.answer)} promises an answer and is none yet; the question stays open")
    if taken.problems:
        rest = _count(len({one.row for one in taken.problems}), "row")
        say(f"  left out: {rest}; the next `confocal-bag ask` asks again and says what was answered and why not taken")
    for one in taken.problems:
        say(f"  row {one.row}, column {one.column!r}: {one.reason}.")
    return len(taken.problems)


def _named(field: str) -> str:
    from confocal_bag.deposit.exports.plain_text import shown_path

    return shown_path(field)


def _short(value: str) -> str:
    from confocal_bag.deposit.curation.layout import shortened

    return shortened(value, _LONGEST_VALUE)


def _quoted(answer: str) -> str:
    from confocal_bag.deposit.curation.layout import quoted

    return quoted(answer, _LONGEST_VALUE)


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

    told = []
    if taken.written:
        number = _count(len(taken.written), "answer")
        told.append(f"{number} from {sheet.name} written to deposit.yaml: {', '.join(taken.written)}")
    if taken.corrected:
        # The log goes into the bag: an answer that was taken back, an address perhaps, does not.
        fields = ", ".join(one.field for one in taken.corrected)
        told.append(f"{_count(len(taken.corrected), 'answer')} corrected by {sheet.name}: {fields}")
    who = f"confocal-bag {__version__}"
    entry = LogEntry(who=who, when=datetime.now(UTC), what="answers", note=". ".join(told))
    add_to_log(folder, entry)
