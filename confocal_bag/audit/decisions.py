"""What somebody decided of a bag: that it was taken away on purpose, or that it is meant as it is now."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from confocal_bag.audit.history import History, moment
from confocal_bag.audit.history_file import history_of, refuse_other_shelf
from confocal_bag.audit.wanted import known_bag
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["accept_damage", "forget_bag"]


def forget_bag(
    shelf: str | Path,
    bag: str,
    *,
    history: Path | None = None,
    is_moved: bool = False,
    clock: datetime | None = None,
) -> None:
    """Record that a bag which is no longer on the shelf was taken away on purpose.

    Raises `CannotFinish` for a bag that is unknown or still there.
    """
    with _opened(Path(shelf), history, is_moved=is_moved) as open_:
        known = known_bag(open_, Path(shelf), bag)
        if known.vanished is None and os.path.lexists(Path(shelf) / known.path):
            raise CannotFinish(f"{bag} is on the shelf; only bags that are gone can be forgotten.")
        open_.forget(known, clock or datetime.now(UTC))


def accept_damage(
    shelf: str | Path,
    bag: str,
    *,
    history: Path | None = None,
    is_moved: bool = False,
    clock: datetime | None = None,
) -> None:
    """Record that the files of a bag which were found damaged, and are as its manifests list them by now, are meant so.

    Raises `CannotFinish` for a bag that is unknown, or of which no such file is known.
    """
    now = clock or datetime.now(UTC)
    with _opened(Path(shelf), history, is_moved=is_moved) as open_:
        known = known_bag(open_, Path(shelf), bag)
        with open_.transaction() as change:
            accepted = change.execute(
                "UPDATE damage SET settled = ?, settled_by = 'accepted' "
                "WHERE bag_id = ? AND settled IS NULL AND state <> 'damaged'",
                (moment(now), known.id),
            ).rowcount
            if not accepted:
                raise CannotFinish(
                    f"No damage of {bag} can be accepted: only that of files which agree with the manifests again. "
                    "Restore it, or renew its manifests and audit it first."
                )
            change.execute("INSERT INTO event (bag_id, at, what) VALUES (?, ?, 'accepted')", (known.id, moment(now)))


@contextmanager
def _opened(shelf: Path, history: Path | None, *, is_moved: bool) -> Iterator[History]:
    path = history_of(shelf, history)
    if not path.is_file():
        raise CannotFinish(f"There is no audit history at {readable_path(path)}. Run the audit first.")
    with History(path) as open_:
        refuse_other_shelf(open_, shelf, is_moved=is_moved)
        yield open_
