"""Faults on purpose: a process that dies, or a disk that fills up, at a chosen one of the moments when files change."""

import errno
import os
import signal
import stat
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

__all__ = ["count_moments", "die_at", "failing_from"]

_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.utime"}
_GROWS = {"os.mkdir", "open", "write"}


@dataclass(slots=True)
class _Watch:
    """What to do at each moment below a folder; `act` gets the number of the moment, from 1, and its kind."""

    folder: str
    act: Callable[[int, str], None]
    seen: int = 0


_watching: list[_Watch] = []  # at most one; a hook for audits cannot be taken back, so it asks here
_installed: list[bool] = []


def _moment(kind: str) -> None:
    watch = _watching[0]
    watch.seen += 1
    watch.act(watch.seen, kind)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or (event != "open" and event not in _CHANGES):
        return
    if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return
    place = arguments[0]
    if not isinstance(place, str | bytes) or not os.fsdecode(place).startswith("/"):
        below = event != "open"  # a descriptor, or a name within a folder that is being removed
    else:
        below = os.fsdecode(place).startswith(_watching[0].folder)
    if below:
        _moment(event)


@contextmanager
def _watch(folder: Path, act: Callable[[int, str], None]) -> Iterator[_Watch]:
    """Call `act` before each change to a file or folder below `folder`, each piece written and each sync."""
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    write, sync = os.write, os.fsync

    def counted_write(descriptor: int, content: Any) -> int:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return write(descriptor, content)  # a message between processes changes no file
        _moment("write")
        part = len(content) // 2 if len(content) > 200 else len(content)  # in two pieces, so that lines get torn
        return write(descriptor, memoryview(content)[:part])

    def counted_sync(descriptor: int) -> None:
        _moment("sync")
        sync(descriptor)

    watch = _Watch(folder=os.fspath(folder), act=act)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", counted_write)
        patch.setattr(os, "fsync", counted_sync)
        _watching.append(watch)
        try:
            yield watch
        finally:
            _watching.clear()


def count_moments(folder: Path, work: Callable[[], object]) -> int:
    """Do the work; how many moments it had."""
    with _watch(folder, lambda number, kind: None) as watch:
        work()
    return watch.seen


def die_at(folder: Path, work: Callable[[], object], moment: int) -> bool:
    """Do the work in a process of its own, which is killed at that moment; whether it came that far."""

    def act(number: int, kind: str) -> None:
        if number == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: threads are not in the new process
        child = os.fork()
    if child == 0:
        try:
            with _watch(folder, act):
                work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the work failed by itself"
    return os.WIFSIGNALED(status)


@contextmanager
def failing_from(folder: Path, moment: int, reason: int = errno.ENOSPC) -> Iterator[None]:
    """From that moment on nothing new can be written below `folder`; files can still be removed."""

    def act(number: int, kind: str) -> None:
        if number >= moment and kind in _GROWS:
            raise OSError(reason, os.strerror(reason))

    with _watch(folder, act):
        yield
