"""Deposits that a curator works on, told by the folder NAME.curation beside them."""

from pathlib import Path

from confocal_bag.containment import folders_around
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["refuse_inside_deposit"]


def refuse_inside_deposit(output: Path) -> None:
    """Refuse to write into a deposit that a curator works on. Raises `CannotFinish`."""
    for folder in folders_around(output):
        mark = folder.with_name(f"{folder.name}.curation") if folder.name else None
        if mark is not None and mark.is_dir():
            raise CannotFinish(
                f"{readable_path(output)} lies in the deposit {readable_path(folder)}, which is never written to. "
                f"Choose another place, such as {readable_path(mark.name)} beside it. If {readable_path(folder.name)} "
                f"is no deposit, rename {readable_path(mark)} and keep it: that folder alone makes it one, and "
                "all that was answered about the deposit of that name lies in it."
            )
