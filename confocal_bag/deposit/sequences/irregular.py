"""Axes in order whose numbers need not follow each other: elapsed times, dates, acquisitions that a program numbered.

A number that is absent there was perhaps never given: nothing of the stack is lost with it.
"""

import re
from collections.abc import Iterator, Mapping
from math import gcd

from confocal_bag.deposit.sequences.filenames import Kind
from confocal_bag.deposit.sequences.grid import steps, usual_step
from confocal_bag.deposit.sequences.groups import Group
from confocal_bag.deposit.sequences.model import AxisRange, Confidence, FileFacts, Sequence
from confocal_bag.deposit.sequences.words import ACQUISITION_WORDS, TIME_UNITS

__all__ = ["irregular_axes"]

#: People leave out acquisitions that failed; where fewer of their numbers than this part are there, none was lost.
_LEAST_ACQUIRED = 2 / 3
#: A time series that lost frames still has at least this part of them.
_LEAST_FRAMES = 0.5
#: And where its steps only grow, as those of a time course do, more than this part of them are alike.
_MOST_ALIKE = 0.75
_ELAPSED_WORDS = TIME_UNITS | {"d", "day", "days", "wk", "week", "weeks"}
_DATES = (
    re.compile(r"(?:0[1-9]|[1-3][0-9]|9[0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"),
    re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:0[1-9]|[1-3][0-9]|9[0-9])"),
)


def irregular_axes(sequence: Sequence, group: Group, facts: Mapping[str, FileFacts]) -> tuple[str, ...]:
    """The ordered axes of a sequence whose absent numbers are no gap, by the names, and by headers where there are any.

    That is a counter of files each of which is an acquisition of its own, a counter that is a date, and times at which
    nobody expects equal steps.
    """
    return tuple(_irregular(sequence, group, facts))


def _irregular(sequence: Sequence, group: Group, facts: Mapping[str, FileFacts]) -> Iterator[str]:
    for axis in sequence.varying:
        extent = sequence.axes[axis]
        if not steps(extent):
            continue
        if axis == "T":
            free = _is_time_course(extent, in_units=_has_unit(group))
        else:
            guessed = axis.startswith("N") and sequence.confidence is Confidence.GUESS
            free = guessed and _counts_no_planes(extent, group, axis, facts)
        if free:
            yield axis


def _counts_no_planes(extent: AxisRange, group: Group, axis: str, facts: Mapping[str, FileFacts]) -> bool:
    """Whether a number that no word explains is a date, a day of an experiment, or the number of an acquisition."""
    words = set(group.axes[axis].words)
    if _are_dates(group.axes[axis].texts) or _are_acquisitions(group, facts):
        return True
    if words <= _ELAPSED_WORDS:
        return _is_time_course(extent, in_units=True)
    return words <= ACQUISITION_WORDS and _present(extent, step=1) < _LEAST_ACQUIRED


def _present(extent: AxisRange, *, step: int) -> float:
    """Which part of the numbers from first to last, counted in these steps, the axis has."""
    return extent.count / ((int(extent.last) - int(extent.first)) / step + 1)


def _are_acquisitions(group: Group, facts: Mapping[str, FileFacts]) -> bool:
    """Whether every file is a whole acquisition: by its format, or because it holds several pages of its own."""
    if all(entry.name.kind is Kind.CONTAINER for entry in group.entries):
        return True
    known = [facts.get(entry.name.path) for entry in group.entries]
    return all(fact is not None and (fact.pages or 1) > 1 for fact in known)


def _are_dates(texts: list[str]) -> bool:
    """Whether all texts are dates of six digits, year first or last."""
    return any(all(form.fullmatch(text) for text in texts) for form in _DATES)


def _is_time_course(extent: AxisRange, *, in_units: bool) -> bool:
    """Whether times are those of an experiment and not of frames one after the other.

    Without a unit (t0, t15, t60) only where the numbers are multiples of something, as frames that are counted are not.
    """
    found = steps(extent)
    if not in_units and gcd(int(extent.first), *found) == 1:
        return False
    usual = usual_step(extent)
    alike = found.count(usual) / len(found)
    grows = found == sorted(found)
    return _present(extent, step=usual) < _LEAST_FRAMES or alike <= 0.5 or (grows and alike <= _MOST_ALIKE)


def _has_unit(group: Group) -> bool:
    """Whether the time of every file is written with a unit: t15min, 2h."""
    column = group.axes["T"]
    rows = zip(group.entries, column.words, column.texts, strict=True)
    return all(word in TIME_UNITS or _unit_behind(entry.stem, text) for entry, word, text in rows)


def _unit_behind(stem: str, number: str) -> bool:
    found = re.search(rf"(?<![0-9]){re.escape(number)}[ _-]?([^\W\d_]+)", stem)
    return found is not None and found[1].casefold() in TIME_UNITS
