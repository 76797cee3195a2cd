"""The history of a shelf as an SQLite file: its tables, and opening it. docs/audit-history.md explains every column."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from confocal_bag.audit.upgrade import DAMAGE_TABLE, EVENT_TABLE, upgrade
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["SCHEMA_VERSION", "connect", "said_as_sentence", "stored"]

#: Raised when a table changes; `upgrade` brings older files up to date when they are opened and can be written to.
SCHEMA_VERSION = 2
_APPLICATION_ID = 0x43424148  # "CBAH"
_WAIT_S = 60

_TABLES = """
CREATE TABLE shelf (
    id INTEGER PRIMARY KEY CHECK (id = 1), place TEXT NOT NULL, created TEXT NOT NULL
);
CREATE TABLE run (
    id INTEGER PRIMARY KEY, auditor TEXT NOT NULL, tool TEXT NOT NULL, started TEXT NOT NULL, ended TEXT,
    outcome TEXT, budget TEXT, bags INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE bag (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL CHECK (kind IN ('folder', 'archive')),
    appeared TEXT NOT NULL, seen TEXT NOT NULL, vanished TEXT, forgotten TEXT,
    tried TEXT, checked TEXT, verdict TEXT, change TEXT, bytes INTEGER, seconds REAL,
    lease_owner TEXT, lease_taken TEXT, lease_until TEXT, failed TEXT, suspect TEXT
);
CREATE INDEX bag_by_turn ON bag (tried, id);
CREATE INDEX bag_by_lease ON bag (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE TABLE bag_check (
    id INTEGER PRIMARY KEY, bag_id INTEGER NOT NULL REFERENCES bag, run_id INTEGER NOT NULL REFERENCES run,
    started TEXT NOT NULL, ended TEXT NOT NULL, verdict TEXT NOT NULL, change TEXT NOT NULL,
    errors INTEGER NOT NULL, warnings INTEGER NOT NULL, files INTEGER, bytes INTEGER,
    manifests TEXT, tag_manifests TEXT, tag_files TEXT, by_algorithm TEXT
);
CREATE INDEX bag_check_by_bag ON bag_check (bag_id, id);
CREATE INDEX bag_check_by_time ON bag_check (ended);
CREATE TABLE finding (
    check_id INTEGER NOT NULL REFERENCES bag_check, rule TEXT NOT NULL, severity TEXT NOT NULL, path TEXT,
    message TEXT NOT NULL
);
CREATE INDEX finding_by_check ON finding (check_id);
CREATE TABLE deviation (
    check_id INTEGER NOT NULL REFERENCES bag_check, path TEXT NOT NULL, kind TEXT NOT NULL, algorithm TEXT,
    expected TEXT, seen TEXT, means TEXT
);
CREATE INDEX deviation_by_check ON deviation (check_id);
CREATE TABLE file (
    bag_id INTEGER NOT NULL REFERENCES bag, path TEXT NOT NULL, algorithm TEXT NOT NULL, digest TEXT NOT NULL,
    since_check INTEGER NOT NULL REFERENCES bag_check, until_check INTEGER REFERENCES bag_check,
    PRIMARY KEY (bag_id, path, since_check)
) WITHOUT ROWID;
"""
#: Made where it is missing: it is new since schema 2, and whoever does not know it can leave it alone.
_UNREADABLE_TABLE = (
    "CREATE TABLE IF NOT EXISTS unreadable (folder TEXT PRIMARY KEY, reason TEXT, noticed TEXT NOT NULL)"
)
_WORK_TABLE = """
CREATE TEMP TABLE incoming (path TEXT PRIMARY KEY, algorithm TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
"""


def stored(path: str) -> bytes:
    """A path as it is bound to `CAST(? AS TEXT)`: names that are not UTF-8 keep their bytes."""
    return path.encode("utf-8", "surrogateescape")


def _as_text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a history; a new one is made unless it is only read. Raises `CannotFinish`.

    Its journal is SQLite's plain rollback journal, which is safe on network file systems with locks; WAL is not. One
    that is only read is opened for writing all the same where that is allowed: what an auditor that was killed left
    half written has to be taken back first.
    """
    shown = readable_path(path)
    if read_only and not path.is_file():
        raise CannotFinish(f"There is no audit history at {shown}. Run the audit first, or name its file by --history.")
    writable = not read_only or (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK))
    mode = "rwc" if not read_only else "rw" if writable else "ro"
    with said_as_sentence(path):
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}",
            uri=True,
            timeout=_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    try:
        with said_as_sentence(path):
            connection.text_factory = _as_text
            if read_only:
                _prepare_to_read(connection, path, writable=writable)
            else:
                _prepare_to_write(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare_to_read(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    version = _version(connection, path)
    if version < SCHEMA_VERSION and not writable:
        raise CannotFinish(
            f"{readable_path(path)} was written by an earlier version of confocal-bag and cannot be brought up to date "
            "where it lies. Copy it to where it can be written to, and name the copy by --history."
        )
    if version < SCHEMA_VERSION:
        _bring_up_to_date(connection, path)
    connection.execute("PRAGMA query_only = ON")


def _prepare_to_write(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")  # of two auditors that begin together, one makes the tables
    if _is_empty(connection):
        for statement in (*_TABLES.split(";\n"), *EVENT_TABLE, *DAMAGE_TABLE):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")
    if _version(connection, path) < SCHEMA_VERSION:
        _bring_up_to_date(connection, path)
    connection.execute(_UNREADABLE_TABLE)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = PERSIST")  # making and deleting its file costs more than the writing
    connection.executescript(_WORK_TABLE)


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """All of it or nothing; of two that begin together, the second finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection, path) < SCHEMA_VERSION:
            upgrade(connection)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema of a history. Raises `CannotFinish` for a file that is none, or a newer one."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION_ID:
        raise CannotFinish(
            f"{readable_path(path)} is no audit history of confocal-bag. Name another file by --history."
        )
    if not 1 <= version <= SCHEMA_VERSION:
        raise CannotFinish(
            f"{readable_path(path)} has schema {version}; this version of confocal-bag knows {SCHEMA_VERSION}. "
            "Use the version that wrote it, or a newer one."
        )
    return int(version)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


@contextmanager
def said_as_sentence(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a history that cannot be used into `CannotFinish`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_READONLY_ROLLBACK":
            raise CannotFinish(
                f"An audit was killed while it wrote {readable_path(path)}, and that cannot be taken back here because "
                "the file cannot be written to. Run audit --status once where it can, or copy it with its -journal "
                "file and name the copy by --history."
            ) from error
        raise CannotFinish(
            f"The audit history {readable_path(path)} cannot be used: {error}. "
            "Make sure that its folder can be written to and has room, or name another file by --history."
        ) from error
    except sqlite3.DatabaseError as error:
        raise CannotFinish(
            f"The audit history {readable_path(path)} cannot be read: {error}. "
            "Restore it from a copy, or name another file by --history."
        ) from error
