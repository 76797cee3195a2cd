"""Many small files hashed in several processes at once."""

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.hash_process import HashProcess

__all__ = ["SMALL_BYTES", "HashPool", "is_worthwhile"]

#: Files up to this size count as small: of larger ones, threads hash as fast.
SMALL_BYTES = 256 << 10
#: Starting processes costs as much as hashing about this many small files.
_WORTHWHILE_FROM = 2000
_BATCH = 64


def is_worthwhile(sizes: Iterator[int], *, jobs: int) -> bool:
    """Whether among files of these sizes there are so many small ones that processes hash them faster."""
    if jobs < 2 or not sys.executable:
        return False
    small = (size for size in sizes if size <= SMALL_BYTES)
    return next(islice(small, _WORTHWHILE_FROM, None), None) is not None


class HashPool:
    """`jobs` processes, started at once and ended by `close`; each is fed by a thread.

    Raises OSError when no process can be started.
    """

    def __init__(self, jobs: int) -> None:
        self._idle: SimpleQueue[HashProcess] = SimpleQueue()
        self._processes: list[HashProcess] = []
        self._jobs = jobs
        try:
            for _ in range(jobs):
                self._processes.append(HashProcess())
        except OSError:
            self.close()
            raise
        for one in self._processes:
            self._idle.put(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, at once."""
        for one in self._processes:
            one.close()
        self._processes.clear()

    def hash_files(
        self, folder: str, paths: Sequence[str], algorithms: Sequence[str], *, on_bytes: OnBytes | None = None
    ) -> Iterator[Fixity | OSError]:
        """The fixity of each file below a folder, or the OSError met, in the order given.

        At most a few batches are under way.
        """

        def hash_batch(start: int) -> list[Fixity | OSError]:
            process = self._idle.get()
            try:
                return process.hash([f"{folder}/{path}" for path in paths[start : start + _BATCH]], algorithms)
            finally:
                self._idle.put(process)

        under_way: deque[Future[list[Fixity | OSError]]] = deque()
        threads = ThreadPoolExecutor(self._jobs, thread_name_prefix="hash-pool")
        try:
            for start in range(0, len(paths), _BATCH):
                under_way.append(threads.submit(hash_batch, start))
                if len(under_way) > 4 * self._jobs:
                    yield from _reported(under_way.popleft().result(), on_bytes)
            while under_way:
                yield from _reported(under_way.popleft().result(), on_bytes)
        finally:
            threads.shutdown(cancel_futures=True)


def _reported(outcomes: list[Fixity | OSError], on_bytes: OnBytes | None) -> Iterator[Fixity | OSError]:
    for one in outcomes:
        if on_bytes and isinstance(one, Fixity):
            on_bytes(one.size)
        yield one
