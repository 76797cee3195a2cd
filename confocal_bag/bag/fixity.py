"""Fixity of files: hash one in a single read, hash many at once."""

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import TypeVar

from confocal_bag.bag.digester import (
    ALGORITHMS,
    THREADED_FROM_BYTES,
    Fixity,
    OnBytes,
    digest_length,
    hash_bytes,
    hash_stream,
    normalise_algorithm,
)

__all__ = [
    "ALGORITHMS",
    "Fixity",
    "NotARegularFile",
    "digest_length",
    "hash_each",
    "hash_file",
    "hash_files",
    "hash_stream",
    "normalise_algorithm",
    "open_for_reading",
]

Item = TypeVar("Item")

_READ_ONLY = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _READ_ONLY |= getattr(os, _name, 0)
_NO_ACCESS_TIME: int = getattr(os, "O_NOATIME", 0)


class NotARegularFile(OSError):  # noqa: N818 - says what was seen, as the messages do
    """The name belongs to a link, folder, pipe or device, which is never read."""


def open_for_reading(path: str | Path) -> int:
    """A file descriptor of a regular file: follows no link, waits for no pipe, keeps the access time.

    Raises OSError, and its subclass NotARegularFile for anything but a regular file.
    """
    try:
        descriptor = _open_keeping_access_time(path)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise NotARegularFile(errno.EINVAL, "not a regular file", str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotARegularFile(errno.EINVAL, "not a regular file", str(path))
    return descriptor


def _open_keeping_access_time(path: str | Path) -> int:
    if _NO_ACCESS_TIME:
        try:
            return os.open(path, _READ_ONLY | _NO_ACCESS_TIME)
        except PermissionError:
            pass  # only the owner of a file may ask for this; the plain open below decides
    return os.open(path, _READ_ONLY)


def hash_file(path: str | Path, algorithms: Sequence[str], *, on_bytes: OnBytes | None = None) -> Fixity:
    """Size and digests of one regular file, read once. Raises OSError; see `open_for_reading`.

    `on_bytes` is called with the number of bytes read after every chunk.
    """
    descriptor = open_for_reading(path)
    try:
        size = os.fstat(descriptor).st_size
        if size < THREADED_FROM_BYTES:
            whole = os.read(descriptor, size + 1)
            if len(whole) == size:
                if on_bytes:
                    on_bytes(size)
                return hash_bytes(whole, algorithms)
            os.lseek(descriptor, 0, os.SEEK_SET)
        return hash_stream(partial(os.read, descriptor), algorithms, size=size, on_bytes=on_bytes)
    finally:
        os.close(descriptor)


class _Stopped(Exception):  # noqa: N818 - a signal between threads, not an error
    """The caller no longer wants the digests."""


def hash_files(
    paths: Iterable[Path], algorithms: Sequence[str], *, jobs: int, on_bytes: OnBytes | None = None
) -> Iterator[tuple[Path, Fixity | OSError]]:
    """Hash many files, `jobs` at a time; yield each with its fixity or the OSError met, in the order given."""

    def hash_one(path: Path, count: OnBytes) -> Fixity:
        return hash_file(path, algorithms, on_bytes=count)

    return hash_each(paths, hash_one, jobs=jobs, on_bytes=on_bytes)


def hash_each(
    items: Iterable[Item],
    hash_one: Callable[[Item, OnBytes], Fixity],
    *,
    jobs: int,
    ahead: int = 8,
    on_bytes: OnBytes | None = None,
) -> Iterator[tuple[Item, Fixity | OSError]]:
    """Hash many things in threads, `jobs` at a time; yield each with its fixity or the OSError met, in the order given.

    `hash_one` is to tell the bytes it has read as it goes. At most `ahead` things per job are under way, so that
    neither memory nor open files grow with their number.
    """
    stop, lock = Event(), Lock()

    def count(number: int) -> None:
        if stop.is_set():
            raise _Stopped
        if on_bytes:
            with lock:
                on_bytes(number)

    def outcome(item: Item) -> Fixity | OSError:
        try:
            return hash_one(item, count)
        except OSError as error:
            return error

    jobs = max(1, jobs)
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="fixity")
    under_way: deque[tuple[Item, Future[Fixity | OSError]]] = deque()
    try:
        for item in items:
            under_way.append((item, pool.submit(outcome, item)))
            if len(under_way) >= jobs * ahead:
                done, future = under_way.popleft()
                yield done, future.result()
        while under_way:
            done, future = under_way.popleft()
            yield done, future.result()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
