"""Say whose fault it is that an image cannot be read: the file's, or the machine's on which it lies."""

import errno
import os
from pathlib import Path

from confocal_bag.findings import CannotFinish, one_line, readable_path
from confocal_bag.image.model import UnreadableImage

__all__ = ["fault", "reason"]

# Positions and lengths that a damaged header makes up end as other errors (EINVAL, EOVERFLOW).
_MACHINE = frozenset(
    {errno.EIO, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENODEV, errno.ENXIO, errno.ENOMEM}
    | {errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EBUSY, errno.EINTR, errno.EAGAIN}
)
_LONGEST = 300


def fault(path: Path, error: Exception, sentence: str) -> CannotFinish:
    """The exception to raise for `error` while reading the file at `path`.

    `UnreadableImage` with the sentence; plain `CannotFinish` where the disk, a permission or the like failed, or the
    file is no longer there.
    """
    machine = _machine_error(path, error)
    if machine is None:
        return UnreadableImage(sentence)
    return CannotFinish(
        f"{readable_path(path)} cannot be read ({machine.strerror}); check that it is there and readable."
    )


def reason(path: Path, error: Exception) -> str:
    """What an exception says, on one line of at most 300 characters; of paths in the file's folder only the names."""
    inner = error.__cause__
    # bioio says no more than that its reader did not open the file; the reader said why.
    if type(error).__name__ == "UnsupportedFileFormatError" and isinstance(inner, Exception):
        return reason(path, inner)
    words = (error.strerror or "") if isinstance(error, OSError) else str(error)
    folder = f"{path.absolute().parent}{os.sep}"
    for written in (folder, repr(folder)[1:-1]):
        words = words.replace(written, "")
    first = readable_path(next(iter(words.strip().splitlines()), ""))
    return one_line(f"{type(error).__name__}: {first}" if first else type(error).__name__)[:_LONGEST]


def _machine_error(path: Path, error: BaseException | None) -> OSError | None:
    """The first failure of the machine in a chain of causes."""
    while error is not None:
        if isinstance(error, OSError):
            gone = error.errno == errno.ENOENT and not path.exists()
            if error.errno in _MACHINE or gone:
                return error
        error = error.__cause__
    return None
