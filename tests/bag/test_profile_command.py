"""`confocal-bag profiles`: list, show, check."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.bag.profiles.load import shipped_profiles
from tests.recording import Ran

Run = Callable[..., Ran]

DART = {
    "bagItProfileInfo": {"bagItProfileIdentifier": "https://example.org/dart.json"},
    "acceptBagItVersion": ["1.0"],
    "serialization": "forbidden",
    "tags": [{"tagFile": "aptrust-info.txt", "tagName": "Title", "required": True}],
}


def write(folder: Path, document: Any, name: str = "profile.json") -> Path:
    """A profile file."""
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("words", [[], ["list"]])
def test_the_shipped_profiles_are_listed(run: Run, words: list[str]) -> None:
    """With their identifiers."""
    ended = run("profiles", *words)
    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.splitlines()] == shipped_profiles()


@pytest.mark.parametrize("words", [[], ["show"]])
def test_a_profile_is_shown(run: Run, tmp_path: Path, words: list[str]) -> None:
    """What it asks, in which file, and in which format it was written."""
    ended = run("profiles", *words, write(tmp_path, DART))
    assert ended.code == 0
    for said in (
        "https://example.org/dart.json",
        "DART",
        "In aptrust-info.txt:",
        "Title (required)",
        "1.0",
        "forbidden",
    ):
        assert said in ended.out
    shown = run("profiles", *words, "confocal-minimum")
    assert shown.code == 0
    assert "License (required)" in shown.out


@pytest.mark.parametrize("words", [[], ["show"]])
def test_a_profile_that_is_not_sound_is_shown_with_what_is_wrong(run: Run, tmp_path: Path, words: list[str]) -> None:
    """And the command ends with 3."""
    ended = run("profiles", *words, write(tmp_path, {"Bag-Info": {"A": {"required": "yes"}}}))
    assert ended.code == 3
    assert "true or false is expected" in ended.out
    assert "not sound" in ended.err


def test_a_sound_profile_is_called_so(run: Run) -> None:
    """In words and in JSON."""
    assert "valid (no findings" in run("profiles", "check", "confocal-minimum").out
    ended = run("profiles", "check", "confocal-minimum", "--format", "json")
    document = json.loads(ended.out)
    assert (ended.code, document["verdict"], document["findings"]) == (0, "valid", [])
    assert document["command"] == "profiles check"
    assert document["summary"]["format"] == "BagIt Profiles"


def test_the_faults_of_a_profile_are_findings(run: Run, tmp_path: Path) -> None:
    """Errors end with 1, and with --fail-on warnings do too."""
    bad = write(tmp_path, {"Bag-Info": {"A": {"required": "yes"}}}, "bad.json")
    ended = run("profiles", "check", bad, "--format", "json")
    findings = json.loads(ended.out)["findings"]
    assert ended.code == 1
    assert {"Bag-Info/A/required", "Accept-BagIt-Version"} <= {one["detail"]["key"] for one in findings}
    assert {one["rule"] for one in findings} == {"profile.document"}
    dart = write(tmp_path, {**DART, "tarDirMustMatchName": True}, "dart.json")
    assert run("profiles", "check", dart).code == 0
    assert run("profiles", "check", dart, "--fail-on", "warning").code == 1


def test_of_several_files_one_that_cannot_be_read_does_not_hide_the_others(run: Run, tmp_path: Path) -> None:
    """Alone it ends the command with its sentence."""
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    ended = run("profiles", "check", broken, "confocal-minimum", "--format", "jsonl")
    assert ended.code == 3
    assert "cannot be read as JSON" in ended.out
    assert "confocal-minimum" in ended.out
    alone = run("profiles", "check", broken)
    assert alone.code == 3
    assert "cannot be read as JSON" in alone.err


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["show"],
        ["list", "confocal-minimum"],
        ["show", "confocal-minimum", "--format", "json"],
        ["list", "-o", "x"],
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, words: list[str]) -> None:
    """As wrong usage."""
    assert run("profiles", *words).code == 2


def test_nothing_in_a_profile_can_steer_a_terminal(run: Run, tmp_path: Path) -> None:
    """Control characters are spelled out."""
    path = write(tmp_path, {**DART, "tags": [{"tagFile": "bag-info.txt", "tagName": "A\x1b[2J", "help": "x\ny: z"}]})
    for action in ("show", "check"):
        assert "\x1b" not in run("profiles", action, path).out
    assert "\ny: z" not in run("profiles", "show", path).out
