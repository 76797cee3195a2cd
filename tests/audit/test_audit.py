"""A shelf of bags, audited again and again."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from confocal_bag.audit import Budget, forget_bag, shelf_status
from confocal_bag.audit.examine import Examined, Task, examine
from confocal_bag.audit.history import History
from confocal_bag.audit.leases import Leases
from confocal_bag.findings import CannotFinish, Outcome, Report, Verdict
from tests import make
from tests.audit.shelves import audit, flip, make_shelf, resealed
from tests.bag.bags import edit, make_bag, make_tar, make_zip, members
from tests.recording import Ran

Run = Callable[..., Ran]
ROOT = Path(__file__).resolve().parents[2]


def found(report: Report) -> dict[str, str]:
    """The bags that something is said of, and the rule."""
    return {finding.path or "": finding.rule for finding in report.findings}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Five bags."""
    return make_shelf(tmp_path / "shelf", 5)


# What happened to a bag.


def test_a_sound_shelf_is_valid_and_every_rule_was_considered(shelf: Path) -> None:
    """Twice, so that there is something to compare with."""
    for _ in range(2):
        report = audit(shelf)
        assert report.verdict is Verdict.VALID
        assert report.summary["bags_checked"] == 5
    outcomes = {check.rule: check.outcome for check in report.checks}
    assert len(outcomes) == 11
    assert {name for name, outcome in outcomes.items() if outcome is not Outcome.PASSED} == {"audit.overdue"}


def test_bit_rot_is_told_from_every_other_change(shelf: Path) -> None:
    """Each bag suffers something else."""
    audit(shelf)
    flip(shelf / "bag0000/data/a.txt")
    (shelf / "bag0001/data/a.txt").unlink()
    resealed(shelf / "bag0002", {"data/a.txt": b"another\n", "data/new.txt": b"new\n"})
    edit(shelf / "bag0003/manifest-sha512.txt", "data/a.txt", "data/b.txt")
    report = audit(shelf)
    assert found(report) == {
        "bag0000": "audit.bit-rot",
        "bag0001": "audit.files-lost",
        "bag0002": "audit.changed",
        "bag0003": "audit.bit-rot",
    }
    by_path = {finding.path: finding for finding in report.findings}
    assert by_path["bag0000"].detail["files"] == ["data/a.txt"]
    assert "manifest-sha512.txt" in by_path["bag0003"].detail["files"]
    assert by_path["bag0002"].detail == {
        "added": 1,
        "removed": 1,
        "replaced": 1,
        "tag_files": 2,
        "names": ["data/a.txt", "data/new.txt", "data/number.txt"],
    }
    assert "files: 1 added, 1 removed, 1 replaced; tag files: 2; data/a.txt, data/new.txt" in by_path["bag0002"].message


def test_a_change_that_does_not_agree_with_itself_is_no_bit_rot(shelf: Path) -> None:
    """Somebody changed the manifests, and stopped halfway."""
    audit(shelf)
    resealed(shelf / "bag0000", {"data/a.txt": b"another\n"})
    (shelf / "bag0000/data/a.txt").write_bytes(b"a third\n")
    (finding,) = audit(shelf).findings
    assert (finding.rule, finding.detail["change"]) == ("audit.invalid", "changed-inconsistently")


def test_damage_that_was_there_at_first_or_is_still_there_is_said_so_and_its_repair_too(shelf: Path) -> None:
    """Nobody knows what happened before the first check."""
    flip(shelf / "bag0000/data/a.txt")
    changes = []
    for _ in range(2):
        (finding,) = audit(shelf).findings
        assert finding.rule == "audit.invalid"
        changes.append(finding.detail["change"])
    assert changes == ["damaged-at-first-check", "still-damaged"]
    assert finding.detail["noticed_as"] == "damaged-at-first-check"
    assert "damaged-at-first-check, noticed on 20" in shelf_status(shelf).findings[0].message
    flip(shelf / "bag0000/data/a.txt")
    report = audit(shelf)
    assert found(report) == {"bag0000": "audit.repaired"}
    assert report.verdict is Verdict.VALID


def test_the_digest_of_every_file_at_every_time_is_in_the_history(shelf: Path) -> None:
    """A row for each digest a file was listed with, and the digest that was seen where it deviated."""
    audit(shelf)
    resealed(shelf / "bag0000", {"data/a.txt": b"another\n"})
    audit(shelf)
    flip(shelf / "bag0000/data/a.txt")
    audit(shelf)
    with History(shelf / ".confocal-bag-audit.sqlite", read_only=True) as history:
        rows = history.rows(
            "SELECT digest, since_check, until_check FROM file JOIN bag ON bag.id = bag_id "
            "WHERE bag.path = 'bag0000' AND file.path = 'data/a.txt' ORDER BY since_check"
        )
        ((expected, seen),) = history.rows("SELECT expected, seen FROM deviation")
        (verdicts,) = zip(*history.rows("SELECT verdict FROM bag_check WHERE bag_id = 1 ORDER BY id"), strict=True)
    assert [row[2] is None for row in rows] == [False, True]
    assert rows[0][2] == rows[1][1]
    assert rows[1][0] == expected != seen
    assert verdicts == ("valid", "valid", "invalid")


# Which bags there are.


def test_bags_are_found_everywhere_and_nothing_is_looked_into_or_followed(tmp_path: Path) -> None:
    """Folders, archives and damaged bags are found; bags in bags, links and other archives are not."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    deep = make_bag(shelf / "2024/spring/deep")
    make_zip(shelf / "packed.zip", members(deep, "packed"))
    make_tar(shelf / "packed.tar.gz", members(deep, "packed"), gzipped=True)
    make_zip(shelf / "other.zip", {"notes.txt": b"no bag"})
    (shelf / "broken.zip").write_bytes(b"PK\3\4 and no more")
    (shelf / "none.zip").write_bytes(b"text")
    make_bag(make_bag(shelf / "outer") / "data" / "inner")
    make_bag(shelf / ".new.confocal-bag-staging")
    make_bag(tmp_path / "elsewhere")
    (shelf / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    lost = make_bag(shelf / "lost")
    (lost / "bagit.txt").unlink()
    report = audit(shelf)
    checked = {bag["path"]: bag["verdict"] for bag in report.extra["bags"]}
    assert checked.keys() == {
        *("bag0000", "2024/spring/deep", "packed.zip", "packed.tar.gz", "broken.zip", "outer", "lost")
    }
    assert {path for path, verdict in checked.items() if verdict == "invalid"} == {"broken.zip", "outer", "lost"}
    assert [finding.path for finding in report.findings if finding.is_internal] == ["none.zip"]


def test_damage_is_told_again_until_it_is_mended_also_while_nothing_is_due(shelf: Path) -> None:
    """A nightly audit must not turn green because the damaged bag was checked last week."""
    flip(shelf / "bag0001/data/a.txt")
    audit(shelf)
    report = audit(shelf, older_than=timedelta(days=180))
    assert report.summary["bags_checked"] == 0
    assert report.verdict is Verdict.INVALID
    assert found(report) == {"bag0001": "audit.not-repaired"}
    flip(shelf / "bag0001/data/a.txt")
    assert found(audit(shelf)) == {"bag0001": "audit.repaired"}
    assert audit(shelf, older_than=timedelta(days=180)).verdict is Verdict.VALID


def test_vanished_bags_are_an_error_until_somebody_says_that_it_was_meant(shelf: Path) -> None:
    """A bag that comes back is welcome, and new."""
    audit(shelf)
    (shelf / "bag0001").rename(shelf.parent / "bag0001")
    for report in (audit(shelf), audit(shelf), shelf_status(shelf)):
        assert found(report) == {"bag0001": "audit.vanished"}
    with pytest.raises(CannotFinish, match="only bags that are gone"):
        forget_bag(shelf, "bag0002")
    with pytest.raises(CannotFinish, match="knows no bag"):
        forget_bag(shelf, "nothing")
    forget_bag(shelf, "bag0001")
    assert audit(shelf).findings == shelf_status(shelf).findings == ()
    (shelf.parent / "bag0001").rename(shelf / "bag0001")
    assert found(audit(shelf)) == {"bag0001": "audit.appeared"}


def test_a_bag_that_lost_all_that_makes_it_a_bag_is_still_checked(shelf: Path) -> None:
    """It was a bag once; an empty folder in its place is damage."""
    audit(shelf)
    for path in (shelf / "bag0001").iterdir():
        if path.is_file():
            path.unlink()
    report = audit(shelf)
    assert [bag["verdict"] for bag in report.extra["bags"] if bag["path"] == "bag0001"] == ["invalid"]


def test_names_that_are_not_utf8_are_kept_and_reported(shelf: Path) -> None:
    """The bag is found again under its bytes."""
    make_bag(shelf / os.fsdecode(b"caf\xe9"))
    assert audit(shelf).summary["bags_checked"] == 6
    flip(shelf / os.fsdecode(b"caf\xe9") / "data/a.txt")
    assert found(audit(shelf)) == {"caf\\xe9": "audit.bit-rot"}


# Which turn it is.


def test_the_oldest_check_comes_first_and_a_young_one_is_left_alone(shelf: Path) -> None:
    """Times come from a clock that the test turns."""
    day = datetime(2030, 1, 1, tzinfo=UTC)
    for number in range(5):
        size = Budget(bytes=1)  # the first bag always fits, a second never does
        audit(shelf, budget=size, clock=lambda number=number: day + timedelta(days=number))
    late = day + timedelta(days=10)
    report = audit(shelf, older_than=timedelta(days=7, hours=12), clock=lambda: late)
    assert sorted(bag["path"] for bag in report.extra["bags"]) == ["bag0000", "bag0001", "bag0002"]
    report = shelf_status(shelf, older_than=timedelta(days=6, hours=12), now=late)
    assert found(report) == {"bag0003": "audit.overdue"}
    assert report.summary["overdue"] == 1


def test_a_budget_of_bytes_or_time_ends_a_run_and_the_next_goes_on(shelf: Path) -> None:
    """The first bag of a run always fits, or a large one would never be checked."""
    first = audit(shelf, budget=Budget(seconds=1e-9))
    assert (first.summary["bags_checked"], first.summary["bags_still_due"]) == (1, 4)
    assert "time" in str(first.summary["stopped_because"])
    audit(shelf, older_than=timedelta(hours=1), budget=Budget(bytes=1))
    last = audit(shelf, older_than=timedelta(hours=1))
    assert (last.summary["bags_checked"], last.summary["bags_still_due"]) == (3, 0)
    assert last.summary["stopped_because"] is None


@pytest.mark.slow
def test_a_shelf_of_a_thousand_bags_with_twenty_damaged_over_three_interrupted_runs(tmp_path: Path) -> None:
    """Killed without warning, twice; the third run finds the rest, and all together exactly the twenty."""
    shelf = make_shelf(tmp_path / "shelf", 1000)
    audit(shelf)
    damaged = {f"bag{number:04d}" for number in range(7, 1000, 50)}
    for name in damaged:
        flip(shelf / name / "data/number.txt")
    history = shelf / ".confocal-bag-audit.sqlite"
    before = checks(history)
    for enough in (150, 300):
        process = subprocess.Popen([sys.executable, "-c", KILLED, shelf, "1h"], cwd=ROOT)
        while checks(history) < before + enough:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)  # another process is at work
        process.kill()
        process.wait()
    budgeted = audit(shelf, budget=Budget(bytes=40 * 500), older_than=timedelta(0))
    assert 0 < int(str(budgeted.summary["bags_checked"])) < 100
    with History(history) as open_:
        assert most_checks_of_a_sound_bag(open_) == 2
        runs = open_.rows("SELECT started FROM run ORDER BY id")
    since = datetime.now(UTC) - datetime.fromisoformat(runs[1][0])
    last = audit(shelf, older_than=since)
    assert last.summary["bags_still_due"] == 0
    with History(history) as open_:
        rotten = open_.rows(
            "SELECT path, count(*) FROM bag_check JOIN bag ON bag.id = bag_id "
            "WHERE bag_check.change = 'bit-rot' GROUP BY path"
        )
        assert most_checks_of_a_sound_bag(open_) == 2
    assert dict(rotten) == dict.fromkeys(damaged, 1)
    assert {finding.path for finding in shelf_status(shelf).findings} == damaged


def most_checks_of_a_sound_bag(history: History) -> int:
    """Damaged bags come first in every run; of the others none is checked again before the last has been."""
    counts = history.rows(
        "SELECT count(*) FROM bag_check "
        "WHERE bag_id NOT IN (SELECT bag_id FROM bag_check WHERE verdict = 'invalid') GROUP BY bag_id"
    )
    return max(int(row[0]) for row in counts)


KILLED = """
import sys
from datetime import timedelta
from pathlib import Path
from confocal_bag.audit import AuditOptions, audit_shelf
if __name__ == "__main__":
    audit_shelf(Path(sys.argv[1]), AuditOptions(jobs=2))
"""


def checks(history: Path) -> int:
    """How many checks are in the history."""
    with History(history, read_only=True) as open_:
        return int(open_.rows("SELECT count(*) FROM bag_check")[0][0])


# Several at once, and what goes wrong.


def test_what_one_auditor_is_at_work_on_another_leaves_alone(shelf: Path) -> None:
    """And what a dead one was at work on is free at once, and comes last."""
    audit(shelf)
    path = shelf / ".confocal-bag-audit.sqlite"
    now = datetime.now(UTC)
    with History(path) as history, Leases(history) as other:
        assert len(other.take_next(cutoff=now, begun=now, now=now)) == 1
        report = audit(shelf)
        assert report.summary["bags_checked"] == 4
        assert report.summary["in_the_hands_of_other_auditors"] == 1
        with History(path) as third:
            third._connection.execute("UPDATE bag SET lease_owner = 'dead-1-abc' WHERE lease_owner IS NOT NULL")
    (shelf / f"{path.name}.dead-2-def.lock").touch()  # killed when it had nothing in its hands
    assert audit(shelf).summary["bags_checked"] == 5
    assert sorted(one.name for one in shelf.glob(".*")) == [path.name]


def test_two_auditors_at_once_share_the_work(tmp_path: Path) -> None:
    """No bag is checked twice, none is left out."""
    shelf = make_shelf(tmp_path / "shelf", 40)
    audit(shelf, budget=Budget(bytes=1))
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda _: audit(shelf, older_than=timedelta(seconds=30)), range(2)))
    assert sum(int(str(report.summary["bags_checked"])) for report in reports) == 39
    assert checks(shelf / ".confocal-bag-audit.sqlite") == 40


def test_a_result_counts_for_nothing_when_another_auditor_has_the_bag(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a machine that slept longer than its lease."""

    def slept(task: Task) -> Examined:
        with sqlite3.connect(shelf / ".confocal-bag-audit.sqlite", timeout=60) as connection:
            connection.execute("UPDATE bag SET lease_owner = 'another' WHERE id = ?", (task.bag_id,))
        connection.close()
        return examine(task)

    monkeypatch.setattr("confocal_bag.audit.run.examine", slept)
    report = audit(shelf)
    assert (report.summary["bags_checked"], report.summary["taken_over_by_other_auditors"]) == (0, 5)
    assert checks(shelf / ".confocal-bag-audit.sqlite") == 0


def test_one_bag_that_cannot_be_looked_at_stops_no_other(shelf: Path, run: Run) -> None:
    """The exit code is 3; it stays due, and it is no proof of anything."""
    (shelf / "a.zip").write_bytes(b"text")
    ran = run("audit", shelf, "--jobs", "1", "--format", "json")
    report = json.loads(ran.out)
    assert (ran.code, report["verdict"]) == (3, "incomplete")
    assert report["summary"]["bags_checked"] == 5
    assert report["summary"]["bags_still_due"] == 1
    assert run("audit", shelf, "--status").code == 3


@pytest.mark.slow
def test_an_interrupted_run_gives_back_what_it_had(tmp_path: Path) -> None:
    """What was checked is kept, the run is recorded as interrupted, no lock is left."""
    shelf = make_shelf(tmp_path / "shelf", 300)
    history = shelf / ".confocal-bag-audit.sqlite"
    audit(shelf, budget=Budget(bytes=1))
    process = subprocess.Popen([sys.executable, "-c", KILLED, shelf], cwd=ROOT, stderr=subprocess.PIPE)
    while checks(history) < 10:
        assert process.poll() is None
        time.sleep(0.01)  # another process is at work
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert b"KeyboardInterrupt" in said
    with History(history, read_only=True) as open_:
        assert open_.rows("SELECT outcome FROM run ORDER BY id DESC LIMIT 1") == [("interrupted",)]
        assert open_.rows("SELECT count(*) FROM bag WHERE lease_owner IS NOT NULL") == [(0,)]
    assert sorted(path.name for path in shelf.glob(".*")) == [history.name]


def test_nothing_on_the_shelf_is_changed(shelf: Path, tmp_path: Path) -> None:
    """With the history elsewhere, not a byte and not a time."""
    before = make.snapshot(shelf)
    audit(shelf, history=tmp_path / "history.sqlite")
    shelf_status(shelf, history=tmp_path / "history.sqlite")
    assert make.snapshot(shelf) == before


def test_what_cannot_be_audited_is_said_in_a_sentence(shelf: Path, tmp_path: Path) -> None:
    """A shelf that is none or a bag; a history that is none, newer, in a bag, or of another shelf."""
    (tmp_path / "notes").write_text("these are no tables, and more than a hundred bytes of them " * 3)
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    audit(shelf, history=tmp_path / "newer.sqlite")
    with sqlite3.connect(tmp_path / "newer.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    audit(shelf)
    make_bag(tmp_path / "another/other")
    another = tmp_path / "another"
    for folder, history, said in (
        (tmp_path / "nothing", None, "no folder"),
        (Path("s3://archive/shelf"), None, "s3://archive/shelf lies in a store"),
        (Path("memory://shelf"), tmp_path / "history.sqlite", "lies in a store"),
        (shelf / "bag0000", None, "never written to"),
        (shelf, shelf / "bag0000/data/h.sqlite", "never written to"),
        (shelf, tmp_path / "notes", "cannot be read"),
        (shelf, tmp_path / "other.sqlite", "no audit history"),
        (shelf, tmp_path / "newer.sqlite", "schema 99"),
        (shelf, tmp_path / "no/such/folder/h.sqlite", "cannot be used"),
        (another, shelf / ".confocal-bag-audit.sqlite", "of the shelf"),
    ):
        with pytest.raises(CannotFinish, match=said):
            audit(folder, history=history)
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    connection.close()
    with pytest.raises(CannotFinish, match="no audit history at"):
        shelf_status(another)


# The command.


@pytest.mark.slow
def test_the_command_has_exit_codes_for_cron(shelf: Path, run: Run) -> None:
    """0 while all is well, 1 with findings, 2 for usage, 3 for what cannot be done."""
    assert run("audit", shelf, "--budget", "2TB", "--budget", "4h").code == 0
    assert run("audit", shelf, "--older-than", "180d").code == 0
    assert run("audit", shelf, "--status").code == 0
    flip(shelf / "bag0003/data/a.txt")
    ran = run("audit", shelf)
    assert ran.code == 1
    assert "bag0003: 1 file changed although the manifests are the ones of the last check (data/a.txt)" in ran.out
    assert run("audit", shelf, "--status").code == 1
    assert run("audit", shelf, "--status", "--budget", "4h").code == 2
    for wrong in (("--older-than", "180"), ("--budget", "4"), ("--budget", "2T")):
        assert run("audit", shelf, *wrong).code == 2
    assert run("audit", shelf, "--forget", "bag0003").code == 3


def test_the_status_holds_coverage_over_time_and_the_runs(shelf: Path, run: Run) -> None:
    """For a plot, and for whoever asks when what was done."""
    audit(shelf, budget=Budget(bytes=1), budget_text="1B")
    status = json.loads(run("audit", shelf, "--status", "--format", "json").out)
    assert status["summary"]["never_checked"] == 4
    assert status["summary"]["coverage_percent"] == 20.0
    assert {finding["rule"] for finding in status["findings"]} == {"audit.overdue"}
    assert status["verdict"] == "valid-with-warnings"
    assert status["coverage"][-1]["bags"] == 5
    assert status["coverage"][-1]["checked"] == 1
    assert (status["runs"][0]["bags"], status["runs"][0]["budget"]) == (1, "1B")
    text = run("audit", shelf, "--status").out
    assert "1 of 5" in text
    assert "coverage percent: 20.0" in text


def test_a_folder_without_bags_is_refused_and_stays_as_it_is(tmp_path: Path, run: Run) -> None:
    """An audit of a mistyped folder would pass for years."""
    empty = tmp_path / "emptyshelf"
    (empty / "notes").mkdir(parents=True)
    for options in ((), ("--history", tmp_path / "h.sqlite")):
        ran = run("audit", empty, *options)
        assert (ran.code, "No bag lies in" in ran.err) == (3, True), ran.out
    assert [path.name for path in empty.iterdir()] == ["notes"]
    assert not (tmp_path / "h.sqlite").exists()
    History(empty / ".confocal-bag-audit.sqlite").__exit__(None, None, None)  # as earlier versions left it
    assert run("audit", empty).code == 3


def test_a_shelf_whose_bags_are_gone_is_no_mistyped_folder(shelf: Path, run: Run) -> None:
    """They vanished, which is an error; taken away on purpose, the empty shelf is as it should be."""
    audit(shelf)
    for bag in list(shelf.glob("bag*")):
        shutil.rmtree(bag)
    assert {finding.rule for finding in audit(shelf).findings} == {"audit.vanished"}
    for number in range(5):
        forget_bag(shelf, f"bag{number:04d}")
    assert audit(shelf).verdict is Verdict.VALID
