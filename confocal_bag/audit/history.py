"""What is known of each bag on a shelf, and of every check of it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from confocal_bag import __version__
from confocal_bag.audit.change import Change, Deviation, Kind, Seen
from confocal_bag.audit.examine import Examined, listed_files
from confocal_bag.audit.schema import connect, said_as_sentence, stored
from confocal_bag.audit.shelf import FoundBag
from confocal_bag.findings import Report, Severity

__all__ = ["BagState", "FileChanges", "History", "moment"]

#: Findings kept of one check; a damaged bag may have very many, and the first ones tell the story.
_MOST_FINDINGS = 1000


def moment(when: datetime) -> str:
    """A time as the history writes it: UTC, to the millisecond, so that text sorts as time does."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class BagState:
    """One bag as the history has it; times are as `moment` writes them."""

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


class FileChanges(NamedTuple):
    """How many files were added to, taken from and replaced in the manifests since the check before."""

    added: int
    removed: int
    replaced: int


_STATE = "id, path, kind, appeared, vanished, checked, tried, verdict, change, bytes, seconds"


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
                    "SELECT id, vanished, forgotten FROM bag WHERE path = CAST(? AS TEXT)", (path,)
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
                open_.execute(
                    "UPDATE bag SET seen = ?, kind = ?, vanished = NULL, forgotten = NULL WHERE id = ?",
                    (at, kind, row[0]),
                )

    def not_seen_since(self, when: datetime) -> list[BagState]:
        """Bags that were on the shelf and that no walk since has seen."""
        return self.states("vanished IS NULL AND forgotten IS NULL AND seen < ?", moment(when))

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

    def last_seen(self, bag: int) -> Seen | None:
        """What the last finished check of a bag saw."""
        found = self.rows(
            "SELECT id, manifests, tag_manifests FROM bag_check WHERE bag_id = ? AND manifests IS NOT NULL "
            "ORDER BY id DESC LIMIT 1",
            bag,
        )
        if not found:
            return None
        check, manifests, tag_manifests = found[0]
        sql = "SELECT path, kind, algorithm, expected, seen FROM deviation WHERE check_id = ?"
        deviations = tuple(
            Deviation(path=path, kind=Kind(kind), algorithm=algorithm, expected=expected, seen=seen)
            for path, kind, algorithm, expected, seen in self.rows(sql, check)
        )
        return Seen(manifests=manifests, tag_manifests=tag_manifests, deviations=deviations)

    def damaged_since(self, bag: int) -> tuple[Change, str] | None:
        """What the damage of a bag that is still damaged was when it was noticed, and when that was."""
        found = self.rows(
            "SELECT change, ended FROM bag_check WHERE bag_id = ? AND change IN (?, ?, ?, ?) ORDER BY id DESC LIMIT 1",
            *(bag, Change.BIT_ROT, Change.FILES_LOST, Change.INCONSISTENT, Change.DAMAGED_AT_FIRST),
        )
        return (Change(found[0][0]), found[0][1]) if found else None

    def record(
        self, *, owner: str, run: int, bag: int, examined: Examined, change: Change, now: datetime
    ) -> FileChanges | None:
        """Record a finished check; None, and nothing is recorded, when the bag is another auditor's by now."""
        with self.transaction() as open_:
            if not _is_held(open_, bag, owner):
                return None
            check = _insert_check(open_, (bag, run), examined.report, change, times=(examined.started, examined.ended))
            open_.execute(
                "UPDATE bag_check SET files = ?, bytes = ?, manifests = ?, tag_manifests = ? WHERE id = ?",
                (examined.files, examined.size, examined.seen.manifests, examined.seen.tag_manifests, check),
            )
            open_.executemany(
                "INSERT INTO deviation VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (check, one.path, one.kind, one.algorithm, one.expected, one.seen)
                    for one in examined.seen.deviations
                ),
            )
            changes = _update_files(open_, bag, check, examined.listing) if examined.listing is not None else None
            open_.execute(
                "UPDATE bag SET tried = ?, checked = ?, verdict = ?, change = ?, bytes = ?, seconds = ?, "
                "lease_owner = NULL, lease_taken = NULL, lease_until = NULL WHERE id = ?",
                (*[moment(now)] * 2, examined.report.verdict, change, examined.size, examined.seconds, bag),
            )
            open_.execute("UPDATE run SET bags = bags + 1, bytes = bytes + ? WHERE id = ?", (examined.size, run))
        return changes or FileChanges(0, 0, 0)

    def record_failure(self, *, owner: str, run: int, bag: int, report: Report, now: datetime) -> None:
        """Record that a bag could not be looked at: it stays due, and others come first."""
        with self.transaction() as open_:
            if _is_held(open_, bag, owner):
                _insert_check(open_, (bag, run), report, Change.UNKNOWN, times=(now, now))
                open_.execute(
                    "UPDATE bag SET tried = ?, verdict = ?, change = ?, "
                    "lease_owner = NULL, lease_taken = NULL, lease_until = NULL WHERE id = ?",
                    (moment(now), report.verdict, Change.UNKNOWN, bag),
                )


def _state(row: Sequence[object]) -> BagState:
    return BagState(**dict(zip(_STATE.split(", "), row, strict=True)))  # type: ignore[arg-type]  # as the schema says


def _note(open_: sqlite3.Connection, bag: int, at: str, what: str) -> None:
    open_.execute("INSERT INTO event (bag_id, at, what) VALUES (?, ?, ?)", (bag, at, what))


def _is_held(open_: sqlite3.Connection, bag: int, owner: str) -> bool:
    found = open_.execute("SELECT 1 FROM bag WHERE id = ? AND lease_owner = ?", (bag, owner)).fetchone()
    return found is not None


def _insert_check(
    open_: sqlite3.Connection,
    bag_and_run: tuple[int, int],
    report: Report,
    change: Change,
    *,
    times: tuple[datetime, datetime],
) -> int:
    """Insert a check with its worst findings; its number."""
    worst_first = sorted(report.findings, key=lambda finding: finding.severity.rank)
    counts = [sum(one.severity is severity for one in worst_first) for severity in (Severity.ERROR, Severity.WARNING)]
    cursor = open_.execute(
        "INSERT INTO bag_check (bag_id, run_id, started, ended, verdict, change, errors, warnings) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*bag_and_run, moment(times[0]), moment(times[1]), report.verdict, change, *counts),
    )
    check = int(cursor.lastrowid or 0)
    open_.executemany(
        "INSERT INTO finding VALUES (?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT))",
        (
            (check, one.rule, one.severity, stored(one.path) if one.path is not None else None, stored(one.message))
            for one in worst_first[:_MOST_FINDINGS]
        ),
    )
    return check


def _update_files(open_: sqlite3.Connection, bag: int, check: int, listing: Sequence[bytes]) -> FileChanges:
    """Close the rows of files that are no longer listed so, and open rows for those that newly are."""
    open_.execute("DELETE FROM incoming")
    for rows in listed_files(listing):
        open_.executemany("INSERT OR IGNORE INTO incoming VALUES (?, ?, ?)", rows)
    closed = open_.execute(
        "UPDATE file SET until_check = :check WHERE bag_id = :bag AND until_check IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM incoming WHERE incoming.path = file.path AND incoming.algorithm = file.algorithm "
        "AND incoming.digest = file.digest)",
        {"bag": bag, "check": check},
    ).rowcount
    opened = open_.execute(
        "INSERT INTO file (bag_id, path, algorithm, digest, since_check) "
        "SELECT :bag, path, algorithm, digest, :check FROM incoming WHERE NOT EXISTS ("
        "SELECT 1 FROM file WHERE bag_id = :bag AND file.path = incoming.path AND until_check IS NULL)",
        {"bag": bag, "check": check},
    ).rowcount
    (replaced,) = open_.execute(
        "SELECT count(*) FROM file AS old JOIN file AS new ON new.bag_id = old.bag_id AND new.path = old.path "
        "AND new.since_check = old.until_check WHERE old.bag_id = ? AND old.until_check = ?",
        (bag, check),
    ).fetchone()
    open_.execute("DELETE FROM incoming")
    return FileChanges(added=opened - replaced, removed=closed - replaced, replaced=replaced)
