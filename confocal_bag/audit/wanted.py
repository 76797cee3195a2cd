"""Bags that somebody names, and why one that is known to be damaged was not checked."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from confocal_bag.audit.history import BagState, History
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["known_bag", "why_not_checked"]


def known_bag(history: History, shelf: Path, name: str) -> BagState:
    """The bag of a history that somebody means, by its path from the shelf or on this machine.

    Raises `CannotFinish` where there is none.
    """
    asked = name.rstrip("/")
    meant = {asked, os.path.relpath(os.path.abspath(asked), os.path.abspath(shelf))}  # noqa: PTH100 - links stay
    known = [one for one in history.states("forgotten IS NULL") if meant & {one.path, readable_path(one.path)}]
    if not known:
        raise CannotFinish(
            f"The history knows no bag {readable_path(name)}; give its path from the shelf, as "
            "'audit SHELF --status --format json' lists all of them."
        )
    return known[0]


def why_not_checked(
    waiting: Sequence[BagState], *, cutoff: str, tried: set[str], stopped: str | None
) -> Mapping[str, str]:
    """Why this run did not check bags to their end, where that is known; `cutoff` is when a check is too old."""
    reasons: dict[str, str] = {}
    for one in waiting:
        is_due = one.checked is None or one.checked < cutoff or bool(one.failed or one.suspect)
        if one.path in tried or one.failed:
            reasons[one.path] = "it could not be looked at"
        elif not is_due:
            reasons[one.path] = "it is not due again by --older-than"
        elif stopped is not None:
            reasons[one.path] = f"this run did not come to it, because {stopped}"
    return reasons
