"""One question to the depositor or the curator, with the places for its answers."""

from dataclasses import dataclass

from confocal_bag.deposit.curation.cells import Cell
from confocal_bag.deposit.curation.wording import Wording
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["Request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to the depositor. `level` is the least demanding level that needs it; None for the primer's own."""

    key: str
    wording: Wording
    cells: tuple[Cell, ...]
    subjects: tuple[str, ...]
    level: PracticeLevel | None
    shown: tuple[str, ...] = ()
