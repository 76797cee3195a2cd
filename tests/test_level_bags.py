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
