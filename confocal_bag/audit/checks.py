"""The checks in the history of a shelf: what the last one saw of a bag, and a new one written down."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from confocal_bag.audit.change import Change, Deviation, Kind, Seen
from confocal_bag.audit.examine import Examined, listed_files
from confocal_bag.audit.history import History, moment
from confocal_bag.audit.schema import stored
from confocal_bag.findings import Report, Severity

__all__ = ["FileChanges", "damaged_since", "last_seen", "record_check", "record_failure"]

#: Findings kept of one check; a damaged bag may have very many, and the first ones tell the story.
_MOST_FINDINGS = 1000


class FileChanges(NamedTuple):
    """How many files were added to, taken from and replaced in the manifests since the check before."""

    added: int
    removed: int
    replaced: int


def last_seen(history: History, bag: int) -> Seen | None:
    """What the last finished check of a bag saw."""
    found = history.rows(
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
        for path, kind, algorithm, expected, seen in history.rows(sql, check)
    )
    return Seen(manifests=manifests, tag_manifests=tag_manifests, deviations=deviations)


def damaged_since(history: History, bag: int) -> tuple[Change, str] | None:
    """What the damage of a bag that is still damaged was when it was noticed, and when that was."""
    found = history.rows(
        "SELECT change, ended FROM bag_check WHERE bag_id = ? AND change IN (?, ?, ?, ?) ORDER BY id DESC LIMIT 1",
        *(bag, Change.BIT_ROT, Change.FILES_LOST, Change.INCONSISTENT, Change.DAMAGED_AT_FIRST),
    )
    return (Change(found[0][0]), found[0][1]) if found else None


def record_check(
    history: History, *, owner: str, run: int, bag: int, examined: Examined, change: Change, now: datetime
) -> FileChanges | None:
    """Record a finished check; None, and nothing is recorded, when the bag is another auditor's by now."""
    with history.transaction() as open_:
        if not _is_held(open_, bag, owner):
            return None
        check = _insert_check(open_, (bag, run), examined.report, change, times=(examined.started, examined.ended))
        open_.execute(
            "UPDATE bag_check SET files = ?, bytes = ?, manifests = ?, tag_manifests = ? WHERE id = ?",
            (examined.files, examined.size, examined.seen.manifests, examined.seen.tag_manifests, check),
        )
        open_.executemany(
            "INSERT INTO deviation VALUES (?, ?, ?, ?, ?, ?)",
            ((check, one.path, one.kind, one.algorithm, one.expected, one.seen) for one in examined.seen.deviations),
        )
        changes = _update_files(open_, bag, check, examined.listing) if examined.listing is not None else None
        open_.execute(
            "UPDATE bag SET tried = ?, checked = ?, verdict = ?, change = ?, bytes = ?, seconds = ?, "
            "lease_owner = NULL, lease_taken = NULL, lease_until = NULL WHERE id = ?",
            (*[moment(now)] * 2, examined.report.verdict, change, examined.size, examined.seconds, bag),
        )
        open_.execute("UPDATE run SET bags = bags + 1, bytes = bytes + ? WHERE id = ?", (examined.size, run))
    return changes or FileChanges(0, 0, 0)


def record_failure(history: History, *, owner: str, run: int, bag: int, report: Report, now: datetime) -> None:
    """Record that a bag could not be looked at: it stays due, and others come first."""
    with history.transaction() as open_:
        if _is_held(open_, bag, owner):
            _insert_check(open_, (bag, run), report, Change.UNKNOWN, times=(now, now))
            open_.execute(
                "UPDATE bag SET tried = ?, verdict = ?, change = ?, "
                "lease_owner = NULL, lease_taken = NULL, lease_until = NULL WHERE id = ?",
                (moment(now), report.verdict, Change.UNKNOWN, bag),
            )


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
