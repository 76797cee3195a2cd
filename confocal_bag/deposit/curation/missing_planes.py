"""What the files of missing planes would be called, by the names of those that are there."""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import PurePosixPath

__all__ = ["missing_names"]

_NUMBER = re.compile(r"\d+")
#: More combinations than this are not tried.
_MOST = 100_000


def missing_names(first: str, paths: Iterable[str], missing: int) -> tuple[str, ...]:
    """The paths that a stack lacks, where names tell: as many as are missing; none where they do not tell.

    `first` is a file of the stack, `paths` are those of the deposit. Every number that occurs in one place of the names
    is combined with every number of the other places; what no file is called is missing.
    """
    shape = _shape(first)
    present = {tuple(_NUMBER.findall(PurePosixPath(one).name)) for one in paths if _shape(one) == shape}
    columns = [sorted({name[place] for name in present}, key=int) for place in range(len(shape[1]) - 1)]
    count = 1
    for column in columns:
        count *= len(column)
    if not present or count > _MOST or count - len(present) != missing:
        return ()
    absent = (numbers for numbers in product(*columns) if numbers not in present)
    return tuple(_name(shape, numbers) for numbers in absent)


def _shape(path: str) -> tuple[str, tuple[str, ...]]:
    """The folder, and what stands around the numbers in a name."""
    folder, _, name = path.rpartition("/")
    return folder, tuple(_NUMBER.split(name))


def _name(shape: tuple[str, tuple[str, ...]], numbers: Sequence[str]) -> str:
    folder, words = shape
    name = words[0] + "".join(number + word for number, word in zip(numbers, words[1:], strict=True))
    return f"{folder}/{name}" if folder else name
