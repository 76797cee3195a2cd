"""Updates and splits that are killed, or that fail, at every single one of their steps."""

import errno
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from confocal_bag.bag.changing import replacement as replacement_module
from confocal_bag.bag.changing.exchange import exchange
from confocal_bag.bag.changing.interrupted import check_interruption
from confocal_bag.bag.changing.replacement import Replacement, describe_interruption, recover, workplace
from confocal_bag.bag.changing.update import Changes, update_bag
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.splitting.split import split_bag
from confocal_bag.findings import CannotFinish, Severity
from tests.bag import bags

INFO = ("Source-Organization: Example University", "Bagging-Date: 2020-02-02", "Bag-Size: 262 B")
KILLED = 9
_STEPS = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod", "os.utime", "os.scandir"}


@dataclass(slots=True)
class Watch:
    """Counts steps below a folder and calls `act` before each with its number, from 1."""

    folder: str
    act: Callable[[int], None]
    seen: int = 0

    def step(self) -> None:
        """One more step is about to be made."""
        self.seen += 1
        self.act(self.seen)


_watching: list[Watch] = []  # an audit hook cannot be taken back, so it asks here whether anybody watches
_installed: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or event not in _STEPS:
        return
    place = arguments[0]
    if isinstance(place, str | bytes) and (
        os.fsdecode(place).startswith(_watching[0].folder) or not Path(os.fsdecode(place)).is_absolute()
    ):
        _watching[0].step()


@contextmanager
def watched(folder: Path, act: Callable[[int], None], *, in_one_step: bool) -> Iterator[Watch]:
    """Call `act` before every step of the work that touches a name below the folder, syncs and exchanges included."""
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    sync = os.fsync
    watch = Watch(folder=os.fspath(folder), act=act)

    def counted_sync(descriptor: int) -> None:
        watch.step()
        sync(descriptor)

    def counted_exchange(one: Path, other: Path) -> bool:
        if not in_one_step:
            return False
        watch.step()
        return exchange(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", counted_sync)
        patch.setattr(replacement_module, "exchange", counted_exchange)
        _watching.append(watch)
        try:
            yield watch
        finally:
            _watching.clear()


def killed_at(folder: Path, work: Callable[[], object], step: int, *, in_one_step: bool) -> bool:
    """Do the work in a process of its own that dies at that step without a word; whether it came so far."""

    def act(number: int) -> None:
        if number == step:
            os._exit(KILLED)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forks beside threads
        child = os.fork()
    if child == 0:
        try:
            with watched(folder, act, in_one_step=in_one_step):
                work()
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), "the work failed by itself"
    return code == KILLED


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_valid(bag: Path) -> None:
    """Our own rules find nothing wrong."""
    assert [one.message for one in check_bag(bag).findings if one.severity is Severity.ERROR] == []


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A shelf with one bag, the update it gets, and the two forms it may have afterwards."""

    shelf: Path
    source: Path
    before: dict[str, bytes]
    after: dict[str, bytes]

    @property
    def bag(self) -> Path:
        """The bag."""
        return self.shelf / "bag"

    def update(self) -> None:
        """One change of every kind."""
        changes = Changes(
            add={PurePosixPath("data/new/scan.czi"): self.source},
            replace={PurePosixPath("data/a.txt"): self.source},
            remove=[PurePosixPath("data/sub/c.bin")],
            set_fields=[("Source-Organization", "Another")],
        )
        update_bag(self.bag, changes, add_algorithms=["sha512"])

    def reset(self) -> None:
        """The old bag again, and nothing else."""
        for path in self.shelf.iterdir():
            replacement_module._remove_tree(path)
        self.shelf.rmdir()
        old_bag(self.bag)


def old_bag(bag: Path) -> Path:
    """The bag before the update."""
    payload = {"data/a.txt": b"alpha\n", "data/sub/b.bin": bytes(range(256)), "data/sub/c.bin": b"c"}
    return bags.make_bag(bag, payload=payload, algorithms=("sha256",), info=INFO)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A bag to update again and again."""
    source = bags.write(tmp_path / "source", "new bytes")
    trial = Stage(shelf=tmp_path / "trial", source=source, before={}, after={})
    before = contents(old_bag(trial.bag))
    trial.update()
    after = contents(trial.bag)
    stage = Stage(shelf=tmp_path / "shelf", source=source, before=before, after=after)
    old_bag(stage.bag)
    return stage


def assert_old_or_new(stage: Stage) -> None:
    """The bag is one of its two forms, whole, and nothing lies beside it."""
    assert contents(stage.bag) in (stage.before, stage.after)
    assert_valid(stage.bag)
    assert [path.name for path in stage.shelf.iterdir()] == ["bag"]


def steps_of(stage: Stage, *, in_one_step: bool) -> int:
    """How many steps the update has."""
    with watched(stage.shelf, lambda number: None, in_one_step=in_one_step) as watch:
        stage.update()
    assert contents(stage.bag) == stage.after
    stage.reset()
    return watch.seen


@pytest.mark.slow
@pytest.mark.parametrize("in_one_step", [True, False], ids=["exchange", "two-renames"])
def test_an_update_killed_at_any_step_leaves_the_old_or_the_new_bag(stage: Stage, in_one_step: bool) -> None:  # noqa: FBT001
    """By exchange the name always holds a whole bag; by two renames the next run puts it there."""
    total = steps_of(stage, in_one_step=in_one_step)
    assert total > 60
    forms, absent, step = set(), 0, 0
    while True:
        step += 1
        came_so_far = killed_at(stage.shelf, stage.update, step, in_one_step=in_one_step)
        if not came_so_far:
            break
        if stage.bag.exists():
            assert contents(stage.bag) in (stage.before, stage.after), step
            assert_valid(stage.bag)
        else:
            absent += 1
            with pytest.raises(CannotFinish, match=r"both are whole.*--recover"):
                check_interruption(stage.bag)
        is_left = workplace(stage.bag).exists()
        assert (describe_interruption(stage.bag) is not None) == is_left
        assert (recover(stage.bag) is not None) == is_left
        assert_old_or_new(stage)
        forms.add(contents(stage.bag) == stage.after)
        stage.reset()
    assert step > 60
    assert forms == {True, False}
    assert absent == (0 if in_one_step else absent)
    assert in_one_step or absent


@pytest.mark.slow
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("in_one_step", [True, False], ids=["exchange", "two-renames"])
def test_an_update_that_meets_an_error_at_any_step_leaves_the_old_or_the_new_bag(
    stage: Stage,
    in_one_step: bool,  # noqa: FBT001
    for_good: bool,  # noqa: FBT001
) -> None:
    """Whatever the system refuses is told in one sentence."""
    total = steps_of(stage, in_one_step=in_one_step)
    forms = set()
    for step in range(1, total + 1):

        def fail(number: int, step: int = step) -> None:
            if number == step or (for_good and number > step):
                raise OSError(errno.EIO, os.strerror(errno.EIO), "disk")

        with watched(stage.shelf, fail, in_one_step=in_one_step):
            try:
                stage.update()
                outcome = "done"
            except CannotFinish as said:
                outcome = str(said)
        if not stage.bag.exists():
            assert for_good, (step, outcome)
        recover(stage.bag)
        assert_old_or_new(stage)
        if outcome == "done":
            assert contents(stage.bag) == stage.after, step
        forms.add(contents(stage.bag) == stage.after)
        stage.reset()
    assert forms == {True, False}


@pytest.mark.slow
def test_the_next_update_finishes_what_was_interrupted(stage: Stage) -> None:
    """No need to recover by hand."""
    step = 0
    while killed_at(stage.shelf, stage.update, step := step + 1, in_one_step=False) and stage.bag.exists():
        recover(stage.bag)
        stage.reset()
    assert not stage.bag.exists()
    result = update_bag(stage.bag, Changes(set_fields=[("Source-Organization", "A third")]))
    assert result.recovered == f"the interrupted update of {stage.bag} was finished"
    assert b"A third" in (stage.bag / "bag-info.txt").read_bytes()
    assert (stage.bag / "data/new/scan.czi").exists()
    assert_valid(stage.bag)


def test_an_update_that_lost_its_new_bag_is_undone(stage: Stage) -> None:
    """Only the old bag is left, so it comes back."""
    place = workplace(stage.bag)
    place.mkdir()
    stage.bag.rename(place / "old")
    assert recover(stage.bag) == f"the interrupted update of {stage.bag} was undone"
    assert_old_or_new(stage)


def test_a_second_rename_that_fails_is_taken_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, without waiting for another run."""
    original = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise PermissionError(errno.EACCES, "refused", str(target))
        return original(path, target)

    monkeypatch.setattr(replacement_module, "exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(CannotFinish, match=r"cannot be given its new content \(refused\)"):
        stage.update()
    assert_old_or_new(stage)


def test_an_interrupted_update_is_a_warning_and_its_end_is_none(stage: Stage) -> None:
    """What validate says."""
    checks, findings = check_interruption(stage.bag)
    assert (checks[0].outcome, findings) == ("passed", [])
    with Replacement(stage.bag):
        checks, findings = check_interruption(stage.bag)
    assert [(one.rule, one.severity) for one in findings] == [("bag.update-interrupted", Severity.WARNING)]
    assert "the bag itself is whole" in findings[0].message
    assert recover(stage.bag) is None


@pytest.mark.skipif(sys.platform != "linux", reason="other systems exchange names in other ways")
def test_two_folders_change_names_in_one_step(tmp_path: Path) -> None:
    """Where the file system of the tests can, both have their content exchanged; an absent one is an error."""
    one, other = tmp_path / "one", tmp_path / "other"
    bags.write(one / "name", "one")
    bags.write(other / "name", "other")
    if not exchange(one, other):
        pytest.skip("the file system of the tests knows of no exchange")
    assert ((one / "name").read_text(), (other / "name").read_text()) == ("other", "one")
    with pytest.raises(FileNotFoundError):
        exchange(one, tmp_path / "absent")


def split_twice(shelf: Path) -> None:
    """Split the bag of the shelf."""
    split_bag(shelf / "bag", shelf / "parts", max_size=5000, by_link=True)


@pytest.mark.slow
def test_a_split_killed_at_any_step_leaves_all_parts_or_none(tmp_path: Path) -> None:
    """The folder of the parts appears in one step, and the same command works afterwards."""
    shelf = tmp_path / "shelf"
    payload = {f"data/{number}.bin": bytes([number]) * 1500 for number in range(4)}
    before = contents(bags.make_bag(shelf / "bag", payload=payload, algorithms=("sha256",)))
    step, outcomes = 0, set()
    while killed_at(shelf, lambda: split_twice(shelf), step := step + 9, in_one_step=True):
        outcomes.add((shelf / "parts").exists())
        assert contents(shelf / "bag") == before
        if not (shelf / "parts").exists():
            split_twice(shelf)
        recover(shelf / "parts")
        names = sorted(path.name for path in (shelf / "parts").iterdir())
        assert names == [f"bag_{number}_of_{len(names)}" for number in range(1, len(names) + 1)]
        assert sorted(path.name for path in shelf.iterdir()) == ["bag", "parts"]
        replacement_module._remove_tree(shelf / "parts")
    assert step > 60
    assert False in outcomes
