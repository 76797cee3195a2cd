"""Whether one path lies inside another, whatever way leads there."""

import os
from pathlib import Path

import pytest

from confocal_bag.cli.places import refuse_inside_bag, refuse_place
from confocal_bag.containment import folders_around, lies_in
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.findings import CannotFinish


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder with one in it, a neighbour whose name begins alike, and links to and from both."""
    (tmp_path / "scans/day1").mkdir(parents=True)
    (tmp_path / "scans2").mkdir()
    (tmp_path / "in").symlink_to("scans/day1")
    (tmp_path / "scans/out").symlink_to("../scans2")
    (tmp_path / "round").symlink_to("round")
    return tmp_path / "scans"


@pytest.mark.parametrize(
    ("path", "lies"),
    [
        ("scans", True),
        ("scans/", True),
        ("scans/new/deep/file.txt", True),
        ("scans2/../scans/new", True),
        ("scans/day1/..", True),
        ("in", True),
        ("in/new", True),
        ("scans/out", True),  # the link itself lies there
        ("scans/out/new", False),
        ("scans/..", False),
        ("scans2", False),
        ("scans2/new", False),
        ("Scans", False),
        ("round", False),
        (".", False),
    ],
)
def test_a_path_lies_in_a_folder_by_its_place_and_by_where_it_leads(scans: Path, path: str, *, lies: bool) -> None:
    """The folder may be named by a link too."""
    again = scans.parent / "again"
    again.symlink_to("scans")
    assert lies_in(scans.parent / path, scans) is lies
    assert lies_in(Path(f"{scans.parent}/{path}"), again) is lies


def test_relative_paths_are_of_the_current_folder(scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they stand alone, too."""
    monkeypatch.chdir(scans / "day1")
    for path in (".", "..", "new", "../new"):
        assert lies_in(Path(path), scans)
    assert not lies_in(Path("../.."), scans)
    assert next(folders_around(Path("new"))) == scans / "day1/new"


def test_two_names_of_one_folder_are_one(scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that takes SCANS and scans for the same name: what the system says counts, not the letters."""
    real = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        return real(Path(str(path).replace("SCANS", "scans")), **options)

    monkeypatch.setattr(Path, "stat", stat)
    assert lies_in(scans.parent / "SCANS/new", scans)
    assert lies_in(scans / "new", scans.parent / "SCANS")


def test_a_folder_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    """Nothing can lie in it yet, but something may be about to."""
    assert lies_in(tmp_path / "none/new", tmp_path / "none")
    assert not lies_in(tmp_path / "other", tmp_path / "none")


def test_a_link_into_a_deposit_or_a_bag_is_no_way_around(scans: Path, tmp_path: Path) -> None:
    """A folder that is a link is written to where it leads."""
    refuse_inside_deposit(tmp_path / "in")
    refuse_inside_bag(tmp_path / "in")
    refuse_place(tmp_path / "in", [scans.parent / "scans2"])
    (tmp_path / "scans.curation").mkdir()
    (scans / "bagit.txt").touch()
    with pytest.raises(CannotFinish, match="lies in the deposit"):
        refuse_inside_deposit(tmp_path / "in")
    with pytest.raises(CannotFinish, match="lies inside a bag"):
        refuse_inside_bag(tmp_path / "in")
    (tmp_path / "scans.curation").rmdir()
    (scans / "bagit.txt").unlink()
    with pytest.raises(CannotFinish, match="is itself what is read"):
        refuse_place(tmp_path / "in", [scans / "day1"])
    with pytest.raises(CannotFinish, match="which is only read"):
        refuse_place(tmp_path / "in/new", [scans])
    with pytest.raises(CannotFinish, match="beside a depositor's files"):
        refuse_place(scans, [tmp_path / "in"])
