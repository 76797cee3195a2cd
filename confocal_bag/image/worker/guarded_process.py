"""One guarded process, which serves one task at a time and can be ended whatever it is doing.

It is a pool of one process by loky (BSD licence), which starts processes without importing the main program anew,
notices when one dies, and ends it with everything it started.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from confocal_bag.image.worker import process

if TYPE_CHECKING:
    import threading

__all__ = ["GuardedProcess"]

Result = TypeVar("Result")

#: numpy starts a thread for each processor, for linear algebra, of which there is none here.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}


class GuardedProcess:
    """A process and the task it is at, of a group of tasks that `stopped` ends."""

    def __init__(self) -> None:
        from loky.backend import get_context
        from loky.process_executor import ProcessPoolExecutor

        context = get_context("loky")
        self.stopped: threading.Event | None = None
        self._beats, writer = context.Pipe(duplex=False)
        self._writer = writer
        self._executor = ProcessPoolExecutor(
            1,
            timeout=None,
            context=context,
            initializer=process.start,
            initargs=(writer, os.getpid()),
            env=_ENVIRONMENT,
        )

    def start(self, function: Callable[..., Result], *arguments: Any, **options: Any) -> Future[Result]:
        """Begin a task; the first starts the process."""
        with _spared_by_interruptions():
            future: Future[Result] = self._executor.submit(process.call, function, _here(), *arguments, **options)
        return future

    def beats(self) -> list[int]:
        """The bytes done that were told since the last look."""
        told = []
        while self._beats.poll():
            told.append(int.from_bytes(self._beats.recv_bytes(), "little"))
        return told

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._executor.shutdown(kill_workers=True)
        self._beats.close()
        self._writer.close()


@contextmanager
def _spared_by_interruptions() -> Iterator[None]:
    """Have processes that start meanwhile be born deaf to Ctrl-C: until `process.start` runs, it would leave a trace.

    What comes meanwhile reaches this program afterwards.
    """
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    # It lifts the block when it starts, and a new process needs it.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _here() -> str | None:
    """The folder in which this program works; None where it was removed."""
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return None
