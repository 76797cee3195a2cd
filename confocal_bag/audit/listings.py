"""What the manifests of a bag list, file by file, over time: the table `file` of a history."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confocal_bag.audit.examine import listed_files
from confocal_bag.audit.history import History

__all__ = ["FileChanges", "algorithms_of", "lines_of", "nothing_is_left", "update_files"]

#: What makes a payload file one in the index of the history: every path that begins with data/.
_IN_PAYLOAD = "path >= 'data/' AND path < 'data0'"
#: Files that are named of those that are listed otherwise than before.
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """How many payload files were added to, taken from and replaced in the manifests since the check before.

    `relisted` are those that another algorithm lists now, of which nobody can say whether they are the same. Tag files
    that are not as before, in any of these ways, are counted apart. `names` are the first few of all.
    """

    added: int = 0
    removed: int = 0
    replaced: int = 0
    relisted: int = 0
    tag_files: int = 0
    names: tuple[str, ...] = ()


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
    open_.execute("DELETE FROM incoming")
    return _changes_at(open_, bag, check) if opened or closed else FileChanges()


def _changes_at(open_: sqlite3.Connection, bag: int, check: int) -> FileChanges:
    """What a check found listed otherwise than the one before; payload files are named before tag files."""
    changed = (  # the conditions are of this module
        f"SELECT path, {_IN_PAYLOAD} AS is_payload, max(until_check IS :check) AS was, "  # noqa: S608
        "max(since_check = :check) AS is_listed, count(DISTINCT algorithm) AS algorithms FROM file "
        "WHERE bag_id = :bag AND (since_check = :check OR until_check = :check) GROUP BY path"
    )
    found = {"bag": bag, "check": check}
    added, removed, replaced, relisted, tag_files = open_.execute(
        "SELECT coalesce(sum(is_payload AND NOT was), 0), coalesce(sum(is_payload AND NOT is_listed), 0), "  # noqa: S608
        "coalesce(sum(is_payload AND was AND is_listed AND algorithms = 1), 0), "
        "coalesce(sum(is_payload AND was AND is_listed AND algorithms > 1), 0), "
        f"coalesce(sum(NOT is_payload), 0) FROM ({changed})",
        found,
    ).fetchone()
    names = open_.execute(
        f"SELECT path FROM ({changed}) WHERE algorithms = 1 ORDER BY NOT is_payload, path LIMIT {_NAMED}",  # noqa: S608
        found,
    ).fetchall()
    return FileChanges(
        added=added,
        removed=removed,
        replaced=replaced,
        relisted=relisted,
        tag_files=tag_files,
        names=tuple(name for (name,) in names),
    )


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
