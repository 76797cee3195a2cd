"""Places for answers: the fields of deposit.yaml that one answer is written to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.layout import NO_BREAK, named
from confocal_bag.deposit.curation.subjects import Subjects

__all__ = ["NAMED_BY_PATH", "Cell", "drawn_together", "fields_of", "without_places"]

#: The lists whose entries are named by files.
NAMED_BY_PATH = ("files", "curation.findings")
#: What stands between the fields that one answer is for.
_AND = " + "
#: Spreadsheet programs cut cells of more than 32,767 characters.
_LONGEST_ID = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place for an answer: the field of deposit.yaml, what it is asked of, and words of its own if it has any.

    `field` may be several fields that have one answer, `seen` is what was found there. `channel` and `subjects` are the
    channel and the files it is about, `shown` the files in few words.
    """

    field: str
    subjects: tuple[str, ...] = ()
    channel: str | None = None
    shown: tuple[str, ...] = ()
    question: str | None = None
    example: str | None = None
    seen: str | None = None

    def about(self, most: int = 1) -> tuple[str, ...]:
        """What it is about; of the files of a channel at most so many by name."""
        if self.channel is None:
            return self.shown
        files = named(self.shown, most).replace(NO_BREAK, " ")
        return (f"{self.channel} in {files}" if files else self.channel,)


def without_places(field: str) -> str:
    """The key of a field in tables: channels.probe for channels[c0].probe. Names of files may hold brackets."""
    for section in NAMED_BY_PATH:
        if field.startswith(f"{section}["):
            return f"{section}.{field.rpartition('].')[2]}"
    return re.sub(r"\[[^\]]*\]", "", field.partition(_AND)[0])


def fields_of(written: str) -> tuple[str, ...]:
    """The fields that a question id stands for. Names of files may hold anything, so they are never taken apart."""
    if written.startswith(tuple(f"{section}[" for section in NAMED_BY_PATH)):
        return (written,)
    return tuple(one.strip() for one in written.split(_AND.strip()) if one.strip()) or (written,)


def drawn_together(cells: Iterable[Cell], subjects: Subjects) -> tuple[Cell, ...]:
    """The cells, those of channels that are alike as one; an answer to it is one for each of them."""
    groups: dict[object, list[Cell]] = {}
    for number, cell in enumerate(cells):
        alike = subjects.alike(cell.field)
        groups.setdefault(number if alike is None else (alike, cell.question), []).append(cell)
    return tuple(one for group in groups.values() for one in _joined(group))


def _joined(cells: list[Cell]) -> Iterator[Cell]:
    waiting: list[Cell] = []
    length = 0
    for cell in cells:
        length += len(cell.field) + len(_AND)
        if waiting and length > _LONGEST_ID:
            yield _one(waiting)
            waiting, length = [], len(cell.field)
        waiting.append(cell)
    yield _one(waiting)


def _one(cells: list[Cell]) -> Cell:
    files = dict.fromkeys(path for cell in cells for path in cell.subjects)
    return replace(cells[0], field=_AND.join(cell.field for cell in cells), subjects=tuple(files))
