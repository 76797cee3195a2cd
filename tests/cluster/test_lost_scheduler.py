"""A scheduler that is lost while bags are at work on: the run ends with one sentence, and nothing is made up."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.audit import audit_shelf
from confocal_bag.audit.options import AuditOptions
from confocal_bag.receiving import Judging, judge_bags
from confocal_bag.side_by_side import ExecutorLost, side_by_side
from confocal_bag.workers import Cluster, cluster
from tests.bag.bags import make_bag

distributed = pytest.importorskip("distributed", reason="Dask's distributed is not installed")

pytestmark = [
    pytest.mark.slow,
    # Dask leaves sockets of its own to the garbage collector when a scheduler is lost.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@contextmanager
def a_scheduler() -> Iterator[Any]:
    """A scheduler and two workers, which the test may close before the end."""
    running = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1", silence_logs=50
    )
    try:
        yield running
    finally:
        running.close()


def bags_of(folder: Path, number: int) -> list[Path]:
    """So many bags, each with some work in it."""
    return [make_bag(folder / f"bag{one:03}", payload={"data/a": bytes(4_000_000)}) for one in range(number)]


def test_bags_that_were_not_looked_at_are_not_recorded_when_the_scheduler_is_lost(tmp_path: Path) -> None:
    """The audit ends; what was checked is in the history, and the others are as they were."""
    bags_of(tmp_path / "shelf", 60)
    history = tmp_path / "history.sqlite"
    with a_scheduler() as running:

        def close_soon() -> None:
            while not _rows(history, "SELECT 1 FROM bag_check LIMIT 3"):
                time.sleep(0.05)  # the workers are at work
            running.close()

        closing_it = threading.Thread(target=close_soon)
        closing_it.start()
        with pytest.raises(ExecutorLost, match="The scheduler of the cluster was lost"):
            _audit(running.scheduler_address, tmp_path / "shelf", history)
        closing_it.join()
    checked = _rows(history, "SELECT count(*) FROM bag_check")[0][0]
    assert 0 < checked < 60
    assert _rows(history, "SELECT change, count(*) FROM bag_check GROUP BY 1") == [("first-check", checked)]
    assert _rows(history, "SELECT count(*) FROM bag WHERE tried IS NULL AND failed IS NULL") == [(60 - checked,)]
    assert _rows(history, "SELECT outcome FROM run") == [("interrupted",)]
    assert _rows(history, "SELECT count(*) FROM bag WHERE lease_owner IS NOT NULL") == [(0,)]


def _audit(scheduler: str, shelf: Path, history: Path) -> None:
    with cluster(scheduler) as executor:
        audit_shelf(shelf, AuditOptions(history=history, jobs=2), executor=executor)


def _rows(history: Path, sql: str) -> list[tuple[Any, ...]]:
    if not history.exists():
        return []
    with closing(sqlite3.connect(f"{history.as_uri()}?mode=ro", uri=True, timeout=60)) as opened:
        try:
            return opened.execute(sql).fetchall()
        except sqlite3.OperationalError:  # its tables are being made
            return []


def test_bags_are_not_waited_for_when_the_scheduler_is_lost(tmp_path: Path) -> None:
    """Neither those under way nor those that were to come."""
    bags = bags_of(tmp_path, 20)
    with a_scheduler() as running, cluster(running.scheduler_address) as executor:
        judged = judge_bags(bags, Judging(), jobs=2, executor=executor)
        next(judged)
        running.close()
        with pytest.raises(ExecutorLost):
            list(judged)


def test_nothing_is_submitted_to_a_scheduler_that_is_lost() -> None:
    """The task would never be done, and nobody would say so."""
    with a_scheduler() as running, cluster(running.scheduler_address) as executor:
        running.close()
        with pytest.raises(ExecutorLost):
            _submit_for_ever(executor)
        executor._client.close()
        executor.shutdown()  # says nothing, either


def test_a_task_that_was_given_to_a_scheduler_too_late_is_not_waited_for() -> None:
    """Dask forgets it without a word."""
    with a_scheduler() as running, cluster(running.scheduler_address) as executor:
        forgotten: Future[int] = Future()
        executor._under_way[forgotten] = object()
        running.close()
        assert isinstance(forgotten.exception(timeout=60), ExecutorLost)


def _submit_for_ever(executor: Cluster) -> None:
    """Until somebody notices."""
    while True:
        executor.submit(sum, (1, 2)).result(timeout=60)


def test_the_command_ends_with_a_sentence_when_the_scheduler_is_lost(tmp_path: Path) -> None:
    """Exit code 3, and no word of a bug."""
    bags = bags_of(tmp_path, 60)
    with a_scheduler() as running:
        command = [sys.executable, "-m", "confocal_bag", "validate", *map(str, bags), "--scheduler"]
        process = subprocess.Popen([*command, running.scheduler_address], stderr=subprocess.PIPE, text=True)
        scheduler = running.scheduler
        while process.poll() is None and not any(worker.processing for worker in scheduler.workers.values()):
            time.sleep(0.01)  # another process begins
        running.close()
        _, said = process.communicate(timeout=120)
    assert process.returncode == 3
    assert "The scheduler of the cluster was lost" in said
    assert "bug" not in said


def test_side_by_side_ends_when_its_executor_is_lost() -> None:
    """Whoever the executor is."""

    class Lost:
        """An executor that is gone."""

        def submit(self, *_: object) -> object:
            """Say so."""
            raise ExecutorLost("gone")

    with pytest.raises(ExecutorLost, match="gone"):
        list(side_by_side(len, [()], jobs=1, executor=Lost()))  # type: ignore[arg-type]
