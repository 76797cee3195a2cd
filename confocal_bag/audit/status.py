"""The health of a shelf as its history tells it, without a look at any bag."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from confocal_bag.audit.change import Change
from confocal_bag.audit.checks import damaged_since
from confocal_bag.audit.history import BagState, History, moment
from confocal_bag.audit.history_file import history_of
from confocal_bag.audit.rules import AUDIT_RULES, BagResult, ShelfView
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, Verdict, readable_path, run_rules

__all__ = ["DEFAULT_OLDER_THAN", "forget_bag", "shelf_status"]

#: How old the last check of a bag may be where nobody says: half a year.
DEFAULT_OLDER_THAN = timedelta(days=180)
_POINTS = 60
_LATEST_RUNS = 20
_KEPT = "vanished IS NULL AND forgotten IS NULL"


def shelf_status(
    shelf: str | Path,
    *,
    history: Path | None = None,
    older_than: timedelta = DEFAULT_OLDER_THAN,
    now: datetime | None = None,
) -> Report:
    """Bags never checked, overdue, not valid or gone, and how much of the shelf was covered over time.

    Raises `CannotFinish` where there is no history.
    """
    shelf, now = Path(shelf), now or datetime.now(UTC)
    path = history_of(shelf, history)
    with History(path, read_only=True) as open_:
        cutoff = moment(now - older_than)
        view = ShelfView(
            results=list(_results(open_)),
            vanished=open_.states("vanished IS NOT NULL AND forgotten IS NULL"),
            overdue=open_.states(f"{_KEPT} AND (checked IS NULL OR checked < ?)", cutoff),
            limit=f"{older_than.total_seconds() / 86400:.3g} days",
        )
        checks, findings = run_rules(AUDIT_RULES, view)
        return Report(
            command="audit",
            subject=readable_path(shelf),
            checks=tuple(checks),
            findings=(*findings, *_not_looked_at(open_)),
            summary=_summary(open_, view, path),
            extra={
                "bags": [_as_record(one) for one in _worth_a_look(open_, cutoff)],
                "coverage": list(_coverage(open_, older_than, now)),
                "runs": _runs(open_),
            },
        )


def forget_bag(shelf: str | Path, bag: str, *, history: Path | None = None, clock: datetime | None = None) -> None:
    """Record that a bag which is no longer on the shelf was taken away on purpose.

    Raises `CannotFinish` for a bag that is unknown or still there.
    """
    shelf = Path(shelf)
    path = history_of(shelf, history)
    if not path.is_file():
        raise CannotFinish(f"There is no audit history at {readable_path(path)}. Run the audit first.")
    with History(path) as open_:
        known = [one for one in open_.states("forgotten IS NULL") if bag in (one.path, readable_path(one.path))]
        if not known:
            raise CannotFinish(f"The history knows no bag {bag}; give its path as 'audit --status' shows it.")
        if known[0].vanished is None:
            raise CannotFinish(f"{bag} was on the shelf at the last audit; only bags that are gone can be forgotten.")
        open_.forget(known[0], clock or datetime.now(UTC))


def _results(history: History) -> Iterator[BagResult]:
    """The bags of which the rules have something to say."""
    quiet = (Change.FIRST, Change.UNCHANGED, Change.UNKNOWN)
    marks = ", ".join("?" for _ in quiet)
    sql = f"{_KEPT} AND change IS NOT NULL AND (verdict = ? OR change NOT IN ({marks}))"
    for one in history.states(sql, Verdict.INVALID, *quiet):
        check = "SELECT max(id) FROM bag_check WHERE bag_id = ?"
        files = history.rows(f"SELECT path FROM deviation WHERE check_id = ({check})", one.id)  # noqa: S608
        first = history.rows(f"SELECT message FROM finding WHERE check_id = ({check}) LIMIT 1", one.id)  # noqa: S608
        yield BagResult(
            path=one.path,
            verdict=Verdict(one.verdict or Verdict.INCOMPLETE),
            change=Change(one.change or Change.UNKNOWN),
            files=[path for (path,) in files],
            first=first[0][0] if first else None,
            since=damaged_since(history, one.id) if one.change == Change.STILL_DAMAGED else None,
        )


def _not_looked_at(history: History) -> Iterator[Finding]:
    for one in history.states(f"{_KEPT} AND change = ?", Change.UNKNOWN):
        shown = readable_path(one.path)
        yield Finding(
            rule="internal.cannot-finish",
            severity=Severity.ERROR,
            path=shown,
            message=f"{shown} could not be looked at on {(one.tried or '')[:10]}.",
            remedy="Run 'confocal-bag validate' on it to see why.",
        )


def _worth_a_look(history: History, cutoff: str) -> list[BagState]:
    return history.states(
        f"forgotten IS NULL AND (vanished IS NOT NULL OR verdict IS NULL OR verdict <> ? OR checked < ?)",  # noqa: F541
        Verdict.VALID,
        cutoff,
    )


def _summary(history: History, view: ShelfView, path: Path) -> dict[str, object]:
    counts = dict(history.rows(f"SELECT verdict, count(*) FROM bag WHERE {_KEPT} GROUP BY verdict"))  # noqa: S608
    known = sum(counts.values())
    return {
        "history": readable_path(path),
        "bags_on_the_shelf": known,
        "never_checked": history.rows(f"SELECT count(*) FROM bag WHERE {_KEPT} AND checked IS NULL")[0][0],  # noqa: S608
        "overdue": len(view.overdue or ()),
        "valid": counts.get(Verdict.VALID, 0) + counts.get(Verdict.VALID_WITH_WARNINGS, 0),
        "invalid": counts.get(Verdict.INVALID, 0),
        "not_looked_at": counts.get(Verdict.INCOMPLETE, 0),
        "vanished": len(view.vanished),
        "oldest_check": history.rows(f"SELECT min(checked) FROM bag WHERE {_KEPT}")[0][0],  # noqa: S608
        "coverage_percent": round(100 * (1 - len(view.overdue or ()) / known), 1) if known else None,
    }


def _coverage(history: History, older_than: timedelta, now: datetime) -> Iterator[dict[str, Any]]:
    """At points in time, how many bags were on the shelf and how many of them had been checked recently enough."""
    (created,) = history.rows("SELECT min(started) FROM run")[0]
    if created is None:
        return
    begin = datetime.fromisoformat(created)
    for number in range(1, _POINTS + 1):
        at = begin + (now - begin) * number / _POINTS
        (known,) = history.rows(
            "SELECT count(*) FROM bag WHERE appeared <= ? AND (vanished IS NULL OR vanished > ?)", *[moment(at)] * 2
        )[0]
        (covered,) = history.rows(
            "SELECT count(DISTINCT bag_id) FROM bag_check JOIN bag ON bag.id = bag_id "
            "WHERE ended > ? AND ended <= ? AND manifests IS NOT NULL AND (vanished IS NULL OR vanished > ?)",
            *(moment(at - older_than), moment(at), moment(at)),
        )[0]
        yield {"at": moment(at), "bags": known, "checked": covered}


def _runs(history: History) -> list[dict[str, Any]]:
    """The latest runs, the newest first."""
    names = ("started", "ended", "outcome", "bags", "bytes", "budget")
    rows = history.rows(f"SELECT {', '.join(names)} FROM run ORDER BY id DESC LIMIT {_LATEST_RUNS}")  # noqa: S608
    return [dict(zip(names, row, strict=True)) for row in rows]


def _as_record(one: BagState) -> dict[str, Any]:
    return {
        "path": readable_path(one.path),
        "verdict": one.verdict,
        "change": one.change,
        "appeared": one.appeared,
        "checked": one.checked,
        "vanished": one.vanished,
        "bytes": one.bytes,
    }
