"""The file that holds the history of a shelf: where it lies, and whether it is of this shelf."""

import os
from pathlib import Path

from confocal_bag.audit.history import History
from confocal_bag.audit.shelf import Survey
from confocal_bag.containment import folders_around
from confocal_bag.counted import counted
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.address import address_of

__all__ = ["HISTORY_NAME", "history_of", "refuse_empty_shelf", "refuse_no_bags", "refuse_other_shelf"]

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


def refuse_empty_shelf(history: History, shelf: Path) -> None:
    """A folder with nothing in it at all, where bags lay, is most often a disk that is not mounted.

    Not so where the history lies on the shelf itself: then it is there.
    """
    (known,) = history.rows("SELECT count(*) FROM bag WHERE vanished IS NULL AND forgotten IS NULL")[0]
    try:
        is_empty = next(shelf.iterdir(), None) is None
    except OSError:
        return  # the walk over the shelf says it
    if known and is_empty:
        raise CannotFinish(
            f"The shelf {readable_path(shelf)} is empty, and the history knows {counted(known, 'bag')} on it; is it "
            "mounted? Mount it, or say of each bag that was taken away on purpose: audit SHELF --forget BAG"
        )


def refuse_other_shelf(history: History, shelf: Path, *, is_moved: bool = False) -> None:
    """A history that is used for another shelf by mistake would take its bags for those of the first.

    A history that lies on the shelf moves with it; of another, somebody has to say that the shelf `is_moved`.
    """
    place = history.place()
    if place is None or Path(place) == shelf.resolve() or _is_same_folder(Path(place), shelf):
        return
    history_is, here = f"The history {readable_path(history.path)} is of the shelf {readable_path(place)}", shelf
    known = history.rows("SELECT path FROM bag WHERE vanished IS NULL AND forgotten IS NULL")
    if known and not any(os.path.lexists(shelf / path) for (path,) in known):
        raise CannotFinish(
            f"{history_is}, and none of its bags is in {readable_path(here)}. Name another file by --history."
        )
    if not is_moved and history.path.resolve().parent != shelf.resolve():
        raise CannotFinish(
            f"{history_is}, not of {readable_path(here)}. Name another file by --history; if it is the same "
            "shelf, which was moved or mounted elsewhere, say so with --moved."
        )


def _is_same_folder(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
