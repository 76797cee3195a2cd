"""Writing to the disk while a large file is still being copied, rather than all at its end."""

import errno
import os
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

__all__ = ["Writeback"]

#: A disk is asked again when so much more was written; the system itself would wait for gigabytes.
_EVERY_BYTES = 64 << 20
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class Writeback:
    """Hands what was written to an open file over to the disk, beside the work, now and then.

    It does not make the file durable; that is still for `fsync` at the end, which then has little left to do. An error
    of the disk is raised as OSError by the next call.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: Future[None] | None = None
        self._waiting = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        if error is None:
            self._settle()

    def wrote(self, number: int) -> None:
        """Say that so many more bytes were written. Raises OSError."""
        self._waiting += number
        if self._waiting < _EVERY_BYTES or not hasattr(os, "fdatasync"):
            return
        if self._under_way is not None and not self._under_way.done():
            return
        self._settle()
        self._waiting = 0
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="writeback")
        self._under_way = self._pool.submit(os.fdatasync, self._descriptor)

    def _settle(self) -> None:
        done, self._under_way = self._under_way, None
        try:
            if done is not None:
                done.result()
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
