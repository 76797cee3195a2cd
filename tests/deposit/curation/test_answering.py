"""Answers as people write them: several samples, words of closed lists, devices, remarks; and what was not taken."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from confocal_bag.asking import Asked, ask_depositor, current_description
from confocal_bag.deposit.curation.answering import TakenSheet, take_sheet
from confocal_bag.deposit.curation.breadth import spread
from confocal_bag.deposit.curation.cells import Cell
from confocal_bag.deposit.curation.missing_planes import missing_names
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.said_before import with_said
from confocal_bag.deposit.curation.sheet import SheetRow, read_sheet
from confocal_bag.deposit.curation.typed_words import understood
from confocal_bag.deposit.curation.unanswered import Refused, Unanswered, read_unanswered, write_unanswered
from confocal_bag.deposit.curation.wordings.table import WORDINGS
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.images import described_images
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.findings import CannotFinish
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make


@pytest.fixture
def seen(tmp_path: Path) -> Inspection:
    """A deposit of two images with a readme that says much."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    make.lsm(folder / "mouse.lsm")
    make.lsm(folder / "human.lsm", planes=4)
    (folder / "README.txt").write_text("Species: Mus musculus\n\nLicence: CC BY 4.0\n\nStrain: unknown\n", "utf-8")
    (folder / "patients.csv").write_text("cell,MRN\n1,MRN 12345678\n", "utf-8")
    return inspect_deposit(folder, with_digests=False)


def take(seen: Inspection, answers: Mapping[str, str], before: Unanswered | None = None) -> TakenSheet:
    """The answers, by their fields, taken into the first description."""
    rows = [SheetRow(number=place, field=field, answer=text) for place, (field, text) in enumerate(answers.items(), 2)]
    return take_sheet(current_description(seen, level=PracticeLevel.MINIMUM), rows, seen.inventory, {}, before)


def asked(
    seen: Inspection, unanswered: Unanswered | None = None, level: PracticeLevel = PracticeLevel.MINIMUM
) -> Asked:
    """What is asked of the depositor."""
    return ask_depositor(seen, aim=level, size="1 kB", sheet="answers.csv", unanswered=unanswered)


def test_a_second_sample_has_rows_and_its_files_become_its_own(seen: Inspection) -> None:
    """Every other image is of the first; what the entry of the files said before stays said."""
    assert "Do all images show the same kind" in asked(seen).sheet()
    assert "specimens[1].files" in asked(seen).sheet()
    taken = take(
        seen,
        {
            "specimens[0].organism.name": "Mus musculus",
            "specimens[1].organism.name": "Homo sapiens",
            "specimens[1].files": "human.lsm",
        },
    ).taken
    assert taken.problems == ()
    said = read_description(taken.text)
    assert said.problems == ()
    species = {
        one.header.path: one.specimen.organism.name if one.specimen else None
        for one in described_images(said.description, seen.inventory)
    }
    assert species == {"human.lsm": "Homo sapiens", "mouse.lsm": "Mus musculus"}
    assert all(one.acquisition for one in described_images(said.description, seen.inventory))


def test_files_of_a_sample_that_are_not_there_are_refused(seen: Inspection) -> None:
    """With the names that would do; nothing is written of it."""
    taken = take(
        seen,
        {
            "specimens[0].organism.name": "Mus musculus",
            "specimens[1].organism.name": "Homo sapiens",
            "specimens[1].files": "stack of the mouse",
        },
    ).taken
    (problem,) = taken.problems
    assert "no image is called 'stack of the mouse'" in problem.reason


@pytest.mark.parametrize(
    "answer",
    [
        "Homo sapiens; Mus musculus",
        "Mus musculus and Homo sapiens",
        "beads for cluster.nd2",
        "Mus musculus, Homo sapiens",
    ],
)
def test_several_species_in_one_answer_are_refused(answer: str) -> None:
    """One specimen has one."""
    with pytest.raises(UnreadableAnswer, match=r"specimens\[1\]"):
        understood("specimens.organism.name", answer)


def test_one_species_with_its_line_is_taken() -> None:
    """As it is written."""
    assert understood("specimens.organism.name", "Homo sapiens (HeLa)") == "Homo sapiens (HeLa)"


@pytest.mark.parametrize(
    ("field", "answer", "word"),
    [
        ("acquisitions.scan_direction", "both", "Bidirectional"),
        ("acquisitions.scan_direction", "one direction", "Unidirectional"),
        ("acquisitions.scan_direction", "bidirectional", "Bidirectional"),
        ("acquisitions.averaging.unit", "lines", "Line"),
        ("acquisitions.averaging.unit", "frame", "Frame"),
        ("acquisitions.averaging.method", "averaged", "Average"),
        ("acquisitions.averaging.method", "Kalman", "Kalman"),
        ("access.level", "Open", "open"),
        ("audience", "everybody", "researchers; education; media; public"),
        ("audience", "researchers and students", "researchers; education"),
        ("acquisitions.channels.emission_band_nm", "450/50", "425 to 475"),
        ("acquisitions.channels.emission_band_nm", "499/553", "499/553"),
        ("license.spdx", "cc by 4.0", "CC-BY-4.0"),
    ],
)
def test_words_become_those_of_the_field(field: str, answer: str, word: str) -> None:
    """However people write them."""
    assert understood(field, answer) == word


@pytest.mark.parametrize(
    ("field", "answer", "hint"),
    [
        ("acquisitions.scan_direction", "quickly", "Bidirectional"),
        ("acquisitions.averaging.unit", "stripes", "Line or Frame"),
        ("acquisitions.averaging.method", "best", "Average"),
        ("acquisitions.channels.emission_band_nm", "LP 650", "650 to 750"),
        ("acquisitions.pixel_dwell_us", "600 Hz", "dwell time"),
        ("license.spdx", "CC BY", "CC-BY-4.0"),
        ("license.spdx", "for teaching only please", "license.statement"),
        ("audience", "my cat", "researchers, education"),
    ],
)
def test_other_words_are_refused_with_a_way_out(field: str, answer: str, hint: str) -> None:
    """Nothing unread is copied into a description."""
    with pytest.raises(UnreadableAnswer, match=hint):
        understood(field, answer)


DEVICES = """
channels: [{id: c0}, {id: c1}, {id: c2}]
instruments:
  - id: m0
    lasers: [{id: l0, wavelength_nm: 488}]
    detectors:
acquisitions: [{id: a0, instrument: m0, channels: [{channel: c0}, {channel: c1}, {channel: c2}]}]
"""


def test_a_wavelength_is_the_laser_that_has_it_or_a_new_one(seen: Inspection) -> None:
    """The settings name ids that the instrument has, of what it had before or of what the answer adds."""
    of_channel = "acquisitions[a0].channels[c{}].{}"
    answers = {
        of_channel.format(0, "laser"): "488 nm",
        of_channel.format(1, "laser"): "405",
        of_channel.format(2, "laser"): "488 and 561",
        of_channel.format(0, "detector"): "HyD 1",
        of_channel.format(1, "detector"): "hyd1",
    }
    rows = [SheetRow(number=place, field=field, answer=text) for place, (field, text) in enumerate(answers.items(), 2)]
    first = take_sheet(DEVICES, rows, seen.inventory).taken
    assert first.problems == ()
    said = read_description(first.text).description
    settings, instrument = said.acquisitions[0].channels, said.instruments[0]
    assert [one.laser for one in settings] == [("l0",), ("l1",), ("l0", "l2")]
    assert {one.id: one.wavelength_nm for one in instrument.lasers} == {"l0": 488, "l1": 405, "l2": 561}
    assert [(one.id, one.type) for one in instrument.detectors] == [("d0", "HyD 1")]
    assert [one.detector for one in settings] == ["d0", "d0", None]
    again = take_sheet(first.text, rows, seen.inventory, first.record).taken
    assert (again.text, again.problems) == (first.text, ())


@pytest.mark.parametrize(("laser", "is_told"), [("l0", False), ("488 nm", True)])
def test_a_laser_that_no_instrument_has_is_a_finding(seen: Inspection, laser: str, is_told: bool) -> None:  # noqa: FBT001
    """Nothing tells which wavelength is meant."""
    text = DEVICES.replace("{channel: c0}", f"{{channel: c0, laser: {laser}}}")
    rules = [one.rule for one in check_description(read_description(text), seen.inventory)[1]]
    assert ("description.unknown-device" in rules) is is_told


@pytest.mark.parametrize(
    ("answer", "word", "remark"),
    [
        ("no (HeLa is a cell line)", False, "HeLa is a cell line"),
        ("Yes, from patients with consent", True, "From patients with consent"),
        ("yes", True, None),
    ],
)
def test_a_yes_or_no_with_a_remark_keeps_both(seen: Inspection, answer: str, word: bool, remark: str | None) -> None:  # noqa: FBT001
    """The remark among the notes on privacy."""
    taken = take(seen, {"privacy.human_subjects": answer}).taken
    assert taken.problems == ()
    privacy = read_description(taken.text).description.privacy
    assert (privacy.human_subjects, privacy.notes) == (word, remark)


def test_a_refused_answer_is_quoted_in_the_next_letter(seen: Inspection, tmp_path: Path) -> None:
    """With the reason, until an answer is taken."""
    first = take(seen, {"license.spdx": "CC BY"})
    write_unanswered(tmp_path, first.unanswered)
    remembered = read_unanswered(tmp_path)
    assert remembered == first.unanswered
    letter = " ".join(asked(seen, remembered).letter().split())
    assert 'You wrote "CC BY"; we could not take that: there are several versions' in letter
    assert 'You wrote "CC BY"' in asked(seen, remembered).sheet().replace('""', '"')
    second = take(seen, {"license.spdx": "CC BY 4.0"}, remembered)
    assert second.unanswered.refused == {}


def test_a_reason_in_a_letter_names_no_line_and_no_field() -> None:
    """Depositors know the question, not deposit.yaml."""
    reason = "access.until is 'soon-ish'; a date such as 2019-04-17 was expected (line 113)"
    refused = {"license.spdx": Refused(answer="soon-ish", reason=reason)}
    cell = Cell(field="license.spdx")
    one = Request(key="license.spdx", wording=WORDINGS["license.spdx"], cells=(cell,), subjects=(), level=None)
    (said,) = with_said(one, (), Unanswered(refused=refused)).cells[0].said
    assert said.endswith("the end of the embargo is 'soon-ish'; a date such as 2019-04-17 was expected.")


def test_what_nobody_knows_is_not_asked_again(seen: Inspection) -> None:
    """And the curator hears which level is out of reach."""
    first = take(seen, {"specimens[0].origin": "not known", "acquisitions[a1].zoom": "unknown"})
    assert first.unanswered.not_known == {"specimens[0].origin", "acquisitions[a1].zoom"}
    again = asked(seen, first.unanswered)
    assert "specimens[0].origin" not in again.sheet()
    assert "Where do the samples come from" not in again.letter()
    assert "The level minimum cannot be reached" in (again.out_of_reach or "")
    assert asked(seen).out_of_reach is None


def test_a_readme_is_quoted_beside_the_question_and_never_taken(seen: Inspection) -> None:
    """A line that says "unknown" is not."""
    letter = " ".join(asked(seen).letter().split())
    assert 'Your README.txt, line 1, says: "Species: Mus musculus". Is that the answer?' in letter
    assert '"Licence: CC BY 4.0"' in letter
    assert "Strain" not in letter
    assert read_description(current_description(seen, level=PracticeLevel.MINIMUM)).description.license.spdx is None


def test_patient_data_are_asked_about_without_being_repeated(seen: Inspection) -> None:
    """In the letter and in a row for the answer."""
    letter, sheet = asked(seen).letter(), asked(seen).sheet()
    assert "what looks like data of patients" in letter
    assert "privacy.notes" in sheet
    assert "privacy.redaction" in sheet
    assert "12345678" not in letter + sheet


def test_a_missing_plane_is_called_by_its_name() -> None:
    """Where the names of the others tell it, and as many are missing."""
    there = ["p/z001_c001.tif", "p/z002_c001.tif", "p/z001_c002.tif", "p/other.tif"]
    assert missing_names(there[0], there, 1) == ("p/z002_c002.tif",)
    assert missing_names(there[0], there, 2) == ()


def test_two_rows_that_disagree_are_both_left_out() -> None:
    """Nobody can tell which is right."""
    rows = [SheetRow(number=2, field="title", answer="A"), SheetRow(number=3, field="title", answer="B")]
    assert spread(rows).rows == ()
    assert {one.number for one, _ in spread(rows).contradicting} == {2, 3}


def test_the_level_can_be_raised_by_a_row(seen: Inspection) -> None:
    """The curator's, where another level is aimed at than the description says."""
    assert "\nlevel," in asked(seen, level=PracticeLevel.GOOD_ENOUGH).sheet().replace("\r\n", "\n")
    assert "\nlevel," not in asked(seen).sheet().replace("\r\n", "\n")
    taken = take(seen, {"level": "Good enough"}).taken
    assert read_description(taken.text).description.level is PracticeLevel.GOOD_ENOUGH
    assert take(seen, {"level": "best"}).taken.problems


def test_a_quotation_mark_that_is_not_closed_is_found_in_its_row(tmp_path: Path) -> None:
    """Not at the end of the table."""
    sheet = tmp_path / "a.csv"
    lines = ["question id,answer", "title,x", 'abstract,"never closed', *(f"keywords,{n}" for n in range(50))]
    sheet.write_text("\n".join(lines), "utf-8")
    with pytest.raises(CannotFinish, match="row 3"):
        read_sheet(sheet)


def test_a_column_that_nobody_reads_is_told(tmp_path: Path) -> None:
    """And two columns for the answers are refused."""
    sheet = tmp_path / "a.csv"
    sheet.write_text("question id,answer,my answer\ntitle,,Cells\n", "utf-8")
    assert read_sheet(sheet).beside == ("'my answer'",)
    sheet.write_text("question id,answer,answer\ntitle,,Cells\n", "utf-8")
    with pytest.raises(CannotFinish, match="2 columns"):
        read_sheet(sheet)


@pytest.mark.parametrize(("gain", "is_told"), [("650", False), ("0", True)])
def test_a_gain_of_no_volts_is_implausible(seen: Inspection, gain: str, is_told: bool) -> None:  # noqa: FBT001
    """A camera has none; the field is left empty then."""
    text = DEVICES.replace("{channel: c0}", f"{{channel: c0, gain_v: {gain}}}")
    rules = [one.rule for one in check_description(read_description(text), seen.inventory)[1]]
    assert ("description.implausible" in rules) is is_told
