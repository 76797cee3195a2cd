"""What users did wrong has a name of its own in the machine formats, and is no verdict on a bag."""

import json
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from lxml import etree

from tests.recording import Ran

Run = Callable[..., Ran]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A plain bag."""
    folder = tmp_path / "bag"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    bagit.make_bag(str(folder))
    return folder


def rules(ran: Ran) -> list[str]:
    """The rules of the last report's findings."""
    return [one["rule"] for one in json.loads(ran.out)[-1]["findings"]]


def test_a_bag_that_is_not_there_is_a_slip_of_the_pen(bag: Path, run: Run) -> None:
    """Nothing is known of it: the verdict is incomplete, whatever is selected, and the exit code 3."""
    ran = run("validate", bag, bag.parent / "bga", "--format", "json")
    assert ran.code == 3
    assert rules(ran) == ["usage.not-found"]
    assert json.loads(ran.out)[-1]["verdict"] == "incomplete"
    assert run("validate", bag, bag.parent / "bga", "--select", "profile").code == 3
    suites = etree.fromstring(run("validate", bag, bag.parent / "bga", "--format", "junit").out.encode())
    assert suites.xpath("//testcase[error]/@classname") == ["usage"]


def test_a_file_that_is_there_and_cannot_be_judged_is_none(bag: Path, run: Run) -> None:
    """Something lies there, whatever it is."""
    (bag.parent / "note.txt").write_text("no bag")
    ran = run("validate", bag, bag.parent / "note.txt", "--format", "json")
    assert ran.code == 3
    assert rules(ran) == ["internal.cannot-finish"]


def test_a_profile_that_is_not_there_is_a_slip_of_the_pen(tmp_path: Path, run: Run) -> None:
    """Of several; one alone is refused in a sentence."""
    ran = run("profiles", "check", "confocal-minimum", tmp_path / "none.json", "--format", "json")
    assert ran.code == 3
    assert rules(ran) == ["usage.not-found"]


@pytest.mark.parametrize("rule", ["usage.not-found", "usage.row"])
def test_the_names_are_explained(rule: str, run: Run) -> None:
    """As those of rules are."""
    ran = run("explain", rule)
    assert ran.code == 0
    assert ran.out.startswith(rule)
