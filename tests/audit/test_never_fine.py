"""What an audit must not call fine: bags that are gone, damage that was covered up, and what nobody could look at."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from confocal_bag.audit import Budget, accept_damage, audit_shelf, shelf_status
from confocal_bag.audit.history import History
from confocal_bag.findings import CannotFinish, Report, Severity, Verdict
from tests.audit.shelves import audit, by_rule, damage_zip, flip, make_shelf, renewed, resealed
from tests.bag.bags import digest, edit, make_bag, make_zip, members, seal
from tests.recording import Ran

Run = Callable[..., Ran]
HALF_A_YEAR = timedelta(days=180)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Three bags that were audited."""
    shelf = make_shelf(tmp_path / "shelf", 3)
    assert audit(shelf).verdict is Verdict.VALID
    return shelf


# A bag that is gone, and left something under its name.


def emptied(bag: Path) -> None:
    """Nothing is left in the folder."""
    shutil.rmtree(bag)
    bag.mkdir()


def hollowed(bag: Path) -> None:
    """Only folders are left, and none that makes a bag."""
    emptied(bag)
    (bag / "metadata/ome").mkdir(parents=True)


def linked_nowhere(bag: Path) -> None:
    """A link that leads nowhere is left."""
    shutil.rmtree(bag)
    bag.symlink_to("/no/such/bag")


def linked_away(bag: Path) -> None:
    """The bag lies elsewhere, where nobody audits it, and a link to it is left."""
    bag.rename(bag.parent.parent / "elsewhere")
    bag.symlink_to(bag.parent.parent / "elsewhere", target_is_directory=True)


def made_a_file(bag: Path) -> None:
    """A file has its name."""
    shutil.rmtree(bag)
    bag.write_text("was here")


@pytest.mark.parametrize("lose", [emptied, hollowed, linked_nowhere, linked_away, made_a_file])
def test_a_bag_that_left_only_its_name_has_vanished(shelf: Path, lose: object) -> None:
    """At once, however long ago its last check was."""
    lose(shelf / "bag0000")  # type: ignore[operator]
    for report in (audit(shelf, older_than=HALF_A_YEAR), shelf_status(shelf)):
        assert by_rule(report, "audit.vanished") == ["bag0000"]
        assert report.verdict is Verdict.INVALID
    assert shelf_status(shelf).summary["bags_on_the_shelf"] == 2


def test_a_bag_below_a_folder_that_is_a_link_now_has_vanished(tmp_path: Path) -> None:
    """Links are not followed, so nobody would ever check it again."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    make_bag(shelf / "group/bag")
    audit(shelf)
    (shelf / "group").rename(tmp_path / "group")
    (shelf / "group").symlink_to(tmp_path / "group", target_is_directory=True)
    assert by_rule(audit(shelf, older_than=HALF_A_YEAR), "audit.vanished") == ["group/bag"]


def test_a_bag_that_was_seen_by_a_clock_gone_wrong_can_vanish_all_the_same(tmp_path: Path) -> None:
    """It would be there until that time had come."""
    shelf = make_shelf(tmp_path / "shelf", 2)
    audit(shelf, clock=lambda: datetime.now(UTC) + timedelta(days=2000))
    shutil.rmtree(shelf / "bag0000")
    assert by_rule(audit(shelf, older_than=HALF_A_YEAR), "audit.vanished") == ["bag0000"]


def test_a_bag_around_which_another_was_made_is_still_there(tmp_path: Path) -> None:
    """The walk does not look into the outer bag; the inner one is audited on."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    make_bag(shelf / "group/bag")
    audit(shelf)
    (shelf / "group/bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    flip(shelf / "group/bag/data/a.txt")
    report = audit(shelf)
    assert by_rule(report, "audit.vanished") == []
    assert by_rule(report, "audit.bit-rot") == ["group/bag"]


def test_what_does_not_look_like_a_bag_any_more_is_checked_at_once(shelf: Path) -> None:
    """Its last check was a minute ago, and that does not count."""
    for path in (shelf / "bag0001").glob("*.txt"):
        path.unlink()
    report = audit(shelf, older_than=HALF_A_YEAR)
    assert [bag["path"] for bag in report.extra["bags"]] == ["bag0001"]
    assert by_rule(report, "audit.invalid") == ["bag0001"]
    again = audit(shelf, older_than=HALF_A_YEAR)
    assert again.summary["bags_checked"] == 0, "it is known to be damaged, and not read every night"
    assert by_rule(again, "audit.not-repaired") == ["bag0001"]


def test_what_does_not_look_like_a_bag_any_more_is_told_where_the_budget_does_not_reach_it(shelf: Path) -> None:
    """A small budget is no reason to call it fine."""
    for name in ("bag0000", "bag0001"):
        (shelf / name / "bagit.txt").unlink()
        shutil.rmtree(shelf / name / "data")
    report = audit(shelf, older_than=HALF_A_YEAR, budget=Budget(bytes=1))
    (checked,) = [bag["path"] for bag in report.extra["bags"]]
    others = [name for name in ("bag0000", "bag0001") if name != checked]
    assert by_rule(report, "audit.vanished") == by_rule(shelf_status(shelf), "audit.vanished") == others


@pytest.mark.parametrize("content", [b"", b"text"])
def test_an_archive_that_is_none_any_more_is_looked_at_at_once(shelf: Path, content: bytes) -> None:
    """Its first bytes tell it, without reading it."""
    make_zip(shelf / "a.zip", members(shelf / "bag0000"))
    audit(shelf)
    (shelf / "a.zip").write_bytes(content)
    for report in (audit(shelf, older_than=HALF_A_YEAR), shelf_status(shelf)):
        assert by_rule(report, "internal.cannot-finish"), report.findings
        assert report.verdict is Verdict.INCOMPLETE


# Damage that was covered up.


def test_damage_is_not_forgotten_when_the_manifests_are_renewed_over_it(shelf: Path) -> None:
    """The bag agrees with itself, and the file is as rotten as before."""
    bag = shelf / "bag0000"
    good = digest("sha512", (bag / "data/a.txt").read_bytes())
    flip(bag / "data/a.txt")
    assert by_rule(audit(shelf), "audit.bit-rot") == ["bag0000"]
    renewed(bag)
    for report in (audit(shelf), audit(shelf), audit(shelf, older_than=HALF_A_YEAR), shelf_status(shelf)):
        assert by_rule(report, "audit.not-restored") == ["bag0000"]
        assert report.verdict is Verdict.INVALID
        (finding,) = [one for one in report.findings if one.rule == "audit.not-restored"]
        assert "the manifests now list the damaged content of data/a.txt" in finding.message
        assert [one["expected"] for one in finding.detail["files"]] == [good]
    assert shelf_status(shelf).summary["not_restored"] == 1


def test_damage_is_settled_when_the_file_is_back(shelf: Path) -> None:
    """With the checksum that it had."""
    bag = shelf / "bag0000"
    flip(bag / "data/a.txt")
    audit(shelf)
    renewed(bag)
    audit(shelf)
    flip(bag / "data/a.txt")
    renewed(bag)
    assert by_rule(audit(shelf), "audit.not-restored") == []
    assert audit(shelf).verdict is shelf_status(shelf).verdict is Verdict.VALID


def test_damage_is_settled_when_somebody_says_that_it_is_meant(shelf: Path) -> None:
    """That is in the history; a bag without such damage, or one that is still damaged, has nothing to accept."""
    bag = shelf / "bag0000"
    flip(bag / "data/a.txt")
    audit(shelf)
    with pytest.raises(CannotFinish, match="No damage of bag0000 can be accepted"):
        accept_damage(shelf, "bag0000")
    renewed(bag)
    audit(shelf)
    accept_damage(shelf, "bag0000")
    assert audit(shelf).verdict is shelf_status(shelf).verdict is Verdict.VALID
    with pytest.raises(CannotFinish, match="No damage"):
        accept_damage(shelf, "bag0000")
    with History(shelf / ".confocal-bag-audit.sqlite", read_only=True) as history:
        assert history.rows("SELECT settled_by FROM damage") == [("accepted",)]
        assert ("accepted",) in history.rows("SELECT what FROM event")
    flip(bag / "data/a.txt")
    assert by_rule(audit(shelf), "audit.bit-rot") == ["bag0000"]


def test_the_command_accepts_damage(shelf: Path, run: Run) -> None:
    """And says what it did; the exit code of an audit is 0 again."""
    flip(shelf / "bag0000/data/a.txt")
    audit(shelf)
    renewed(shelf / "bag0000")
    audit(shelf)
    assert run("audit", shelf, "--status").code == 1
    accepted = run("audit", shelf, "--accept", "bag0000")
    assert (accepted.code, accepted.err.startswith("bag0000 is taken to be meant as it is")) == (0, True)
    assert run("audit", shelf, "--status").code == 0
    assert run("audit", shelf, "--accept", "bag0000").code == 3


def test_damaged_files_that_were_replaced_or_taken_away_are_a_warning(shelf: Path) -> None:
    """Whether a third content is the right one, nobody knows but who put it there."""
    flip(shelf / "bag0000/data/a.txt")
    flip(shelf / "bag0001/data/a.txt")
    (shelf / "bag0002/data/a.txt").unlink()
    audit(shelf)
    (shelf / "bag0000/data/a.txt").write_bytes(b"a third")
    (shelf / "bag0001/data/a.txt").unlink()
    for number in range(3):
        renewed(shelf / f"bag000{number}")
    for report in (audit(shelf), audit(shelf), shelf_status(shelf)):
        told = {one.path: one for one in report.findings if one.rule == "audit.not-restored"}
        assert {path: one.detail["state"] for path, one in told.items()} == {
            "bag0000": "replaced",
            "bag0001": "removed",
            "bag0002": "removed",
        }
        assert {one.severity for one in told.values()} == {Severity.WARNING}
    assert report.verdict is Verdict.VALID_WITH_WARNINGS


def test_a_damaged_file_that_lies_under_another_name_in_good_health_is_back(shelf: Path) -> None:
    """It was restored, and moved in the bag."""
    bag = shelf / "bag0000"
    good = (bag / "data/a.txt").read_bytes()
    flip(bag / "data/a.txt")
    audit(shelf)
    (bag / "data/a.txt").unlink()
    (bag / "data/alpha.txt").write_bytes(good)
    renewed(bag)
    assert by_rule(audit(shelf), "audit.not-restored") == []


def test_tag_files_that_were_damaged_are_a_warning_while_the_damage_is_listed(shelf: Path) -> None:
    """They are edited all the time, so another content settles it."""
    bag = shelf / "bag0000"
    flip(bag / "bag-info.txt")
    audit(shelf)
    seal(bag)
    report = audit(shelf)
    assert by_rule(report, "audit.not-restored") == ["bag0000"]
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    edit(bag / "bag-info.txt", "Example", "Other")
    seal(bag)
    assert by_rule(audit(shelf), "audit.not-restored") == []


# What could not be looked at.


def test_a_look_that_fails_leaves_the_last_verdict_known_and_the_bag_due(shelf: Path) -> None:
    """Known to be damaged, then not readable at all: that is no better."""
    packed = make_zip(shelf / "z.zip", members(shelf / "bag0000"))
    damage_zip(packed, "bag/data/a.txt")
    assert audit(shelf).verdict is Verdict.INVALID
    content = packed.read_bytes()
    packed.write_bytes(b"garbage")
    assert by_rule(audit(shelf), "internal.cannot-finish") == ["z.zip"]
    for _ in range(2):
        report = audit(shelf, older_than=HALF_A_YEAR)
        assert by_rule(report, "audit.not-repaired") == ["z.zip"]
        assert by_rule(report, "internal.cannot-finish") == ["z.zip"]
        assert (report.verdict, report.summary["bags_still_due"]) == (Verdict.INVALID, 1)
    status = shelf_status(shelf)
    assert status.verdict is Verdict.INVALID
    assert (status.summary["invalid"], status.summary["not_looked_at"]) == (1, 1)
    packed.write_bytes(content)
    report = audit(shelf, older_than=HALF_A_YEAR)
    assert report.summary["bags_checked"] == 1
    assert by_rule(report, "audit.invalid") == ["z.zip"]
    assert report.summary["bags_still_due"] == 0


def test_what_could_not_be_looked_at_is_told_where_the_budget_does_not_reach_it(shelf: Path) -> None:
    """Neither is it fine because this run came to another bag first."""
    (shelf / "y.zip").write_bytes(b"text")
    (shelf / "z.zip").write_bytes(b"text")
    audit(shelf)
    report = audit(shelf, older_than=HALF_A_YEAR, budget=Budget(bytes=1))
    assert sorted(by_rule(report, "internal.cannot-finish")) == ["y.zip", "z.zip"]
    assert (report.summary["bags_not_looked_at"], report.summary["bytes_checked"]) == (1, 0)
    assert report.verdict is Verdict.INCOMPLETE


# What happened to a bag, told of the right file.


def test_bit_rot_is_told_in_a_bag_that_was_updated_meanwhile(shelf: Path) -> None:
    """The history knows that the line of the rotten file never changed."""
    bag = shelf / "bag0000"
    line = next(one for one in (bag / "manifest-sha512.txt").read_text().splitlines() if one.endswith("/a.txt"))
    flip(bag / "data/a.txt")
    (bag / "data/new.txt").write_bytes(b"new")
    renewed(bag)
    wrong = next(one for one in (bag / "manifest-sha512.txt").read_text().splitlines() if one.endswith("/a.txt"))
    edit(bag / "manifest-sha512.txt", wrong, line)
    seal(bag)
    (bag / "data/unlisted.txt").write_bytes(b"not listed")
    report = audit(shelf)
    (finding,) = report.findings
    assert (finding.rule, finding.detail["files"]) == ("audit.bit-rot", ["data/a.txt"])
    assert "1 file changed although the line that lists it is still the one of the last check" in finding.message
    assert shelf_status(shelf).findings[0].message == finding.message


def test_a_file_that_was_lost_in_a_bag_that_was_updated_meanwhile_is_lost(shelf: Path) -> None:
    """Its line is the one of the last check."""
    bag = shelf / "bag0000"
    (bag / "data/new.txt").write_bytes(b"new")
    renewed(bag)
    (bag / "data/a.txt").unlink()
    assert by_rule(audit(shelf), "audit.files-lost") == ["bag0000"]


def test_a_digit_that_flipped_in_a_tag_manifest_is_no_damage_of_the_file_it_lists(shelf: Path) -> None:
    """The file has the digest that the history has."""
    manifest = shelf / "bag0000/tagmanifest-sha512.txt"
    line = next(one for one in manifest.read_text().splitlines() if one.endswith("  bag-info.txt"))
    edit(manifest, line, ("1" if line[0] == "0" else "0") + line[1:])
    for report in (audit(shelf), shelf_status(shelf)):
        (finding,) = report.findings
        assert (finding.rule, finding.detail["change"]) == ("audit.bit-rot", "list-damaged")
        assert finding.message == (
            "bag0000: a manifest lists another checksum than at the last check for 1 file, and that is as before "
            "(bag-info.txt)."
        )


def test_another_algorithm_is_no_change_of_files(tmp_path: Path) -> None:
    """Digests are compared within one algorithm only."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    bag = shelf / "bag0000"
    audit(shelf)
    renewed(bag, ("sha256",))
    (finding,) = audit(shelf).findings
    assert (finding.rule, finding.severity) == ("audit.changed", Severity.ADVICE)
    assert "replaced" not in finding.detail
    assert finding.detail["relisted"] >= 2
    assert "listed by another algorithm, which cannot be compared" in finding.message


def test_an_algorithm_added_and_another_dropped_later_is_no_change_of_files(tmp_path: Path) -> None:
    """The manifest that was there at both checks proves it."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    bag = shelf / "bag0000"
    audit(shelf)
    for algorithms in (("sha256", "sha512"), ("sha256",)):
        renewed(bag, algorithms)
        (finding,) = audit(shelf).findings
        assert (finding.rule, finding.severity) == ("audit.changed", Severity.ADVICE)
        assert not {"replaced", "relisted"} & finding.detail.keys()


def test_tag_files_that_no_tag_manifest_lists_are_watched_all_the_same(tmp_path: Path) -> None:
    """Whether their change was meant, nothing in the bag tells."""
    shelf = make_shelf(tmp_path / "shelf", 1)
    bag = shelf / "bag0000"
    (bag / "tagmanifest-sha512.txt").unlink()
    audit(shelf)
    assert audit(shelf).findings == ()
    edit(bag / "bag-info.txt", "Example", "Evil")
    report = audit(shelf)
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("audit.changed", Severity.WARNING)
    assert "other tag files" in finding.message
    assert finding.detail == {"tag_files": 1, "names": ["bag-info.txt"]}


def test_a_tag_manifest_that_is_gone_is_a_warning(shelf: Path) -> None:
    """And what it listed is not taken for removed files."""
    (shelf / "bag0000/tagmanifest-sha512.txt").unlink()
    (finding,) = audit(shelf).findings
    assert (finding.rule, finding.severity, finding.detail) == ("audit.changed", Severity.WARNING, {})
    assert "no tag manifest any more" in finding.message
    assert audit(shelf).findings == ()


def test_a_bag_in_whose_place_lies_another_is_a_warning(shelf: Path) -> None:
    """None of the former payload is left; of a payload that was renamed or extended, all is."""
    resealed(shelf / "bag0000", {"data/z.txt": b"other"})
    (shelf / "bag0001/data/a.txt").rename(shelf / "bag0001/data/renamed.txt")
    (shelf / "bag0001/data/number.txt").rename(shelf / "bag0001/data/n.txt")
    renewed(shelf / "bag0001")
    (shelf / "bag0002/data/more.txt").write_bytes(b"more")
    renewed(shelf / "bag0002")
    report = audit(shelf)
    assert {one.path: one.severity for one in report.findings} == {
        "bag0000": Severity.WARNING,
        "bag0001": Severity.ADVICE,
        "bag0002": Severity.ADVICE,
    }
    assert "none of its former files is left" in report.findings[0].message
    assert shelf_status(shelf).verdict is Verdict.VALID_WITH_WARNINGS


def test_a_bag_that_is_damaged_in_another_way_is_not_called_whole(shelf: Path) -> None:
    """The rotten file was restored; a file that nobody listed came."""
    flip(shelf / "bag0000/data/a.txt")
    audit(shelf)
    flip(shelf / "bag0000/data/a.txt")
    edit(shelf / "bag0000/bagit.txt", "1.0", "x.y")
    seal(shelf / "bag0000")
    report = audit(shelf)
    assert by_rule(report, "audit.repaired") == by_rule(report, "audit.changed") == []
    assert by_rule(report, "audit.invalid") == ["bag0000"]


# A bag under another path.


def test_a_renamed_bag_is_the_same_bag(shelf: Path) -> None:
    """Its history goes on, and nothing vanished."""
    (shelf / "2026").mkdir()
    (shelf / "bag0000").rename(shelf / "2026/renamed")
    report = audit(shelf)
    assert report.verdict is Verdict.VALID
    (finding,) = report.findings
    assert finding.message == "2026/renamed is the bag that was bag0000; its history goes on."
    assert shelf_status(shelf).findings == audit(shelf).findings == ()
    with History(shelf / ".confocal-bag-audit.sqlite", read_only=True) as history:
        sql = "SELECT bag.path, count(*) FROM bag JOIN bag_check ON bag.id = bag_id GROUP BY bag_id"
        assert dict(history.rows(sql)) == {"2026/renamed": 3, "bag0001": 3, "bag0002": 3}
        assert history.rows("SELECT former_path FROM event WHERE what = 'moved'") == [("bag0000",)]


def test_a_damaged_bag_is_not_made_new_by_renaming_it(shelf: Path) -> None:
    """Nor by packing it, nor by what the renaming hides until somebody comes to check it."""
    flip(shelf / "bag0000/data/a.txt")
    audit(shelf)
    make_zip(shelf / "packed.zip", members(shelf / "bag0000"))
    shutil.rmtree(shelf / "bag0000")
    report = audit(shelf, budget=Budget(bytes=1), older_than=HALF_A_YEAR)
    report = audit(shelf, older_than=HALF_A_YEAR)
    (finding,) = [one for one in audit(shelf).findings if one.rule == "audit.invalid"]
    assert (finding.path, finding.detail["change"]) == ("packed.zip", "still-damaged")
    assert finding.detail["noticed_as"] == "bit-rot"
    assert by_rule(report, "audit.vanished") == []


def test_a_copy_is_another_bag(shelf: Path) -> None:
    """While the first is there, and when it was forgotten."""
    shutil.copytree(shelf / "bag0000", shelf / "copy")
    assert by_rule(audit(shelf), "audit.appeared") == ["copy"]
    shutil.rmtree(shelf / "bag0000")
    assert by_rule(audit(shelf), "audit.vanished") == ["bag0000"]


# What was left out.


def test_what_was_not_looked_into_is_said(shelf: Path, tmp_path: Path) -> None:
    """Links and archives of other kinds may hold bags; a link to a text file does not count."""
    make_bag(tmp_path / "elsewhere/bag")
    (shelf / "linked").symlink_to(tmp_path / "elsewhere/bag", target_is_directory=True)
    (shelf / "nowhere").symlink_to("/no/such/place")
    (shelf / "notes.txt").write_text("notes")
    (shelf / "notes").symlink_to(shelf / "notes.txt")
    for name in ("a.tar.bz2", "b.tar.xz", "c.7z"):
        (shelf / name).write_bytes(b"packed")
    report = audit(shelf)
    assert (report.summary["links_not_followed"], report.summary["archives_not_read"]) == (2, 3)
    said = sorted(one.message for one in report.findings if one.rule == "audit.not-read")
    assert said == [
        "Not looked into, each a link, which is not followed: 2 (linked, nowhere).",
        "Not looked into, each an archive of a kind that is not read: 3 (a.tar.bz2, b.tar.xz, c.7z).",
    ]
    assert report.verdict is Verdict.VALID


def test_the_public_function_is_the_one_that_is_tested(shelf: Path) -> None:
    """In processes, as the command does it."""
    report: Report = audit_shelf(shelf)
    assert report.verdict is Verdict.VALID
