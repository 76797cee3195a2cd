"""How much one run of an audit may take: hours, bytes, or both."""

import re
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from confocal_bag.bag.sizes import parse_size
from confocal_bag.findings import UsageProblem

__all__ = ["Budget", "Spending", "parse_budget", "parse_duration"]

#: The seconds of each unit; a year has 365 days. Months have no fixed length, and a bare m may mean them or minutes.
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_DURATION = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(s|min|h|d|w|y)\s*")
_AMBIGUOUS = re.compile(r"\s*([0-9.]+)\s*m(?:o|on|onths?)?\s*")
#: A hundred years; much longer ones lead to times that no calendar has.
_LONGEST = timedelta(days=36_525)
_SIZE = re.compile(r".*[0-9].*[bB]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that one run may take; None for no limit."""

    seconds: float | None = None
    bytes: int | None = None


def parse_duration(text: str) -> timedelta:
    """The time that "180d", "4h", "90min", "30s", "2w" or "1y" means. Raises `UsageProblem`."""
    _refuse_ambiguous(text)
    match = _DURATION.fullmatch(text)
    if match is None:
        raise UsageProblem(f"{text!r} is no time; write a number and s, min, h, d, w or y, as in 180d.")
    try:
        meant = timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    except OverflowError:
        meant = timedelta.max
    if meant > _LONGEST:
        raise UsageProblem(f"{text!r} is longer than anybody can wait; write it as 180d or 4h.")
    return meant


def _refuse_ambiguous(text: str) -> None:
    """Six months taken for six minutes would check the whole shelf every night, and the reverse nothing for years."""
    match = _AMBIGUOUS.fullmatch(text)
    if match is not None:
        number = match[1]
        raise UsageProblem(
            f"{text!r} may be minutes or months; write minutes as {number}min, and months as days, as in 180d."
        )


def parse_budget(*texts: str) -> Budget:
    """The budget of "4h", of "2TB", or of both. Raises `UsageProblem`."""
    seconds: float | None = None
    size: int | None = None
    for text in texts:
        _refuse_ambiguous(text)
        if _SIZE.fullmatch(text):
            size = parse_size(text)
        elif _DURATION.fullmatch(text):
            seconds = parse_duration(text).total_seconds()
        else:
            raise UsageProblem(f"{text!r} is no budget; write a time as 4h or 90min, or a size as 2TB or 500GB.")
    return Budget(seconds=seconds, bytes=size)


@dataclass(kw_only=True)
class Spending:
    """What a run has taken so far, and whether one more bag still fits. Seconds are from the beginning of the run."""

    budget: Budget
    begun: int = 0
    bytes_begun: int = 0
    bytes_done: int = 0
    done: int = 0
    seconds_done: float = 0.0

    def why_not(self, size: int, took: float | None, now: float) -> str | None:
        """Why a bag of `size` bytes does not fit any more, None where it does.

        `took` is how many seconds its last check took, where there was one. The first bag of a run always fits, for
        else a bag larger than the budget would never be checked; a budget of 0 begins none.
        """
        if 0 in (self.budget.bytes, self.budget.seconds):
            return "the budget is 0"
        if not self.begun:
            return None
        if self.budget.bytes is not None and self.bytes_begun + size > self.budget.bytes:
            return "the next bag would exceed the budget of bytes"
        estimate = took if took is not None else size * self._seconds_per_byte
        if self.budget.seconds is not None and now + estimate > self.budget.seconds:
            return "the next bag would exceed the budget of time"
        return None

    def room_for_damaged(self, now: float) -> tuple[float, float]:
        """Seconds and bytes that bags known to be damaged may take before the others: half of what there is.

        With more, a large bag that stays damaged would take the budget of every run.
        """
        seconds, size = self.budget.seconds, self.budget.bytes
        return (
            inf if seconds is None else max(0.0, seconds / 2 - now),
            inf if size is None else max(0.0, size / 2 - self.bytes_begun),
        )

    @property
    def over_budget(self) -> str | None:
        """What is to be said when the first bag, which always fits, was larger than the budget."""
        if self.budget.bytes is not None and self.bytes_begun > self.budget.bytes:
            return "yes, by the first bag: one is always begun, unless the budget is 0"
        return None

    def begin(self, size: int) -> None:
        """A bag of this size was begun."""
        self.begun += 1
        self.bytes_begun += size

    def finish(self, size: int, seconds: float) -> None:
        """A bag was done."""
        self.done += 1
        self.bytes_done += size
        self.seconds_done += seconds

    @property
    def seconds_per_bag(self) -> float | None:
        """How long one bag takes on average; None before the first is done."""
        return self.seconds_done / self.done if self.done else None

    @property
    def _seconds_per_byte(self) -> float:
        return self.seconds_done / self.bytes_done if self.bytes_done else 0.0
