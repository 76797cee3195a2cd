"""The file that holds the history of a shelf: where it lies, and whether it is of this shelf."""

import os
from pathlib import Path

from confocal_bag.audit.history import History
from confocal_bag.audit.shelf import Survey
from confocal_bag.containment import folders_around
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.address import address_of

__all__ = ["HISTORY_NAME", "history_of", "refuse_no_bags", "refuse_other_shelf"]

#: The history of a shelf, unless another is named: outside every bag, on the shelf.
HISTORY_NAME = ".confocal-bag-audit.sqlite"


def history_of(shelf: Path, history: Path | None) -> Path:
    """Where the history of a shelf is.

    Raises `CannotFinish` for a shelf that is none, or a history inside a bag or a deposit.
    """
    if address_of(shelf) is not None:
        raise CannotFinish(
            f"{readable_path(shelf)} lies in a store, and audit walks over folders of this machine only; mount it, or "
            "check its bags where they lie, with `confocal-bag validate --from LIST`."
        )
    if not shelf.is_dir():
        raise CannotFinish(f"{readable_path(shelf)} is no folder; name the folder that holds the bags.")
    path = history or shelf / HISTORY_NAME
    for inside in folders_around(path):
        if (inside / "bagit.txt").is_file():
            raise CannotFinish(
                f"{readable_path(path)} would lie in the bag {readable_path(inside)}, which is never written to. "
                "Name the folder that holds the bags, or another history by --history."
            )
    refuse_inside_deposit(path)
    return path


def refuse_no_bags(shelf: Path, history: History | None = None) -> None:
    """Refuse a folder without bags, of which the history tells none either: it was hardly meant.

    A shelf of which a folder cannot be read is not refused: there may be bags in it.
    """
    if history is not None and history.rows("SELECT 1 FROM bag LIMIT 1"):
        return
    survey = Survey(shelf=shelf, is_known=lambda _: False)
    if next(survey.bags(), None) is None and not survey.unreadable:
        raise CannotFinish(
            f"No bag lies in {readable_path(shelf)} or below it, so there is nothing to audit; check the path."
        )


def refuse_other_shelf(history: History, shelf: Path) -> None:
    """A history that is used for another shelf by mistake would say that every bag vanished."""
    place = history.place()
    if place is None or Path(place) == shelf.resolve():
        return
    known = history.rows("SELECT path FROM bag WHERE vanished IS NULL AND forgotten IS NULL")
    if known and not any(os.path.lexists(shelf / path) for (path,) in known):
        raise CannotFinish(
            f"The history {readable_path(history.path)} is of the shelf {readable_path(place)}, and none of its bags "
            f"is in {readable_path(shelf)}. Name another file by --history."
        )
