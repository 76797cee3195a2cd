"""Readmes and Methods paragraphs of each practice level, as they were read for sense."""

import re

import pytest

from confocal_bag.deposit.exports.text_width import WIDTH, display_width
from confocal_bag.vocabulary import PracticeLevel
from tests.deposit.exports.golden_readmes import FOLDER, facts_of, golden_texts

TEXTS = golden_texts()


@pytest.mark.parametrize("level", PracticeLevel)
def test_each_golden_deposit_reaches_its_level(level: PracticeLevel) -> None:
    """No more and no less."""
    assert facts_of(level).level_reached is level


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_as_they_were_read(name: str) -> None:
    """After a change that is meant: `python -m tests.deposit.exports.golden_readmes`, and read them."""
    assert TEXTS[name] == (FOLDER / name).read_text(encoding="utf-8")


def test_no_golden_text_is_left_over() -> None:
    """Every file of the folder is one that is made."""
    made = set(TEXTS)
    kept = {path.name for path in FOLDER.glob("*readme-*.txt")} | {path.name for path in FOLDER.glob("methods-*.txt")}
    assert kept == made


@pytest.mark.parametrize("name", TEXTS)
def test_texts_read_well(name: str) -> None:
    """No "None", no name of a closed list, no empty heading, no line too wide, no gap."""
    text = TEXTS[name]
    assert "None" not in text
    for raw in ("IsSupplementTo", "IsDocumentedBy", "Unidirectional", "SolidState", "principal-investigator", "{", "}"):
        assert raw not in text.replace("root_z{z:02d}.tif", ""), raw
    assert not re.search(
        r"\b(?:most-reproducible|good-enough)\b", re.sub(r"(?:Bag:|bag|--validate|validate) .*", "", text)
    )
    assert max(map(display_width, text.split("\n"))) <= WIDTH
    assert "\n\n\n" not in text
    for section in re.split(r"^\S.*\n-{3,}$", text, flags=re.MULTILINE)[1:]:
        assert section.strip()
