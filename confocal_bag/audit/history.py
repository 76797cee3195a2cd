"""The history of a shelf: which bags were seen on it, when, and what became of them."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from confocal_bag import __version__
from confocal_bag.audit.schema import connect, said_as_sentence, stored
from confocal_bag.audit.shelf import FoundBag
from confocal_bag.findings import Verdict

__all__ = ["AHEAD", "DUE", "BagState", "History", "moment"]


def moment(when: datetime) -> str:
    """A time as the history writes it: UTC, to the millisecond, so that text sorts as time does."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class BagState:
    """One bag as the history has it; times are as `moment` writes them.

    `verdict` and `change` are of the last check that was finished at `checked`; `failed` is when it could not be looked
    at since then, `suspect` when it was noticed that what lies at its path does not look like a bag any more.
    """

    id: int
    path: str
    kind: str
    appeared: str
    vanished: str | None
    checked: str | None
    tried: str | None
    verdict: str | None
    change: str | None
    bytes: int | None
    seconds: float | None
    failed: str | None
    suspect: str | None


_STATE = "id, path, kind, appeared, vanished, checked, tried, verdict, change, bytes, seconds, failed, suspect"
#: What was recorded further ahead than this was recorded by a clock gone wrong, and does not count.
AHEAD = timedelta(days=1)
#: Due now: never checked or too long ago, not looked at when it was tried, or not like a bag any more.
DUE = "(checked IS NULL OR checked < ? OR failed IS NOT NULL OR suspect IS NOT NULL)"


class History:
    """An open history. Every change is one transaction, on the disk when the call returns."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._read_only = read_only
        self._connection = connect(path, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.OperationalError):  # where another is at work, the last to end does it
            if not self._read_only:
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def rows(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]  # of any columns
        """The rows of a question."""
        with said_as_sentence(self.path):
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the changes inside, or none."""
        with said_as_sentence(self.path):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:  # an interruption may come between any two lines
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def place(self) -> str | None:
        """Where the shelf was when it was audited last."""
        found = self.rows("SELECT place FROM shelf")
        return found[0][0] if found else None

    def begin_run(self, *, auditor: str, place: str, budget: str | None, now: datetime) -> int:
        """Record that an auditor begins; the number of the run."""
        with self.transaction() as open_:
            open_.execute(
                "INSERT INTO shelf VALUES (1, CAST(? AS TEXT), ?) ON CONFLICT DO UPDATE SET place = excluded.place",
                (stored(place), moment(now)),
            )
            cursor = open_.execute(
                "INSERT INTO run (auditor, tool, started, budget) VALUES (?, ?, ?, ?)",
                (auditor, f"confocal-bag {__version__}", moment(now), budget),
            )
            return int(cursor.lastrowid or 0)

    def end_run(self, run: int, *, outcome: str, now: datetime) -> None:
        """Record how a run ended."""
        with self.transaction() as open_:
            open_.execute("UPDATE run SET ended = ?, outcome = ? WHERE id = ?", (moment(now), outcome, run))

    def is_known(self, path: str) -> bool:
        """Whether a bag was ever seen at this path, unless it was forgotten."""
        sql = "SELECT 1 FROM bag WHERE path = CAST(? AS TEXT) AND forgotten IS NULL"
        return bool(self.rows(sql, stored(path)))

    def note_seen(self, bags: Sequence[FoundBag], now: datetime) -> None:
        """Record that bags are on the shelf."""
        at = moment(now)
        with self.transaction() as open_:
            for bag in bags:
                path, kind = stored(bag.path), "archive" if bag.is_archive else "folder"
                row = open_.execute(
                    "SELECT id, vanished, forgotten, kind FROM bag WHERE path = CAST(? AS TEXT)", (path,)
                ).fetchone()
                if row is None:
                    cursor = open_.execute(
                        "INSERT INTO bag (path, kind, appeared, seen) VALUES (CAST(? AS TEXT), ?, ?, ?)",
                        (path, kind, at, at),
                    )
                    _note(open_, int(cursor.lastrowid or 0), at, "appeared")
                    continue
                if row[1] or row[2]:
                    _note(open_, row[0], at, "returned")
                suspect = None if bag.looks_whole and row[3] == kind else at
                open_.execute(
                    # That a damaged bag is damaged needs no check: it is told until one finds it whole.
                    "UPDATE bag SET seen = ?, kind = ?, vanished = NULL, forgotten = NULL, "
                    "suspect = CASE WHEN ? IS NULL OR verdict = ? THEN NULL ELSE coalesce(suspect, ?) END WHERE id = ?",
                    (at, kind, suspect, Verdict.INVALID, suspect, row[0]),
                )

    def not_seen_since(self, when: datetime, *, now: datetime) -> list[BagState]:
        """Bags that were on the shelf and that no walk since has seen; a clock gone wrong saw none in the future."""
        where = "vanished IS NULL AND forgotten IS NULL AND (seen < ? OR seen > ?)"
        return self.states(where, moment(when), moment(now + AHEAD))

    def note_vanished(self, bags: Sequence[BagState], now: datetime) -> None:
        """Record that bags are no longer on the shelf."""
        at = moment(now)
        with self.transaction() as open_:
            for bag in bags:
                open_.execute("UPDATE bag SET vanished = ? WHERE id = ?", (at, bag.id))
                _note(open_, bag.id, at, "vanished")

    def forget(self, bag: BagState, now: datetime) -> None:
        """Record that a bag was taken from the shelf on purpose; its checks stay in the history."""
        with self.transaction() as open_:
            open_.execute("UPDATE bag SET forgotten = ? WHERE id = ?", (moment(now), bag.id))
            _note(open_, bag.id, moment(now), "forgotten")

    def states(self, where: str, *values: object) -> list[BagState]:
        """The bags of which an SQL condition is true, in the order of their paths."""
        sql = f"SELECT {_STATE} FROM bag WHERE {where} ORDER BY path"  # noqa: S608 - conditions of this package only
        return [_state(row) for row in self.rows(sql, *values)]

    def due(self, cutoff: datetime, *, owner: str) -> int:
        """How many bags on the shelf were never checked, or last before the cutoff, and no other auditor has them."""
        sql = f"SELECT count(*) FROM bag WHERE vanished IS NULL AND forgotten IS NULL AND {DUE}"  # noqa: S608 - ours
        others = " AND (lease_owner IS NULL OR lease_owner = ?)"
        return int(self.rows(sql + others, moment(cutoff), owner)[0][0])

    def with_event_since(self, when: datetime, what: str) -> list[str]:
        """The paths of the bags that `what` happened to since then: appeared, returned, vanished..."""
        sql = "SELECT DISTINCT path FROM event JOIN bag ON bag.id = bag_id WHERE at >= ? AND what = ? ORDER BY path"
        return [path for (path,) in self.rows(sql, moment(when), what)]

    def note_unreadable(self, folders: Mapping[str, str], now: datetime) -> None:
        """Record the folders that could not be looked into by the last walk, and why; others are forgotten."""
        with self.transaction() as open_:
            open_.execute("UPDATE unreadable SET reason = NULL")
            for folder, reason in folders.items():
                open_.execute(
                    "INSERT INTO unreadable VALUES (CAST(? AS TEXT), ?, ?) "
                    "ON CONFLICT DO UPDATE SET reason = excluded.reason",
                    (stored(folder), reason, moment(now)),
                )
            open_.execute("DELETE FROM unreadable WHERE reason IS NULL")

    def unreadable(self) -> dict[str, str]:
        """The folders that the last walk could not look into, and why; none in histories that are older than this."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'unreadable'"):
            return {}
        return dict(self.rows("SELECT folder, reason FROM unreadable ORDER BY folder"))

    def moved_since(self, when: datetime) -> list[tuple[str, str]]:
        """Where bags that were found again under another path since then lie now and lay before."""
        sql = "SELECT path, former_path FROM event JOIN bag ON bag.id = bag_id WHERE at >= ? AND what = 'moved'"
        return [(path, former) for path, former in self.rows(f"{sql} ORDER BY path", moment(when))]


def _state(row: Sequence[object]) -> BagState:
    return BagState(**dict(zip(_STATE.split(", "), row, strict=True)))  # type: ignore[arg-type]  # as the schema says


def _note(open_: sqlite3.Connection, bag: int, at: str, what: str) -> None:
    open_.execute("INSERT INTO event (bag_id, at, what) VALUES (?, ?, ?)", (bag, at, what))
