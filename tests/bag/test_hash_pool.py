"""Many small files hashed by processes: the same outcome as by threads, and nothing left running."""

import os
import signal
from pathlib import Path

import pytest

from confocal_bag.bag import hash_pool
from confocal_bag.bag.digester import Fixity
from confocal_bag.bag.fixity import NotARegularFile, hash_file
from confocal_bag.bag.hash_pool import SMALL_BYTES, HashPool, is_worthwhile
from confocal_bag.bag.rules import check_bag
from confocal_bag.findings import CannotFinish
from tests.bag.bags import make_bag

ALGORITHMS = ("md5", "sha512")
NAMES = ("plain.tif", "zwei\nZeilen", "Ünïcode", os.fsdecode(b"not-utf8-\xff"), "100%25", '"quoted"')


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes be used for bags of a few files."""
    monkeypatch.setattr(hash_pool, "_WORTHWHILE_FROM", 3)
    monkeypatch.setattr(hash_pool, "_BATCH", 2)


def test_processes_give_what_one_thread_gives(tmp_path: Path) -> None:
    """Digests and sizes are equal and in the order given, whatever the names and the number of batches."""
    paths = [tmp_path / f"{number}-{name}" for number in range(60) for name in NAMES]
    for number, path in enumerate(paths):
        path.write_bytes(bytes(number))
    counted: list[int] = []
    with HashPool(2) as pool:
        found = list(
            pool.hash_files(os.fspath(tmp_path), [path.name for path in paths], ALGORITHMS, on_bytes=counted.append)
        )
    assert found == [hash_file(path, ALGORITHMS) for path in paths]
    assert sum(counted) == sum(range(len(paths)))


def test_what_cannot_be_read_comes_back_as_an_error_in_its_place(tmp_path: Path) -> None:
    """A file that is gone, and a link, which is never followed; the others are hashed."""
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with HashPool(2) as pool:
        found = list(pool.hash_files(os.fspath(tmp_path), ["gone", "link", "file"], ["md5"]))
    assert isinstance(found[0], FileNotFoundError)
    assert isinstance(found[1], NotARegularFile)
    assert isinstance(found[2], Fixity)


def test_a_process_that_is_killed_ends_the_work_with_a_sentence(tmp_path: Path) -> None:
    """It is never read as "these files are missing"."""
    (tmp_path / "file").write_bytes(b"x")
    with HashPool(2) as pool:
        for process in processes(pool):
            os.kill(process, signal.SIGKILL)
        with pytest.raises(CannotFinish, match="ended from outside"):
            list(pool.hash_files(os.fspath(tmp_path), ["file"], ["md5"]))


def test_processes_end_with_the_pool_even_if_nobody_waits_for_the_rest(tmp_path: Path) -> None:
    """A caller that stops in the middle leaves nothing behind."""
    paths = [tmp_path / str(number) for number in range(2000)]
    for path in paths:
        path.touch()
    with HashPool(2) as pool:
        started = processes(pool)
        found = pool.hash_files(os.fspath(tmp_path), [path.name for path in paths], ["md5"])
        next(found)
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def processes(pool: HashPool) -> list[int]:
    """The process numbers."""
    return [one._process.pid for one in pool._processes]  # the pool shows them to nobody else


@pytest.mark.parametrize("jobs", [1, 2])
def test_they_are_used_for_very_many_small_files_only(jobs: int) -> None:
    """Not for a few, not for large ones, and not where one thing is to be done at a time."""
    assert is_worthwhile(iter([1] * 2001), jobs=jobs) is (jobs == 2)
    assert not is_worthwhile(iter([1] * 2000), jobs=jobs)
    assert not is_worthwhile(iter([SMALL_BYTES + 1] * 5000), jobs=jobs)


@pytest.mark.usefixtures("few_are_enough")
def test_a_bag_is_judged_the_same_by_processes(tmp_path: Path) -> None:
    """Small and large files, one changed, one gone: the findings are those of a check without processes."""
    payload = {f"data/{number}-{name}": bytes(number) for number in range(3) for name in ("plain.tif", "Ünïcode")}
    payload |= {"data/large": bytes(SMALL_BYTES + 1), "data/changed": b"before", "data/changed large": bytes(1 << 20)}
    bag = make_bag(tmp_path / "bag", payload=payload, algorithms=("sha256", "sha512"))
    assert not check_bag(bag, jobs=2).findings
    (bag / "data/changed").write_bytes(b"afters")
    (bag / "data/changed large").write_bytes(b"x" * (1 << 20))
    (bag / "data/0-plain.tif").unlink()
    by_processes, by_threads = check_bag(bag, jobs=2), check_bag(bag, jobs=1)
    assert sorted(map(repr, by_processes.findings)) == sorted(map(repr, by_threads.findings))
    assert by_processes.bytes_hashed == by_threads.bytes_hashed
    assert {one.path for one in by_processes.findings if one.rule == "bag.file-changed"} == {
        "data/changed",
        "data/changed large",
    }


@pytest.mark.usefixtures("few_are_enough")
def test_a_check_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They end with the check."""
    pools: list[HashPool] = []
    started: list[int] = []
    honest = HashPool.__init__

    def remember(pool: HashPool, jobs: int) -> None:
        honest(pool, jobs)
        pools.append(pool)
        started.extend(processes(pool))

    monkeypatch.setattr(HashPool, "__init__", remember)
    check_bag(make_bag(tmp_path / "bag", payload={f"data/{number}": b"x" for number in range(9)}), jobs=3)
    assert len(pools) == 1
    assert len(started) == 3
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.usefixtures("few_are_enough")
def test_where_no_process_can_be_started_threads_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter that may not be executed, or a limit on processes, is no reason not to validate."""
    bag = make_bag(tmp_path / "bag", payload={f"data/{number}": b"x" for number in range(9)})
    monkeypatch.setattr("sys.executable", str(bag / "bagit.txt"))
    assert is_worthwhile(iter([1] * 9), jobs=2)
    check = check_bag(bag, jobs=2)
    assert not check.findings
    assert check.bytes_hashed > 9
