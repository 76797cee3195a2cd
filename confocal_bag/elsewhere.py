"""Work on files that other machines do: which executor does it, and whether it sees the files as they are here."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["NotSeenError", "chosen", "elsewhere", "run_elsewhere"]

Result = TypeVar("Result")
Look = tuple[int, int] | None

_LOOK_S = 0.2


class NotSeenError(Exception):
    """A worker sees another file, or none, where this machine sees one: nothing can be said of the file."""


class _Chosen:
    executor: Executor | None = None


def chosen() -> Executor | None:
    """Who hashes files and reads images; None for this machine."""
    return _Chosen.executor


@contextmanager
def elsewhere(executor: Executor) -> Iterator[None]:
    """Have the files that are hashed and the images that are read inside the block go to the executor.

    Its workers must see the files under the same absolute paths. Raises CannotFinish when one does not.
    """
    before, _Chosen.executor = _Chosen.executor, executor
    try:
        yield
    except NotSeenError as error:
        raise CannotFinish(str(error)) from error
    finally:
        _Chosen.executor = before


def run_elsewhere(
    executor: Executor,
    path: Path,
    function: Callable[..., Result],
    *arguments: Any,
    is_stopped: Callable[[], bool] = lambda: False,
    **options: Any,
) -> Result:
    """`function(...)` done by the executor, once it sees the file at `path` as it is here.

    Raises what the function raises, NotSeenError, and CannotFinish when `is_stopped` says so meanwhile.
    """
    future: Future[Result] = executor.submit(_there, path.absolute(), _look(path), function, arguments, options)
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    while not done.wait(_LOOK_S):
        if is_stopped():
            future.cancel()
            raise CannotFinish("Reading images was stopped.")
    return future.result()


def _there(
    path: Path, expected: Look, function: Callable[..., Result], arguments: tuple[Any, ...], options: dict[str, Any]
) -> Result:
    if _look(path) != expected:
        raise NotSeenError(
            f"A worker does not see {readable_path(path)} as this machine does; put it on a file system that all "
            "share under the same path, and for a deposit in a .zip set TMPDIR to a folder there."
        )
    return function(*arguments, **options)


def _look(path: Path) -> Look:
    try:
        status = path.stat()
    except OSError:
        return None
    return (0 if path.is_dir() else status.st_size, int(status.st_mtime))
