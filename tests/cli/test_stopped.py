"""Runs that are stopped from outside, that wait, and bags that may not be read."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import bagit
import pytest

from confocal_bag.bag.rules import check_bag
from confocal_bag.damage_words import damage_in_words
from confocal_bag.findings import CannotFinish
from tests import make
from tests.ordinary_user import folder_for, give, run_apart
from tests.recording import Ran

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[2]


def plain_bag(folder: Path) -> Path:
    """A bag of one file."""
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    bagit.make_bag(str(folder))
    return folder


def test_a_folder_that_may_not_be_read_is_no_wrong_usage(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one bag of several, and the others are judged."""
    one, two = plain_bag(tmp_path / "one"), plain_bag(tmp_path / "two")
    access = os.access
    monkeypatch.setattr("os.access", lambda path, mode, **more: str(path) != str(two) and access(path, mode, **more))
    ran = run("validate", one, two, "--format", "json")
    assert (ran.code, [report["subject"] for report in json.loads(ran.out)]) == (0, [str(one), str(two)]), ran.err


def test_of_a_folder_that_may_not_be_read_nothing_is_known() -> None:
    """It is not called a bag without a declaration."""
    with folder_for() as folder:
        bag = plain_bag(folder / "bag")
        give(folder)
        bag.chmod(0)
        said = run_apart(lambda: refusal(bag))
        bag.chmod(0o700)
        assert said == f"{bag} cannot be read (Permission denied); have it made readable for you."


def refusal(bag: Path) -> str:
    """What is said of a bag that cannot be judged."""
    try:
        return f"judged: {[one.rule for one in check_bag(bag).findings]}"
    except CannotFinish as problem:
        return str(problem)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to wait for")
def test_a_run_that_is_told_to_end_does_so_as_on_ctrl_c(tmp_path: Path) -> None:
    """A sentence, code 130, nothing left of the work."""
    source, bag = make.demo_deposit(tmp_path / "deposit"), tmp_path / "bag"
    for number in range(40):
        (source / f"copy{number}.lsm").write_bytes((source / "fibroblasts.lsm").read_bytes())
    command = [sys.executable, "-m", "confocal_bag", "build", "--draft", str(source), str(bag)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    staging = tmp_path / ".bag.confocal-bag-staging"
    while not staging.exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, os.path.lexists(bag)) == (130, False), said
    assert said.startswith(b"confocal-bag: Interrupted."), said
    assert said.count(b"\n") == 1, said


def test_it_is_said_what_is_waited_for(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a scheduler does not answer at once."""

    @contextmanager
    def slow(*_: object, **__: object) -> Iterator[None]:
        time.sleep(0.3)
        yield None

    monkeypatch.setattr("confocal_bag.workers.cluster", slow)
    command = ("validate", plain_bag(tmp_path / "bag"), "--scheduler", "tcp://127.0.0.1:1")
    assert "Waiting" not in run(*command).err
    monkeypatch.setattr("confocal_bag.cli.scheduler._MOMENT_S", 0.01)
    assert run(*command).err.startswith("Waiting for the scheduler tcp://127.0.0.1:1 and a worker")


def test_damage_in_an_archive_is_said_in_plain_words(tmp_path: Path, run: Run) -> None:
    """Not in those of the decompressor, and with what to do."""
    folder = tmp_path / "bag"
    folder.mkdir()
    (folder / "a.txt").write_text("".join(f"line {number * number}\n" for number in range(9000)))
    bagit.make_bag(str(folder))
    archive = tmp_path / "bag.zip"
    assert run("pack", folder, archive).code == 0
    content = bytearray(archive.read_bytes())
    begin = content.index(b"a.txt") + 2000
    content[begin : begin + 400] = bytes(400)
    archive.write_bytes(content)
    ran = run("validate", archive)
    assert ran.code == 1
    assert "bag.file-unreadable" in ran.out
    assert "what is packed there cannot be unpacked" in ran.out
    assert "restore it from another copy" in ran.out
    assert "Error -3" not in ran.out


def test_what_is_no_damage_of_a_decompressor_stays_as_it_is_said() -> None:
    """A checksum that differs is said in plain words too."""
    assert damage_in_words(ValueError("odd")) == "odd"
    assert damage_in_words(EOFError()) == "EOFError"
    assert damage_in_words(ValueError("Bad CRC-32 for file 'a'")) == "its bytes are not those that were packed"
