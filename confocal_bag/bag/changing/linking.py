"""A second name for a file where the file system allows it, so that nothing has to be copied."""

import errno
import os
from pathlib import Path

__all__ = ["link"]

#: What a file system says that has no hard links, or will not make this one.
_REFUSALS = {errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def link(source: Path, target: Path) -> bool:
    """Make a hard link to a file; False, with nothing made, where the file system will not. Raises OSError."""
    try:
        if os.link in os.supports_follow_symlinks:
            os.link(source, target, follow_symlinks=False)
        else:
            os.link(source, target)
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        return False
    return True
