"""The answer sheet: safe to open, read back however it was saved, every answer placed or refused with a reason."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.asking import ask_depositor, current_description
from confocal_bag.deposit.curation.answered import read_answered
from confocal_bag.deposit.curation.answering import take_sheet
from confocal_bag.deposit.curation.binding import deposit_marks, read_marks, refuse_other_deposit, written_marks
from confocal_bag.deposit.curation.placing import AlreadyAnswered, NoPlace, place_answer
from confocal_bag.deposit.curation.sheet import COLUMNS, SheetRow, read_sheet
from confocal_bag.deposit.curation.taking import Correction, TakenAnswers, take_answers
from confocal_bag.deposit.curation.typed_dates import iso_date
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
    assert [(row.number, row.field, row.answer) for row in read_sheet(sheet).rows] == [
        (2, "title", 'Zellen, "gefärbt"; 5 µm'),
        (4, "license.spdx", "CC0-1.0"),
    ]


def test_the_hint_of_a_delimiter_and_other_columns_do_not_disturb(tmp_path: Path) -> None:
    """Some programs write sep=; first; people add columns and move them."""
    sheet = tmp_path / "a.csv"
    sheet.write_text('sep=;\nAnswer;Remarks;Question ID\n"two\nlines";x;title\n;y;abstract\n', encoding="utf-8")
    (row,) = read_sheet(sheet).rows
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
            "acquisitions[a1].pixel_size_um": "0.0902 x 0.0902 µm",
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
    assert said.acquisitions[0].pixel_size_um == (0.0902, 0.0902)
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
        ("privacy.restricted", "in part", "answer", "yes or no was expected"),
        ("acquisitions[a1].z_step_um", "1,024", "answer", "write decimals with a point"),
        ("acquisitions[a1].z_step_um", "500 Å", "answer", "a number alone was expected"),
        ("acquisitions[a1].z_step_um", "500", "answer", "500 is implausible: 0.001 to 200 µm was expected"),
        ("acquisitions[a1].pixel_size_um", "0.09-0.1", "answer", "a range was found"),
        ("acquisitions[a1].channels[c0].laser_power_percent", "2-5", "answer", "a range was found"),
        ("acquisitions[a1].channels[c0].laser_power_percent", "200", "answer", "0 to 100 % was expected"),
        ("instruments[m1].objective.na", "63", "answer", "0.01 to 1.7 was expected"),
        ("channels[c0].excitation_nm", "48", "answer", "200 to 2000 nm was expected"),
        ("specimens[0].fixation.name", "live imaging at 37 °C in FluoroBrite", "answer", "write live alone"),
        ("instruments[m1].lasers", "40 mW at 1000", "answer", "wavelengths in nanometres alone"),
        ("instruments[m1].lasers", "405 and 5610", "answer", "5610 is implausible"),
        ("specimens[5].origin", "skin", "question id", "so the next is `specimens[0]`"),
        ("acquisitions[a1].z_step_um", "-3", "answer", "a number alone was expected"),
        ("acquisitions[a1].pixel_size_um", "1 x 2 x 3", "answer", "width and height"),
        ("audience", "everybody", "answer", "one of researchers"),
        ("access.level", "secret", "answer", "one of open"),
        ("dates.collected", "31.2.2019", "answer", "a date or a period"),
        ("dates.collected", "17.4.19", "answer", "a date or a period"),
        ("dates.collected", "04/05/2019", "answer", "write the date as YYYY-MM-DD"),
        ("creators[0].orcid", "0000-0002-1825-0098", "answer", "check digit"),
        ("channels[c0].probe.rrid", "the usual one", "answer", "an RRID"),
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


@pytest.mark.parametrize(
    ("kind", "field", "answer", "expected"),
    [
        (Kind.NUMBER, "acquisitions.z_step_um", "500 nm", "0.5"),
        (Kind.NUMBER, "acquisitions.z_step_um", "0,05 mm", "50"),
        (Kind.SIZE, "acquisitions.pixel_size_um", "90.2 x 90.2 nm", "[0.0902, 0.0902]"),
        (Kind.SIZE, "acquisitions.pixel_size_um", "90 nm x 100 nm", "[0.09, 0.1]"),
        (Kind.NUMBER, "acquisitions.time_increment_s", "2 min", "120"),
        (Kind.NUMBER, "acquisitions.time_increment_s", "250 ms", "0.25"),
        (Kind.NUMBER, "acquisitions.pixel_dwell_us", "1020 ns", "1.02"),
        (Kind.NUMBER, "channels.excitation_nm", "0.488 µm", "488"),
    ],
)
def test_a_number_in_another_unit_of_the_same_kind_is_converted_exactly(
    kind: Kind, field: str, answer: str, expected: str
) -> None:
    """By powers of ten and sixty, to the last digit."""
    assert written_value(kind, answer, field=field) == ("", expected)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("live", ("live", "true")),
        ("Not fixed, live imaging", ("live", "true")),
        ("The cells were alive during imaging.", ("live", "true")),
        ("Unfixed living embryos", ("live", "true")),
        ("4% PFA, then live/dead stain", ("", '"4% PFA, then live/dead stain"')),
        ("Live cells were fixed in methanol", ("", "Live cells were fixed in methanol")),
        ("Live cells were not fixed", ("live", "true")),
    ],
)
def test_that_samples_were_alive_is_no_fixation(answer: str, expected: tuple[str, str]) -> None:
    """However it is said; what was fixed alive was fixed."""
    assert written_value(Kind.FIXATION, answer, field="specimens.fixation.name") == expected


def test_a_number_in_no_unit_or_two_is_refused() -> None:
    """An invented factor would be data corruption."""
    for answer in ("5e-1", "about 0.5", "1,000", "1,024 nm", "500 V", "0.5 s"):
        with pytest.raises(UnreadableAnswer):
            written_value(Kind.NUMBER, answer, field="acquisitions.z_step_um")
    for answer in ("90 nm x 0.09 µm", "90 nm x 90", "0.09 µm x 90 nm"):
        with pytest.raises(UnreadableAnswer):
            written_value(Kind.SIZE, answer, field="acquisitions.pixel_size_um")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("17.04.2019", "2019-04-17"),
        ("4.5.2019", "2019-05-04"),
        ("04/17/2019", "2019-04-17"),
        ("17/4/2019", "2019-04-17"),
        ("5/5/2019", "2019-05-05"),
        ("2019/04/17", "2019-04-17"),
        ("2019-04-17 00:00:00", "2019-04-17"),
        ("17.04.2019 - 18.04.2019", "2019-04-17/2019-04-18"),
        ("17.04.2019-18.04.2019", "2019-04-17/2019-04-18"),
        ("2019-04-17/2019-04-18", "2019-04-17/2019-04-18"),
        ("2019-04", "2019-04"),
        ("1 March 2019", "2019-03-01"),
        ("March 1st, 2019", "2019-03-01"),
        ("17 Apr 2019 - 18 Apr. 2019", "2019-04-17/2019-04-18"),
        ("Sept 2019", "2019-09"),
        ("spring 2019 - summer", "spring 2019 - summer"),
    ],
)
def test_dates_are_read_as_people_and_spreadsheet_programs_write_them(answer: str, expected: str) -> None:
    """Excel saves a typed ISO date in the way of its country."""
    assert iso_date(answer) == expected
    taken = take({"dates.collected": answer}, BLANK)
    said = read_description(taken.text).description.dates.collected
    assert said == (None if "spring" in answer else expected)


def test_entries_by_their_place_are_filled_one_after_the_other() -> None:
    """An entry that is left empty counts for nothing, so that the same sheet taken twice writes nothing twice."""
    empty = "specimens:\n  - organism:\n    origin:\n  - organism:\n    origin:\n"
    answers = {"specimens[0].origin": "skin", "specimens[1].origin": "liver", "specimens[2].origin": "brain"}
    taken = take(answers, empty)
    assert [one.origin for one in read_description(taken.text).description.specimens] == ["skin", "liver", "brain"]
    assert take(answers, taken.text).text == taken.text
    assert take({"specimens[1].origin": "liver"}, empty).text == empty


def test_an_entry_far_behind_the_last_is_refused() -> None:
    """It would be written to another entry than the one meant."""
    for text in ("", "specimens:\n", "specimens:\n  - organism:\n    origin:\n", "specimens: [{id: s1}]\n"):
        with pytest.raises(NoPlace, match="so the next is"):
            place_answer(text, "specimens[5].origin", "skin")


def test_the_sheet_comes_back_from_a_spreadsheet_and_answers_everything(deposit: Watch, tmp_path: Path) -> None:
    """From folder to the level, by answering only what was asked."""
    folder = deposit(make.small_deposit)
    inspection = inspect_deposit(folder, with_digests=False)
    for aim in PracticeLevel:
        asked = ask_depositor(inspection, aim=aim, size="1 kB", sheet="answers.csv")
        table = list(csv.reader(io.StringIO(asked.sheet().removeprefix("\ufeff"), newline="")))
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
        for row in table[1:]:
            row[4] = row[4] or ("" if row[0].startswith("specimens[1]") else row[3])  # there is one sample
        sheet = save(
            tmp_path / "back.csv", table, encoding="cp1252", delimiter=";", ending="\r\n", quoting=csv.QUOTE_ALL
        )
        text = current_description(inspection, level=aim)
        taken = take_sheet(text, read_sheet(sheet).rows, inspection.inventory).taken
        assert taken.problems == ()
        target = tmp_path / "deposit.yaml"
        target.write_text(taken.text, encoding="utf-8")
        after = inspect_deposit(folder, description=target, with_digests=False)
        assert after.level.missing[aim] == ()
        assert after.curation.path.is_accepted


def corrected(first: dict[str, str], second: dict[str, str], text: str = BLANK) -> TakenAnswers:
    """Take a sheet, and then the same sheet with other answers."""
    earlier = take(first, text)
    assert earlier.problems == ()
    rows = [
        SheetRow(number=number, field=field, answer=answer) for number, (field, answer) in enumerate(second.items(), 2)
    ]
    return take_answers(earlier.text, rows, two_cells(), earlier.record)


def test_a_corrected_answer_takes_the_place_of_the_earlier_one() -> None:
    """And both are told."""
    taken = corrected(
        {"title": "Cels", "license.spdx": "CC0-1.0", "instruments[0].lasers": "405 and 488"},
        {"title": "Cells", "license.spdx": "CC0-1.0", "instruments[0].lasers": "405, 488 and 561"},
    )
    assert taken.problems == ()
    assert taken.corrected[0] == Correction(field="title", old="Cels", new="Cells")
    assert [one.field for one in taken.corrected] == ["title", "instruments[0].lasers"]
    assert taken.same == ("license.spdx",)
    said = read_description(taken.text).description
    assert said.title == "Cells"
    assert [one.wavelength_nm for one in said.instruments[0].lasers] == [405, 488, 561]


def test_an_answer_that_somebody_changed_since_is_not_corrected_by_a_sheet() -> None:
    """What a curator wrote by hand stays, and the row is told."""
    first = take({"title": "Cels"}, BLANK)
    by_hand = first.text.replace("title: Cels", "title: The cells of Ada")
    taken = take_answers(by_hand, [SheetRow(number=2, field="title", answer="Cells")], two_cells(), first.record)
    assert taken.text == by_hand
    assert "already says 'The cells of Ada'; the sheet says 'Cells'" in taken.problems[0].reason


def test_a_correction_may_move_to_another_field() -> None:
    """Fixed after all, not live; a dye after all, not brightfield."""
    taken = corrected(
        {"specimens[0].fixation.name": "live", "channels[c1].probe": "brightfield"},
        {"specimens[0].fixation.name": "4% PFA", "channels[c1].probe": "DAPI"},
    )
    assert taken.problems == ()
    said = read_description(taken.text).description
    assert (said.specimens[0].live, said.specimens[0].fixation.name) == (None, "4% PFA")
    assert (said.channels[1].contrast, said.channels[1].probe) == (None, "DAPI")


def test_an_rrid_is_corrected_in_its_place() -> None:
    """And the sheet that named the probe alone may come again."""
    probe, rrid = "channels[c0].probe", "channels[c0].probe.rrid"
    taken = corrected({probe: "DM1A mAb", rrid: "AB_111"}, {probe: "DM1A mAb", rrid: "AB_222"})
    assert read_description(taken.text).description.channels[0].probe == "DM1A mAb (RRID:AB_222)"
    assert [(one.old, one.new) for one in taken.corrected] == [("AB_111", "AB_222")]
    assert taken.same == (probe,)


def test_one_answer_is_written_for_all_channels_of_its_row_but_those_answered_alone() -> None:
    """The narrower row wins, wherever it stands."""
    taken = take(
        {
            "channels[c1].excitation_nm": "561",
            "channels[c0].excitation_nm + channels[c1].excitation_nm": "488",
            "channels[c0].probe + channels[c1].probe": "DAPI",
        },
        BLANK,
    )
    assert taken.problems == ()
    channels = read_description(taken.text).description.channels
    assert [(one.excitation_nm, one.probe) for one in channels] == [(488, "DAPI"), (561, "DAPI")]


def test_two_rows_with_different_answers_to_one_question_are_told() -> None:
    """Neither of them can be known to be the right one, and neither is written."""
    rows = [SheetRow(number=2, field="title", answer="One"), SheetRow(number=5, field="title", answer="Two")]
    taken = take_answers(BLANK, rows, two_cells())
    first, second = taken.problems
    assert (first.row, first.reason) == (2, "row 5 has another answer for title. Keep one of the two")
    assert (second.row, second.reason) == (5, "row 2 has another answer for title. Keep one of the two")
    assert read_description(taken.text).description.title is None


def test_the_name_of_a_file_with_a_plus_in_it_is_one_field() -> None:
    """It is never taken apart."""
    taken = take({"files[raw/a + b.czi].description": "Stacks"}, BLANK)
    assert [one.path for one in read_description(taken.text).description.files] == ["raw/a + b.czi"]


TWICE_THE_SAME = """\
channels:
  - {id: c0, name: Nuclei, fluor: DAPI}
  - {id: c1, name: Spindle, fluor: Alexa 488}
  - {id: c2, name: Nuclei, fluor: DAPI}
  - {id: c3, name: Spindle, fluor: GFP}
acquisitions:
  - {id: a1, channels: [{channel: c0}, {channel: c1}]}
  - {id: a2, channels: [{channel: c2}, {channel: c3}]}
files:
  - {path: a.lsm, acquisition: a1}
  - {path: b.lsm, acquisition: a2}
"""


def test_channels_that_are_alike_are_one_row(deposit: Watch) -> None:
    """By name, dye and wavelengths, with the files that it concerns; others have rows of their own."""

    def maker(folder: Path) -> Path:
        folder.mkdir()
        for name in "ab":
            make.lsm(folder / f"{name}.lsm")
        (folder / "deposit.yaml").write_text(TWICE_THE_SAME, encoding="utf-8")
        return folder

    inspection = inspect_deposit(deposit(maker), with_digests=False)
    asked = ask_depositor(inspection, aim=PracticeLevel.GOOD_ENOUGH, size="1 kB", sheet="answers.csv")
    table = list(csv.reader(io.StringIO(asked.sheet().removeprefix("\ufeff"), newline="")))
    rows = [row for row in table if row[0].startswith("channels") and "emission" in row[0]]
    assert [(row[0], row[2]) for row in rows] == [
        (
            "channels[c0].emission_nm + channels[c2].emission_nm",
            "channel Nuclei (DAPI) in all images (c0: a.lsm; c2: b.lsm)",
        ),
        ("channels[c1].emission_nm", "channel Spindle (Alexa 488) in a.lsm"),
        ("channels[c3].emission_nm", "channel Spindle (GFP) in b.lsm"),
    ]
    assert "leave only its part of the question id, such as channels[c2].emission_nm.)" in rows[0][1]
    assert "channel Nuclei (DAPI) in all images" in asked.letter().replace("\n      ", " ")


def test_the_sheet_names_its_deposit_and_no_other_takes_it(deposit: Watch, tmp_path: Path) -> None:
    """Files that came later change nothing; a deposit with other files refuses it."""
    folder = deposit(make.small_deposit)
    inventory = inspect_deposit(folder, with_digests=False).inventory
    marks = deposit_marks(inventory)
    assert read_marks(written_marks(marks)) == marks
    refuse_other_deposit(marks, inventory, sheet="a.csv", deposit="d")
    refuse_other_deposit((), inventory, sheet="a.csv", deposit="d")
    more = replace(inventory, files=(*inventory.files, *two_cells().files))
    refuse_other_deposit(marks, more, sheet="a.csv", deposit="d")
    with pytest.raises(CannotFinish, match="another deposit: of the 5 files that it goes by, none are in d") as refused:
        refuse_other_deposit(marks, two_cells(), sheet="a.csv", deposit="d")
    assert "confocal-bag ask d --sheet" in str(refused.value)
    sheet = tmp_path / "a.csv"
    sheet.write_text(f"question id,answer\ntitle,x\ndeposit,{written_marks(marks)}\n", encoding="utf-8")
    assert read_sheet(sheet).marks == marks
    assert [row.field for row in read_sheet(sheet).rows] == ["title"]


def test_the_curator_has_rows_of_their_own(deposit: Watch) -> None:
    """For what the level needs and no depositor knows; none of them is in the letter."""
    inspection = inspect_deposit(deposit(make.small_deposit), with_digests=False)
    asked = ask_depositor(inspection, aim=PracticeLevel.GOOD_ENOUGH, size="1 kB", sheet="answers.csv")
    table = list(csv.reader(io.StringIO(asked.sheet().removeprefix("\ufeff"), newline="")))
    own = {row[0]: row[1] for row in table if row[1].startswith("For the curator")}
    assert set(own) == {"level", "organization.name", "organization.address", "publisher.name", "dates.issued"}
    assert own["publisher.name"] == "For the curator: Which repository publishes the data?"
    assert "Which repository" not in asked.letter()


def test_a_damaged_record_of_answers_is_told(tmp_path: Path) -> None:
    """In one sentence."""
    assert read_answered(tmp_path) == {}
    (tmp_path / "answers.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CannotFinish, match="Move it away"):
        read_answered(tmp_path)


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        (Kind.NUMBER, "1,4", "1.4"),
        (Kind.NUMBER, "0,125 um", "0.125"),
        (Kind.SIZE, "0,0902 x 0,0902", "[0.0902, 0.0902]"),
        (Kind.SIZE, "0,5", "[0.5, 0.5]"),
        (Kind.NUMBERS, "500,5-550,5", "[500.5, 550.5]"),
        (Kind.NUMBERS, "405, 488", "[405, 488]"),
    ],
)
def test_a_decimal_comma_is_taken_where_it_can_be_nothing_else(kind: Kind, answer: str, value: str) -> None:
    """As half of Europe writes."""
    assert written_value(kind, answer, field="z_step_um") == ("", value)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(Kind.NUMBER, "1,024"), (Kind.SIZE, "1,4"), (Kind.NUMBERS, "405,488"), (Kind.NUMBER, "1.024,5")],
)
def test_a_comma_that_may_be_something_else_is_refused(kind: Kind, answer: str) -> None:
    """A thousand, or two numbers."""
    with pytest.raises(UnreadableAnswer):
        written_value(kind, answer)


def test_a_sheet_with_semicolons_has_decimal_commas(tmp_path: Path) -> None:
    """There 1,024 is a little more than one; two wavelengths stay two wavelengths."""
    sheet = tmp_path / "a.csv"
    sheet.write_text("question id;answer\nacquisitions[a1].z_step_um;1,024\n", encoding="cp1252")
    (row,) = read_sheet(sheet).rows
    assert row.decimal_comma
    assert written_value(Kind.NUMBER, "1,024", decimal_comma=True) == ("", "1.024")
    assert written_value(Kind.SIZE, "1,4", decimal_comma=True) == ("", "[1.4, 1.4]")
    with pytest.raises(UnreadableAnswer):
        written_value(Kind.NUMBERS, "405,488", decimal_comma=True)
    assert (
        not read_sheet(save(tmp_path / "b.csv", TABLE, encoding="utf-8", delimiter=",", ending="\n", quoting=1))
        .rows[0]
        .decimal_comma
    )


@pytest.mark.parametrize(
    ("answer", "probe", "target"),
    [
        ("Alexa Fluor 488, shows microtubules", "Alexa Fluor 488", "microtubules"),
        ("anti-tubulin (DM1A); it shows spindle, poles.", "anti-tubulin (DM1A)", "spindle, poles"),
        ("GFP which shows actin", "GFP", "actin"),
        ("Hoechst", "Hoechst", None),
    ],
)
def test_what_a_channel_shows_goes_to_its_target(answer: str, probe: str, target: str | None) -> None:
    """As the example of the question teaches."""
    taken = take({"channels[c0].probe": answer}, BLANK)
    (said,) = (one for one in read_description(taken.text).description.channels if one.id == "c0")
    assert not taken.problems
    assert (said.probe, said.target) == (probe, target)


def test_an_answer_of_another_kind_names_the_field_it_is_written_to() -> None:
    """A specimen that turns out to be alive has no fixation."""
    field = "specimens[0].fixation.name"
    taken = corrected({field: "4 % PFA"}, {field: "live"})
    (change,) = taken.corrected
    assert (change.field, change.new) == (field, "specimens[0].live: true")


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("creators[0].email", "mueller(at)uni"),
        ("creators[0].email", "a@example.org, b@example.org"),
        ("creators[0].family", "Mueller; Schmidt"),
        ("creators[0].family", "Mueller and Schmidt"),
    ],
)
def test_an_answer_about_a_person_is_about_one_who_can_be_reached(field: str, answer: str) -> None:
    """Two authors in one cell would become one person."""
    taken = take({field: answer}, BLANK)
    assert not taken.written
    assert "was expected" in taken.problems[0].reason
