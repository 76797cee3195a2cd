"""Open what a depositor sent: for reading only, and nothing but a regular file."""

import os
import stat
from io import BufferedReader
from pathlib import Path

__all__ = ["open_regular"]


def open_regular(path: Path) -> BufferedReader:
    """Open a file for reading only: no link is followed, no pipe waited for, the access time kept where one may."""
    return open(os.fspath(path), "rb", opener=_open_regular)


def _open_regular(path: str, _: int) -> int:
    descriptor = _open_keeping_access_time(path)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is not a regular file")
    return descriptor


def _open_keeping_access_time(path: str) -> int:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if hasattr(os, "O_NOATIME"):
        try:
            return os.open(path, flags | os.O_NOATIME)
        except PermissionError:
            pass  # only the owner of a file may ask for this; the plain open below decides
    return os.open(path, flags)
