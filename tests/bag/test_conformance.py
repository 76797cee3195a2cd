"""The Library of Congress conformance suite: every bag gets the verdict its folder asks for."""

import tarfile
from pathlib import Path

import pytest

from confocal_bag.bag.rules import check_bag
from confocal_bag.findings import Severity
from tests.bag.bags import state

EXPECTED = {"valid": True, "warning": True, "invalid": False, "linux-only": False, "windows-only": False}
#: Bags whose files were never committed to the suite: incomplete wherever letter case matters.
IMPOSSIBLE = {"duplicate-file-with-different-case", "special-system-files"}


@pytest.fixture
def suite(shared: Path, tmp_path: Path) -> Path:
    """The suite, unpacked."""
    path = shared / "conformance" / "loc-suite.tar.gz"
    if not path.is_file():
        pytest.skip("the conformance suite is not among the shared reference files")
    with tarfile.open(path) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    return tmp_path / "unpacked" / "suite"


def bags(suite: Path, category: str) -> list[Path]:
    """The bags of one category, of all versions."""
    return sorted(path for path in suite.glob(f"v*/{category}/*") if path.is_dir())


def errors(bag: Path) -> set[str]:
    """The rules a bag breaks."""
    return {one.rule for one in check_bag(bag).findings if one.severity is Severity.ERROR}


def test_every_bag_of_the_suite_gets_its_verdict(suite: Path) -> None:
    """54 bags counted by their folder and 6 for Windows; the two impossible ones are incomplete."""
    wrong, seen = [], 0
    for category, is_valid in EXPECTED.items():
        for bag in bags(suite, category):
            seen += 1
            expected = is_valid and bag.name not in IMPOSSIBLE
            if (not errors(bag)) != expected:
                wrong.append(f"{category}/{bag.name}: {errors(bag)}")
    assert wrong == []
    assert seen == 60


def test_the_impossible_bags_are_incomplete_and_right_once_repaired(suite: Path) -> None:
    """Each lacks one listed file; with it, the bag is valid with warnings."""
    case, system = (suite / "v0.97/warning" / name for name in sorted(IMPOSSIBLE))
    assert errors(case) == {"bag.file-missing"}
    assert errors(system) == {"bag.file-missing", "bag.oxum-wrong"}
    (system / "data/.DS_Store").touch()
    assert errors(system) == set()
    assert {one.rule for one in check_bag(system).findings} >= {"bag.system-file"}


def test_the_suite_warns_where_it_should(suite: Path) -> None:
    """Every bag of the warning folder has a warning of its own kind."""
    rules = {
        "made-with-md5sum-tools": "bag.path-binary-marker",
        "relative-path": "bag.path-spelling",
        "same-filename-listed-twice-with-different-normalization": "bag.path-normalization",
        "same-filename-listed-twice-with-the-same-hash": "bag.path-listed-twice",
        "special-system-files": "bag.system-file",
    }
    for name, rule in rules.items():
        assert rule in {one.rule for one in check_bag(suite / "v0.97/warning" / name).findings}, name


def test_checking_the_suite_changes_nothing_in_it(suite: Path) -> None:
    """Not a byte and not a time."""
    before = state(suite)
    for category in EXPECTED:
        for bag in bags(suite, category):
            check_bag(bag)
    assert state(suite) == before
