"""A build that is stopped, by whatever, and the same command again: the same bag, and no finished work done twice."""

import errno
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from confocal_bag.bag import copying, fixity
from confocal_bag.bag.writing.staging import JOURNAL, staging_path
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.packing import copy_files
from confocal_bag.validate import validate_bag
from tests import faults, make
from tests.image.synthetic_lif import LifImage, write_lif
from tests.recording import Ran

#: One clock, so that two builds differ in nothing.
DRAFT = BuildOptions(draft=True, date=datetime(2026, 1, 31, 12, tzinfo=UTC))
ROOT = Path(__file__).parents[1]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A deposit: two raw images, one of them of two series, a plane sequence and a note."""
    folder = make.small_deposit(tmp_path / "deposit")
    pixels = np.arange(2 * 8 * 9, dtype="u1").reshape(2, 8, 9)
    write_lif(folder / "two.lif", [LifImage("a", "ZYX", pixels), LifImage("b", "ZYX", pixels + 1)])
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty folder for the bag."""
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


@pytest.fixture
def whole(tmp_path: Path, source: Path) -> dict[str, bytes]:
    """What an uninterrupted build makes."""
    (tmp_path / "reference").mkdir()
    build_bag(source, tmp_path / "reference/bag", DRAFT)
    return contents(tmp_path / "reference/bag")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, source: Path) -> list[str]:
    """The files of the deposit that were opened to be copied."""
    names: list[str] = []
    honest = fixity.open_for_reading

    def remember(path: Path) -> int:
        if path.is_relative_to(source):
            names.append(path.relative_to(source).as_posix())
        return honest(path)

    monkeypatch.setattr(fixity, "open_for_reading", remember)
    monkeypatch.setattr(copying, "open_for_reading", remember)
    return names


def contents(bag: Path) -> dict[str, bytes]:
    """Every file of a bag."""
    return {str(path.relative_to(bag)): path.read_bytes() for path in sorted(bag.rglob("*")) if path.is_file()}


def finished(shelf: Path) -> set[str]:
    """The targets that the journal calls finished, as far as its lines are whole."""
    path = staging_path(shelf / "bag") / JOURNAL
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    records = [json.loads(line)["record"] for line in lines]
    return {record["target"] for record in records if "target" in record}


def copies(shelf: Path) -> int:
    """How many files of the deposit are finished."""
    return len({name for name in finished(shelf) if not name.endswith(".ome.tiff")})


def stop_before(step: str, source: Path, shelf: Path, options: BuildOptions = DRAFT) -> None:
    """Interrupt a build at the beginning of one of its steps."""

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"confocal_bag.build.{step}", interrupt)
        with pytest.raises(KeyboardInterrupt):
            build_bag(source, shelf / "bag", options)
    assert sorted(path.name for path in shelf.iterdir()) == [staging_path(shelf / "bag").name]


def test_an_interrupted_build_goes_on_where_it_was(
    source: Path, shelf: Path, whole: dict[str, bytes], opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is copied again, no image converted again, and the proof of every plane is in the bag all the same."""
    stop_before("write_metadata", source, shelf)
    assert len(finished(shelf)) == 6 + 3
    opened.clear()
    with monkeypatch.context() as patch:
        patch.setattr("confocal_bag.image.convert.convert_image", lambda *rest, **options: pytest.fail("converted"))
        result = build_bag(source, shelf / "bag", DRAFT)
    assert opened == []
    assert result.report.summary["planes_proven"] == 2 * 3 + 2 + 2
    assert contents(shelf / "bag") == whole
    assert validate_bag(shelf / "bag", pixels=True).verdict is not Verdict.INVALID
    assert [path.name for path in shelf.iterdir()] == ["bag"]


def test_the_event_of_a_conversion_keeps_its_own_time(source: Path, shelf: Path) -> None:
    """It was made then, not when the later run took it over."""
    stop_before("write_metadata", source, shelf, BuildOptions(draft=True))
    journal = staging_path(shelf / "bag") / JOURNAL
    records = [json.loads(line)["record"] for line in journal.read_text("ascii").splitlines()]
    made = [record["note"]["made"][:19] for record in records if record.get("note")]
    assert len(made) == 3
    build_bag(source, shelf / "bag", BuildOptions(draft=True))
    events = [json.loads(line) for line in (shelf / "bag/data/metadata/events.jsonl").read_text("utf-8").splitlines()]
    assert [event["dateTime"][:19] for event in events if event["type"] == "migration"] == made


def test_a_raw_image_that_changed_between_the_runs_is_converted_again(
    source: Path, shelf: Path, opened: list[str]
) -> None:
    """And nothing else is."""
    stop_before("write_metadata", source, shelf)
    pixels = np.full((2, 8, 9), 77, dtype="u1")
    write_lif(source / "two.lif", [LifImage("a", "ZYX", pixels), LifImage("b", "ZYX", pixels)])
    opened.clear()
    build_bag(source, shelf / "bag", DRAFT)
    assert opened == ["two.lif"]
    report = validate_bag(shelf / "bag", pixels=True)
    assert report.verdict is not Verdict.INVALID
    from tifffile import imread

    assert (imread(shelf / "bag/data/transformed/two.lif_s01.ome.tiff") == 77).all()


def test_all_series_of_a_file_are_taken_over_or_none(source: Path, shelf: Path, whole: dict[str, bytes]) -> None:
    """A run that was killed between two of them left only the first in the journal."""
    stop_before("write_metadata", source, shelf)
    (staging_path(shelf / "bag") / "bag/data/transformed/two.lif_s01.ome.tiff").unlink()
    build_bag(source, shelf / "bag", DRAFT)
    assert contents(shelf / "bag") == whole


@pytest.mark.parametrize("other", ["compression", "description", "a new file", "fresh"])
def test_another_build_starts_anew(source: Path, shelf: Path, opened: list[str], other: str) -> None:
    """Nothing of what was begun for other options, another description or another set of files is mixed into it."""
    stop_before("write_metadata", source, shelf)
    options = BuildOptions(
        draft=True, compression="deflate" if other == "compression" else None, fresh=other == "fresh"
    )
    if other == "description":
        (source.parent / "deposit.curation").mkdir()
        (source.parent / "deposit.curation/deposit.yaml").write_text("title: Something else\n", encoding="utf-8")
    if other == "a new file":
        (source / "late.txt").write_text("late\n")
    opened.clear()
    build_bag(source, shelf / "bag", options)
    assert len(opened) == 6 + (other == "a new file")
    assert [path.name for path in shelf.iterdir()] == ["bag"]


def test_a_file_that_changes_before_it_is_copied_stops_the_build(
    source: Path, shelf: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named; what was finished is kept; the next run takes the file as it is then."""
    changed = source / "planes/stack_z002.tif"

    def change_first(*arguments: object) -> None:
        make.plane_sequence(source / "other", planes=3, size=24)
        shutil.copy(source / "other/stack_z003.tif", changed)
        shutil.rmtree(source / "other")
        copy_files(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("confocal_bag.build.copy_files", change_first)
        with pytest.raises(CannotFinish, match=r"stack_z002\.tif changed after .* give the same command again"):
            build_bag(source, shelf / "bag", DRAFT)
    done = copies(shelf)
    assert done > 0
    opened.clear()
    build_bag(source, shelf / "bag", DRAFT)
    assert "planes/stack_z002.tif" in opened
    assert len(opened) == 6 - done
    copy = shelf / "bag/data/transformed/planes/stack_z002.tif"
    assert copy.read_bytes() == changed.read_bytes()


def test_a_file_that_changes_while_it_is_copied_stops_the_build(
    source: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it grows by a byte that the copy has not reached yet; the bag of the next run has the new bytes."""
    honest = copying._Copy.read

    def grow(copy: copying._Copy) -> bytes:
        if copy.source.name == "notes.txt" and copy.source.stat().st_size < 40:
            with copy.source.open("ab") as stream:
                stream.write(b"One more line.\n")
        return honest(copy)

    with monkeypatch.context() as patch:
        patch.setattr(copying._Copy, "read", grow)
        with pytest.raises(CannotFinish, match=r"notes\.txt changed while it was being copied"):
            build_bag(source, shelf / "bag", DRAFT)
    build_bag(source, shelf / "bag", DRAFT)
    assert (shelf / "bag/data/readme/notes.txt").read_bytes() == (source / "notes.txt").read_bytes()


def test_a_deposit_that_goes_away_stops_the_build_and_can_come_back(
    source: Path, shelf: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    """A disk that is unplugged after two files."""
    honest = copying.copy_and_hash

    def unplug(path: Path, *rest: object, **options: object) -> fixity.Fixity:
        if copies(shelf) == 2:
            source.rename(source.with_name("away"))
        return honest(path, *rest, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("confocal_bag.bag.writing.writer.copy_and_hash", unplug)
        with pytest.raises(CannotFinish, match=r"No such file or directory.*give the same command again"):
            build_bag(source, shelf / "bag", DRAFT)
    with pytest.raises(CannotFinish, match="no folder"):
        build_bag(source, shelf / "bag", DRAFT)
    source.with_name("away").rename(source)
    opened.clear()
    build_bag(source, shelf / "bag", DRAFT)
    assert len(opened) == 4
    assert contents(shelf / "bag") == whole


def test_a_permission_that_is_lost_stops_the_build_and_can_come_back(
    source: Path, shelf: Path, whole: dict[str, bytes], run: Callable[..., Ran], opened: list[str]
) -> None:
    """Exit code 3 and a sentence; nothing under the name of the bag."""
    with faults.failing_from(shelf, 30, errno.EACCES):
        ran = run("build", "--draft", "--date", "2026-01-31T12:00:00Z", source, shelf / "bag")
    assert ran.code == 3
    assert "Permission denied" in ran.err
    assert "give the same command again" in ran.err
    assert not (shelf / "bag").exists()
    done = copies(shelf)
    assert 0 < done < 6
    opened.clear()
    assert run("build", "--draft", "--date", "2026-01-31T12:00:00Z", source, shelf / "bag").code == 0
    assert len(opened) == 6 - done
    assert contents(shelf / "bag") == whole


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if (
        sys.platform != "linux"
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("mounting a file system needs Linux and the right to do so")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_and_is_enlarged(
    source: Path, tiny_disk: Path, whole: dict[str, bytes], run: Callable[..., Ran], opened: list[str]
) -> None:
    """Small files take more room than their sizes say, so that the disk fills up in the middle."""
    (source / "many").mkdir()
    for number in range(300):
        (source / f"many/{number:03d}.txt").write_text(str(number))
    before = make.snapshot(source)
    ran = run("build", "--draft", "--date", "2026-01-31T12:00:00Z", source, tiny_disk / "bag")
    assert ran.code == 3
    assert "no space left" in ran.err
    assert f"kept in {staging_path(tiny_disk / 'bag')}" in ran.err
    assert [path.name for path in tiny_disk.iterdir()] == [staging_path(tiny_disk / "bag").name]
    done = copies(tiny_disk)
    assert done > 100
    subprocess.run(["mount", "-o", "remount,size=64m", tiny_disk], check=True)
    opened.clear()
    assert run("build", "--draft", "--date", "2026-01-31T12:00:00Z", source, tiny_disk / "bag").code == 0
    assert len(opened) == 306 - done
    assert contents(tiny_disk / "bag").keys() >= whole.keys()
    assert validate_bag(tiny_disk / "bag", pixels=True).verdict is not Verdict.INVALID
    assert [path.name for path in tiny_disk.iterdir()] == ["bag"]
    assert make.snapshot(source) == before


def test_the_room_that_finished_files_take_is_no_reason_to_refuse(
    source: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk has room for the rest only."""
    stop_before("write_metadata", source, shelf)
    usage = shutil.disk_usage(shelf)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=10))
        assert build_bag(source, shelf / "bag", DRAFT).bag


def is_whole_or_absent(shelf: Path, source: Path, before: object) -> bool:
    """Whether there is a bag; what is there is valid, and the deposit is as it was."""
    assert make.snapshot(source) == before
    if (shelf / "bag").exists():
        assert validate_bag(shelf / "bag").verdict is not Verdict.INVALID
        return True
    return False


@pytest.mark.slow
def test_killed_at_forty_moments_the_same_command_makes_the_same_bag(
    source: Path,
    shelf: Path,
    whole: dict[str, bytes],
    opened: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before a file is made, between two pieces of a line of the journal, while the bag is made durable, and so on.

    Images are read in the process that dies, whose beginning would else take most of the time.
    """
    monkeypatch.setattr("confocal_bag.image.worker.process.is_inside", lambda: True)
    before = make.snapshot(source)
    (tmp_path / "counted").mkdir()
    count = faults.count_moments(tmp_path / "counted", lambda: build_bag(source, tmp_path / "counted/bag", DRAFT))
    moments = [1 + number * (count - 1) // 39 for number in range(40)]
    assert len(set(moments)) == 40
    for moment in moments:
        assert faults.die_at(shelf, lambda: build_bag(source, shelf / "bag", DRAFT), moment)
        if not is_whole_or_absent(shelf, source, before):
            done = copies(shelf)
            opened.clear()
            build_bag(source, shelf / "bag", DRAFT)
            assert len(opened) == 6 - done
            assert not staging_path(shelf / "bag").exists()
        assert contents(shelf / "bag") == whole
        shutil.rmtree(shelf)
        shelf.mkdir()


@pytest.mark.slow
def test_a_command_killed_at_random_moments_ends_in_a_valid_bag(
    source: Path, shelf: Path, whole: dict[str, bytes], run: Callable[..., Ran], opened: list[str]
) -> None:
    """A process of its own, as people run it, ended by the signals that processes are ended by."""
    command = [sys.executable, "-c", "from confocal_bag.cli.app import main; main()", "build", "--draft"]
    command += ["--date", "2026-01-31T12:00:00Z"]
    command += [str(source), str(shelf / "bag")]
    before = make.snapshot(source)
    began = time.monotonic()
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=60).returncode == 0
    usual_s = time.monotonic() - began
    shutil.rmtree(shelf / "bag")
    chance = random.Random()
    for signal_number in [signal.SIGKILL] * 8 + [signal.SIGTERM, signal.SIGINT]:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.3 * usual_s, usual_s))
        except subprocess.TimeoutExpired:
            process.send_signal(signal_number)
        process.wait(timeout=60)
        if is_whole_or_absent(shelf, source, before):
            shutil.rmtree(shelf)
            shelf.mkdir()
    done = copies(shelf)
    opened.clear()
    assert run("build", "--draft", "--date", "2026-01-31T12:00:00Z", source, shelf / "bag").code == 0
    assert len(opened) == 6 - done
    assert contents(shelf / "bag") == whole
    assert [path.name for path in shelf.iterdir()] == ["bag"]
