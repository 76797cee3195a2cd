"""Choosing among what several sources record: the first that says something, or what all of them agree on."""

from collections.abc import Iterable
from typing import TypeVar

from confocal_bag.deposit.placeholders import says_something

__all__ = ["agreed", "answer", "first"]

Value = TypeVar("Value")


def agreed(values: Iterable[Value | None]) -> Value | None:
    """The one value of all that is recorded; None where values differ."""
    known = [value for value in values if value is not None and value != ""]
    return known[0] if known and all(one == known[0] for one in known) else None


def answer(value: str | None) -> str | None:
    """A text, unless it only holds the place of one or says that it is not known."""
    return value if says_something(value) else None


def first(*values: Value | None) -> Value | None:
    """The first value that is recorded."""
    return next((one for one in values if one is not None and one != ""), None)
