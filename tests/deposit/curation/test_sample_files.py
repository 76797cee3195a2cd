"""Which files show which sample: answers that are corrected, acquisitions that agree, and the rules about both."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from confocal_bag.asking import current_description
from confocal_bag.deposit.curation.answered import Written
from confocal_bag.deposit.curation.answering import take_sheet
from confocal_bag.deposit.curation.sheet import SheetRow
from confocal_bag.deposit.curation.taking import TakenAnswers
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.images import described_images
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make

SPECIES = {"specimens[0].organism.name": "Mus musculus", "specimens[1].organism.name": "Homo sapiens"}
#: One acquisition and one entry for all files, as people write them.
TOGETHER = """
specimens: [{id: s0, organism: {name: Mus musculus}}, {id: s1, organism: {name: Homo sapiens}}]
acquisitions:
  - id: a0
    zoom: 2.0
files:
  - path: "*.lsm"
    acquisition: a0
"""


@pytest.fixture
def seen(tmp_path: Path) -> Inspection:
    """A deposit of three images, the third of other settings."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    for name, planes in (("a", 2), ("b", 2), ("c", 4)):
        make.lsm(folder / f"{name}.lsm", planes=planes)
    return inspect_deposit(folder, with_digests=False)


def take(
    seen: Inspection, text: str, answers: Mapping[str, str], record: Mapping[str, Written] | None = None
) -> TakenAnswers:
    """The answers, by their fields, taken into a description."""
    rows = [SheetRow(number=place, field=field, answer=said) for place, (field, said) in enumerate(answers.items(), 2)]
    return take_sheet(text, rows, seen.inventory, record).taken


def shown(seen: Inspection, text: str) -> dict[str, str | None]:
    """The id of the specimen of each file."""
    images = described_images(read_description(text).description, seen.inventory)
    return {one.header.path[0]: one.specimen.id if one.specimen else None for one in images}


def rules(seen: Inspection, text: str) -> set[str]:
    """The rules about specimens that find something."""
    found = {one.rule for one in check_description(read_description(text), seen.inventory)[1]}
    return {one for one in found if one.startswith("description.specimen-")}


@pytest.mark.parametrize("start", ["drafted", TOGETHER])
def test_a_corrected_answer_takes_the_earlier_file_back(seen: Inspection, start: str) -> None:
    """It says so, no entry contradicts another, and going back gives the text of before."""
    text = current_description(seen, level=PracticeLevel.MINIMUM) if start == "drafted" else start
    answers = {} if start == TOGETHER else SPECIES
    first = take(seen, text, {**answers, "specimens[1].files": "c.lsm"})
    assert first.problems == ()
    assert shown(seen, first.text) == {"a": "s0", "b": "s0", "c": "s1"}
    second = take(seen, first.text, {"specimens[1].files": "a.lsm"}, first.record)
    assert [(one.field, one.old, one.new) for one in second.corrected] == [("specimens[1].files", "[c.lsm]", "[a.lsm]")]
    assert shown(seen, second.text) == {"a": "s1", "b": "s0", "c": "s0"}
    third = take(seen, second.text, {"specimens[1].files": "c.lsm"}, second.record)
    assert len(third.corrected) == 1
    assert read_description(third.text).description.specimens == read_description(first.text).description.specimens
    assert shown(seen, third.text) == shown(seen, first.text)
    if start == "drafted":
        again = take(seen, third.text, {"specimens[1].files": "a.lsm"}, third.record)
        assert again.text == second.text
    same = take(seen, third.text, {"specimens[1].files": "c.lsm"}, third.record)
    assert (same.text, same.same) == (third.text, ("specimens[1].files",))
    assert [rules(seen, one.text) for one in (first, second, third)] == [set(), set(), set()]


def test_going_back_gives_the_text_of_before(seen: Inspection) -> None:
    """Every character of it."""
    text = TOGETHER.replace('path: "*.lsm"', "path: a.lsm") + "  - path: c.lsm\n    acquisition: a0\n"
    first = take(seen, text, {"specimens[1].files": "c.lsm"})
    second = take(seen, first.text, {"specimens[1].files": "a.lsm"}, first.record)
    third = take(seen, second.text, {"specimens[1].files": "c.lsm"}, second.record)
    assert third.text == first.text != second.text


def test_the_acquisition_of_files_that_all_show_the_second_sample_shows_it_too(seen: Inspection) -> None:
    """Where they differ, it names none, and each file names its own."""
    every = take(seen, TOGETHER, {"specimens[1].files": "*.lsm"})
    assert [one.specimen for one in read_description(every.text).description.acquisitions] == ["s1"]
    some = take(seen, every.text, {"specimens[1].files": "c.lsm"}, every.record)
    assert [one.specimen for one in read_description(some.text).description.acquisitions] == [None]
    assert shown(seen, some.text) == {"a": "s0", "b": "s0", "c": "s1"}


def test_what_a_person_wrote_stays(seen: Inspection) -> None:
    """At a file that the answer names, at an acquisition, and where a person has corrected what a sheet wrote."""
    by_hand = f"{TOGETHER}  - {{path: c.lsm, acquisition: a0, specimen: s0}}\n"
    refused = take(seen, by_hand, {"specimens[1].files": "c.lsm"})
    assert len(refused.problems) == 1
    assert refused.text == by_hand
    of_acquisition = TOGETHER.replace("zoom: 2.0", "specimen: s0")
    taken = take(seen, of_acquisition, {"specimens[1].files": "c.lsm"})
    assert read_description(taken.text).description.acquisitions[0].specimen == "s0"
    assert rules(seen, taken.text) == {"description.specimen-differs"}
    first = take(seen, by_hand.replace(", specimen: s0", ""), {"specimens[1].files": "c.lsm"})
    changed = first.text.replace("specimen: s1}", "specimen: s0}")
    assert changed != first.text
    second = take(seen, changed, {"specimens[1].files": "a.lsm"}, first.record)
    assert "samples.files[c.lsm].specimen" not in second.record
    assert shown(seen, second.text) == {"a": "s1", "b": "s0", "c": "s0"}


def test_a_file_that_moves_from_one_sample_to_another_is_of_the_other(seen: Inspection) -> None:
    """Whichever row comes first; two rows of one sheet that name the same file are not both taken."""
    text = TOGETHER.replace("]\n", ", {id: s2, organism: {name: Danio rerio}}]\n", 1)
    first = take(seen, text, {"specimens[1].files": "b.lsm", "specimens[2].files": "c.lsm"})
    assert shown(seen, first.text) == {"a": "s0", "b": "s1", "c": "s2"}
    for answers in ({1: "c.lsm", 2: "b.lsm"}, {2: "b.lsm", 1: "c.lsm"}):
        rows = {f"specimens[{place}].files": name for place, name in answers.items()}
        moved = take(seen, first.text, rows, first.record)
        assert moved.problems == ()
        assert shown(seen, moved.text) == {"a": "s0", "b": "s2", "c": "s1"}
    both = take(seen, text, {"specimens[1].files": "b.lsm", "specimens[2].files": "b.lsm; c.lsm"})
    assert ["another row of the sheet" in one.reason for one in both.problems] == [True]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("zoom: 2.0", "specimen: s0", {"description.specimen-not-shown"}),
        ("acquisition: a0", "acquisition: a0\n    specimen: s1", {"description.specimen-not-shown"}),
        ("zoom: 2.0", "zoom: 2.0", {"description.specimen-not-shown"}),
        (", {id: s1, organism: {name: Homo sapiens}}", "", set()),
        (
            "acquisition: a0",
            "acquisition: a0\n    specimen: s1\n  - {path: c.lsm, specimen: s0, acquisition: a0}",
            set(),
        ),
    ],
)
def test_a_specimen_that_no_file_shows_is_told(seen: Inspection, old: str, new: str, found: set[str]) -> None:
    """Where several are described; a lone one is that of every file."""
    assert rules(seen, TOGETHER.replace(old, new)) == found


@pytest.mark.parametrize(("of_acquisition", "is_told"), [("s0", True), ("s1", False), ("", False)])
def test_a_file_and_its_acquisition_that_differ_are_told(
    seen: Inspection,
    of_acquisition: str,
    is_told: bool,  # noqa: FBT001
) -> None:
    """One of the two is wrong, or the acquisition has to leave it to its files."""
    text = TOGETHER.replace("zoom: 2.0", f"specimen: {of_acquisition}") + "  - {path: c.lsm, specimen: s1}\n"
    text = text.replace('path: "*.lsm"', 'path: "*.lsm"\n    specimen: s1')
    assert ("description.specimen-differs" in rules(seen, text)) is is_told
