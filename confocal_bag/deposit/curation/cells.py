"""Places for answers: the fields of deposit.yaml that one answer is written to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.layout import NO_BREAK, named
from confocal_bag.deposit.curation.likeness import Likeness
from confocal_bag.deposit.curation.seen import told_once
from confocal_bag.deposit.curation.subjects import section_of, selector_of

__all__ = ["NAMED_BY_PATH", "Cell", "drawn_together", "fields_of", "joined_cells", "without_places"]

#: The lists whose entries are named by files.
NAMED_BY_PATH = ("files", "curation.findings")
#: What stands between the fields that one answer is for.
_AND = " + "
#: Where one field ends and the next begins; names of files may hold a plus, brackets and dots.
_BETWEEN = re.compile(r"\s*\+\s*(?![^\[]*\])")
_BETWEEN_NAMED = {
    "files": re.compile(r"(?<=\]\.description)\s*\+\s*(?=files\[)"),
    "curation.findings": re.compile(r"(?<=\]\.note)\s*\+\s*(?=curation\.findings\[[a-z]+\.[a-z-]+ [0-9a-f]{8} )"),
}
#: Sections whose entries are named beside their files where several share a row, and how they are called.
_ENTRIES = ("acquisitions", "instruments", "channels")
#: Spreadsheet programs cut cells of more than 32,767 characters.
_LONGEST_ID = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place for an answer: the field of deposit.yaml, what it is asked of, and words of its own if it has any.

    `field` may be several fields that have one answer, `seen` is what was found there. `channel` and `subjects` are the
    channel and the files it is about, `shown` the files in few words; `entries` are the files of each of several
    entries of deposit.yaml, by the name of the entry. `said` is what was said before: an answer that could not be
    taken, or a line of a readme.
    """

    field: str
    subjects: tuple[str, ...] = ()
    channel: str | None = None
    shown: tuple[str, ...] = ()
    question: str | None = None
    example: str | None = None
    seen: tuple[str, ...] = ()
    entries: tuple[tuple[str, tuple[str, ...]], ...] = ()
    said: tuple[str, ...] = ()

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
    """The fields that a question id stands for. What stands in brackets is never taken apart."""
    section = next((one for one in _BETWEEN_NAMED if written.startswith(f"{one}[")), None)
    between = _BETWEEN_NAMED[section] if section else _BETWEEN
    return tuple(one.strip() for one in between.split(written) if one.strip()) or (written,)


def drawn_together(cells: Iterable[Cell], likeness: Likeness) -> tuple[Cell, ...]:
    """The cells, those of entries that are alike as one; an answer to it is one for each of them."""
    groups: dict[object, list[Cell]] = {}
    for number, cell in enumerate(cells):
        alike = likeness.of(cell.field)
        groups.setdefault(number if alike is None else (alike, cell.question), []).append(cell)
    return tuple(one for group in groups.values() for one in joined_cells(group))


def joined_cells(cells: Sequence[Cell]) -> Iterator[Cell]:
    """The cells as one; as several where the id of one would be too long for a spreadsheet."""
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
    if len(cells) == 1:
        return cells[0]
    files = dict.fromkeys(path for cell in cells for path in cell.subjects)
    return replace(
        cells[0],
        field=_AND.join(cell.field for cell in cells),
        subjects=tuple(files),
        seen=told_once((path, text) for cell in cells for path in cell.subjects[:1] for text in cell.seen),
        entries=tuple((name, tuple(dict.fromkeys(paths))) for name, paths in _by_entry(cells).items()),
    )


def _by_entry(cells: Iterable[Cell]) -> Mapping[str, Sequence[str]]:
    """The files of each entry of deposit.yaml that cells are about, by its name."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        section = section_of(cell.field)
        if section in _ENTRIES:
            found.setdefault(selector_of(cell.field, section), []).extend(cell.subjects)
    return found
