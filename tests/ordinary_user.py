"""Work done in a process of its own, and as a user without special rights where the tests run as root.

The process is a copy of the one that runs the tests, because an ordinary user may not be able to read the Python of
root: what the work imports has to be imported before.
"""

import codecs
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from encodings.aliases import aliases
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest

__all__ = ["folder_for", "give", "run_apart"]

T = TypeVar("T")

#: The user and group that own nothing on most systems.
NOBODY = 65534


def run_apart(work: Callable[[], T], *, ordinary: bool = True, timeout_s: float = 60) -> T:
    """What the work returns. Fails when it raises or does not end in time."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, work, ordinary and _is_root()))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
        process.start()
    sender.close()
    try:
        if not receiver.poll(timeout_s):
            pytest.fail(f"the work did not end within {timeout_s:.0f} seconds")
        answer: T = receiver.recv()
    except EOFError:
        pytest.fail("the work raised; its traceback is in the captured stderr")
    finally:
        process.kill()
        process.join()
        receiver.close()
    return answer


def _answer(sender: Connection, work: Callable[[], object], drop_rights: bool) -> None:  # noqa: FBT001
    if drop_rights:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        if not os.access(sys.executable, os.X_OK):
            sys.executable = ""  # as Python itself says that no other one can be started
    sender.send(work())


@cache
def _learn_all_encodings() -> None:
    for name in set(aliases.values()):
        with suppress(LookupError):  # of another system
            codecs.lookup(name)


@contextmanager
def folder_for(*, ordinary: bool = True) -> Iterator[Path]:
    """An empty folder of the user who does the work; the test is skipped where that user cannot get to one."""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    _learn_all_encodings()
    with TemporaryDirectory(prefix="confocal-bag-") as name:
        folder = Path(name).resolve()
        give(folder, ordinary=ordinary)
        if not run_apart(lambda: os.access(folder, os.W_OK), ordinary=ordinary):
            pytest.skip(f"an ordinary user cannot get to {folder.parent}; set TMPDIR to a folder open to everybody")
        yield folder


def give(folder: Path, *, ordinary: bool = True) -> None:
    """Make the folder and everything in it belong to the user who does the work."""
    if ordinary and _is_root():
        for parent, folders, files in os.walk(folder):
            for path in (parent, *(f"{parent}/{name}" for name in (*folders, *files))):
                os.lchown(path, NOBODY, NOBODY)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
