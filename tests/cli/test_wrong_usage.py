"""What is written wrongly on the command line is wrong usage, code 2, with a sentence that says how it is meant."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]
Watch = Callable[[Callable[[Path], Path]], Path]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("audit FOLDER --budget 4hours", "write a time as 4h or 90m"),
        ("audit FOLDER --older-than 180", "write a number and s, min, h, d, w or y"),
        ("split FOLDER PARTS --max-size 3XB", "write it as 30GB"),
        ("explain bag.file-changd", "Did you mean bag.file-changed"),
        ("profiles show nope", "neither a profile of this tool"),
        ("validate FOLDER --profile nope", "neither a profile of this tool"),
        ("validate FOLDER --scheduler 127.0.0.1:8799", "write tcp://HOST:PORT"),
        ("update FOLDER --set Title", "write it as 'Label: value'"),
        ("log FOLDER note --who Ada --date hallo", "write 2019-04-17"),
        ("inspect FOLDER --level goodenough", "Did you mean good-enough?"),
        ("inspect FOLDER --format xml", "'xml' is none of text, json, jsonl, csv, junit, html."),
        ("inspect FOLDER --fail-on eror", "Did you mean error?"),
        ("build FOLDER BAG --stacks compil", "Did you mean compile?"),
        ("build FOLDER BAG --compression zst", "Did you mean zstd?"),
        ("ship FOLDER DEST --as targz", "Did you mean tar.gz?"),
    ],
)
def test_a_slip_of_the_pen_is_wrong_usage(command: str, said: str, run: Run, tmp_path: Path) -> None:
    """The same code and a sentence for options, rules and profiles."""
    make.small_deposit(tmp_path / "FOLDER")
    names = {name: tmp_path / name for name in ("FOLDER", "PARTS", "BAG", "DEST")}
    ran = run(*(names.get(word, word) for word in command.split(" ")))
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert "Value error" not in ran.err


def test_checksums_that_no_profile_accepts_are_wrong_usage(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Which the profile of the level says."""
    ran = run("build", deposit(make.demo_deposit), tmp_path / "bag", "--algorithm", "md5")
    assert (ran.code, "do not fit the profile" in ran.err) == (2, True), ran.err


def test_a_forgotten_reason_is_what_is_said_to_be_missing(run: Run, tmp_path: Path) -> None:
    """The deposit was taken for the reason, so that the bag seems to be missing."""
    ran = run("build", "--override-privacy", "deposit of the third year", tmp_path / "bag")
    assert ran.code == 2
    assert "'deposit of the third year' was taken for the reason of --override-privacy" in ran.err


def test_a_refused_build_of_what_nobody_described_names_the_next_step(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Once, before all that is missing; not where there is a description."""

    def undescribed(folder: Path) -> Path:
        make.demo_deposit(folder)
        (folder / "deposit.yaml").unlink()
        return folder

    source = deposit(undescribed)
    ran = run("build", source, tmp_path / "bag")
    assert (ran.code, ran.err.count(f"`confocal-bag describe {source}`")) == (1, 1), ran.err
    shutil.copytree(source, tmp_path / "described")
    (tmp_path / "described/deposit.yaml").write_text("title: Cells\n")
    ran = run("build", tmp_path / "described", tmp_path / "bag")
    assert (ran.code, "confocal-bag describe" in ran.err) == (1, False), ran.err


def test_nobody_is_told_to_delete_what_was_answered(run: Run, tmp_path: Path) -> None:
    """A folder NAME.curation holds all answers."""
    make.small_deposit(tmp_path / "deposit")
    (tmp_path / "deposit.curation").mkdir()
    ran = run("build", tmp_path / "deposit", tmp_path / "deposit/bag")
    assert (ran.code, "delete it" in ran.err, "and keep it" in ran.err) == (3, False, True), ran.err
