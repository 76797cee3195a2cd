"""Data about people are not packed until somebody has answered for them, or says why they are packed all the same."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.build import blocking_findings
from confocal_bag.inspect import inspect_deposit
from confocal_bag.validate import validate_bag
from tests import make
from tests.deposit.packing_people import HIDDEN, put, zipped
from tests.pdf_files import scanned_pdf
from tests.recording import Ran

REASON = "Consent of all patients is on file, ethics vote 2018-042"


def described(folder: Path, said: str, *, name: str = "MRN1234_a.txt") -> Path:
    """A small deposit with a description, and with one more file in it."""
    make.small_deposit(folder)
    (folder / name).write_text("x", encoding="utf-8")
    (folder / "deposit.yaml").write_text(f"title: Cells\n{said}", encoding="utf-8")
    return folder


def gate(folder: Path) -> list[str]:
    """What the gate says of a deposit."""
    return [one.message for one in inspect_deposit(folder).findings if one.rule == "privacy.gate"]


@pytest.mark.parametrize(
    "said",
    [
        "privacy: {human_subjects: true}\n",
        "privacy: {restricted: true}\n",
        "access: {level: restricted, conditions: On request}\n",
        "privacy: {human_subjects: true, notes: TODO}\n",
        "privacy: {human_subjects: true, notes: ok}\n",
        "privacy: {human_subjects: true, redaction: not applicable}\n",
        "privacy: {human_subjects: maybe}\n",
        "privacy: {notes: n/a}\n",
        "privacy: {human_subjects: true, notes: we did not ask the patients}\naccess: {level: restricted}\n",
        "privacy: {human_subjects: true, notes: pending IRB}\naccess: {level: restricted}\n",
        "",
    ],
)
def test_personal_data_nobody_has_answered_for_stop_a_deposit(tmp_path: Path, said: str) -> None:
    """Of human subjects, of data that must be restricted, or of patients where nobody says; "ok" is no answer."""
    (message,) = gate(described(tmp_path / "d", said))
    assert "MRN1234_a.txt" in message


@pytest.mark.parametrize(
    "said",
    [
        "privacy: {human_subjects: true, notes: Consent was given}\naccess: {level: restricted}\n",
        "privacy: {restricted: true, redaction: Names were cut out}\naccess: {level: restricted}\n",
        "privacy: {human_subjects: true, notes: The patients consented to publication}\nlicense: CC0-1.0\n",
        "privacy: {human_subjects: true, notes: These are study numbers}\n",
        "privacy: {human_subjects: false, restricted: false}\n",
        "privacy: {human_subjects: false}\n",
        "privacy: {notes: The numbers are those of mice}\n",
    ],
)
def test_an_answer_opens_the_gate(tmp_path: Path, said: str) -> None:
    """So does a deposit that is about nobody."""
    assert gate(described(tmp_path / "d", said)) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "access.level is not given"),
        ("license: CC0-1.0\n", "licence CC0-1.0"),
        ("license: {statement: Use it under CC BY 4.0}\naccess: {level: restricted}\n", "licence CC-BY-4.0"),
        ("access: {level: embargoed, until: 2999-01-01}\n", "access.level is embargoed"),
    ],
)
def test_a_vague_sentence_seals_no_identifiers_that_everybody_may_read(tmp_path: Path, said: str, why: str) -> None:
    """Signed for what? The record number stands in the open, and nobody says why it may."""
    vague = "privacy: {human_subjects: true, notes: Consent forms were signed}\n"
    (message,) = gate(described(tmp_path / "d", vague + said))
    assert "MRN1234_a.txt" in message
    assert why in message
    (tmp_path / "d/MRN1234_a.txt").rename(tmp_path / "d/a.txt")
    assert gate(tmp_path / "d") == []


def test_a_description_that_names_a_patient_stops_itself(tmp_path: Path) -> None:
    """In a field, in a comment, and in a description that lies elsewhere; it goes into the bag."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n# Patient: Hans M\u00fcller\n", name="a.txt")
    assert "deposit.yaml" in gate(folder)[0]
    (folder / "deposit.yaml").unlink()
    other = tmp_path / "other.yaml"
    other.write_text("title: x\nabstract: Biopsy of patient Hans M\u00fcller\n", encoding="utf-8")
    found = [one for one in inspect_deposit(folder, description=other).findings if one.rule.startswith("privacy.")]
    assert {one.rule for one in found if one.path == "deposit.yaml"} >= {"privacy.human-subject"}
    assert "abstract" in next(one.message for one in found if one.rule == "privacy.human-subject")
    assert "M\u00fcller" not in str(found)


def test_a_deposit_that_says_nothing_of_people_and_names_no_patient_passes(tmp_path: Path) -> None:
    """Most deposits are of this kind; a login in a header does not make it one about patients."""
    folder = described(tmp_path / "d", "", name="list.txt")
    (folder / "note.txt").write_text("UserName = Meyer, mail jo@lab.edu", encoding="utf-8")
    assert gate(folder) == []


def test_a_deposit_that_nobody_has_described_is_stopped_for_patients(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """A draft is no way round the question whose samples these are."""
    folder = described(tmp_path / "d", "")
    (folder / "deposit.yaml").unlink()
    assert "MRN1234_a.txt" in gate(folder)[0]
    assert run("build", folder, tmp_path / "bag", "--draft").code == 1
    (folder / "MRN1234_a.txt").unlink()
    assert gate(folder) == []


@pytest.mark.parametrize(
    "name", ["p.zip", "p.csv.gz", "p.tar.gz", "README.docx", "list.xlsx", "note.odt", "deep.zip", "protocol.pdf"]
)
def test_packing_is_no_way_past_the_gate(tmp_path: Path, name: str) -> None:
    """What is packed is searched, whatever the depositor packed it with."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n", name="list.txt")
    put(folder, name, HIDDEN[name])
    (message,) = gate(folder)
    assert f"personal data in {name}" in message


@pytest.mark.parametrize(
    "said", ["privacy: {human_subjects: true}\n", "access: {level: restricted, conditions: Ask}\n"]
)
def test_what_was_not_searched_is_unanswered_where_people_are(tmp_path: Path, said: str) -> None:
    """Nobody knows what a damaged PDF in a zip file says; a note of what it holds answers for it."""
    folder = described(tmp_path / "d", said, name="list.txt")
    put(folder, "p.zip", zipped({"letter.pdf": b"%PDF-1.4 x"}))
    put(folder, "scan.pdf", scanned_pdf())
    (message,) = gate(folder)
    assert "what was not searched in p.zip, scan.pdf" in message
    (folder / "deposit.yaml").write_text("title: Cells\nprivacy: {human_subjects: false}\n", encoding="utf-8")
    assert gate(folder) == []


def test_what_a_description_denies_is_found_all_the_same(tmp_path: Path) -> None:
    """The gate goes by the description that the curator chose; the finding stays in every report."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n")
    denying = tmp_path / "other.yaml"
    denying.write_text("title: Cells\nprivacy: {human_subjects: false, restricted: false}\n", encoding="utf-8")
    found = {one.rule: one for one in inspect_deposit(folder, description=denying).findings}
    assert "privacy.gate" not in found
    assert found["privacy.human-subject"].severity == "warning"
    assert "no samples come from people" in str(found["privacy.human-subject"].remedy)


def test_human_subjects_without_personal_data_pass(tmp_path: Path) -> None:
    """The gate asks of what was found, not of what was said alone."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n", name="list.txt")
    (folder / "cells.lsm").unlink()  # its header has a typed comment
    assert gate(folder) == []


def test_not_even_a_draft_is_built(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """The reason is given, and how to go on."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n")
    for arguments in (("--draft",), ("--draft", "--dry-run")):
        ran = run("build", folder, tmp_path / "bag", *arguments)
        assert ran.code == 1
        assert "privacy.gate" in ran.out + ran.err
    assert "--override-privacy" in run("build", folder, tmp_path / "bag", "--draft").out
    assert not (tmp_path / "bag").exists()


def test_an_override_is_recorded_in_the_bag(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """In the events, in bag-info.txt, in the readme; the finding stays, as a warning; the bag is valid."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n")
    assert run("build", folder, tmp_path / "bag", "--draft", "--override-privacy", f" {REASON}\n").code == 0
    bag = tmp_path / "bag"
    events = [json.loads(line) for line in (bag / "data/metadata/events.jsonl").read_text("utf-8").splitlines()]
    (event,) = [one for one in events if "overridden" in one["outcome"]]
    assert (event["type"], event["outcome"]) == ("validation", f"overridden: {REASON}")
    unfolded = (bag / "bag-info.txt").read_text("utf-8").replace("\n  ", " ")
    assert f"Confocal-Privacy-Override: {REASON}\n" in unfolded
    assert REASON in " ".join((bag / "data/readme/README.txt").read_text("utf-8").split())
    found = json.loads((bag / "data/metadata/findings.json").read_text("utf-8"))["findings"]
    assert "privacy.gate" in {one["rule"] for one in found}
    assert [one for one in validate_bag(bag).findings if one.severity == "error"] == []


def test_a_reason_that_nothing_asked_for_is_not_recorded(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Where the gate is open there is nothing to overrule."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: false, restricted: false}\n")
    assert run("build", folder, tmp_path / "bag", "--draft", "--override-privacy", REASON).code == 0
    assert "Override" not in (tmp_path / "bag/bag-info.txt").read_text("utf-8")


@pytest.mark.parametrize("reason", ["  ", "x", "n/a", "-", "ok", "not applicable", "aaaa aaaa"])
def test_a_word_is_no_reason(tmp_path: Path, run: Callable[..., Ran], reason: str) -> None:
    """The bag has to record something that somebody can be held to."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n")
    assert run("build", folder, tmp_path / "bag", "--draft", "--override-privacy", reason).code == 2
    assert blocking_findings(inspect_deposit(folder), draft=True, override_privacy=reason)
    assert not (tmp_path / "bag").exists()


def test_an_override_excuses_nothing_else(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """A deposit that misses its level is refused as before."""
    folder = described(tmp_path / "d", "level: minimum\nprivacy: {human_subjects: true}\n")
    ran = run("build", folder, tmp_path / "bag", "--override-privacy", REASON)
    assert ran.code == 1
    assert "level.not-reached" in ran.out
