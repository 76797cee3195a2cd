"""What the manifests of a bag list, file by file, over time: the table `file` of a history."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confocal_bag.audit.examine import listed_files
from confocal_bag.audit.history import History

__all__ = ["FileChanges", "algorithms_of", "lines_of", "nothing_is_left", "update_files"]


#: What makes a payload file one in the index of the history: every path that begins with data/.
_IN_PAYLOAD = "path >= 'data/' AND path < 'data0'"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """How many files were added to, taken from and replaced in the manifests since the check before.

    `relisted` are those that another algorithm lists now, of which nobody can say whether they are the same.
    """

    added: int = 0
    removed: int = 0
    replaced: int = 0
    relisted: int = 0


def algorithms_of(history: History, bag: int) -> tuple[str | None, str | None]:
    """The algorithms by which the history has the payload and the tag files of a bag; None where it has none."""
    found: list[str | None] = []
    for where in (_IN_PAYLOAD, "path < 'data/'"):  # tag files are most often called bag-info.txt, bagit.txt...
        rows = history.rows(
            f"SELECT algorithm FROM file WHERE bag_id = ? AND {where} AND until_check IS NULL LIMIT 1",  # noqa: S608
            bag,
        )
        found.append(rows[0][0] if rows else None)
    return found[0], found[1]


def lines_of(history: History, bag: int, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Algorithm and digest of some files as the manifests listed them at the last check."""
    lines: dict[str, tuple[str, str]] = {}
    for path in paths:
        sql = "SELECT algorithm, digest FROM file WHERE bag_id = ? AND path = ? AND until_check IS NULL"
        for algorithm, digest in history.rows(sql, bag, path):
            lines[path] = algorithm, digest
    return lines


def update_files(open_: sqlite3.Connection, bag: int, check: int, listing: Sequence[bytes]) -> FileChanges:
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
    (replaced, relisted) = open_.execute(
        "SELECT coalesce(sum(new.algorithm = old.algorithm), 0), coalesce(sum(new.algorithm <> old.algorithm), 0) "
        "FROM file AS old JOIN file AS new ON new.bag_id = old.bag_id AND new.path = old.path "
        "AND new.since_check = old.until_check WHERE old.bag_id = ? AND old.until_check = ?",
        (bag, check),
    ).fetchone()
    open_.execute("DELETE FROM incoming")
    both = replaced + relisted
    return FileChanges(added=opened - both, removed=closed - both, replaced=replaced, relisted=relisted)


def nothing_is_left(open_: sqlite3.Connection, bag: int, check: int) -> bool:
    """Whether a bag had a payload and none of its files, nor one of the same content, is listed any more.

    Files that another algorithm lists now may be the same, so they count as left.
    """
    (was,) = open_.execute(
        f"SELECT count(*) FROM file WHERE bag_id = ? AND until_check = ? AND {_IN_PAYLOAD}",  # noqa: S608 - ours
        (bag, check),
    ).fetchone()
    (left,) = open_.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM file AS new WHERE bag_id = :bag AND until_check IS NULL "  # noqa: S608
        f"AND {_IN_PAYLOAD} AND (since_check <> :check OR EXISTS (SELECT 1 FROM file AS old WHERE old.bag_id = :bag "
        "AND old.path = new.path AND old.until_check = :check AND old.algorithm <> new.algorithm)) LIMIT 1)",
        {"bag": bag, "check": check},
    ).fetchone()
    (renamed,) = open_.execute(
        "SELECT count(*) FROM (SELECT 1 FROM file WHERE bag_id = :bag AND until_check IS NULL "  # noqa: S608
        f"AND {_IN_PAYLOAD} AND digest IN (SELECT digest FROM file WHERE bag_id = :bag AND until_check = :check "
        f"AND {_IN_PAYLOAD}) LIMIT 1)",
        {"bag": bag, "check": check},
    ).fetchone()
    return bool(was) and not left and not renamed
