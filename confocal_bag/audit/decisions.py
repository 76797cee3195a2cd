"""What somebody decided of a bag: that it was taken away on purpose, or that it is meant as it is now."""

from datetime import UTC, datetime
from pathlib import Path

from confocal_bag.audit.history import BagState, History, moment
from confocal_bag.audit.history_file import history_of
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["accept_damage", "forget_bag"]


def forget_bag(shelf: str | Path, bag: str, *, history: Path | None = None, clock: datetime | None = None) -> None:
    """Record that a bag which is no longer on the shelf was taken away on purpose.

    Raises `CannotFinish` for a bag that is unknown or still there.
    """
    with _opened(Path(shelf), history) as open_:
        known = _bag(open_, bag)
        if known.vanished is None:
            raise CannotFinish(f"{bag} was on the shelf at the last audit; only bags that are gone can be forgotten.")
        open_.forget(known, clock or datetime.now(UTC))


def accept_damage(shelf: str | Path, bag: str, *, history: Path | None = None, clock: datetime | None = None) -> None:
    """Record that the files of a bag which were found damaged, and are as its manifests list them by now, are meant so.

    Raises `CannotFinish` for a bag that is unknown, or of which no such file is known.
    """
    now = clock or datetime.now(UTC)
    with _opened(Path(shelf), history) as open_:
        known = _bag(open_, bag)
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


def _opened(shelf: Path, history: Path | None) -> History:
    path = history_of(shelf, history)
    if not path.is_file():
        raise CannotFinish(f"There is no audit history at {readable_path(path)}. Run the audit first.")
    return History(path)


def _bag(history: History, bag: str) -> BagState:
    known = [one for one in history.states("forgotten IS NULL") if bag in (one.path, readable_path(one.path))]
    if not known:
        raise CannotFinish(f"The history knows no bag {bag}; give its path as 'audit --status' shows it.")
    return known[0]
