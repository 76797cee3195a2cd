"""Copy a file and hash it in the same read, so that the digests are those of the bytes that were copied."""

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.bag.digester import CHUNK_BYTES, THREADED_FROM_BYTES, Digester, Fixity, OnBytes
from confocal_bag.bag.fixity import NotARegularFile, open_for_reading
from confocal_bag.bag.writeback import Writeback
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["copy_and_hash"]


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
