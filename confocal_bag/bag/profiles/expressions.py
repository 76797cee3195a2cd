"""Regular expressions from a profile, matched in a time that no expression can blow up.

A profile is written by a stranger, and Python's own `re` can take years over a short hostile expression. Here an
expression becomes a list of states, and all states it can be in are followed side by side, so that the time grows
with the length of the text times the number of states and no faster. What can only be matched by trying (lookaround,
backreferences, word boundaries) is not offered. An expression always has to match the whole value, which is what
bagit-utils, whose key `regex` this is, asks for as well.
"""

from dataclasses import dataclass

from confocal_bag.bag.profiles.expression_reader import State, read_states
from confocal_bag.bag.profiles.expression_text import ExpressionFault

__all__ = ["Expression", "ExpressionFault", "StepLimit", "TooMuchWork"]

_LONGEST_TEXT = 10_000
_MOST_STEPS = 20_000_000


class TooMuchWork(Exception):  # noqa: N818 - says what was seen
    """The text was not compared; the exception says why."""


@dataclass(kw_only=True)
class StepLimit:
    """How much work all expressions of a profile may do together."""

    left: int = _MOST_STEPS

    def spend(self, steps: int) -> None:
        """Raises TooMuchWork once the work is used up."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork("the profile's expressions take too long to compare")


class Expression:
    """A regular expression in the syntax of Python's `re`, without what needs trying. Raises ExpressionFault."""

    def __init__(self, source: str, limit: StepLimit | None = None) -> None:
        self.source = source
        self._limit = limit or StepLimit()
        self._states = [*read_states(source), State()]  # the last one is the end

    def matches(self, text: str) -> bool:
        """Whether the expression matches the whole text. Raises TooMuchWork."""
        if len(text) > _LONGEST_TEXT:
            raise TooMuchWork(f"it has {len(text):,} characters, more than the {_LONGEST_TEXT:,} that are compared")
        now = self._reach([0], text, 0)
        for place, letter in enumerate(text):
            read = [number + 1 for number in now if (accepts := self._states[number].accepts) and accepts(letter)]
            now = self._reach(read, text, place + 1)
            if not now:
                return False
        return len(self._states) - 1 in now

    def _reach(self, waiting: list[int], text: str, place: int) -> set[int]:
        """The states that can be reached without reading on."""
        seen = set(waiting)
        while waiting:
            number = waiting.pop()
            state = self._states[number]
            if state.accepts is not None or not _is_at(state.at, text, place):
                continue
            for way in state.ways:
                if number + way not in seen:
                    seen.add(number + way)
                    waiting.append(number + way)
        self._limit.spend(len(seen) + 1)
        return seen


def _is_at(where: str, text: str, place: int) -> bool:
    if where == "start":
        return place == 0
    if where == "last line":
        return place == len(text) or (place == len(text) - 1 and text[-1] == "\n")
    return where != "end" or place == len(text)
