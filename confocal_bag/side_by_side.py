"""Many independent tasks, several at a time, each in a process that can die without harm to the others."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.util import Finalize
from types import FrameType
from typing import Generic, TypeVar

from confocal_bag.findings import CannotFinish

__all__ = ["ExecutorLost", "side_by_side"]

Item = TypeVar("Item")
Result = TypeVar("Result")

#: How long a process may take to clean up after an interruption before it is ended.
_PATIENCE_S = 5.0


class ExecutorLost(CannotFinish):
    """What does the tasks is gone, so that nothing can be said of any that is not done."""


def side_by_side(
    function: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, executor: Executor | None = None
) -> Iterator[tuple[Item, "Future[Result]"]]:
    """Each item with its finished future, as they finish, `jobs` at a time.

    Without `executor` each runs in one of `jobs` processes here; function, items and results are pickled. When a
    process dies, what it may have been at work on is done again, each item alone in a process of its own; the future
    of one that kills that process too holds `BrokenProcessPool`. An item is asked for when it can begin soon. Raises
    `ExecutorLost` where the executor says that it is.
    """
    if executor is not None:
        yield from _Round(function, iter(items), jobs).run(executor)
        return
    waiting = iter(items)
    more = True
    while more:
        this = _Round(function, waiting, jobs)
        with _processes(jobs) as pool:
            yield from this.run(pool)
        for item in this.suspects:
            with _processes(1) as alone:
                future = alone.submit(function, item)
                wait([future])
            yield item, future
        more = bool(this.suspects)


class _Round(Generic[Item, Result]):
    """The items that one executor is given, until there are no more or one of its processes dies."""

    def __init__(self, function: Callable[[Item], Result], waiting: Iterator[Item], jobs: int) -> None:
        self._function = function
        self._waiting = waiting
        self._room = jobs + 1  # one ahead, so that no process waits for the caller
        self._under_way: dict[Future[Result], Item] = {}
        self.suspects: list[Item] = []

    def run(self, executor: Executor) -> Iterator[tuple[Item, "Future[Result]"]]:
        """Those that were done; the others are in `suspects` afterwards."""
        while True:
            if not self.suspects:
                self._submit(executor)
            if not self._under_way:
                return
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in done:
                item = self._under_way.pop(future)
                problem = future.exception()
                if isinstance(problem, ExecutorLost):
                    raise problem
                if isinstance(problem, BrokenProcessPool):
                    self.suspects.append(item)
                else:
                    yield item, future

    def _submit(self, executor: Executor) -> None:
        for item in islice(self._waiting, self._room - len(self._under_way)):
            try:
                self._under_way[executor.submit(self._function, item)] = item
            except BrokenProcessPool:
                self.suspects.append(item)
                return


@contextmanager
def _processes(number: int) -> Iterator[Executor]:
    """Processes that end with this one, however it ends, and at once when it is interrupted."""
    pool = ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare)
    before = set(multiprocessing.active_children())
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(set(multiprocessing.active_children()) - before)
        raise
    else:
        # Nothing is left to be told, so one that does not find its end is not waited for.
        pool.shutdown(wait=False, cancel_futures=True)
        _leave(set(multiprocessing.active_children()) - before)
    finally:
        pool.shutdown(cancel_futures=True)


def _leave(processes: Iterable[multiprocessing.process.BaseProcess]) -> None:
    """Give the processes time to end by themselves; end those that do not."""
    until = time.monotonic() + _PATIENCE_S
    for one in processes:
        one.join(max(0.0, until - time.monotonic()))
        if one.is_alive():
            one.kill()


def _end(processes: Iterable[multiprocessing.process.BaseProcess]) -> None:
    """Interrupt the processes, so that they remove what they unpacked; end those that do not heed it."""
    for one in processes:
        if one.pid and os.name == "posix":
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(one.pid, signal.SIGINT)
    for one in processes:
        one.join(_PATIENCE_S if os.name == "posix" else 0)
        if one.is_alive():
            one.terminate()


def _prepare() -> None:
    """In a new process: be interrupted once, end with what it started, and when the process that started it ends."""
    Finalize(None, _end_guarded, exitpriority=100)  # before multiprocessing waits for them, which would be for ever
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _interrupt)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Nobody who interrupts twice means to keep this process from cleaning up; SystemExit ends it without a trace.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(130)


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    _end_guarded()
    os._exit(1)


def _end_guarded() -> None:
    """End the guarded processes that read images for this one, if it ever started any."""
    pool = sys.modules.get("confocal_bag.image.worker.pool")
    if pool is not None:
        pool.stop()
