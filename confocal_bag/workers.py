"""Where tasks run when they do not run here: an existing Dask cluster, used as one executor.

Everything that is sent to or comes from a cluster is unpickled, so whoever speaks for the scheduler can run any code on
both sides: use one that you trust, over tls:// where others share the network.
"""

import importlib.metadata
import json
import multiprocessing
import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from confocal_bag import __version__
from confocal_bag.findings import CannotFinish, UsageProblem, readable_path
from confocal_bag.side_by_side import ExecutorLost

__all__ = ["Cluster", "cluster"]

Result = TypeVar("Result")

_CONNECT_S = 30
_LOOK_S = 0.5
_TOP_NAMES = 1000


class Cluster(Executor):
    """The workers of a cluster; `size` tasks run at the same time.

    A task whose worker is lost runs again on another one. Functions, arguments and results are pickled. When the
    scheduler is lost, every task that is not done raises `ExecutorLost`.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._under_way: dict[Future[Any], Any] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="cluster-watch", daemon=True).start()

    @property
    def size(self) -> int:
        """The threads of all workers that are there now."""
        threads: Mapping[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> "Future[Result]":
        """Have a worker run the function. Raises `ExecutorLost`."""
        future: Future[Result] = Future()
        future.set_running_or_notify_cancel()
        if not self._is_there:
            raise _lost()
        from distributed.client import ClosedClientError

        try:
            # Not "pure": what was read a minute ago is to be read again.
            task = self._client.submit(_run, __version__, fn, args, kwargs, pure=False)
        except ClosedClientError as error:
            raise _lost() from error
        with self._lock:
            self._under_way[future] = task
        task.add_done_callback(lambda done: self._pass_on(done, future))
        return future

    def _pass_on(self, task: Any, future: "Future[Any]") -> None:
        try:
            if task.status == "error":
                self._finish(future, problem=_explained(task.exception()))
            elif task.status == "finished":
                self._finish(future, result=task.result())
            else:  # nobody cancels a task but the client that has lost its scheduler
                self._finish(future, problem=_lost())
        except (OSError, CancelledError) as error:  # it was lost between the end of the task and the fetching
            self._finish(future, problem=_lost().with_traceback(error.__traceback__))

    def _finish(self, future: "Future[Any]", *, result: Any = None, problem: BaseException | None = None) -> None:
        """Tell what became of a task, once."""
        with self._lock:
            if self._under_way.pop(future, None) is None:
                return
        if problem is not None:
            future.set_exception(problem)
        else:
            future.set_result(result)

    @property
    def _is_there(self) -> bool:
        """Whether the scheduler can be spoken to; one that said goodbye leaves the client "running"."""
        to_scheduler = self._client.scheduler_comm
        return bool(self._client.status == "running" and to_scheduler and not to_scheduler.comm.closed())

    def _watch(self) -> None:
        """End what nobody will end any more: Dask says nothing of tasks that it was given too late."""
        while not self._ended.wait(_LOOK_S):
            if not self._is_there:
                for future in list(self._under_way):
                    self._finish(future, problem=_lost())

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Forget the tasks that are not done; a worker finishes the one it is at work on."""
        from distributed.client import ClosedClientError

        self._ended.set()
        if not self._is_there:
            return
        with self._lock:
            tasks = list(self._under_way.values())
        with suppress(ClosedClientError):  # it was lost this very moment
            self._client.cancel(tasks)


def _lost() -> ExecutorLost:
    return ExecutorLost(
        "The scheduler of the cluster was lost, and what was not done by then is not known; "
        "check that it runs, and start the same command again."
    )


@contextmanager
def cluster(scheduler: str, *, paths: Sequence[Path] = ()) -> Iterator[Cluster]:
    """The cluster of a scheduler: tcp://HOST:PORT, tls://HOST:PORT, or file:NAME of its scheduler file.

    Raises CannotFinish where it cannot be reached, has no workers, where a worker has another version of this program
    or none, or does not see one of the `paths` as it is seen here.
    """
    with _client(scheduler) as client:
        _wait_for_workers(client, scheduler)
        _compare_versions(client)
        for path in paths:
            _compare_views(client, path)
        executor = Cluster(client)
        try:
            yield executor
        finally:
            executor.shutdown()


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise CannotFinish(
            "A cluster needs a library that is not installed here; install confocal-bag with its extra for clusters: "
            "pip install 'confocal-bag[cluster]'."
        ) from error
    options = _options(scheduler)
    try:
        client: Any = Client(**options, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, KeyError) as error:
        raise CannotFinish(
            f"The scheduler {scheduler} cannot be reached ({error}); check that it runs and lets this machine in."
        ) from error
    except TypeError as error:
        if "ssl_context" not in str(error):
            raise
        raise CannotFinish(
            f"The scheduler {scheduler} wants certificates, and Dask's configuration names none here; set ca-file, "
            "client.cert and client.key under distributed.comm.tls (docs/cluster.md)."
        ) from error
    try:
        yield client
    finally:
        client.close()


def _options(scheduler: str) -> dict[str, str]:
    if scheduler.startswith(("tcp://", "tls://")):
        return {"address": scheduler}
    if not scheduler.startswith("file:"):
        raise UsageProblem(
            f"{scheduler} is no scheduler; write tcp://HOST:PORT, tls://HOST:PORT, or file: and the scheduler file."
        )
    path = Path(scheduler.removeprefix("file:").removeprefix("//"))
    if not path.is_file():
        raise CannotFinish(f"{readable_path(path)} is no file; name the scheduler file that the scheduler wrote.")
    _refuse_no_scheduler_file(path)
    return {"scheduler_file": str(path)}


def _refuse_no_scheduler_file(path: Path) -> None:
    """Raise CannotFinish for a file that names no scheduler, or of which only a part is written."""
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        known = None
    if not isinstance(known, dict) or not isinstance(known.get("address"), str):
        raise CannotFinish(
            f"{readable_path(path)} is no scheduler file, or not all of it is written; start again later."
        )


def _wait_for_workers(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except (OSError, TimeoutError) as error:
        raise CannotFinish(
            f"The cluster of {scheduler} has no workers after {_CONNECT_S} s; start some, and start again."
        ) from error


def _compare_versions(client: Any) -> None:
    """Refuse workers on which another version of this program runs: they might judge otherwise."""
    told: Mapping[str, Any] = client.run(importlib.metadata.version, "confocal-bag", on_error="return")
    for worker, version in told.items():
        if isinstance(version, importlib.metadata.PackageNotFoundError):
            raise CannotFinish(f"The worker {worker} has no confocal-bag; install version {__version__} there.")
        if version != __version__:
            raise CannotFinish(
                f"The worker {worker} has confocal-bag {version}, and this is {__version__}; install the same on both."
            )


def _compare_views(client: Any, path: Path) -> None:
    """Refuse a path that a worker sees otherwise: it must lie on a file system that all of them share."""
    here = _look_here(os.fspath(path.absolute()))
    for worker, there in client.run(_view, os.fspath(path.absolute()), on_error="return").items():
        if there != here:
            seen = "does not see" if there is None else "sees something else at"
            raise CannotFinish(
                f"The worker {worker} {seen} {readable_path(path.absolute())}; "
                "put it on a file system that this machine and all workers share under the same path."
            )


def _view(path: str) -> tuple[Any, ...] | None:
    """What a path looks like from this machine: kind, and size and time of a file or the first names in a folder.

    Hidden names do not count: they come and go where a bag is being built or a shelf is audited.
    """
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            with os.scandir(path) as entries:
                names = sorted(os.fsencode(one.name) for one in entries if not one.name.startswith("."))
            return ("folder", tuple(names[:_TOP_NAMES]))
        return ("file", status.st_size, int(status.st_mtime))
    except OSError:
        return None


_look_here = _view


def _run(version: str, function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    """One task on a worker; one that joined after the versions were compared is compared too."""
    if version != __version__:
        raise CannotFinish(f"A worker has confocal-bag {__version__}, and the client {version}; install the same.")
    # Dask marks its processes as ones that start no others, which the guarded reading of images has to.
    multiprocessing.current_process().daemon = False
    return function(*args, **kwargs)


def _explained(problem: BaseException) -> BaseException:
    from distributed.scheduler import KilledWorker

    if isinstance(problem, KilledWorker):
        return CannotFinish(
            "Several workers of the cluster were lost one after another at the same task; "
            "look at its bag or file alone, with more memory."
        )
    return problem
