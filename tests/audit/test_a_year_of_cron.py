"""What an archive's officer meets who lets cron audit a shelf for a year."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from confocal_bag.audit import Budget, accept_damage, forget_bag, parse_budget, parse_duration, shelf_status
from confocal_bag.audit.history import History
from confocal_bag.audit.leases import Leases
from confocal_bag.findings import CannotFinish, Report, UsageProblem, Verdict
from tests.audit.shelves import audit, by_rule, flip, make_shelf
from tests.bag.bags import make_bag
from tests.recording import Ran

Run = Callable[..., Ran]
LONG = timedelta(days=180)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Three bags."""
    return make_shelf(tmp_path / "shelf", 3)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A history that does not lie on the shelf."""
    return tmp_path / "history.sqlite"


def checked(report: Report) -> list[str]:
    """The bags that a run checked."""
    return sorted(bag["path"] for bag in report.extra["bags"])


# Which shelf the history is of.


def test_a_history_is_not_used_for_another_shelf_with_bags_of_the_same_names(
    shelf: Path, outside: Path, tmp_path: Path
) -> None:
    """Damaged bags of the second would pass as bags of the first that are not due."""
    other = make_shelf(tmp_path / "other", 3)
    flip(other / "bag0001/data/a.txt")
    audit(shelf, history=outside)
    for use in (
        lambda: audit(other, history=outside, older_than=LONG),
        lambda: shelf_status(other, history=outside),
        lambda: forget_bag(other, "bag0001", history=outside),
        lambda: accept_damage(other, "bag0001", history=outside),
    ):
        with pytest.raises(CannotFinish, match=r"is of the shelf .*shelf, not of .*other.*--moved"):
            use()


def test_a_shelf_that_moved_goes_on_when_somebody_says_so(shelf: Path, outside: Path, run: Run) -> None:
    """Said once; a history on the shelf moves with it, and a link to a shelf is that shelf."""
    audit(shelf)
    audit(shelf, history=outside)
    link = shelf.with_name("link")
    link.symlink_to(shelf)
    assert audit(link, history=outside).verdict is Verdict.VALID
    moved = shelf.rename(shelf.with_name("moved"))
    assert checked(audit(moved, older_than=LONG)) == []
    assert run("audit", moved, "--history", outside).code == 3
    assert run("audit", moved, "--history", outside, "--status", "--moved").code == 0
    assert run("audit", moved, "--history", outside, "--older-than", "180d", "--moved").code == 0
    assert run("audit", moved, "--history", outside, "--status").code == 0


def test_an_empty_shelf_is_hardly_mounted(shelf: Path, outside: Path, run: Run) -> None:
    """One sentence, and nothing in the history says that the bags are gone; taken away on purpose is said of each."""
    audit(shelf, history=outside)
    away = shelf.rename(shelf.with_name("away"))
    shelf.mkdir()
    ran = run("audit", shelf, "--history", outside)
    assert (ran.code, "is empty, and the history knows 3 bags on it; is it mounted?" in ran.err) == (3, True), ran.err
    shelf.rmdir()
    away.rename(shelf)
    assert audit(shelf, history=outside).findings == ()
    for bag in list(shelf.iterdir()):
        shutil.rmtree(bag)
        forget_bag(shelf, bag.name, history=outside)
    with pytest.raises(CannotFinish, match=r"No bag|nothing to audit"):
        audit(shelf.with_name("shelf"), history=outside.with_name("new.sqlite"))
    assert audit(shelf, history=outside).verdict is Verdict.VALID


def test_a_bag_that_comes_back_is_not_called_new(shelf: Path) -> None:
    """Its event says that it returned."""
    audit(shelf)
    away = (shelf / "bag0001").rename(shelf.with_name("away"))
    audit(shelf)
    away.rename(shelf / "bag0001")
    messages = [one.message for one in audit(shelf).findings if one.rule == "audit.appeared"]
    assert messages == ["bag0001 is back on the shelf."]


# Which bags are checked.


def test_a_bag_that_was_damaged_comes_first_within_the_budget(shelf: Path) -> None:
    """Whoever repaired it wants to know."""
    flip(shelf / "bag0002/data/a.txt")
    audit(shelf)
    flip(shelf / "bag0002/data/a.txt")
    report = audit(shelf, budget=Budget(bytes=4000), jobs=1)
    assert report.extra["bags"][0]["path"] == "bag0002"
    assert by_rule(report, "audit.not-repaired") == []


def test_a_damaged_bag_does_not_take_the_budget_of_every_run(shelf: Path) -> None:
    """One that needs more than half of it waits its turn, so that the others are checked."""
    flip(shelf / "bag0002/data/a.txt")
    audit(shelf)
    turns = [checked(audit(shelf, budget=Budget(bytes=1), jobs=1)) for _ in range(3)]
    assert sorted(turns) == [["bag0000"], ["bag0001"], ["bag0002"]]


def test_why_a_damaged_bag_was_not_checked_is_said_truly(shelf: Path) -> None:
    """Not due is not the same as a spent budget."""
    flip(shelf / "bag0002/data/a.txt")
    audit(shelf)
    for options, why in (
        ({"older_than": LONG}, "it is not due again by --older-than"),
        ({"budget": Budget(bytes=1), "jobs": 1}, "because the next bag would exceed the budget of bytes"),
        ({"budget": Budget(seconds=0)}, "because the budget is 0"),
    ):
        (finding,) = [one for one in audit(shelf, **options).findings if one.rule == "audit.not-repaired"]
        assert why in finding.message
        assert "audit SHELF --bag bag0002" in (finding.remedy or "")


def test_named_bags_are_checked_now_and_nothing_else_is_told(shelf: Path, run: Run) -> None:
    """Also when they are not due; the bag beside them is another matter."""
    for number in (0, 2):
        flip(shelf / f"bag000{number}/data/a.txt")
    audit(shelf)
    flip(shelf / "bag0002/data/a.txt")
    ran = run("audit", shelf, "--bag", "bag0002", "--format", "json")
    assert ran.code == 0, ran.out
    told = json.loads(ran.out)
    assert [bag["path"] for bag in told["bags"]] == ["bag0002"]
    assert told["summary"]["bags_still_due"] == 0
    both = audit(shelf, bags=(f"{shelf}/bag0002/", "bag0001"))
    assert checked(both) == ["bag0001", "bag0002"]
    assert run("audit", shelf, "--bag", "bag0000").code == 1
    assert run("audit", shelf, "--bag", "nosuch").code == 3
    assert run("audit", shelf, "--bag", "bag0000", "--budget", "1h").code == 2


def test_a_named_bag_that_another_auditor_has_is_not_called_fine(shelf: Path) -> None:
    """And what others are at work on is not counted as due as well."""
    audit(shelf)
    path = shelf / ".confocal-bag-audit.sqlite"
    with History(path) as history, Leases(history) as other:
        clock = history.states("path = 'bag0001'")[0]
        history.rows("UPDATE bag SET lease_owner = ?, lease_until = '9999' WHERE id = ?", other.owner, clock.id)
        report = audit(shelf, bags=("bag0001",))
        assert "another auditor is at work" in report.findings[0].message
        summary = audit(shelf, budget=Budget(bytes=0)).summary
        assert (summary["bags_still_due"], summary["in_the_hands_of_other_auditors"]) == (2, 1)


# What the options mean.


@pytest.mark.parametrize("text", ["6m", "6 m", "6mo", "6months"])
def test_months_are_not_taken_for_minutes(text: str) -> None:
    """A bare m is refused with both ways to write it."""
    for parse in (parse_duration, parse_budget):
        with pytest.raises(UsageProblem, match="6min, and months as days"):
            parse(text)


def test_times_have_units_that_cannot_be_mistaken() -> None:
    """A year has 365 days."""
    assert parse_duration("90min") == timedelta(minutes=90)
    assert parse_duration("1y") == timedelta(days=365)
    assert parse_duration("26w") == timedelta(days=182)
    assert parse_budget("90min") == Budget(seconds=5400)


def test_a_budget_of_nothing_checks_nothing_and_a_small_one_says_what_it_exceeded(shelf: Path) -> None:
    """The first bag is begun whatever it takes."""
    for budget in (Budget(seconds=0), Budget(bytes=0)):
        report = audit(shelf, budget=budget)
        assert (report.summary["bags_checked"], report.summary["stopped_because"]) == (0, "the budget is 0")
    small = audit(shelf, budget=Budget(bytes=1), jobs=1).summary
    assert (small["bags_checked"], "one is always begun" in str(small["over_budget"])) == (1, True)
    assert audit(shelf, budget=Budget(bytes=10**9)).summary["over_budget"] is None


# What is told.


def test_what_a_folder_hides_is_told_by_the_status_until_it_can_be_looked_into(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A larger budget helps nobody who may not read."""
    make_bag(shelf / "calib/bag")
    audit(shelf)
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "calib":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    with monkeypatch.context() as patched:
        patched.setattr("confocal_bag.audit.shelf.os.scandir", refusing)
        audit(shelf, older_than=LONG)
    status = shelf_status(shelf, older_than=timedelta(0))
    said = [one.message for one in status.findings if one.is_internal]
    assert said == ["The folder calib cannot be looked into: Permission denied; there may be bags in it."]
    assert status.verdict is Verdict.INCOMPLETE
    remedies = {one.path: one.remedy or "" for one in status.findings if one.rule == "audit.overdue"}
    assert "larger budget" in remedies["bag0000"]
    assert "may read it" in remedies["calib/bag"]
    audit(shelf, older_than=LONG)
    assert shelf_status(shelf).findings == ()


def test_a_manifest_that_is_gone_does_not_contradict_itself(tmp_path: Path) -> None:
    """The tag manifest lists it, and is the one of the last check."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    audit(shelf)
    (shelf / "bag0000/manifest-sha512.txt").unlink()
    (lost,) = [one for one in audit(shelf).findings if one.rule == "audit.files-lost"]
    assert "missing although the tag manifests are the ones of the last check (manifest-sha512.txt)" in lost.message


def test_the_status_lists_every_bag_and_shows_one(shelf: Path, run: Run) -> None:
    """Also a healthy one, of which there is nothing else to say."""
    flip(shelf / "bag0002/data/a.txt")
    audit(shelf)
    told = json.loads(run("audit", shelf, "--status", "--format", "json").out)
    assert {bag["path"]: bag["verdict"] for bag in told["bags"]} == {
        "bag0000": "valid",
        "bag0001": "valid",
        "bag0002": "invalid",
    }
    assert all(bag["checked"] for bag in told["bags"])
    ran = run("audit", shelf, "--status", "--bag", "bag0000")
    assert ran.code == 0, ran.out
    assert "verdict: valid" in ran.out
    assert f"checked: {told['bags'][0]['checked']}" in ran.out
    assert run("audit", shelf, "--status", "--bag", "bag0002").code == 1
    ran = run("audit", shelf, "--forget", "nosuch")
    assert (ran.code, "--status --format json" in ran.err) == (3, True), ran.err


def test_cron_is_told_nothing_when_all_is_well(shelf: Path, run: Run) -> None:
    """Whatever it prints becomes a mail."""
    for options in ((), ("--budget", "1B"), ("--status",)):
        ran = run("audit", shelf, "--quiet", *options)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    flip(shelf / "bag0000/data/a.txt")
    ran = run("audit", shelf, "--quiet")
    assert (ran.code, "audit.bit-rot" in ran.out) == (1, True)
