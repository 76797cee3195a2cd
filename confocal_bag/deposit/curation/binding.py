"""Know whether an answer sheet is of a deposit: by the names and sizes of some files that it was made for."""

import hashlib
import re
from collections.abc import Iterable

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["deposit_marks", "read_marks", "refuse_other_deposit", "written_marks"]

#: So many files stand for all: those whose marks come first, so that files that are added later change few of them.
_MOST = 16


def deposit_marks(inventory: Inventory) -> tuple[str, ...]:
    """The marks of a deposit, at most 16."""
    return tuple(sorted(set(map(_mark, inventory.files)))[:_MOST])


def _mark(record: FileRecord) -> str:
    told = f"{readable_path(record.path)}\0{record.bytes}"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:10]


def written_marks(marks: Iterable[str]) -> str:
    """The marks as a cell of a sheet; no spreadsheet program takes it for a number."""
    return f"files {' '.join(marks)}"


def read_marks(cell: str) -> tuple[str, ...]:
    """The marks of a cell; none where it holds none."""
    return tuple(re.findall(r"\b[0-9a-f]{10}\b", cell))


def refuse_other_deposit(marks: Iterable[str], inventory: Inventory, *, sheet: str, deposit: str) -> None:
    """Raise `CannotFinish` where fewer than half of the files that a sheet was made for are in the deposit.

    A sheet without marks says nothing of its deposit, and is not refused.
    """
    wanted = set(marks)
    here = wanted.intersection(map(_mark, inventory.files))
    if len(here) * 2 < len(wanted):
        raise CannotFinish(
            f"{sheet} is the answer sheet of another deposit: {_how_many(len(wanted), len(here))} {deposit}. "
            f"Use the sheet that `confocal-bag ask {deposit} --sheet` wrote."
        )


def _how_many(wanted: int, here: int) -> str:
    if wanted == 1:
        return "the one file that it was made for is not in"
    found = f"only {here}" if here else "none"
    return f"of the {wanted} files that it goes by, {found} {'is' if here == 1 else 'are'} in"
