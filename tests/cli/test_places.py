"""Where commands write, and where they refuse to."""

from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A deposit that a curator works on."""
    make.lsm(tmp_path / "scans/day1/cells.lsm")
    (tmp_path / "scans.curation").mkdir()
    return tmp_path / "scans"


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A plain bag."""
    folder = tmp_path / "bag"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    bagit.make_bag(str(folder))
    return folder


@pytest.mark.parametrize("command", ["convert", "preview"])
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("scans", "lies in the deposit"),
        ("scans/made", "lies in the deposit"),
        ("scans/day1", "lies in the deposit"),
        (".", "nothing is written beside a depositor's files"),
        ("bag/made", "lies inside a bag"),
    ],
)
@pytest.mark.usefixtures("bag")
def test_nothing_is_made_among_the_files_of_a_depositor(
    scans: Path, run: Run, command: str, place: str, said: str
) -> None:
    """Neither in a deposit, nor in a folder that holds what is read."""
    before = make.snapshot(scans.parent)
    ran = run(command, scans / "day1/cells.lsm", scans.parent / place)
    assert ran.code == 3
    assert said in ran.err
    assert make.snapshot(scans.parent) == before


@pytest.mark.parametrize("command", ["convert", "preview"])
def test_no_output_lies_in_a_folder_that_is_read(tmp_path: Path, run: Run, command: str) -> None:
    """An OME-Zarr is a folder; without a curator's folder nobody knows a deposit by looking."""
    image = make.lsm(tmp_path / "scans/cells.lsm")
    assert "holds" in run(command, image, tmp_path / "scans").err
    (tmp_path / "cells.zarr").mkdir()
    ran = run(command, tmp_path / "cells.zarr", tmp_path / "cells.zarr/made")
    assert ran.code == 3
    assert "which is only read" in ran.err
    assert run(command, image, tmp_path / "scans/made").code == 0


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_no_bag_is_built_in_another_deposit(scans: Path, run: Run, options: list[str]) -> None:
    """Which the curator's folder beside it tells."""
    other = make.small_deposit(scans.parent / "other")
    ran = run("build", other, scans / "bag", "--draft", *options)
    assert ran.code == 3
    assert "lies in the deposit" in ran.err
    assert not (scans / "bag").exists()


def test_no_report_is_written_into_a_deposit_or_over_what_is_read(scans: Path, bag: Path, run: Run) -> None:
    """The deposit need not be what the report is about."""
    ran = run("validate", bag, "-o", scans / "report.txt")
    assert (ran.code, "lies in the deposit" in ran.err) == (3, True)
    saved = bag.parent / "saved.json"
    assert run("validate", bag, "--format", "json", "-o", saved).code == 0
    ran = run("report", saved, "-o", saved)
    assert (ran.code, "never written to" in ran.err) == (3, True)
    listing = bag.parent / "bags.txt"
    listing.write_text(f"{bag}\n")
    assert run("validate", "--from", listing, "-o", listing).code == 3
    assert listing.read_text() == f"{bag}\n"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("deposit/report.txt", "lies in"),
        ("made/report.txt", "lies in"),
        ("kept.txt", "is not a report"),
        ("none/report.txt", "no such folder"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_a_bag_is_built(
    tmp_path: Path, run: Run, place: str, said: str
) -> None:
    """A build may take a night; what keeps its report from being written is said before."""
    make.small_deposit(tmp_path / "deposit")
    (tmp_path / "kept.txt").write_text("mine")
    before = make.snapshot(tmp_path)
    ran = run("build", tmp_path / "deposit", tmp_path / "made", "--draft", "-o", tmp_path / place)
    assert ran.code == 3
    assert said in " ".join(ran.err.split())
    assert make.snapshot(tmp_path) == before


def test_folders_that_are_missing_are_made(bag: Path, run: Run, tmp_path: Path) -> None:
    """As convert and preview make theirs."""
    assert run("pack", bag, tmp_path / "new/packed/bag.zip").code == 0
    assert run("unpack", tmp_path / "new/packed/bag.zip", tmp_path / "new/there/in").code == 0
    assert (tmp_path / "new/there/in/bag/bagit.txt").is_file()
    large = tmp_path / "large"
    large.mkdir()
    for name in ("a", "b"):
        (large / name).write_bytes(name.encode() * 100_000)
    bagit.make_bag(str(large))
    assert run("split", large, tmp_path / "new/split/parts", "--max-size", "150kB").code == 0


def test_a_folder_that_was_made_for_nothing_is_removed(bag: Path, run: Run, tmp_path: Path) -> None:
    """What is not packed or unpacked leaves nothing behind."""
    (tmp_path / "torn.zip").write_bytes(b"PK\3\4 torn")
    assert run("unpack", tmp_path / "torn.zip", tmp_path / "new/there").code != 0
    (bag / "data/a.txt").write_text("b")
    assert run("pack", bag, tmp_path / "new/bag.zip").code == 1
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    ran = run("unpack", tmp_path / "torn.zip", tmp_path / "file")
    assert (ran.code, "is a file" in ran.err) == (3, True)


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_no_bag_is_shipped_into_a_deposit_or_another_bag(scans: Path, bag: Path, run: Run, form: str) -> None:
    """Nor into a folder whose parent is missing, which is a slip of the pen."""
    other = bag.parent / "other"
    other.mkdir()
    (other / "b.txt").write_text("b")
    bagit.make_bag(str(other))
    for place, said in (
        (scans, "lies in the deposit"),
        (scans / "day1/new", "lies in the deposit"),
        (other / "data", "lies inside a bag"),
        (bag.parent / "archvie/2026", "parent folder of"),
    ):
        before = make.snapshot(bag.parent)
        ran = run("ship", bag, place, "--as", form)
        assert (ran.code, said in ran.err) == (3, True), ran.err
        assert make.snapshot(bag.parent) == before
    assert run("ship", bag, bag.parent / "2026", "--as", form).code == 0


def test_no_history_of_audits_is_made_in_a_deposit(scans: Path, bag: Path, run: Run) -> None:
    """Whether the deposit is the shelf or only holds the history."""
    before = make.snapshot(bag.parent)
    for arguments in ((scans,), (scans, "--status"), (bag.parent, "--history", scans / "day1/h.sqlite")):
        ran = run("audit", *arguments)
        assert (ran.code, "lies in the deposit" in ran.err) == (3, True), ran.err
    assert make.snapshot(bag.parent) == before


def test_no_demonstration_is_made_in_a_deposit_or_beside_a_bag_of_that_name(scans: Path, bag: Path, run: Run) -> None:
    """Refused before anything is made, so that nothing is left."""
    (bag.parent / "old/bag").mkdir(parents=True)
    before = make.snapshot(bag.parent)
    for place, said in (
        (scans, "lies in the deposit"),
        (bag / "data", "lies inside a bag"),
        (bag.parent / "old", "already exists"),
    ):
        ran = run("demo", place)
        assert (ran.code, said in ran.err) == (3, True), ran.err
    assert make.snapshot(bag.parent) == before


def test_a_folder_called_a_deposit_by_mistake_can_be_made_one_no_more(bag: Path, run: Run, tmp_path: Path) -> None:
    """A slip of `describe .` among the bags: the message says which folder keeps them from being written to."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (tmp_path / "shelf.curation").mkdir()
    ran = run("pack", bag, shelf / "bag.zip")
    assert (ran.code, f"rename {tmp_path / 'shelf.curation'} and keep it" in ran.err) == (3, True), ran.err
    assert "delete it" not in ran.err
    (tmp_path / "shelf.curation").rmdir()
    assert run("pack", bag, shelf / "bag.zip").code == 0


@pytest.mark.parametrize("command", [("update", "--set", "Contact-Name: Ada"), ("update", "--recover"), ("complete",)])
def test_no_bag_of_a_depositor_is_changed(scans: Path, run: Run, command: tuple[str, ...]) -> None:
    """One that lies in a deposit is a file of the depositor like any other."""
    (scans / "old").mkdir()
    (scans / "old/a.txt").write_text("a")
    bagit.make_bag(str(scans / "old"))
    before = make.snapshot(scans.parent)
    ran = run(command[0], scans / "old", *command[1:])
    assert (ran.code, "lies in the deposit" in ran.err) == (3, True), ran.err
    assert make.snapshot(scans.parent) == before
