"""The checks in the history of a shelf: what the last one saw of a bag, and a new one written down."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from confocal_bag.audit.change import Change, Deviation, Judgement, Kind, Seen
from confocal_bag.audit.damage import follow_damage, note_damage
from confocal_bag.audit.examine import Examined
from confocal_bag.audit.history import History, moment
from confocal_bag.audit.listings import FileChanges, nothing_is_left, update_files
from confocal_bag.audit.schema import stored
from confocal_bag.findings import Report, Severity, Verdict

__all__ = ["damaged_since", "last_seen", "record_check", "record_failure"]

#: Findings kept of one check; a damaged bag may have very many, and the first ones tell the story.
_MOST_FINDINGS = 1000


def last_seen(history: History, bag: int) -> Seen | None:
    """What the last finished check of a bag saw."""
    found = history.rows(
        "SELECT id, manifests, tag_manifests, tag_files, by_algorithm, verdict FROM bag_check "
        "WHERE bag_id = ? AND manifests IS NOT NULL ORDER BY id DESC LIMIT 1",
        bag,
    )
    if not found:
        return None
    check, manifests, tag_manifests, tag_files, by_algorithm, verdict = found[0]
    sql = "SELECT path, kind, algorithm, expected, seen FROM deviation WHERE check_id = ?"
    deviations = tuple(
        Deviation(path=path, kind=Kind(kind), algorithm=algorithm, expected=expected, seen=seen)
        for path, kind, algorithm, expected, seen in history.rows(sql, check)
    )
    return Seen(
        manifests=manifests,
        tag_manifests=tag_manifests,
        tag_files=tag_files,
        by_algorithm=json.loads(by_algorithm or "{}"),
        deviations=deviations,
        is_valid=verdict != Verdict.INVALID,
    )


def damaged_since(history: History, bag: int) -> tuple[Change, str] | None:
    """What the damage of a bag that is still damaged was when it was noticed, and when that was."""
    found = history.rows(
        "SELECT change, ended FROM bag_check WHERE bag_id = ? AND change IN (?, ?, ?, ?, ?) ORDER BY id DESC LIMIT 1",
        *(bag, Change.BIT_ROT, Change.FILES_LOST, Change.LIST_DAMAGED, Change.INCONSISTENT, Change.DAMAGED_AT_FIRST),
    )
    return (Change(found[0][0]), found[0][1]) if found else None


def record_check(
    history: History,
    *,
    owner: str,
    run: int,
    bag: int,
    examined: Examined,
    before: Seen | None,
    judgement: Judgement,
    now: datetime,
) -> tuple[Change, FileChanges] | None:
    """Record a finished check; None, and nothing is recorded, when the bag is another auditor's by now.

    A change that left nothing of the former payload is told as what it is: another bag in the place of the former.
    """
    seen = examined.seen
    with history.transaction() as open_:
        if not _is_held(open_, bag, owner):
            return None
        change = judgement.change
        check = _insert_check(open_, (bag, run), examined.report, change, times=(examined.started, examined.ended))
        open_.execute(
            "UPDATE bag_check SET files = ?, bytes = ?, manifests = ?, tag_manifests = ?, tag_files = ?, "
            "by_algorithm = ? WHERE id = ?",
            (
                *(examined.files, examined.size, seen.manifests, seen.tag_manifests, seen.tag_files),
                *(json.dumps(dict(seen.by_algorithm)), check),
            ),
        )
        found = list(zip(seen.deviations, judgement.means, strict=True))
        open_.executemany(
            "INSERT INTO deviation VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((check, one.path, one.kind, one.algorithm, one.expected, one.seen, means) for one, means in found),
        )
        changes = FileChanges()
        if examined.listing is not None:
            changes = update_files(open_, bag, check, examined.listing)
            if _same_payload_list(before, seen):
                changes = replace(changes, relisted=0)
            elif change is Change.DELIBERATE and nothing_is_left(open_, bag, check):
                change = Change.REPLACED
                open_.execute("UPDATE bag_check SET change = ? WHERE id = ?", (change, check))
        note_damage(open_, bag, check, found)
        follow_damage(open_, bag, {one.path for one in seen.deviations}, now, is_valid=seen.is_valid)
        open_.execute(
            "UPDATE bag SET tried = ?, checked = ?, verdict = ?, change = ?, bytes = ?, seconds = ?, "
            "failed = NULL, suspect = NULL, lease_owner = NULL, lease_taken = NULL, lease_until = NULL WHERE id = ?",
            (*[moment(now)] * 2, examined.report.verdict, change, examined.size, examined.seconds, bag),
        )
        open_.execute("UPDATE run SET bags = bags + 1, bytes = bytes + ? WHERE id = ?", (examined.size, run))
    return change, changes


def _same_payload_list(before: Seen | None, now: Seen) -> bool:
    """Whether one algorithm lists the payload now as it did at the check before, whatever the others do."""
    return before is not None and any(before.by_algorithm.get(name) == one for name, one in now.by_algorithm.items())


def record_failure(history: History, *, owner: str, run: int, bag: int, report: Report, now: datetime) -> None:
    """Record that a bag could not be looked at: what is known of it stays known, it is due, and others come first."""
    with history.transaction() as open_:
        if _is_held(open_, bag, owner):
            _insert_check(open_, (bag, run), report, Change.UNKNOWN, times=(now, now))
            open_.execute(
                "UPDATE bag SET tried = ?, failed = ?, "
                "lease_owner = NULL, lease_taken = NULL, lease_until = NULL WHERE id = ?",
                (moment(now), moment(now), bag),
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
