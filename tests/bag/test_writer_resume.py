"""The bag writer after an end that was none: what is finished is kept, proven and not made again."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.bag import copying, fixity
from confocal_bag.bag.writing.staging import staged_bytes, staging_path
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.findings import CannotFinish
from tests import faults
from tests.make import snapshot

NAMES = ("one.czi", "two.czi", "three.czi")


class Stopped(BaseException):
    """What ends a run in the middle, as an interrupt would."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty folder in which a test may make bags."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@pytest.fixture
def deposit(tmp_path: Path) -> Path:
    """Three files older than today."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(name.encode() * 100)
        os.utime(folder / name, ns=(10**18, 10**18 + number))
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files opened for reading, in order."""
    names: list[str] = []
    honest = fixity.open_for_reading

    def remember(path: Path) -> int:
        names.append(f"{path.parent.name}/{path.name}")
        return honest(path)

    monkeypatch.setattr(fixity, "open_for_reading", remember)
    monkeypatch.setattr(copying, "open_for_reading", remember)
    return names


def fill(one: BagWriter, deposit: Path) -> None:
    """Copy the deposit, make a file from it, and write a readme."""
    for name in NAMES:
        one.copy(deposit / name, f"data/raw/{name}", origin=name)
    if one.resumed("data/transformed/one.tif") is None:
        try:
            one.place("data/transformed/one.tif").write_bytes(b"made from one")
        except OSError as error:
            raise CannotFinish(f"The converter has no space left ({error}).") from error
        one.adopt("data/transformed/one.tif", note={"planes": ["ab"]})
    one.write("data/readme/README.txt", b"Read me\n")


def build(shelf: Path, deposit: Path, *, check: Callable[[Path], None] | None = None, **options: Any) -> Path:
    """The whole bag."""
    with BagWriter(shelf / "bag", **{"key": "k", "keep": True, **options}) as one:
        fill(one, deposit)
        return one.seal([("Bagging-Date", "2026-01-01")], check=check)


def stop(shelf: Path, deposit: Path, **options: Any) -> Path:
    """Everything but the seal; the folder that is left."""
    with pytest.raises(Stopped):
        fill_and_raise(shelf, deposit, Stopped(), **options)
    return staging_path(shelf / "bag")


def fill_and_raise(shelf: Path, deposit: Path, error: BaseException, **options: Any) -> None:
    """Everything but the seal, and then an error."""
    with BagWriter(shelf / "bag", **{"key": "k", "keep": True, **options}) as one:
        fill(one, deposit)
        raise error


@pytest.fixture
def whole(tmp_path: Path, deposit: Path) -> dict[str, bytes]:
    """What an uninterrupted run makes."""
    (tmp_path / "reference").mkdir()
    return contents(build(tmp_path / "reference", deposit))


def contents(bag: Path) -> dict[str, bytes]:
    """Every file of a bag."""
    return {str(path.relative_to(bag)): path.read_bytes() for path in bag.rglob("*") if path.is_file()}


def test_finished_files_are_not_read_from_the_deposit_again(
    shelf: Path, deposit: Path, whole: dict[str, bytes], opened: list[str]
) -> None:
    """Each is read once, where it lies in the staging folder; times and bytes are those of one uninterrupted run."""
    stop(shelf, deposit)
    opened.clear()
    bag = build(shelf, deposit)
    assert sorted(opened) == ["raw/one.czi", "raw/three.czi", "raw/two.czi", "transformed/one.tif"]
    assert contents(bag) == whole
    assert (bag / "data/raw/two.czi").stat().st_mtime_ns == (deposit / "two.czi").stat().st_mtime_ns
    assert [path.name for path in shelf.iterdir()] == ["bag"]


def test_a_copy_damaged_meanwhile_is_made_anew(
    shelf: Path, deposit: Path, whole: dict[str, bytes], opened: list[str]
) -> None:
    """Its name, size and time are right; only its bytes are not."""
    copy = stop(shelf, deposit) / "bag/data/raw/two.czi"
    before = copy.stat()
    copy.write_bytes(copy.read_bytes()[:-1] + b"?")
    os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    opened.clear()
    assert contents(build(shelf, deposit)) == whole
    assert [name for name in opened if name.startswith("deposit")] == ["deposit/two.czi"]


@pytest.mark.parametrize("change", ["bytes", "time"])
def test_a_source_that_changed_between_the_runs_is_copied_anew(
    shelf: Path, deposit: Path, opened: list[str], change: str
) -> None:
    """And only that one."""
    stop(shelf, deposit)
    if change == "bytes":
        (deposit / "two.czi").write_bytes(b"other")
    os.utime(deposit / "two.czi", ns=(5, 5))
    opened.clear()
    bag = build(shelf, deposit)
    assert (bag / "data/raw/two.czi").read_bytes() == (deposit / "two.czi").read_bytes()
    assert (bag / "data/raw/two.czi").stat().st_mtime_ns == 5
    assert [name for name in opened if name.startswith("deposit")] == ["deposit/two.czi"]


@pytest.mark.parametrize(
    "other",
    [{"key": "other"}, {"key": None, "keep": False}, {"algorithms": ("sha256",)}, {"discard": True}],
    ids=["key", "no key", "algorithms", "discard"],
)
def test_other_work_starts_anew(shelf: Path, deposit: Path, opened: list[str], other: dict[str, Any]) -> None:
    """What an earlier run left is not mixed into it."""
    left = stop(shelf, deposit)
    (left / "bag/data/raw/stray").touch()
    opened.clear()
    bag = build(shelf, deposit, **other)
    assert [name for name in opened if name.startswith("deposit")] == [f"deposit/{name}" for name in NAMES]
    assert not (bag / "data/raw/stray").exists()
    assert [path.name for path in shelf.iterdir()] == ["bag"]


def test_a_file_without_an_entry_in_the_journal_is_deleted(
    shelf: Path, deposit: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """A half copy, a link out of the folder, the tag files of a seal that was not finished."""
    left = stop(shelf, deposit)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    (left / "bag/data/raw/half.czi").write_text("half")
    (left / "bag/data/out").symlink_to(outside)
    (left / "bag/bagit.txt").write_text("old")
    (left / "bag/data/raw/one.czi").unlink()
    (left / "bag/data/raw/one.czi").symlink_to(outside / "precious")
    shutil.rmtree(left / "bag/data/transformed")
    (left / "bag/data/transformed").symlink_to(outside)
    assert contents(build(shelf, deposit)) == whole
    assert (outside / "precious").read_text() == "x"
    assert [path.name for path in outside.iterdir()] == ["precious"]


def test_a_bag_folder_replaced_by_a_link_is_not_followed(shelf: Path, deposit: Path, tmp_path: Path) -> None:
    """The link goes; what it leads to stays."""
    left = stop(shelf, deposit)
    (left / "bag").rename(tmp_path / "moved")
    (left / "bag").symlink_to(tmp_path / "moved")
    before = snapshot(tmp_path / "moved")
    build(shelf, deposit)
    assert snapshot(tmp_path / "moved") == before


def test_what_the_new_run_does_not_want_is_not_in_its_bag(shelf: Path, deposit: Path) -> None:
    """A finished file that nobody asks for again."""
    stop(shelf, deposit)
    with BagWriter(shelf / "bag", key="k") as one:
        one.write("data/raw/two.czi", b"written now")
        bag = one.seal([])
    assert [path.name for path in (bag / "data").rglob("*")] == ["raw", "two.czi"]
    assert (bag / "data/raw/two.czi").read_bytes() == b"written now"


def test_an_adopted_file_comes_back_with_its_note(shelf: Path, deposit: Path) -> None:
    """It need not be made again; it is in the bag as soon as it is taken over."""
    stop(shelf, deposit)
    with BagWriter(shelf / "bag", key="k") as one:
        taken = one.resumed("data/transformed/one.tif")
        assert taken is not None
        assert (taken[0].size, taken[1]) == (13, {"planes": ["ab"]})
        with pytest.raises(ValueError, match="in the bag already"):
            one.place("data/transformed/one.tif")
        assert one.staged("data/transformed/one.tif").read_bytes() == b"made from one"


def test_a_damaged_adopted_file_has_to_be_made_again(shelf: Path, deposit: Path) -> None:
    """It is gone, and its place is free."""
    left = stop(shelf, deposit)
    (left / "bag/data/transformed/one.tif").write_bytes(b"made from two")
    with BagWriter(shelf / "bag", key="k") as one:
        assert one.resumed("data/transformed/one.tif") is None
        assert not one.place("data/transformed/one.tif").exists()


def test_a_file_taken_over_can_be_withdrawn_and_made_anew(shelf: Path, deposit: Path) -> None:
    """For a file of several that only fit together."""
    stop(shelf, deposit)
    with BagWriter(shelf / "bag", key="k", keep=True) as one:
        with pytest.raises(ValueError, match="is not in the bag"):
            one.withdraw("data/transformed/one.tif")
        one.resumed("data/transformed/one.tif")
        one.withdraw("data/transformed/one.tif")
        one.place("data/transformed/one.tif").write_bytes(b"made anew")
        one.adopt("data/transformed/one.tif", note={})
        bag = one.seal([])
    assert (bag / "data/transformed/one.tif").read_bytes() == b"made anew"


def test_the_room_that_an_earlier_run_takes_is_known(shelf: Path, deposit: Path) -> None:
    """It is no reason to refuse the next run."""
    assert staged_bytes(shelf / "bag") == 0
    left = stop(shelf, deposit)
    assert staged_bytes(shelf / "bag") == sum(path.stat().st_size for path in left.rglob("*") if path.is_file())


def test_a_copy_is_not_taken_for_a_made_file_nor_the_other_way(shelf: Path, deposit: Path) -> None:
    """Each way into the bag trusts only its own entries."""
    stop(shelf, deposit)
    with BagWriter(shelf / "bag", key="k") as one:
        assert one.resumed("data/raw/one.czi") is None
        one.copy(deposit / "two.czi", "data/transformed/one.tif")
        assert one.staged("data/transformed/one.tif").read_bytes() == (deposit / "two.czi").read_bytes()


def test_the_sentence_says_where_the_finished_files_are(shelf: Path, deposit: Path) -> None:
    """And both things that can be done with them."""
    (deposit / "three.czi").unlink()
    with pytest.raises(CannotFinish) as stopped:
        build(shelf, deposit)
    assert "three.czi cannot be read" in str(stopped.value)
    assert f"kept in {staging_path(shelf / 'bag')}: give the same command again" in str(stopped.value)
    assert "delete that folder" in str(stopped.value)
    assert sorted(path.name for path in staging_path(shelf / "bag").iterdir()) == ["bag", "journal.jsonl"]


def test_an_interrupt_carries_the_same_words(shelf: Path, deposit: Path) -> None:
    """For whoever shows it."""
    with pytest.raises(KeyboardInterrupt) as stopped:
        fill_and_raise(shelf, deposit, KeyboardInterrupt())
    assert "go on from there" in stopped.value.__notes__[0]


def test_nothing_is_kept_when_nothing_is_finished(shelf: Path, deposit: Path) -> None:
    """An empty folder would only puzzle people."""
    (deposit / "one.czi").unlink()
    with pytest.raises(CannotFinish, match=r"cannot be read.*start again\.$"):
        build(shelf, deposit)
    assert list(shelf.iterdir()) == []


def test_leaving_without_an_error_keeps_nothing(shelf: Path, deposit: Path) -> None:
    """A caller that decides against the bag does not want it later either."""
    with BagWriter(shelf / "bag", key="k", keep=True) as one:
        fill(one, deposit)
    assert list(shelf.iterdir()) == []


def test_keeping_needs_a_key(shelf: Path) -> None:
    """Without one a later run could not tell whether the files are of the same work."""
    with pytest.raises(ValueError, match="needs a key"):
        BagWriter(shelf / "bag", keep=True)


def test_a_bag_refused_by_its_check_is_kept_too(shelf: Path, deposit: Path, whole: dict[str, bytes]) -> None:
    """A damaged disk may be the reason; the next run hashes everything again and mends it."""

    def refuse(bag: Path) -> None:
        raise CannotFinish("not good enough;")

    with pytest.raises(CannotFinish, match="not good enough; What is finished"):
        build(shelf, deposit, check=refuse)
    assert contents(build(shelf, deposit)) == whole


def test_nothing_is_kept_when_the_disk_could_not_keep_it(
    shelf: Path, deposit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failed sync the system may show from memory what is not on the disk; hashing would prove nothing."""

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(CannotFinish, match="Input/output error"):
            build(shelf, deposit)
    assert list(shelf.iterdir()) == []


def test_the_work_of_a_living_run_is_left_alone(shelf: Path, deposit: Path, whole: dict[str, bytes]) -> None:
    """However often somebody tries."""
    with BagWriter(shelf / "bag", key="k", keep=True) as first:
        fill(first, deposit)
        for discard in (False, True, False):
            with (
                pytest.raises(CannotFinish, match="Another run of confocal-bag is at work on"),
                BagWriter(shelf / "bag", key="k", keep=True, discard=discard),
            ):
                pass
        bag = first.seal([("Bagging-Date", "2026-01-01")])
    assert contents(bag) == whole


def test_without_locks_the_files_of_an_orderly_end_can_be_used(
    shelf: Path, deposit: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock file goes with its owner; one that stays is named."""
    monkeypatch.setattr("confocal_bag.bag.writing.folder_lock._lock", lambda descriptor: None)
    left = stop(shelf, deposit)
    assert not (left / "lock").exists()
    (left / "lock").touch()
    with pytest.raises(CannotFinish, match=r"delete the file .*/lock and"):
        build(shelf, deposit)
    (left / "lock").unlink()
    assert contents(build(shelf, deposit)) == whole


def test_progress_counts_a_file_once_whether_copied_or_taken_over(shelf: Path, deposit: Path) -> None:
    """One of the three has to be copied anew."""
    left = stop(shelf, deposit)
    (left / "bag/data/raw/two.czi").write_bytes(b"?")
    counted: list[int] = []
    bag = build(shelf, deposit, on_bytes=counted.append)
    assert sum(counted) == sum(path.stat().st_size for path in (bag / "data").rglob("*") if path.is_file())


def test_many_threads_can_resume_one_bag(shelf: Path, deposit: Path, opened: list[str]) -> None:
    """As many threads as filled it, side by side."""

    def copy(one: BagWriter) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: one.copy(deposit / "one.czi", f"data/raw/{n % 7}/{n}.czi"), range(60)))

    def copy_and_stop() -> None:
        with BagWriter(shelf / "bag", key="k", keep=True) as one:
            copy(one)
            raise Stopped

    with pytest.raises(Stopped):
        copy_and_stop()
    opened.clear()
    with BagWriter(shelf / "bag", key="k", keep=True) as one:
        copy(one)
        bag = one.seal([])
    assert "deposit/one.czi" not in opened
    assert len(opened) == len(list((bag / "data/raw").glob("*/*.czi"))) == 60


@pytest.mark.parametrize("off", [(1, 0), (0, 1)], ids=["size", "time"])
def test_a_source_that_is_not_as_planned_stops_the_copy(shelf: Path, deposit: Path, off: tuple[int, int]) -> None:
    """Somebody changed it after it was looked at; nothing of it gets into the bag."""
    now = (deposit / "one.czi").stat()
    with BagWriter(shelf / "bag") as one:
        with pytest.raises(CannotFinish, match=r"one\.czi changed after it was inspected"):
            one.copy(deposit / "one.czi", "data/raw/one.czi", expected=(now.st_size + off[0], now.st_mtime_ns + off[1]))
        one.copy(deposit / "one.czi", "data/raw/one.czi", expected=(now.st_size, now.st_mtime_ns))


def test_a_finished_copy_of_a_source_that_is_not_as_planned_is_not_taken_over(shelf: Path, deposit: Path) -> None:
    """The plan decides, not what an earlier run saw."""
    stop(shelf, deposit)
    with BagWriter(shelf / "bag", key="k") as one, pytest.raises(CannotFinish, match="changed after"):
        one.copy(deposit / "one.czi", "data/raw/one.czi", origin="one.czi", expected=(1, 1))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_source_replaced_while_it_is_copied_is_noticed(
    shelf: Path, deposit: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Another file under the same name, just before it is opened or while the old one is still being read."""
    honest = copying.copy_and_hash

    def replace() -> None:
        (deposit / "new").write_bytes(b"n" * (deposit / "one.czi").stat().st_size)
        (deposit / "new").rename(deposit / "one.czi")

    def copy(source: Path, *rest: Any, **options: Any) -> Any:
        if moment == "before":
            replace()
        done = honest(source, *rest, **options)
        if moment == "after":
            replace()
        return done

    monkeypatch.setattr("confocal_bag.bag.writing.writer.copy_and_hash", copy)
    with BagWriter(shelf / "bag") as one:
        with pytest.raises(CannotFinish, match=r"one\.czi changed after"):
            one.copy(deposit / "one.czi", "data/raw/one.czi")
        assert list((staging_path(shelf / "bag") / "bag/data/raw").iterdir()) == []


def moments(tmp_path: Path, deposit: Path) -> int:
    """At how many moments a run changes files."""
    (tmp_path / "counted").mkdir()
    return faults.count_moments(tmp_path / "counted", lambda: build(tmp_path / "counted", deposit))


def killed(shelf: Path, deposit: Path, work: Callable[[], Path], moment: int) -> None:
    """Kill a run; the destination is absent or whole, and the deposit is as it was."""
    before = snapshot(deposit)
    faults.die_at(shelf, work, moment)
    assert snapshot(deposit) == before


@pytest.mark.slow
def test_killed_at_any_moment_the_next_run_makes_the_same_bag(
    tmp_path: Path, shelf: Path, deposit: Path, whole: dict[str, bytes]
) -> None:
    """At every one of them; killed twice, too. The destination holds nothing or the whole bag."""
    count = moments(tmp_path, deposit)
    assert count > 50
    for moment in range(1, count + 1):
        for again in (moment, max(1, moment // 2)):
            if not (shelf / "bag").exists():
                killed(shelf, deposit, lambda: build(shelf, deposit), again)
                assert not (shelf / "bag").exists() or contents(shelf / "bag") == whole
        if not (shelf / "bag").exists():
            assert contents(build(shelf, deposit)) == whole
            assert not staging_path(shelf / "bag").exists()
        shutil.rmtree(shelf)
        shelf.mkdir()


def build_on_a_full_disk(shelf: Path, deposit: Path, moment: int) -> str | None:
    """A run that finds no more room from that moment on; its sentence, or None when it needed no more."""
    try:
        with faults.failing_from(shelf, moment):
            build(shelf, deposit)
    except CannotFinish as full:
        return str(full)
    return None


@pytest.mark.slow
def test_a_disk_full_from_any_moment_ends_with_a_sentence_and_the_next_run_goes_on(
    tmp_path: Path, shelf: Path, deposit: Path, whole: dict[str, bytes], opened: list[str]
) -> None:
    """Whatever was finished then is not read from the deposit again."""
    sentences = set()
    for moment in range(1, moments(tmp_path, deposit) + 1):
        sentence = build_on_a_full_disk(shelf, deposit, moment)
        staging = staging_path(shelf / "bag")
        if sentence is not None:
            sentences.add(sentence)
            assert "no space left" in sentence
            assert staging.exists() == ("give the same command again" in sentence)
            finished = len(list(staging.glob("bag/data/raw/*")))
            opened.clear()
            build(shelf, deposit)
            assert sum(name.startswith("deposit") for name in opened) == len(NAMES) - finished
        assert contents(shelf / "bag") == whole
        assert not staging.exists()
        shutil.rmtree(shelf)
        shelf.mkdir()
    assert len(sentences) > 10
