"""Data about people are not packed until somebody has answered for them, or says why they are packed all the same."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.inspect import inspect_deposit
from confocal_bag.validate import validate_bag
from tests import make
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
    ],
)
def test_personal_data_nobody_has_answered_for_stop_a_deposit(tmp_path: Path, said: str) -> None:
    """Of human subjects, or of data that must be restricted; a placeholder is no answer."""
    (message,) = gate(described(tmp_path / "d", said))
    assert "MRN1234_a.txt" in message


@pytest.mark.parametrize(
    "said",
    [
        "privacy: {human_subjects: true, notes: Consent was given}\n",
        "privacy: {restricted: true, redaction: Names were cut out}\n",
        "privacy: {human_subjects: false, restricted: false}\n",
        "",
    ],
)
def test_an_answer_opens_the_gate(tmp_path: Path, said: str) -> None:
    """So does a deposit that is about nobody."""
    assert gate(described(tmp_path / "d", said)) == []


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


def test_a_blank_reason_is_none(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """The bag has to record something."""
    folder = described(tmp_path / "d", "privacy: {human_subjects: true}\n")
    assert run("build", folder, tmp_path / "bag", "--override-privacy", "  ").code == 2


def test_an_override_excuses_nothing_else(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """A deposit that misses its level is refused as before."""
    folder = described(tmp_path / "d", "level: minimum\nprivacy: {human_subjects: true}\n")
    ran = run("build", folder, tmp_path / "bag", "--override-privacy", REASON)
    assert ran.code == 1
    assert "level.not-reached" in ran.out
