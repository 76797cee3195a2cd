"""Brings a history of schema 1 up to date, and makes the tables that are new since."""

import sqlite3

__all__ = ["DAMAGE_TABLE", "EVENT_TABLE", "upgrade"]

EVENT_TABLE = (
    """CREATE TABLE event (
        id INTEGER PRIMARY KEY, bag_id INTEGER NOT NULL REFERENCES bag, at TEXT NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('appeared', 'vanished', 'returned', 'forgotten', 'moved', 'accepted')),
        former_path TEXT
    )""",
    "CREATE INDEX event_by_bag ON event (bag_id, at)",
)
DAMAGE_TABLE = (
    """CREATE TABLE damage (
        id INTEGER PRIMARY KEY, bag_id INTEGER NOT NULL REFERENCES bag, path TEXT NOT NULL, kind TEXT NOT NULL,
        algorithm TEXT, expected TEXT, seen TEXT, noticed INTEGER NOT NULL REFERENCES bag_check,
        state TEXT NOT NULL DEFAULT 'damaged' CHECK (state IN ('damaged', 'listed', 'replaced', 'removed')),
        settled TEXT, settled_by TEXT CHECK (settled_by IN ('restored', 'replaced', 'accepted'))
    )""",
    "CREATE UNIQUE INDEX damage_once ON damage (bag_id, path, coalesce(expected, ''), coalesce(seen, '')) "
    "WHERE settled IS NULL",
    "CREATE INDEX bag_vanished ON bag (vanished) WHERE vanished IS NOT NULL",
)
_STEPS = (
    "ALTER TABLE bag ADD COLUMN failed TEXT",
    "ALTER TABLE bag ADD COLUMN suspect TEXT",
    "ALTER TABLE bag_check ADD COLUMN tag_files TEXT",
    "ALTER TABLE bag_check ADD COLUMN by_algorithm TEXT",
    "ALTER TABLE deviation ADD COLUMN means TEXT",
    "ALTER TABLE event RENAME TO old_event",
    "DROP INDEX event_by_bag",
    *EVENT_TABLE,
    "INSERT INTO event (id, bag_id, at, what) SELECT id, bag_id, at, what FROM old_event",
    "DROP TABLE old_event",
    *DAMAGE_TABLE,
)
#: Schema 1 let a look that failed take the place of the last real verdict.
_LAST_REAL = "(SELECT {0} FROM bag_check WHERE bag_id = bag.id AND manifests IS NOT NULL ORDER BY id DESC LIMIT 1)"
_RECOVERED = (
    f"UPDATE bag SET failed = tried, verdict = {_LAST_REAL.format('verdict')}, "  # noqa: S608 - of this module
    f"change = {_LAST_REAL.format('change')} WHERE change = 'not-looked-at'",
    # Damage that the manifests list by now, or that is still there; what was replaced since is not brought up again.
    "INSERT OR IGNORE INTO damage (bag_id, path, kind, algorithm, expected, seen, noticed, state) "
    "SELECT bag_check.bag_id, deviation.path, kind, deviation.algorithm, expected, seen, min(check_id), "
    "CASE WHEN file.digest = seen THEN 'listed' ELSE 'damaged' END "
    "FROM deviation JOIN bag_check ON bag_check.id = check_id JOIN file ON file.bag_id = bag_check.bag_id "
    "AND file.path = deviation.path AND until_check IS NULL AND file.algorithm = deviation.algorithm "
    "WHERE kind = 'changed' AND file.digest IN (expected, seen) AND change <> 'changed-inconsistently' "
    "GROUP BY bag_check.bag_id, deviation.path, expected, seen ORDER BY min(check_id)",
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring the tables of schema 1 up to date, inside a transaction of the caller."""
    for statement in (*_STEPS, *_RECOVERED):
        connection.execute(statement)
