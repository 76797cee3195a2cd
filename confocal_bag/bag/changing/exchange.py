"""Two folders change names with one another in one step, where the system can do that.

Linux does it with renameat2 and RENAME_EXCHANGE (since 3.15), macOS with renamex_np and RENAME_SWAP (APFS).
Python offers neither, so the C library is called.
"""

import ctypes
import errno
import os
import sys
from pathlib import Path

__all__ = ["exchange"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
#: What a system or file system says that knows of no exchange.
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOTTY}


def exchange(one: Path, other: Path) -> bool:
    """Give each path what lies at the other, in one step that cannot be seen half done.

    False, with nothing changed, where the system or the file system cannot. Raises OSError.
    """
    names = os.fsencode(one), os.fsencode(other)
    number = _exchange(*names)
    if number is None or number in _UNSUPPORTED:
        return False
    if number:
        raise OSError(number, os.strerror(number), os.fspath(one))
    return True


def _exchange(one: bytes, other: bytes) -> int | None:
    """0 for done, else the error number; None where the C library has no such function."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            failed = library.renameat2(_AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_RENAME_EXCHANGE))
        elif sys.platform == "darwin":
            failed = library.renamex_np(one, other, ctypes.c_uint(_RENAME_SWAP))
        else:
            return None
    except (AttributeError, OSError, TypeError):
        return None  # an older C library, or a system whose programs cannot be asked by name
    return ctypes.get_errno() if failed else 0
