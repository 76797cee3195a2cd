"""Profile, readme, bag-info.txt and findings of a bag speak of the same practice level."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.deposit.exports.readme_words import LEVELS
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.bag.bags import make_bag
from tests.deposit.levelled import as_yaml, described
from tests.recording import Ran


@pytest.mark.parametrize("level", list(PracticeLevel))
def test_a_bag_says_its_level_everywhere(tmp_path: Path, run: Callable[..., Ran], level: PracticeLevel) -> None:
    """A deposit that just reaches a level, and claims it: four places, one answer, and the profile is kept."""
    folder = tmp_path / "d"
    make.lsm(folder / "raw" / "cell.lsm")
    said = {"level": str(level), **described(level, channels=2)}
    (folder / "deposit.yaml").write_text(as_yaml(said), encoding="utf-8")
    ran = run("build", folder, tmp_path / "bag", "--format", "json")
    document = json.loads(ran.out)
    assert ran.code == 0, [one["message"] for one in document["findings"] if one["severity"] == "error"]
    assert document["level"]["reached"] == level
    info = (tmp_path / "bag/bag-info.txt").read_text("utf-8").replace("\n  ", " ")
    assert f"Confocal-Practice-Level: {level}\n" in info
    assert f"BagIt-Profile-Identifier: {load_profile(f'confocal-{level}').identifier}\n" in info
    readme = (tmp_path / "bag/data/readme/README.txt").read_text("utf-8")
    (line,) = [line for line in readme.splitlines() if line.strip().startswith("Practice level:")]
    assert line.partition(":")[2].strip() == LEVELS[level]
    findings = json.loads((tmp_path / "bag/data/metadata/findings.json").read_text("utf-8"))
    assert findings["level"]["reached"] == level
    assert [one.message for one in validate_bag(tmp_path / "bag").findings if one.severity == "error"] == []


def test_a_profile_asks_for_nothing_that_its_level_does_not(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """The processed files of a publication alone, and conditions in words: good enough, and so a valid bag."""
    folder = tmp_path / "d"
    make.plane_sequence(folder / "processed", planes=1)
    said = {"level": "good-enough", **described(PracticeLevel.GOOD_ENOUGH, channels=1)}
    said["files"] = [{"path": "processed/*", "description": "Figure 1"}]
    said["related"] = [{"id": "10.1083/jcb.1", "type": "DOI", "relation": "IsSupplementTo"}]
    said["license"] = {"statement": "Reuse after asking the authors"}
    (folder / "deposit.yaml").write_text(as_yaml(said), encoding="utf-8")
    ran = run("build", folder, tmp_path / "bag")
    assert ran.code == 0, ran.out + ran.err
    assert "License: Reuse after asking the authors\n" in (tmp_path / "bag/bag-info.txt").read_text("utf-8")


@pytest.mark.parametrize("level", [PracticeLevel.GOOD_ENOUGH, PracticeLevel.MOST_REPRODUCIBLE])
def test_a_claim_that_is_not_reached_is_refused(tmp_path: Path, run: Callable[..., Ran], level: PracticeLevel) -> None:
    """The deposit of the level below."""
    below = list(PracticeLevel)[level.rank - 1] if level.rank else level
    folder = tmp_path / "d"
    make.lsm(folder / "raw" / "cell.lsm")
    (folder / "deposit.yaml").write_text(
        as_yaml({"level": str(level), **described(below, channels=2)}), encoding="utf-8"
    )
    ran = run("build", folder, tmp_path / "bag")
    assert ran.code == 1
    assert "level.not-reached" in ran.out


def test_a_draft_says_the_level_it_reaches_and_the_one_it_aims_at(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """In bag-info.txt by two labels, in the readme in words; its receiver is warned of the draft alone."""
    folder = tmp_path / "d"
    make.lsm(folder / "raw" / "cell.lsm")
    said = {"level": "most-reproducible", **described(PracticeLevel.GOOD_ENOUGH, channels=2)}
    (folder / "deposit.yaml").write_text(as_yaml(said), encoding="utf-8")
    assert run("build", folder, tmp_path / "bag", "--draft").code == 0
    info = (tmp_path / "bag/bag-info.txt").read_text("utf-8").replace("\n  ", " ")
    assert "Confocal-Practice-Level: good-enough\nConfocal-Practice-Level-Aimed-At: most-reproducible\n" in info
    assert f"BagIt-Profile-Identifier: {load_profile('confocal-good-enough').identifier}\n" in info
    readme = " ".join((tmp_path / "bag/data/readme/README.txt").read_text("utf-8").split())
    assert (
        "Practice level: Good Enough Practice; aims at Most Reproducible and Reusable Practice Data collected" in readme
    )
    assert 'It aims at the level "Most Reproducible and Reusable Practice" and does not reach it yet.' in readme
    told = [one for one in validate_bag(tmp_path / "bag").findings if one.rule == "profile.bag-info-values"]
    assert [one.message for one in told] == ["Confocal-Draft is 'true'; the profile allows false."]


def test_a_draft_that_reaches_no_level_says_only_what_it_aims_at(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """It claims nothing."""
    make.lsm(tmp_path / "d" / "raw" / "cell.lsm")
    assert run("build", tmp_path / "d", tmp_path / "bag", "--draft", "--level", "good-enough").code == 0
    info = (tmp_path / "bag/bag-info.txt").read_text("utf-8")
    assert "Confocal-Practice-Level:" not in info
    assert "Confocal-Practice-Level-Aimed-At: good-enough\n" in info


def test_no_update_makes_a_draft_into_a_finished_bag(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Nor gives a bag a level, an aim or a profile that no build proved; less may be claimed."""
    folder, bag = tmp_path / "d", tmp_path / "bag"
    make.lsm(folder / "raw" / "cell.lsm")
    said = {"level": "most-reproducible", **described(PracticeLevel.GOOD_ENOUGH, channels=2)}
    (folder / "deposit.yaml").write_text(as_yaml(said), encoding="utf-8")
    assert run("build", folder, bag, "--draft").code == 0
    before = make.snapshot(bag)
    most = load_profile("confocal-most-reproducible").identifier
    for change in (
        ("--set", "Confocal-Draft: false"),
        ("--set", "confocal-draft: No"),
        ("--unset", "Confocal-Draft"),
        ("--append", "Confocal-Draft: false"),
        ("--set", "Confocal-Practice-Level: most-reproducible"),
        ("--append", "Confocal-Practice-Level: most-reproducible"),
        ("--set", "Confocal-Practice-Level: superb"),
        ("--unset", "Confocal-Practice-Level-Aimed-At"),
        ("--set", "Confocal-Practice-Level-Aimed-At: good-enough"),
        ("--set", f"BagIt-Profile-Identifier: {most}"),
        ("--append", f"BagIt-Profile-Identifier: {most}"),
        ("--set", "BagIt-Profile-Identifier: https://example.org/ours.json"),
        ("--unset", "BagIt-Profile-Identifier"),
    ):
        for options in ((), ("--dry-run",)):
            ran = run("update", bag, *change, *options)
            assert (ran.code, "build the bag" in ran.err or "--append" in ran.err) == (3, True), (change, ran.err)
    assert make.snapshot(bag) == before
    for change in (
        ("--append", "BagIt-Profile-Identifier: https://example.org/ours.json"),
        ("--set", "Confocal-Practice-Level: minimum"),
        ("--set", "Confocal-Draft: true"),
    ):
        assert run("update", bag, *change).code == 0, change
    ran = run("update", bag, "--set", "Confocal-Practice-Level: good-enough")
    assert (ran.code, "'minimum' is what the build proved" in ran.err) == (3, True)


def test_a_level_is_not_given_to_a_bag_that_has_none(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """A draft that reaches no level, and a bag of another program."""
    make.lsm(tmp_path / "d" / "raw" / "cell.lsm")
    assert run("build", tmp_path / "d", tmp_path / "draft", "--draft").code == 0
    plain = make_bag(tmp_path / "plain")
    for bag in (tmp_path / "draft", plain):
        ran = run("update", bag, "--set", "Confocal-Practice-Level: minimum")
        assert (ran.code, "no level is what the build proved" in ran.err) == (3, True), ran.err
    assert run("update", plain, "--set", "Contact-Name: Ada").code == 0


def test_a_draft_is_shipped_with_a_warning(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Among the lines and in the receipt, as text and as JSON; a finished bag has none."""
    make.lsm(tmp_path / "d" / "raw" / "cell.lsm")
    assert run("build", tmp_path / "d", tmp_path / "draft", "--draft").code == 0
    ran = run("ship", tmp_path / "draft", tmp_path / "there", "-o", tmp_path / "receipt.txt")
    assert ran.code == 0
    for text in (ran.out, (tmp_path / "receipt.txt").read_text("utf-8")):
        assert "Warning      The bag is a draft ('Confocal-Draft: true'); do not publish it." in text
    ran = run("ship", tmp_path / "draft", tmp_path / "there", "--format", "json")
    assert "Warning: The bag is a draft" in ran.err
    receipt = json.loads(ran.out)
    assert receipt["draft"] is True
    assert len(receipt["warnings"]) == 1
    plain = make_bag(tmp_path / "plain")
    ran = run("ship", plain, tmp_path / "there", "--format", "json")
    receipt = json.loads(ran.out)
    assert (receipt["draft"], receipt["warnings"], "is a draft" in ran.err) == (False, [], False)
