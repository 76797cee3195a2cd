"""The files of one bag hashed by an executor whose workers see the same folder: a cluster."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.fixity import hash_file

__all__ = ["hash_elsewhere"]

#: What one task is given: so many bytes, or so many files, whatever comes first.
_TASK_BYTES = 64 << 20
_TASK_FILES = 256
_AHEAD = 3

Outcome = Fixity | OSError


def hash_elsewhere(
    executor: Executor,
    root: Path,
    files: Mapping[str, int],
    algorithms: Sequence[str],
    *,
    jobs: int,
    on_bytes: OnBytes | None = None,
) -> Iterator[tuple[str, Outcome]]:
    """Size and digests of each of the `files` below `root`, whose sizes are given, in their order.

    What a worker cannot read is read again here, for the fault may be that worker's.
    """
    under_way: deque[tuple[list[str], Future[list[Outcome]]]] = deque()
    try:
        for batch in _batches(files):
            paths = [root.absolute() / name for name in batch]
            under_way.append((batch, executor.submit(_hash_batch, paths, tuple(algorithms))))
            if len(under_way) > _AHEAD * jobs:
                yield from _outcomes(root, *under_way.popleft(), algorithms, on_bytes)
        while under_way:
            yield from _outcomes(root, *under_way.popleft(), algorithms, on_bytes)
    finally:
        for _, future in under_way:
            future.cancel()


def _batches(files: Mapping[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for name, number in files.items():
        if batch and (size + number > _TASK_BYTES or len(batch) >= _TASK_FILES):
            yield batch
            batch, size = [], 0
        batch.append(name)
        size += number
    if batch:
        yield batch


def _hash_batch(paths: Iterable[Path], algorithms: Sequence[str]) -> list[Outcome]:
    return [_hash_one(path, algorithms) for path in paths]


def _hash_one(path: Path, algorithms: Sequence[str]) -> Outcome:
    try:
        return hash_file(path, algorithms)
    except OSError as error:
        return error


def _outcomes(
    root: Path, batch: list[str], future: "Future[list[Outcome]]", algorithms: Sequence[str], on_bytes: OnBytes | None
) -> Iterator[tuple[str, Outcome]]:
    for name, told in zip(batch, future.result(), strict=True):
        outcome = _hash_one(root / name, algorithms) if isinstance(told, OSError) else told
        if on_bytes and isinstance(outcome, Fixity):
            on_bytes(outcome.size)
        yield name, outcome
