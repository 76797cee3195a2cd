"""The file of a history: killed while it was written, of an earlier version, where it cannot be written to."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from confocal_bag.audit import shelf_status
from confocal_bag.audit.budget import parse_duration
from confocal_bag.audit.schema import SCHEMA_VERSION
from confocal_bag.findings import CannotFinish, Verdict
from tests.audit.shelves import audit, by_rule, flip, make_shelf, renewed

#: The tables as the first version had them, where they were others.
SCHEMA_1 = """
DROP TABLE damage;
DROP INDEX bag_vanished;
DROP TABLE event;
CREATE TABLE event (
    id INTEGER PRIMARY KEY, bag_id INTEGER NOT NULL REFERENCES bag, at TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('appeared', 'vanished', 'returned', 'forgotten'))
);
CREATE INDEX event_by_bag ON event (bag_id, at);
INSERT INTO event (bag_id, at, what) SELECT id, appeared, 'appeared' FROM bag;
ALTER TABLE bag DROP COLUMN failed;
ALTER TABLE bag DROP COLUMN suspect;
ALTER TABLE bag_check DROP COLUMN tag_files;
ALTER TABLE bag_check DROP COLUMN by_algorithm;
ALTER TABLE deviation DROP COLUMN means;
PRAGMA user_version = 1;
"""


def tables(history: Path) -> list[tuple[str, str]]:
    """Every table and its columns, in the order of their names."""
    with closing(sqlite3.connect(history)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sorted((name, row[1]) for name in names for row in connection.execute(f"PRAGMA table_info({name})"))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Two bags with a history of the first version: one was damaged, and its manifests were renewed over it."""
    shelf = make_shelf(tmp_path / "shelf", 2)
    (shelf / "z.zip").write_bytes(b"text")
    audit(shelf)
    flip(shelf / "bag0000/data/a.txt")
    audit(shelf)
    renewed(shelf / "bag0000")
    audit(shelf)
    with closing(sqlite3.connect(history_of(shelf))) as connection:
        connection.executescript(SCHEMA_1)
        connection.execute("UPDATE bag SET verdict = 'incomplete', change = 'not-looked-at' WHERE path <> 'bag0000'")
        connection.commit()
    return shelf


def history_of(shelf: Path) -> Path:
    """Where the history of a shelf lies."""
    return shelf / ".confocal-bag-audit.sqlite"


@pytest.mark.parametrize("begin", [audit, shelf_status])
def test_a_history_of_the_first_version_is_brought_up_to_date(shelf: Path, tmp_path: Path, begin: object) -> None:
    """By whoever opens it first: what it holds stays, and damage that it has forgotten comes to light."""
    make_shelf(tmp_path / "other", 1)
    audit(tmp_path / "other")
    report = begin(shelf)  # type: ignore[operator]
    assert by_rule(report, "audit.not-restored") == ["bag0000"]
    assert tables(history_of(shelf)) == tables(history_of(tmp_path / "other"))
    with closing(sqlite3.connect(history_of(shelf))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (3,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert by_rule(audit(shelf), "audit.changed") == [], "nothing is taken for a change that is new in the history"


def test_a_failed_look_of_the_first_version_gives_back_the_verdict_before(shelf: Path) -> None:
    """It is due, and what it was is known again."""
    status = shelf_status(shelf)
    assert "bag0001" in by_rule(status, "internal.cannot-finish")
    assert (status.summary["valid"], status.summary["not_looked_at"]) == (2, 2)


def test_a_history_of_the_first_version_that_cannot_be_written_to_is_refused(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence, and untouched."""
    before = history_of(shelf).read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(CannotFinish, match="earlier version of confocal-bag and cannot be brought up to date"):
        shelf_status(shelf)
    assert history_of(shelf).read_bytes() == before


def killed_while_writing(shelf: Path) -> None:
    """Leave the history of a shelf as a process does that dies before it has written everything."""
    history = history_of(shelf)
    copy, journal = shelf.parent / "copy", history.with_name(f"{history.name}-journal")
    with closing(sqlite3.connect(history)) as connection:
        connection.execute("PRAGMA cache_size = 2")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE bag SET verdict = 'invalid'")
        for number in range(2000):
            connection.execute(
                "INSERT INTO event (bag_id, at, what) VALUES (1, ?, 'vanished')", ("x" * 200 + str(number),)
            )
        shutil.copy(history, copy)
        shutil.copy(journal, shelf.parent / "copy-journal")
        connection.rollback()
    shutil.copy(copy, history)
    shutil.copy(shelf.parent / "copy-journal", journal)


def test_the_status_is_told_after_an_auditor_was_killed_while_it_wrote(tmp_path: Path) -> None:
    """What was half written is taken back; the status itself writes nothing."""
    shelf = make_shelf(tmp_path / "shelf", 2)
    audit(shelf)
    killed_while_writing(shelf)
    report = shelf_status(shelf)
    assert report.verdict is Verdict.VALID
    assert report.summary["valid"] == 2


def test_the_status_says_why_it_cannot_be_told_where_nothing_can_be_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system that is mounted to be read only."""
    shelf = make_shelf(tmp_path / "shelf", 2)
    audit(shelf)
    killed_while_writing(shelf)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(CannotFinish, match="An audit was killed while it wrote"):
        shelf_status(shelf)


def test_the_status_is_told_where_the_history_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only read."""
    shelf = make_shelf(tmp_path / "shelf", 2)
    audit(shelf)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert shelf_status(shelf).verdict is Verdict.VALID


@pytest.mark.parametrize("text", ["99999999d", "999999999w", "36526d"])
def test_ages_that_no_calendar_has_are_refused_in_a_sentence(text: str) -> None:
    """A hundred years are enough."""
    with pytest.raises(CannotFinish, match="longer than anybody can wait"):
        parse_duration(text)
    assert parse_duration("36525d").days == 36525
