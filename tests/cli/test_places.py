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
