"""Damage that was noticed, until the file is back as it was or somebody says that it is meant as it is now.

Whoever writes manifests anew over a damaged file makes its bag valid again; the file is as damaged as before.
"""

import sqlite3
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from confocal_bag.audit.change import Deviation, Kind, Means
from confocal_bag.audit.history import History, moment

__all__ = ["KeptDamage", "follow_damage", "kept_damage", "note_damage"]

_NOTED = {Means.FIRST, Means.ROT, Means.LOST}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDamage:
    """A file that was found damaged and is not as it was before, although its bag agrees with itself by now.

    `state` is "listed" where the manifests list the damaged content, "replaced" where they list a third, and "removed"
    where they do not list the file any more.
    """

    bag: str
    path: str
    state: str
    algorithm: str | None
    expected: str | None
    seen: str | None
    noticed: str


class _Open(NamedTuple):
    id: int
    path: str
    algorithm: str | None
    expected: str | None
    seen: str | None


def note_damage(open_: sqlite3.Connection, bag: int, check: int, found: Iterable[tuple[Deviation, Means]]) -> None:
    """Record files that were found damaged; those already known to be so are left as they are."""
    open_.executemany(
        "INSERT OR IGNORE INTO damage (bag_id, path, kind, algorithm, expected, seen, noticed) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (bag, one.path, one.kind, one.algorithm, one.expected, one.seen, check)
            for one, means in found
            if means in _NOTED and one.kind is not Kind.UNLISTED
        ),
    )


def follow_damage(open_: sqlite3.Connection, bag: int, deviating: Set[str], now: datetime, *, is_valid: bool) -> None:
    """Settle the damage of files that are as they were before it, and record what became of the others.

    `deviating` are the files that are not as listed now. A tag file that was replaced is settled with that: they are
    edited all the time.
    """
    sql = "SELECT id, path, algorithm, expected, seen FROM damage WHERE bag_id = ? AND settled IS NULL"
    for one in map(_Open._make, open_.execute(sql, (bag,)).fetchall()):
        if one.path in deviating:
            open_.execute("UPDATE damage SET state = 'damaged' WHERE id = ?", (one.id,))
            continue
        state = _state(open_, bag, one)
        is_tag_file = not one.path.startswith("data/")
        if state is None or (is_tag_file and is_valid and state != "listed"):
            open_.execute(
                "UPDATE damage SET settled = ?, settled_by = ? WHERE id = ?",
                (moment(now), "restored" if state is None else "replaced", one.id),
            )
        else:
            open_.execute("UPDATE damage SET state = ? WHERE id = ?", (state, one.id))


def _state(open_: sqlite3.Connection, bag: int, one: _Open) -> str | None:
    """What the manifests list in the place of a damaged file; None where that is what it was before."""
    listed = open_.execute(
        "SELECT algorithm, digest FROM file WHERE bag_id = ? AND path = ? AND until_check IS NULL", (bag, one.path)
    ).fetchone()
    if listed is not None and (one.expected is None or listed == (one.algorithm, one.expected)):
        return None
    if listed is not None:
        return "listed" if listed == (one.algorithm, one.seen) else "replaced"
    elsewhere = open_.execute(
        "SELECT 1 FROM file WHERE bag_id = ? AND until_check IS NULL AND algorithm = ? AND digest = ? LIMIT 1",
        (bag, one.algorithm, one.expected),
    ).fetchone()
    return None if elsewhere else "removed"


def kept_damage(history: History) -> Sequence[KeptDamage]:
    """All of it on the shelf, bag by bag."""
    found = history.rows(
        "SELECT bag.path, damage.path, state, algorithm, expected, damage.seen, bag_check.ended "
        "FROM damage JOIN bag ON bag.id = damage.bag_id JOIN bag_check ON bag_check.id = noticed "
        "WHERE settled IS NULL AND state <> 'damaged' AND vanished IS NULL AND forgotten IS NULL "
        "ORDER BY bag.path, state, damage.path, damage.id"
    )
    names = ("bag", "path", "state", "algorithm", "expected", "seen", "noticed")
    return [KeptDamage(**dict(zip(names, row, strict=True))) for row in found]
