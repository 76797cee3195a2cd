"""Several tasks at once, their results in order."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from confocal_bag.image.worker.pool import belong_to, stop

__all__ = ["in_order"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 4


def in_order(function: Callable[[Item], Result], items: Iterable[Item], *, jobs: int) -> Iterator[Result]:
    """`function` of each item, in the order of the items, `jobs` at a time; with one job in this thread.

    At most a few items per job are under way, however many there are. When one fails, or the caller loses interest,
    the guarded processes at work on the others are ended.
    """
    if jobs <= 1:
        yield from map(function, items)
        return
    stopped = threading.Event()

    def one(item: Item) -> Result:
        belong_to(stopped)
        return function(item)

    pool = ThreadPoolExecutor(jobs, thread_name_prefix="images")
    under_way: deque[Future[Result]] = deque()
    try:
        for item in items:
            under_way.append(pool.submit(one, item))
            if len(under_way) >= jobs * _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        stop(stopped)
        pool.shutdown()
