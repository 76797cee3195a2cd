"""The guarded processes of this program, and one task in one of them: a crash costs that task and no other."""

import atexit
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, TypeVar

from confocal_bag.elsewhere import chosen, run_elsewhere
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.worker import process
from confocal_bag.image.worker.guarded_process import GuardedProcess
from confocal_bag.image.worker.limits import Limits

__all__ = ["belong_to", "prepare", "run", "stop"]

Result = TypeVar("Result")
OnBytes = Callable[[int], None]

_LOOK_S = 0.2
#: Starting a process costs about as much as reading the headers of a hundred files: one that is free soon will do.
_PATIENCE_S = 2.0
#: How long a process may take to begin, however busy the machine is.
_START_S = 120.0
_ASK = "ask the depositor for the file again, and keep it apart until then"


class _ThisThread(threading.local):
    """The group of tasks this thread works for, if any."""

    stopped: threading.Event | None = None


_this_thread = _ThisThread()
_lock = threading.Condition()
_idle: list[GuardedProcess] = []
_all: set[GuardedProcess] = set()


def prepare() -> None:
    """Start a guarded process that loads what most images need, while this program does something else."""
    if process.is_inside() or chosen() is not None or _all:
        return
    worker = _take()
    worker.start(process.load, Limits.of(Path()).bytes)
    _give_back(worker)


def run(
    function: Callable[..., Result],
    path: Path,
    *arguments: Any,
    limits: Limits | None = None,
    on_bytes: OnBytes | None = None,
    **options: Any,
) -> Result:
    """`function(path, ...)` in a guarded process: what it returns, or raises.

    `on_bytes` is told what the function tells by `beat`. Function, arguments and result are pickled. Raises
    UnreadableImage where the process crashes, needs more memory than `limits` allow (those for the file, if none are
    given), or shows no progress for too long. Several threads may call this at once; each has a process of its own.
    """
    if process.is_inside():
        return function(path, *arguments, **options)
    from confocal_bag.image.model import UnreadableImage

    if (executor := chosen()) is not None:
        there: Result = run_elsewhere(
            executor, path, run, function, path.absolute(), *arguments, limits=limits, is_stopped=_is_stopped, **options
        )
        return there
    limits = limits or Limits.of(path)
    worker = _take()
    try:
        future = worker.start(function, limits.bytes, path, *arguments, **options)
        _watch(worker, future, limits, on_bytes)
        result = future.result()
    except Exception as error:
        if worker not in _all:
            raise _stopped() from error
        happened = _what_happened(error, limits)
        if happened is None:
            _give_back(worker)
            raise
        _end(worker)
        raise UnreadableImage(f"{readable_path(path)} cannot be read: {happened}; {_ASK}.") from error
    except BaseException:
        _end(worker)
        raise
    _give_back(worker)
    return result


class _SilentError(Exception):
    """A process shows no progress."""


def _what_happened(error: Exception, limits: Limits) -> str | None:
    """What became of a process; None where the error is the function's own."""
    match error:
        case BrokenExecutor():
            return "the process that read it crashed"
        case _SilentError():
            return f"nothing came of it for {limits.seconds:.0f} s"
        case MemoryError():
            return f"it asks for more than {limits.bytes} bytes of memory"
        case _:
            return None


def belong_to(stopped: threading.Event) -> None:
    """Have what this thread runs from now on end with `stop(stopped)`."""
    _this_thread.stopped = stopped


def stop(stopped: threading.Event | None = None) -> None:
    """End the guarded processes of a group of tasks, and have its threads start no others; without one, end all.

    Whoever waits for them gets CannotFinish. A later `run` of another group starts new ones.
    """
    with _lock:
        if stopped is not None:
            stopped.set()
        workers = [one for one in _all if stopped is None or one.stopped is stopped]
        _lock.notify_all()
    for worker in workers:
        _end(worker)


def _is_stopped() -> bool:
    return _this_thread.stopped is not None and _this_thread.stopped.is_set()


def _stopped() -> CannotFinish:
    return CannotFinish("Reading images was stopped.")


def _watch(worker: GuardedProcess, future: Future[Any], limits: Limits, on_bytes: OnBytes | None) -> None:
    """Wait for the end of a task. Raises _SilentError where it shows no progress for too long."""
    heard, patience = time.monotonic(), max(_START_S, limits.seconds)
    running = True
    while running:
        running = not _ends_within(future, _LOOK_S)
        for size in worker.beats():
            heard, patience = time.monotonic(), limits.seconds
            if size and on_bytes is not None:
                on_bytes(size)
        if running and time.monotonic() - heard > patience:
            raise _SilentError


def _ends_within(future: Future[Any], seconds: float) -> bool:
    try:
        future.exception(timeout=seconds)
    except TimeoutError:
        return future.done()
    return True


def _take() -> GuardedProcess:
    """A process that is free, or becomes free soon, else a new one."""
    with _lock:
        if _all:
            _lock.wait_for(lambda: _idle or not _all or _is_stopped(), timeout=_PATIENCE_S)
        if _is_stopped():
            raise _stopped()
        if not _all:
            atexit.register(stop)
            Finalize(None, stop, exitpriority=0)  # what atexit is to the programs that multiprocessing starts
        worker = _idle.pop() if _idle else GuardedProcess()
        worker.stopped = _this_thread.stopped
        _all.add(worker)
        return worker


def _give_back(worker: GuardedProcess) -> None:
    with _lock:
        worker.stopped = None
        if worker in _all:
            _idle.append(worker)
            _lock.notify()


def _end(worker: GuardedProcess) -> None:
    with _lock:
        known = worker in _all
        _all.discard(worker)
        if worker in _idle:
            _idle.remove(worker)
        _lock.notify()
    if known:
        worker.kill()
