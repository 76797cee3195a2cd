"""A Dask cluster does the work of this machine: with the same results, whoever of it is lost."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confocal_bag import workers
from confocal_bag.audit.history_file import history_of
from confocal_bag.elsewhere import NotSeenError, elsewhere, run_elsewhere
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.image.worker import pool, stop
from confocal_bag.receiving import Judging, judge_bags
from confocal_bag.validate import validate_bag
from confocal_bag.workers import cluster
from tests import make
from tests.bag.bags import make_bag

if TYPE_CHECKING:
    from tests.recording import Ran

distributed = pytest.importorskip("distributed", reason="Dask's distributed is not installed")

pytestmark = [
    pytest.mark.slow,
    # Dask leaves sockets of its own to the garbage collector when a worker is lost.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@contextmanager
def two_workers() -> Iterator[Any]:
    """A scheduler and two worker processes on the loopback interface."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1", silence_logs=50
    ) as running:
        yield running


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a running cluster."""
    with two_workers() as running:
        yield running.scheduler_address


def bags_of(folder: Path) -> list[Path]:
    """Eight bags, of which every third is damaged."""
    bags = [make_bag(folder / f"bag{number}", payload={"data/a": bytes([number]) * 1000}) for number in range(8)]
    for bag in bags[::3]:
        (bag / "data/a").write_bytes(b"damaged")
    return bags


def test_many_bags_are_judged_as_here(scheduler: str, tmp_path: Path) -> None:
    """Verdicts, checks and findings are the same, bag by bag."""
    bags = bags_of(tmp_path)
    with cluster(scheduler, paths=bags) as executor:
        there = {one.bag: one.report for one in judge_bags(bags, Judging(), jobs=executor.size, executor=executor)}
    here = {bag: validate_bag(bag) for bag in bags}
    assert there == here
    assert sum(report.verdict is Verdict.INVALID for report in there.values()) == 3


def test_the_files_of_one_bag_are_spread(scheduler: str, tmp_path: Path) -> None:
    """Every file is hashed by a worker, and the report is the same as without."""
    bag = make_bag(tmp_path / "bag", payload={f"data/{number}": bytes(number) for number in range(600)})
    (bag / "data/7").write_bytes(b"other..")
    (bag / "data/8").unlink()
    tasks: list[Any] = []
    with cluster(scheduler, paths=[bag]) as executor, elsewhere(executor):
        submit = executor.submit
        executor.submit = lambda *args, **kwargs: tasks.append(args) or submit(*args, **kwargs)  # type: ignore[method-assign, func-returns-value]
        there = validate_bag(bag, jobs=executor.size)
    assert len(tasks) == 3
    assert there == validate_bag(bag)
    assert there.verdict is Verdict.INVALID


def timeless(text: str) -> str:
    """A report without the time when it was made."""
    told, times = re.subn(r'"made": "[-0-9T:]+Z"', '"made": ""', text)
    assert times
    return told


def test_the_command_judges_on_the_cluster(scheduler: str, tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """The same text comes out, whether the bags are judged here or there."""
    bags = bags_of(tmp_path)
    here = run("validate", *bags, "--format", "json")
    there = run("validate", *bags, "--format", "json", "--scheduler", scheduler)
    assert (there.code, timeless(there.out)) == (here.code, timeless(here.out))
    assert here.code == 1


def test_a_deposit_is_inspected_on_the_cluster(scheduler: str, tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """Identity, digests and images are those that this machine finds."""
    deposit = make.small_deposit(tmp_path / "deposit")
    here = run("inspect", deposit, "--format", "json")
    there = run("inspect", deposit, "--format", "json", "--scheduler", scheduler)
    assert (there.code, timeless(there.out)) == (here.code, timeless(here.out))
    assert "LSM" in there.out


def test_a_bag_is_built_on_the_cluster(
    scheduler: str, tmp_path: Path, run: "Callable[..., Ran]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Conversions run on the workers, and the bag is the one that is built here, byte for byte."""
    deposit = make.small_deposit(tmp_path / "deposit")
    arguments = (
        "--draft",
        "--date",
        "2026-01-31",
        "--override-privacy",
        "the names in these samples are published",
        "--fail-on",
        "never",
    )
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    here = run("build", deposit, tmp_path / "here" / "bag", *arguments)
    stop()
    monkeypatch.setattr(pool, "GuardedProcess", None)  # so that no image can be read in a process of this machine
    there = run("build", deposit, tmp_path / "there" / "bag", *arguments, "--scheduler", scheduler)
    assert here.code == there.code == 0, there.err
    seen = {name: entry[0] for name, entry in make.snapshot(tmp_path / "there" / "bag").items()}
    assert seen == {name: entry[0] for name, entry in make.snapshot(tmp_path / "here" / "bag").items()}


def test_a_shelf_is_audited_on_the_cluster(scheduler: str, tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """Whoever checks the bags, the history is kept here; what was checked is not due again."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    bags_of(shelf)
    ran = run("audit", shelf, "--scheduler", scheduler, "--format", "json")
    assert ran.code == 1, ran.err
    summary = json.loads(ran.out)["summary"]
    assert summary["bags_still_due"] == 0
    again = run("audit", shelf, "--scheduler", scheduler, "--older-than", "1d", "--format", "json")
    assert json.loads(again.out)["summary"]["bags_checked"] == 0


_CLIENT = """
import sys
from pathlib import Path
from confocal_bag.audit import AuditOptions, audit_shelf
from confocal_bag.workers import cluster
shelf = Path(sys.argv[2])
with cluster(sys.argv[1], paths=[shelf]) as executor:
    audit_shelf(shelf, AuditOptions(jobs=2), executor=executor)
"""


def test_a_client_that_is_killed_is_gone_on_with_by_the_next(
    scheduler: str, tmp_path: Path, run: "Callable[..., Ran]"
) -> None:
    """What the workers had told it is in the history; the next run checks the rest, and only that."""
    shelf = tmp_path / "shelf"
    bags = [make_bag(shelf / f"bag{number:02}", payload={"data/a": bytes(3_000_000)}) for number in range(40)]
    client = subprocess.Popen([sys.executable, "-c", _CLIENT, scheduler, str(shelf)])
    while client.poll() is None and not _checked(shelf):
        pass
    client.kill()
    client.wait()
    before = _checked(shelf)
    assert before > 0
    ran = run("audit", shelf, "--scheduler", scheduler, "--older-than", "1d", "--format", "json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["summary"]["bags_checked"] == len(bags) - before


def _checked(shelf: Path) -> int:
    """How many checks the history of a shelf holds by now."""
    history = history_of(shelf, None)
    if not history.exists():
        return 0
    with closing(sqlite3.connect(f"{history.as_uri()}?mode=ro", uri=True, timeout=60)) as opened:
        try:
            return int(opened.execute("SELECT count(*) FROM bag_check").fetchone()[0])
        except sqlite3.OperationalError:  # its tables are being made
            return 0


def _number_slowly(folder: Path, number: int) -> int:
    """Tell who is at work on what, and take a while."""
    (folder / f"{number}.{os.getpid()}").touch()
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline:
        (folder / "alive").touch()
    return number


def test_a_lost_worker_loses_no_work(tmp_path: Path) -> None:
    """Its tasks run again on another one."""
    with two_workers() as running, cluster(running.scheduler_address) as executor:
        futures = [executor.submit(partial(_number_slowly, tmp_path), number) for number in range(12)]
        wait(futures[:1])
        victim = int(next(path for path in tmp_path.iterdir() if path.name != "alive").name.partition(".")[2])
        os.kill(victim, signal.SIGKILL)
        assert [future.result(timeout=120) for future in futures] == list(range(12))
        assert len({path.name.partition(".")[2] for path in tmp_path.iterdir() if path.name != "alive"}) >= 2


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_task_that_ends_every_worker_is_told_in_a_sentence() -> None:
    """It does not take the whole cluster along for ever."""
    with two_workers() as running, cluster(running.scheduler_address) as executor:
        future = executor.submit(_die)
        with pytest.raises(CannotFinish, match="lost one after another at the same task"):
            future.result(timeout=240)


def test_a_scheduler_file_names_the_scheduler(scheduler: str, tmp_path: Path) -> None:
    """As schedulers on batch systems write it."""
    written = tmp_path / "scheduler.json"
    written.write_text(json.dumps({"address": scheduler}), encoding="utf-8")
    with cluster(f"file:{written}") as executor:
        assert executor.submit(sum, (1, 2)).result(timeout=60) == 3


def test_another_version_on_a_worker_is_refused(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two versions might judge the same bag in two ways."""
    with pytest.raises(CannotFinish, match=r"and the client 99\.0"):
        workers._run("99.0", len, ((),), {})
    monkeypatch.setattr(workers, "__version__", "99.0")
    said = r"has confocal-bag .+, and this is 99\.0; install the same on both"
    with pytest.raises(CannotFinish, match=said), cluster(scheduler):
        pass


def test_a_path_that_workers_see_otherwise_is_refused(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must lie on a file system that all share: told before anything is judged."""
    view = workers._view
    monkeypatch.setattr(workers, "_look_here", lambda path: ("folder", (b"other",)))
    said = r"sees something else at .* share under the same path"
    with pytest.raises(CannotFinish, match=said), cluster(scheduler, paths=[tmp_path]):
        pass
    monkeypatch.setattr(workers, "_look_here", view)
    with cluster(scheduler, paths=[tmp_path]) as executor:
        assert executor.size == 2


def test_a_file_that_a_worker_does_not_see_is_no_finding(scheduler: str, tmp_path: Path) -> None:
    """What is said of it would be said of another file."""
    path = tmp_path / "file"
    path.write_bytes(b"1234")

    class Later:
        """An executor whose workers see the file as it is a moment later."""

        def submit(self, function: Callable[..., Any], *args: Any) -> Any:
            path.write_bytes(b"12345")
            return executor.submit(function, *args)

    with cluster(scheduler) as executor, pytest.raises(NotSeenError, match="does not see"):
        run_elsewhere(Later(), path, len, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheduler_name", "said"),
    [
        ("http://127.0.0.1:1", "is no scheduler; write tcp://"),
        ("file:/no/such/scheduler.json", "is no file"),
    ],
)
def test_a_scheduler_that_cannot_be_used_is_told_in_a_sentence(scheduler_name: str, said: str) -> None:
    """Before anything is begun."""
    with pytest.raises(CannotFinish, match=said), cluster(scheduler_name):
        pass


@pytest.mark.parametrize("content", ["{", "[]", '{"address": 1}', "[" * 100_000])
def test_a_scheduler_file_that_is_half_written_is_told_in_a_sentence(tmp_path: Path, content: str) -> None:
    """A scheduler writes it while it starts."""
    (tmp_path / "s.json").write_text(content)
    said = "is no scheduler file, or not all of it is written"
    with pytest.raises(CannotFinish, match=said), cluster(f"file:{tmp_path / 's.json'}"):
        pass


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at that port."""
    monkeypatch.setattr(workers, "_CONNECT_S", 1)
    with pytest.raises(CannotFinish, match="cannot be reached"), cluster("tcp://127.0.0.1:9"):
        pass
