"""Fixity of files: hash one in a single read, hash it while it is copied, hash many at once."""

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import TypeVar

from confocal_bag.bag.digester import (
    ALGORITHMS,
    CHUNK_BYTES,
    THREADED_FROM_BYTES,
    Digester,
    Fixity,
    OnBytes,
    digest_length,
    hash_bytes,
    hash_stream,
    normalise_algorithm,
)
from confocal_bag.bag.writeback import Writeback
from confocal_bag.findings import CannotFinish, readable_path

__all__ = [
    "ALGORITHMS",
    "Fixity",
    "NotARegularFile",
    "copy_and_hash",
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


def copy_and_hash(
    source: Path, destination: Path, algorithms: Sequence[str], *, on_bytes: OnBytes | None = None
) -> Fixity:
    """Copy a regular file to a new name and hash it in the same read; the modification time is copied too.

    Raises CannotFinish when the destination exists, when either side cannot be read or written, and when the
    source changes in the meantime. What was written is removed again in all these cases.
    """
    try:
        reader = open_for_reading(source)
    except OSError as error:
        raise CannotFinish(_read_failure(source, error)) from error
    try:
        writer = _create(destination)
        try:
            return _transfer(_Copy(reader, writer, source, destination), algorithms, on_bytes)
        except BaseException:
            destination.unlink(missing_ok=True)
            raise
    finally:
        os.close(reader)


@dataclass(frozen=True, slots=True)
class _Copy:
    """The two open ends of a copy, and their names for messages."""

    reader: int
    writer: int
    source: Path
    destination: Path

    def read(self) -> bytes:
        """The next bytes of the source."""
        try:
            return os.read(self.reader, CHUNK_BYTES)
        except OSError as error:
            raise CannotFinish(_read_failure(self.source, error)) from error

    def write(self, chunk: bytes) -> None:
        """Append to the destination."""
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[os.write(self.writer, rest) :]
        except OSError as error:
            raise CannotFinish(_write_failure(self.destination, error)) from error

    def finish(self) -> None:
        """Close the destination; network file systems report a full disk only here."""
        try:
            os.close(self.writer)
        except OSError as error:
            raise CannotFinish(_write_failure(self.destination, error)) from error


def _create(destination: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(destination, flags, 0o666)
    except OSError as error:
        raise CannotFinish(_write_failure(destination, error)) from error


def _transfer(copy: _Copy, algorithms: Sequence[str], on_bytes: OnBytes | None) -> Fixity:
    before = os.fstat(copy.reader)
    try:
        threaded = before.st_size >= THREADED_FROM_BYTES
        with Digester(algorithms, threaded=threaded) as digester, Writeback(copy.writer) as writeback:
            while digester.size <= before.st_size and (chunk := copy.read()):
                digester.update(chunk)
                copy.write(chunk)
                writeback.wrote(len(chunk))
                if on_bytes:
                    on_bytes(len(chunk))
            fixity = digester.fixity()
    except OSError as error:
        raise CannotFinish(_write_failure(copy.destination, error)) from error
    finally:
        copy.finish()
    _refuse_change(copy.source, before, os.fstat(copy.reader), fixity.size)
    try:
        os.utime(copy.destination, ns=(before.st_atime_ns, before.st_mtime_ns))
    except OSError as error:
        raise CannotFinish(_write_failure(copy.destination, error)) from error
    return fixity


def _refuse_change(source: Path, before: os.stat_result, after: os.stat_result, copied: int) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or copied != after.st_size:
        raise CannotFinish(
            f"{readable_path(source)} changed while it was being copied; "
            "wait until nothing writes to it any more and start again."
        )


def _read_failure(path: Path, error: OSError) -> str:
    name = readable_path(path)
    if isinstance(error, NotARegularFile):
        return f"{name} is a link, pipe or device, which is not copied; replace it by the file itself."
    return f"{name} cannot be read ({error.strerror}); make it readable or leave it out, and start again."


def _write_failure(path: Path, error: OSError) -> str:
    name = readable_path(path)
    if error.errno == errno.EEXIST:
        return f"{name} exists already and is never overwritten; choose another destination."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no space left for {name}; free some space or choose another destination."
    return f"{name} cannot be written ({error.strerror}); choose a destination that can be written to."


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
