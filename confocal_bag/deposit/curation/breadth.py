"""Rows of an answer sheet that speak of many fields: each field has the answer of the row that speaks of fewest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.cells import fields_of
from confocal_bag.deposit.curation.sheet import SheetRow

__all__ = ["SpreadRows", "spread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRows:
    """One row for each field, in the order of the sheet, and the rows that contradict another of the same breadth.

    With each of these stands the number of the row that it contradicts; neither of the two is among the others.
    """

    rows: tuple[SheetRow, ...]
    contradicting: tuple[tuple[SheetRow, int], ...] = ()


def spread(rows: Sequence[SheetRow]) -> SpreadRows:
    """Take rows apart that have one answer for many fields."""
    chosen: dict[str, tuple[int, SheetRow]] = {}
    contradicting: list[tuple[SheetRow, int]] = []
    disputed: dict[str, int] = {}
    for row in rows:
        fields = fields_of(row.field)
        for field in fields:
            breadth, there = chosen.get(field, (len(fields) + 1, row))
            one = replace(row, field=field)
            if breadth > len(fields):
                chosen[field] = (len(fields), one)
                disputed.pop(field, None)
            elif breadth == len(fields) and there.answer != row.answer:
                contradicting.append((one, there.number))
                disputed[field] = one.number
    contradicting += [(chosen[field][1], other) for field, other in disputed.items()]
    spread_rows = sorted(
        (one for field, (_, one) in chosen.items() if field not in disputed), key=lambda one: one.number
    )
    return SpreadRows(rows=tuple(spread_rows), contradicting=tuple(contradicting))
