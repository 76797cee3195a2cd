"""What nobody knows is no answer to a sheet and reaches no level, whatever the words and the language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.curation.sheet import SheetRow
from confocal_bag.deposit.curation.taking import TakenAnswers, take_answers
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.deposit.described import COMPLETE, changed, two_cells
from tests.recording import Ran

BLANK = "title:\nspecimens:\n  - id: s1\n    organism: {name: }\ncreators:\n  - family:\n    given:\n"
NOT_KNOWN = ["We don't know", "Not known.", "N/A.", "k. A.", "unbekannt", "inconnu", "no lo sé", "see above", "\u00a0 "]
NOT_KNOWN += ["not known (ask Lyon)", "no idea, ask X", "not known but it may be a mouse"]


def take(field: str, answer: str) -> TakenAnswers:
    """Take one answer of a sheet."""
    return take_answers(BLANK, [SheetRow(number=2, field=field, answer=answer)], two_cells())


@pytest.mark.parametrize("answer", NOT_KNOWN)
def test_an_answer_that_says_that_nobody_knows_is_counted_and_not_written(answer: str) -> None:
    """The field stays empty, and the letter asks again."""
    taken = take("specimens[s1].organism.name", answer)
    assert (taken.text, taken.not_known, taken.written, taken.problems) == (BLANK, 1, (), ())


def test_a_promise_is_held_back_and_not_counted_as_not_known() -> None:
    """It is neither."""
    taken = take("title", "will follow")
    assert (taken.text, taken.not_known, len(taken.promised)) == (BLANK, 0, 1)


@pytest.mark.parametrize(("field", "name"), [("family", "Na"), ("given", "No"), ("family", "Null"), ("given", "Soon")])
def test_a_name_that_looks_like_no_answer_is_taken(field: str, name: str) -> None:
    """Li Na is somebody; and the name is a text in YAML."""
    taken = take(f"creators[0].{field}", name)
    assert taken.not_known == 0
    loaded = read_description(taken.text)
    assert loaded.problems == ()
    assert getattr(loaded.description.creators[0], field) == name


@pytest.mark.parametrize("answer", [one for one in NOT_KNOWN if one.strip()])
def test_what_is_not_known_reaches_no_level(answer: str) -> None:
    """Written into deposit.yaml by hand, too."""

    def reached(text: str) -> PracticeLevel | None:
        return assess_level(read_description(text).description, two_cells(), transformed=None).reached

    assert reached(COMPLETE) is not None
    organism = 'organism: {name: Mus musculus, term: "NCBITaxon:10090"}'
    without = changed(COMPLETE, {organism: "organism: {name: }"})
    said = changed(COMPLETE, {organism: f'organism: {{name: "{answer}"}}'})
    assert reached(said) == reached(without) != reached(COMPLETE)


@pytest.mark.parametrize("name", ["Na", "No", "Nil", "Null", "Soon", "Li Na"])
def test_names_of_people_say_something(name: str) -> None:
    """But no placeholder is one."""
    assert says_something(name, of_person=True)


@pytest.mark.parametrize("text", ["TODO", "<name>", "n/a", "unknown", "?", "...", "  "])
def test_what_stands_for_a_name_says_nothing(text: str) -> None:
    """As anywhere else."""
    assert not says_something(text, of_person=True)


def test_a_remark_behind_not_known_is_told_and_ask_can_ask_again(run: Callable[..., Ran], tmp_path: Path) -> None:
    """The record is named; without it the question comes back."""
    folder = make.small_deposit(tmp_path / "deposit")
    sheet, record = tmp_path / "back.csv", tmp_path / "deposit.curation" / "unanswered.json"
    sheet.write_text('question id,answer\nspecimens[0].origin,"not known (ask Lyon)"\n', encoding="utf-8")
    told = run("describe", folder, "--answers", sheet)
    assert 'left out of specimens[0].origin: "not known (ask Lyon)"' in told.err + told.out
    letter = tmp_path / "deposit.curation" / "letter.txt"
    again = run("ask", folder)
    assert f"delete {record}" in again.err + again.out
    assert "Where do the samples come from" not in letter.read_text(encoding="utf-8")
    record.unlink()
    letter.unlink()
    assert "unanswered.json" not in run("ask", folder).err
    assert "Where do the samples come from" in letter.read_text(encoding="utf-8")
