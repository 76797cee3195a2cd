"""The health of a shelf as its history tells it, without a look at any bag."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import starmap
from pathlib import Path
from typing import Any

from confocal_bag.audit.change import Change
from confocal_bag.audit.checks import damaged_since
from confocal_bag.audit.damage import kept_damage
from confocal_bag.audit.history import BagState, History, moment
from confocal_bag.audit.history_file import history_of, refuse_other_shelf
from confocal_bag.audit.rules import AUDIT_RULES
from confocal_bag.audit.view import BagResult, ShelfView, files_of
from confocal_bag.audit.wanted import known_bag
from confocal_bag.audit.wording import not_looked_at, unreadable_folder
from confocal_bag.findings import Report, Verdict, readable_path, run_rules

__all__ = ["DEFAULT_OLDER_THAN", "shelf_status"]

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
    is_moved: bool = False,
    bag: str | None = None,
) -> Report:
    """Bags never checked, overdue, not valid or gone, and how much of the shelf was covered over time.

    With `bag`, only what is known of that one.

    Raises `CannotFinish` where there is no history.
    """
    shelf, now = Path(shelf), now or datetime.now(UTC)
    path = history_of(shelf, history)
    with History(path, read_only=True) as open_:
        refuse_other_shelf(open_, shelf, is_moved=is_moved)
        cutoff = moment(now - older_than)
        one = known_bag(open_, shelf, bag) if bag is not None else None
        about, number = ("id = ?", (one.id,)) if one else ("forgotten IS NULL", ())
        kept = f"{_KEPT} AND {about}"
        hidden = {} if one else open_.unreadable()
        view = ShelfView(
            results=list(_results(open_, about, number)),
            vanished=open_.states(f"vanished IS NOT NULL AND forgotten IS NULL AND {about}", *number),
            suspects=open_.states(f"{kept} AND suspect IS NOT NULL AND failed IS NULL", *number),
            damage=[damage for damage in kept_damage(open_) if one is None or damage.bag == one.path],
            unreadable=open_.unreadable(),
            overdue=open_.states(f"{kept} AND (checked IS NULL OR checked < ?)", *number, cutoff),
            limit=f"{older_than.total_seconds() / 86400:.3g} days",
        )
        failed = open_.states(f"{kept} AND failed IS NOT NULL", *number)
        checks, findings = run_rules(AUDIT_RULES, view)
        return Report(
            command="audit",
            subject=readable_path(shelf),
            checks=tuple(checks),
            findings=(*findings, *starmap(unreadable_folder, hidden.items()), *map(not_looked_at, failed)),
            summary={"history": readable_path(path), **_as_record(one)} if one else _summary(open_, view, path),
            extra={"bags": [_as_record(known) for known in open_.states(f"forgotten IS NULL AND {about}", *number)]}
            | ({} if one else {"coverage": list(_coverage(open_, older_than, now)), "runs": _runs(open_)}),
        )


def _results(history: History, about: str, number: tuple[int, ...]) -> Iterator[BagResult]:
    """The bags of which the rules have something to say."""
    quiet = (Change.FIRST, Change.UNCHANGED, Change.UNKNOWN)
    marks = ", ".join("?" for _ in quiet)
    sql = f"{_KEPT} AND {about} AND change IS NOT NULL AND (verdict = ? OR change NOT IN ({marks}))"
    for one in history.states(sql, *number, Verdict.INVALID, *quiet):
        check = "SELECT max(id) FROM bag_check WHERE bag_id = ? AND manifests IS NOT NULL"
        files = history.rows(f"SELECT path, means FROM deviation WHERE check_id = ({check})", one.id)  # noqa: S608
        first = history.rows(f"SELECT message FROM finding WHERE check_id = ({check}) LIMIT 1", one.id)  # noqa: S608
        change = Change(one.change or Change.UNKNOWN)
        yield BagResult(
            path=one.path,
            verdict=Verdict(one.verdict or Verdict.INCOMPLETE),
            change=change,
            files=files_of(change, files),
            first=first[0][0] if first else None,
            lists_changed=_lists_changed(history, one.id),
            since=damaged_since(history, one.id) if one.change == Change.STILL_DAMAGED else None,
        )


def _lists_changed(history: History, bag: int) -> bool:
    """Whether the last two finished checks saw different manifests."""
    sql = (
        "SELECT manifests, tag_manifests FROM bag_check WHERE bag_id = ? AND manifests IS NOT NULL "
        "ORDER BY id DESC LIMIT 2"
    )
    return len(set(history.rows(sql, bag))) > 1


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
        "not_looked_at": history.rows(f"SELECT count(*) FROM bag WHERE {_KEPT} AND failed IS NOT NULL")[0][0],  # noqa: S608
        "not_restored": len({one.bag for one in view.damage}) or None,
        "vanished": len(view.vanished),
        "folders_not_looked_into": len(view.unreadable) or None,
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
        "not_looked_at_since": one.failed,
        "appeared": one.appeared,
        "checked": one.checked,
        "vanished": one.vanished,
        "bytes": one.bytes,
    }
