"""Whatever a level misses has a row in the answer sheet, and the answer in that row makes the level reached.

Deposits and cases are made from the levels' own tables, as in tests/deposit/test_level_fields.py.
"""

import io
import json

import pytest
from ruamel.yaml import YAML

from confocal_bag.deposit.curation.answering import take_sheet
from confocal_bag.deposit.curation.requests import Requests
from confocal_bag.deposit.curation.sheet import SheetRow
from confocal_bag.deposit.curation.taking import take_answers
from confocal_bag.deposit.curation.wordings.curator import CURATOR, CURATOR_FIELDS
from confocal_bag.deposit.description.fields import needed_level
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.levels.channels import UNREAD_NEEDS
from confocal_bag.deposit.levels.table import NEEDS
from confocal_bag.deposit.levels.view import Need
from confocal_bag.vocabulary import PracticeLevel
from tests.deposit.curation.curated import requests_of, sheet_rows
from tests.deposit.levelled import Data, as_yaml, described, entries
from tests.deposit.test_level_fields import CASES, CONDITIONS, deposit, without

#: What no words can answer: files that are not there, or that nobody can read. The curator is told instead.
NO_ROW = frozenset(CURATOR_FIELDS) - frozenset(CURATOR)


def as_people_write(data: Data) -> str:
    """The text of deposit.yaml, one field on each line."""
    text = io.StringIO()
    YAML(typ="rt").dump(json.loads(as_yaml(data)), text)
    return text.getvalue()


def missing_of(text: str, files: Inventory, level: PracticeLevel) -> list[str]:
    """What a level still misses, by field."""
    loaded = read_description(text)
    assert loaded.problems == ()
    level_of = assess_level(loaded.description, files, transformed=None)
    return [one.field for one in level_of.missing[level]]


def answered(asked: Requests) -> dict[str, str]:
    """The rows that the level asks for, each with the example of its question as the answer."""
    of_level = [one for one in (*asked.now, *asked.own) if one.level is not None]
    return {cell.field: cell.example or one.wording.example for one in of_level for cell in one.cells}


def lacking(need: Need, level: PracticeLevel) -> tuple[str, Inventory]:
    """A description and files that have all that a level asks for but one thing."""
    data, files = described(level), deposit(read=need not in UNREAD_NEEDS)
    if need.fields[0] in CONDITIONS:
        CONDITIONS[need.fields[0]](data)
    data, files = without(need, data, files)
    return as_people_write(data), files


@pytest.mark.parametrize(
    ("level", "number"), CASES, ids=[f"{level}-{number}-{NEEDS[number].fields[0]}" for level, number in CASES]
)
def test_what_a_level_misses_has_a_row_whose_answer_makes_it_reached(level: PracticeLevel, number: int) -> None:
    """For every need of every level; or the curator is told, where no words can answer it."""
    need = NEEDS[number]
    if need in UNREAD_NEEDS and level is PracticeLevel.MOST_REPRODUCIBLE:
        pytest.skip("the highest level asks for images that can be read")
    text, files = lacking(need, level)
    assert missing_of(text, files, level)
    asked = requests_of(text, files, level)
    if need.fields[0] in NO_ROW:
        assert CURATOR_FIELDS[need.fields[0].partition(" ")[0]] in asked.curator[needed_level(need.fields[0])]
        return
    answers = answered(asked)
    assert answers
    assert set(answers) <= {row[0] for row in sheet_rows(asked)}
    rows = [
        SheetRow(number=place, field=field, answer=answer) for place, (field, answer) in enumerate(answers.items(), 2)
    ]
    taken = take_sheet(text, rows, files).taken
    assert taken.problems == ()
    assert missing_of(taken.text, files, level) == []


@pytest.mark.parametrize("level", list(PracticeLevel))
def test_nothing_is_asked_for_a_level_that_is_reached(level: PracticeLevel) -> None:
    """No row of the sheet is in vain."""
    asked = requests_of(as_people_write(described(level)), deposit(), level)
    assert answered(asked) == {}


@pytest.mark.parametrize("level", list(PracticeLevel))
def test_an_empty_description_gets_rows_for_everything(level: PracticeLevel) -> None:
    """All needs together, from nothing but the skeleton that a draft has."""
    data: Data = {key: value for key, value in described(level).items() if key in ("channels", "acquisitions", "files")}
    for section in ("channels", "acquisitions", "files"):
        for group, _ in entries(data, f"{section}.id"):
            for leaf in list(group):
                if leaf not in ("id", "path", "channels"):
                    del group[leaf]
    text, files = as_people_write(data), deposit()
    for _ in range(3):  # an answer may call for another: an antibody for its RRID
        answers = answered(requests_of(text, files, level))
        rows = [
            SheetRow(number=place, field=field, answer=text_) for place, (field, text_) in enumerate(answers.items(), 2)
        ]
        text = take_sheet(text, rows, files).taken.text
    left = [field for field in missing_of(text, files, level) if field not in NO_ROW]
    assert left == []


@pytest.mark.parametrize(
    "written",
    [
        "protocols:\n  processing:\n    link: https://doi.org/10.1/x\n",
        "protocols:\n  processing: {link: https://doi.org/10.1/x}\n",
        "protocols: {processing: {link: https://doi.org/10.1/x}}\n",
    ],
)
def test_a_protocol_in_words_stands_beside_its_link(written: str) -> None:
    """And is corrected there."""
    first = take_answers(written, [SheetRow(number=2, field="protocols.processing", answer="Cropped")], deposit())
    assert first.problems == ()
    said = read_description(first.text).description.protocols.processing
    assert (said.text, said.link) == ("Cropped", "https://doi.org/10.1/x")
    row = SheetRow(number=2, field="protocols.processing", answer="Cropped in Fiji")
    second = take_answers(first.text, [row], deposit(), first.record)
    assert [(one.old, one.new) for one in second.corrected] == [("Cropped", "Cropped in Fiji")]
    assert read_description(second.text).description.protocols.processing.text == "Cropped in Fiji"
