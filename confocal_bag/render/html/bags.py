"""The bags of an audit's shelf that its page lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from confocal_bag.page.run import Run, RunBag
from confocal_bag.render.html.times import in_utc

__all__ = ["ShelfRow", "bags_worth_a_look"]

#: What a check says of a bag with which nothing has happened.
_QUIET = ("first-check", "unchanged")
_WORST_FIRST = ("invalid", "incomplete", None, "valid-with-warnings", "valid")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRow:
    """A bag, and when it was last checked as text: date and time in UTC; None where it never was, or nobody knows."""

    bag: RunBag
    checked: str | None


def bags_worth_a_look(run: Run) -> list[ShelfRow]:
    """The bags but for those that this run found valid and unchanged; the worst come first.

    A bag without the time of its check was checked in this run, and has the time at which the run ended.
    """
    chosen = [one for one in run.bags if not _is_fine(one)]
    chosen.sort(key=lambda one: (one.vanished is None, _rank(one), one.change in _QUIET, one.path))
    return [ShelfRow(bag=one, checked=next(_times(one, run), None)) for one in chosen]


def _is_fine(bag: RunBag) -> bool:
    """Whether this run itself found nothing; a bag of a list of overdue ones has the time of its check."""
    return bag.verdict == "valid" and bag.change in _QUIET and bag.checked is None and bag.vanished is None


def _rank(bag: RunBag) -> int:
    return _WORST_FIRST.index(bag.verdict) if bag.verdict in _WORST_FIRST else 0


def _times(bag: RunBag, run: Run) -> Iterator[str]:
    if bag.checked:
        yield f"{bag.checked[:16].replace('T', ' ')} UTC"
    elif bag.verdict and bag.verdict != "incomplete" and run.made:
        yield in_utc(run.made)
