"""The answer sheet: safe to open, read back however it was saved, every answer placed or refused with a reason."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.asking import ask_depositor, current_description
from confocal_bag.deposit.curation.placing import AlreadyAnswered, NoPlace, place_answer
from confocal_bag.deposit.curation.sheet import COLUMNS, SheetRow, read_sheet
from confocal_bag.deposit.curation.taking import TakenAnswers, take_answers
from confocal_bag.deposit.curation.wording import Kind
from confocal_bag.deposit.curation.written import UnreadableAnswer, written_value
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.findings import CannotFinish
from confocal_bag.inspect import inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.deposit.described import COMPLETE, two_cells

Watch = Callable[[Callable[[Path], Path]], Path]


def save(path: Path, rows: list[list[str]], *, encoding: str, delimiter: str, ending: str, quoting: int) -> Path:
    """Save a table as one of the spreadsheet programs does."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    path.write_bytes(text.getvalue().encode(encoding))
    return path


TABLE = [
    list(COLUMNS),
    ["title", "What?", "", "x", 'Zellen, "gefärbt"; 5 µm'],
    ["abstract", "Why?", "", "x", ""],
    ["license.spdx", "Which?", "", "x", " CC0-1.0 "],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_way_of_saving_is_read(tmp_path: Path, encoding: str, delimiter: str, ending: str, quoting: int) -> None:
    """Excel and LibreOffice in their languages and systems."""
    sheet = save(tmp_path / "a.csv", TABLE, encoding=encoding, delimiter=delimiter, ending=ending, quoting=quoting)
    assert [(row.number, row.field, row.answer) for row in read_sheet(sheet)] == [
        (2, "title", 'Zellen, "gefärbt"; 5 µm'),
        (4, "license.spdx", "CC0-1.0"),
    ]


def test_the_hint_of_a_delimiter_and_other_columns_do_not_disturb(tmp_path: Path) -> None:
    """Some programs write sep=; first; people add columns and move them."""
    sheet = tmp_path / "a.csv"
    sheet.write_text('sep=;\nAnswer;Remarks;Question ID\n"two\nlines";x;title\n;y;abstract\n', encoding="utf-8")
    (row,) = read_sheet(sheet)
    assert (row.number, row.field, row.answer) == (3, "title", "two\nlines")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "Save it as CSV"),
        (b"", "no column 'question id'"),
        (b"question id,answr\ntitle,x\n", "is 'answr' it?"),
        (b"question id,answer\n,something\n", "row 2: there is an answer and no question id"),
        (b'question id,answer\ntitle,"open\n', "cannot be read as CSV"),
        (b"question id,answer\n" + b"title,x\n" * 6000, "more than 5,000 rows"),
        (b"\xff\xfea", "not text that can be read"),
    ],
)
def test_what_is_no_answer_sheet_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    """With what to do."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CannotFinish, match=said.replace("?", r"\?")):
        read_sheet(path)


def take(answers: dict[str, str], text: str = COMPLETE, inventory: Inventory | None = None) -> TakenAnswers:
    """Take answers into a description."""
    rows = [
        SheetRow(number=number, field=field, answer=answer) for number, (field, answer) in enumerate(answers.items(), 2)
    ]
    return take_answers(text, rows, inventory or two_cells())


BLANK = """\
# a comment
title:
license:
  spdx:  # a comment behind
privacy:
  human_subjects:
specimens:
  - id:
    organism:
      name:
    origin:
channels:
  - id: c0
    probe:
  - {id: c1, name: mito}
acquisitions:
  - id: a1
    pixel_size_um:
    channels:
      - channel: c0
        laser_power_percent:
curation:
  tree:
"""


def test_answers_find_their_places() -> None:
    """Empty fields, fields that are not written, entries that are not there, groups and lists in braces."""
    taken = take(
        {
            "title": "A title: with a colon",
            "license.spdx": "CC0-1.0",
            "privacy.human_subjects": "No.",
            "specimens[0].organism.name": "Mus musculus",
            "specimens[0].fixation.name": "live",
            "channels[c0].probe": "DAPI",
            "channels[c1].probe": "Brightfield",
            "channels[c1].excitation_nm": "561 nm",
            "acquisitions[a1].pixel_size_um": "0.09 x 0.1 µm",
            "acquisitions[a1].channels[c0].laser_power_percent": "2.5 %",
            "instruments[0].lasers": "405, 488 and 561 nm",
            "keywords": "mitosis; spindle, bipolar",
            "curation.tree.multipage_explained": "Each page is a z-plane",
            "curation.tree.regions_labelled": "No, there are none",
            "curation.tree.can_be_opened": "Coming on Monday",
            "creators[0].affiliation.name": "NC State",
            "files[raw/*.czi].description": "Stacks",
        },
        BLANK,
    )
    assert taken.problems == ()
    assert taken.text.startswith("# a comment\n")
    assert "# a comment behind" in taken.text
    loaded = read_description(taken.text)
    assert loaded.problems == ()
    said = loaded.description
    assert (said.title, said.license.spdx, said.privacy.human_subjects) == ("A title: with a colon", "CC0-1.0", False)
    assert (said.specimens[0].organism.name, said.specimens[0].live) == ("Mus musculus", True)
    assert (said.channels[0].probe, said.channels[1].contrast, said.channels[1].excitation_nm) == (
        "DAPI",
        "Brightfield",
        561,
    )
    assert said.acquisitions[0].pixel_size_um == (0.09, 0.1)
    assert said.acquisitions[0].channels[0].laser_power_percent == (2.5,)
    assert [one.wavelength_nm for one in said.instruments[0].lasers] == [405, 488, 561]
    assert said.keywords == ("mitosis", "spindle, bipolar")
    tree = said.curation.tree
    assert (tree.multipage_explained.answer, tree.multipage_explained.note) == ("yes", "Each page is a z-plane")
    assert (tree.regions_labelled.answer, tree.can_be_opened.answer) == ("no", None)
    assert said.creators[0].affiliation.name == "NC State"
    assert (said.files[0].path, said.files[0].description) == ("raw/*.czi", "Stacks")


def test_taking_the_same_answers_again_changes_nothing() -> None:
    """A sheet may come twice."""
    answers = {"title": "Cells", "channels[c0].probe": "DAPI", "curation.tree.multipage_explained": "z-planes"}
    first = take(answers, BLANK)
    second = take(answers, first.text)
    assert second.text == first.text
    assert set(second.same) == set(answers)


def test_an_answer_is_not_written_over_another() -> None:
    """The row is told, and what stands there stays."""
    taken = take({"title": "Another title", "version": "1.0"})
    assert taken.text == COMPLETE
    (problem,) = taken.problems
    assert (problem.row, problem.column) == (2, "answer")
    assert "already says 'Stacks of dividing fibroblasts'; the sheet says 'Another title'" in problem.reason


@pytest.mark.parametrize(
    ("field", "answer", "column", "said"),
    [
        ("titel", "x", "question id", "did you mean title?"),
        ("channels[c7].probe", "x", "question id", "no entry 'c7' under `channels`"),
        ("acquisitions[a9].channels[c0].laser", "l0", "question id", "no place"),
        ("privacy.restricted", "perhaps", "answer", "yes or no was expected"),
        ("acquisitions[a1].z_step_um", "0,5", "answer", "write decimals with a point"),
        ("acquisitions[a1].z_step_um", "500 nm", "answer", "a number alone was expected"),
        ("acquisitions[a1].z_step_um", "-3", "answer", "a number alone was expected"),
        ("acquisitions[a1].pixel_size_um", "1 x 2 x 3", "answer", "width and height"),
        ("audience", "everybody", "answer", "one of researchers"),
        ("access.level", "secret", "answer", "one of open"),
        ("dates.collected", "17.4.2019", "answer", "a date or a period"),
        ("creators[0].orcid", "0000-0002-1825-0098", "answer", "check digit"),
        ("channels[c0].probe.rrid", "no idea", "answer", "an RRID"),
        ("instruments[m1].lasers", "the blue one", "answer", "wavelengths in nanometres"),
        ("__class__.x", "y", "question id", "no field"),
    ],
)
def test_an_answer_that_a_field_cannot_hold_is_refused_with_its_row_and_column(
    field: str, answer: str, column: str, said: str
) -> None:
    """The others of the sheet are taken all the same."""
    taken = take({"title": "Cells", field: answer, "license.spdx": "CC0-1.0"}, BLANK + "instruments: [{id: m1}]\n")
    assert {"title", "license.spdx"} <= set(taken.written)
    (problem,) = taken.problems
    assert (problem.row, problem.column) == (3, column)
    assert said in problem.reason
    assert read_description(taken.text).problems == ()


def test_an_rrid_goes_behind_its_probe() -> None:
    """Which is the one thing that may be written to a field that has an answer."""
    text = 'channels:\n  - {id: c0, name: a, probe: "anti-tubulin"}  # mine\n'
    taken = take({"channels[c0].probe.rrid": "RRID:AB_477593"}, text)
    assert 'probe: "anti-tubulin (RRID:AB_477593)"}  # mine' in taken.text
    assert take({"channels[c0].probe.rrid": "AB_477593"}, taken.text).same


def test_not_known_is_an_answer_that_writes_nothing() -> None:
    """The field stays empty, which means not recorded."""
    taken = take({"title": "not known", "abstract": "n/a", "license.spdx": "..."}, BLANK)
    assert (taken.text, taken.not_known, taken.problems) == (BLANK, 3, ())


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_is_written_as_that_text(answer: str) -> None:
    """Colons, quotes, line breaks, control characters and marks come back as they were, and change nothing else."""
    taken = take({"title": answer, "abstract": "Something else"}, BLANK)
    loaded = read_description(taken.text)
    assert loaded.problems == ()
    assert loaded.description.abstract == "Something else"
    if "title" in taken.written:
        assert loaded.description.title == (answer.strip() or None)


def test_names_with_brackets_and_turned_writing_find_their_entry() -> None:
    """As the sheet writes them."""
    text = 'files:\n  - path: "a[1].b].tif"\n    description:\n  - path: "x\\u202ey.tif"\n    description:\n'
    taken = take({"files[a[1].b].tif].description": "One", "files[x\\u202ey.tif].description": "Two"}, text)
    assert taken.problems == ()
    files = read_description(taken.text).description.files
    assert [(one.path, one.description) for one in files] == [("a[1].b].tif", "One"), ("x\u202ey.tif", "Two")]


def test_windows_line_endings_stay() -> None:
    """Every line of them."""
    taken = take({"title": "Cells", "abstract": "Why", "specimens[0].strain": "wild"}, BLANK.replace("\n", "\r\n"))
    assert taken.problems == ()
    assert "\n" not in taken.text.replace("\r\n", "")
    assert read_description(taken.text).description.specimens[0].strain == "wild"


def test_places_that_are_not_there_are_refused() -> None:
    """A text where a group belongs, an entry inside an entry."""
    with pytest.raises(NoPlace):
        place_answer("curation: Chris\n", "curation.tree.modified", "x")
    with pytest.raises(NoPlace):
        place_answer("acquisitions: [{id: a1}]\n", "acquisitions[a1].channels[c0].laser", "x")
    with pytest.raises(AlreadyAnswered):
        place_answer("title: x\n", "title", "y")
    assert place_answer("", "title", "y") == "title: y\n"


@pytest.mark.parametrize(
    ("kind", "field", "answer", "expected"),
    [
        (Kind.NUMBER, "channels.excitation_nm", "488nm", "488"),
        (Kind.NUMBER, "acquisitions.zoom", "2x", "2"),
        (Kind.NUMBER, "acquisitions.pinhole_au", "1 AU", "1"),
        (Kind.NUMBERS, "x.emission_band_nm", "499 - 553 nm", "[499, 553]"),
        (Kind.SIZE, "x.pixel_size_um", "0.09", "[0.09, 0.09]"),
        (Kind.YES_NO, "x", "Yes.", "true"),
        (Kind.LIST, "keywords", "a, b", "[a, b]"),
    ],
)
def test_answers_are_read_as_people_write_them(kind: Kind, field: str, answer: str, expected: str) -> None:
    """With their units, where the unit is the one of the field."""
    assert written_value(kind, answer, field=field) == ("", expected)


def test_a_number_in_another_unit_is_never_converted() -> None:
    """An invented factor would be data corruption."""
    for answer in ("500 nm", "0.5 mm", "5e-1", "about 0.5", "1,000"):
        with pytest.raises(UnreadableAnswer):
            written_value(Kind.NUMBER, answer, field="acquisitions.z_step_um")


def test_the_sheet_comes_back_from_a_spreadsheet_and_answers_everything(deposit: Watch, tmp_path: Path) -> None:
    """From folder to the level, by answering only what was asked, and what the curator knows."""
    folder = deposit(make.small_deposit)
    inspection = inspect_deposit(folder, with_digests=False)
    for aim in PracticeLevel:
        asked = ask_depositor(inspection, aim=aim, size="1 kB", sheet="answers.csv")
        table = list(csv.reader(io.StringIO(asked.sheet().removeprefix("\ufeff"), newline="")))
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
        for row in table[1:]:
            row[4] = row[3]
        sheet = save(
            tmp_path / "back.csv", table, encoding="cp1252", delimiter=";", ending="\r\n", quoting=csv.QUOTE_ALL
        )
        taken = take_answers(current_description(inspection, level=aim), read_sheet(sheet), inspection.inventory)
        assert taken.problems == ()
        own = 'organization:\n  name: Library\n  address: "1 Main Street"\npublisher: {name: R}\n'
        text = taken.text.replace("organization:\n", "organisation_of_the_draft:\n").replace("publisher:\n", "other:\n")
        target = tmp_path / "deposit.yaml"
        target.write_text(f"{text}\n{own}", encoding="utf-8")
        after = inspect_deposit(folder, description=target, with_digests=False)
        left = {one.field for one in after.level.missing[aim]}
        assert left <= {"dates.issued", "version"}
        assert after.curation.path.is_accepted
