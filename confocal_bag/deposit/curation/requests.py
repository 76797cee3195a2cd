"""Gather what only the depositor can answer: from the decision tree, the key questions and the practice levels."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from confocal_bag.deposit.curation.study import CurationStudy
from confocal_bag.deposit.curation.wording import CURATOR_FIELDS, FOLLOWING, WORDINGS, Topic, Wording
from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.exports.plain_text import cleaned, shown_path
from confocal_bag.deposit.file_entries import FileEntries, is_pattern
from confocal_bag.deposit.levels.missing import Missing
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.findings import readable_path
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["Cell", "Request", "Requests", "gather_requests", "without_places"]

#: What answers an open question of the decision tree; others answer under their own name.
_ANSWERED_BY = {"modified": "protocols.processing", "modification_described": "protocols.processing"}
#: The key questions that only the depositor can answer.
_DEPOSITOR_KNOWS = ("reuse_expectations",)
_LISTS = ("specimens", "channels", "instruments", "acquisitions", "creators")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place for an answer: the field of deposit.yaml, what it is asked of, and words of its own if it has any.

    `subjects` are files and channels, `shown` the same in few words.
    """

    field: str
    subjects: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    question: str | None = None
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to the depositor. `level` is the least demanding level that needs it; None for the primer's own."""

    key: str
    wording: Wording
    cells: tuple[Cell, ...]
    subjects: tuple[str, ...]
    level: PracticeLevel | None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What is asked now, what more demanding levels would ask besides, and what the curator has to fill in.

    `later` and `curator` hold words by level.
    """

    now: tuple[Request, ...]
    later: Mapping[PracticeLevel, tuple[str, ...]]
    curator: Mapping[PracticeLevel, tuple[str, ...]]


def without_places(field: str) -> str:
    """The key of a field in tables: channels.probe for channels[c0].probe. Names of files may hold brackets."""
    if field.startswith("files["):
        return f"files.{field.rpartition('].')[2]}"
    return re.sub(r"\[[^\]]*\]", "", field)


def gather_requests(study: CurationStudy, view: DepositView, aim: PracticeLevel) -> Requests:
    """What is missing for the level aimed at, and what the primer's tree and questions leave open, in letter order."""
    finder = _Subjects(view)
    asked = dict(_from_tree(study))
    missing = study.facts.level.missing
    curator: dict[PracticeLevel, tuple[str, ...]] = {}
    for level in PracticeLevel:
        own = [one for one in missing[level] if one.level is level]
        curator[level] = tuple(_once(CURATOR_FIELDS[key] for one in own if (key := _key(one)) in CURATOR_FIELDS))
        known = [one for one in own if _key(one) in WORDINGS]
        if level.rank > aim.rank:
            continue
        for one in known:
            _add(asked, _from_level(one, finder))
    _draw_together(asked)
    order, topics = list(WORDINGS), list(Topic)
    now = sorted(asked.values(), key=lambda one: (topics.index(one.wording.topic), order.index(one.key)))
    fields = {cell.field for one in now for cell in one.cells}
    return Requests(
        now=tuple(_shown(one, finder) for one in now),
        later={level: _besides(missing[level], level, fields) for level in PracticeLevel if level.rank > aim.rank},
        curator=curator,
    )


def _besides(missing: Sequence[Missing], level: PracticeLevel, asked: Set[str]) -> tuple[str, ...]:
    """What a more demanding level needs that is not asked now, in words."""
    own = (one for one in missing if one.level is level and one.field not in asked)
    return tuple(_once(WORDINGS[key].short for one in own if (key := _key(one)) in WORDINGS))


def _shown(one: Request, finder: "_Subjects") -> Request:
    cells = tuple(replace(cell, shown=finder.shown(cell.subjects)) for cell in one.cells)
    return replace(one, cells=cells, shown=finder.shown(one.subjects))


def _once(words: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(words))


def _add(asked: dict[str, Request], one: Request) -> None:
    """A question that the decision tree asks already keeps its files, and learns which level needs it."""
    there = asked.get(one.key)
    if there is None:
        asked[one.key] = one
    else:
        cells = there.cells if {cell.field for cell in there.cells} >= {c.field for c in one.cells} else one.cells
        asked[one.key] = Request(
            key=one.key, wording=one.wording, cells=cells, subjects=there.subjects or one.subjects, level=one.level
        )


def _draw_together(asked: dict[str, Request]) -> None:
    """Ask nothing twice: how images were made takes in its parts, or they it; settings one by one stand for all."""
    settings = asked.get("curation.tree.settings_provided")
    one_by_one = [asked.get(key) for key in ("instruments.microscope.model", "instruments.objective.na")]
    if settings and all(one and set(one.subjects) >= set(settings.subjects) for one in one_by_one):
        del asked[settings.key]
    general, processing = asked.get("protocols"), asked.get("protocols.processing")
    if general and "protocols.acquisition" in asked and "protocols.sample_preparation" in asked:
        del asked["protocols"]
        for key in ("protocols.acquisition", "protocols.sample_preparation"):
            asked[key] = replace(asked[key], level=general.level)
    elif general and processing:
        asked["protocols"] = replace(general, subjects=processing.subjects)
        del asked["protocols.processing"]


def _from_tree(study: CurationStudy) -> Iterator[tuple[str, Request]]:
    for step in study.path.open:
        key = _ANSWERED_BY.get(step.node.id, f"curation.tree.{step.node.id}")
        subjects = tuple(readable_path(path) for path in step.answered.files)
        cell = Cell(field=key, subjects=subjects)
        yield key, Request(key=key, wording=WORDINGS[key], cells=(cell,), subjects=subjects, level=None)
    for state in study.questions:
        if state.question.id in _DEPOSITOR_KNOWS and state.status.value == "unanswered":
            key = f"curation.questions.{state.question.id}"
            yield key, Request(key=key, wording=WORDINGS[key], cells=(Cell(field=key),), subjects=(), level=None)


def _key(missing: Missing) -> str:
    key = without_places(missing.field)
    if key == "specimens":
        return "specimens.organism.name"
    return "channels.probe RRID" if key == "channels.probe" and missing.message.startswith("The RRID") else key


def _from_level(missing: Missing, finder: "_Subjects") -> Request:
    key = _key(missing)
    wording = WORDINGS[key]
    if wording.parts:
        cells = tuple(Cell(field=field, question=text, example=example) for field, text, example in wording.parts)
    elif key == "files.description":
        cells = tuple(finder.file_cells(missing.subjects))
    else:
        cells = tuple(cell for field in _fields(missing, key) for cell in _cells(field, key, finder))
        if key == "channels.probe" and "[" not in missing.field:  # no image says which channels there are
            name = WORDINGS["channels.name"]
            cells += (
                Cell(field="channels[0].name", question="What is the first channel called?", example=name.example),
            )
    subjects = tuple(_once(subject for cell in cells for subject in cell.subjects))
    return Request(key=key, wording=wording, cells=cells, subjects=subjects, level=missing.level)


def _cells(field: str, key: str, finder: "_Subjects") -> Iterator[Cell]:
    """The place of an answer, and those of what it may call for."""
    subjects = finder.of(field)
    yield Cell(field=f"{field}.rrid" if key.endswith("RRID") else field, subjects=subjects)
    for leaf, question, example in FOLLOWING.get(key, ()):
        beside = f"{field.rpartition('.')[0]}.{leaf}"
        yield Cell(field=beside, subjects=subjects, question=question, example=example)


def _fields(missing: Missing, key: str) -> Sequence[str]:
    """The fields to fill in; where no entry is there yet, those of the first."""
    if "[" in missing.field:
        return missing.fields
    section, dot, leaf = key.partition(".")
    return [f"{section}[0].{leaf}"] if section in _LISTS and dot else [key]


class _Subjects:
    """Says in a depositor's words what a field is about: which files, which channel."""

    def __init__(self, view: DepositView) -> None:
        self._view = view

    def of(self, field: str) -> tuple[str, ...]:
        """The files or the channel that a field speaks of; none for those of the whole dataset."""
        section = field.partition("[")[0].partition(".")[0]
        if section == "channels":
            return self._channel(_selector(field, "channels"))
        if section in ("specimens", "acquisitions", "instruments"):
            files = self._files(section, _selector(field, section))
            channel = field.partition(".channels[")[2].partition("]")[0]
            return self._setting(channel, files) if channel else files
        return ()

    def _setting(self, channel: str, files: tuple[str, ...]) -> tuple[str, ...]:
        """The channel that a setting is of; by its number where it has no name."""
        if channel.isdigit():
            where = f" in {shown_path(files[0])}" if files else ""
            return (f"channel {int(channel) + 1}{where}",)
        return self._channel(channel)

    def file_cells(self, paths: Sequence[str]) -> Iterator[Cell]:
        """A cell for each entry of deposit.yaml that speaks of files without saying what they hold."""
        by_entry: dict[str, list[str]] = {}
        files = self._view.description.files
        for path in paths:
            index = self._index.index_for(path)
            pattern = files[index].path or path if index is not None else path
            by_entry.setdefault(pattern, []).append(path)
        for pattern, concerned in by_entry.items():
            yield Cell(field=f"files[{pattern}].description", subjects=tuple(concerned))

    @cached_property
    def _index(self) -> FileEntries:
        return FileEntries(entry.path or "" for entry in self._view.description.files)

    def shown(self, subjects: Sequence[str]) -> tuple[str, ...]:
        """The subjects in few words: files that one entry of deposit.yaml names together, by its pattern."""
        if len(subjects) > 1 and set(subjects) == self._all_images:
            return ("all images",)
        groups: dict[int, list[str]] = {}
        for path in subjects:
            index = self._index.index_for(path)
            if index is not None and path in self._paths:
                groups.setdefault(index, []).append(path)
        words: dict[str, None] = {}
        together = {path: index for index, paths in groups.items() if len(paths) > 2 for path in paths}
        for path in subjects:
            index = together.get(path)
            if index is None or not is_pattern(self._view.description.files[index].path or ""):
                words[shown_path(path)] = None
            else:
                words[f"{shown_path(self._view.description.files[index].path)} ({len(groups[index])} files)"] = None
        return tuple(words)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(readable_path(one.path) for one in self._view.inventory.files)

    @cached_property
    def _all_images(self) -> frozenset[str]:
        return frozenset(readable_path(one.path) for one in self._view.inventory.files if one.images)

    def _channel(self, name: str) -> tuple[str, ...]:
        """A channel by its name and dye, as the header or the depositor calls it, and where it is."""
        places = [
            (number, image)
            for image in self._view.images
            for number, one in enumerate(image.channels)
            if one is not None and name == (one.id or "")
        ]
        said = next((one for i, one in enumerate(self._view.description.channels) if name in (one.id, str(i))), None)
        told = list(_once(text for text in (said.name, said.fluor or said.target) if text)) if said else []
        what = f"channel {cleaned(told[0])}" if told else f"channel {places[0][0] + 1 if places else name}"
        dye = f" ({cleaned(told[1])})" if len(told) > 1 else ""
        files = self.shown(list(_once(_path(image) for _, image in places)))
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        return (f"{what}{dye} in {files[0]}{more}" if files else f"{what}{dye}",)

    def _files(self, section: str, name: str) -> tuple[str, ...]:
        entries = getattr(self._view.description, section)
        attribute = section.removesuffix("s")
        if len(entries) <= 1 and section == "specimens":
            return ()
        found = [image for image in self._view.images if self._is(getattr(image, attribute), name, entries)]
        return tuple(_once(_path(image) for image in found))

    @staticmethod
    def _is(entry: object, name: str, entries: Sequence[object]) -> bool:
        if entry is None:
            return False
        own = getattr(entry, "id", None)
        return own == name if own else name.isdigit() and int(name) < len(entries) and entries[int(name)] is entry


def _path(image: DescribedImage) -> str:
    return image.header.path


def _selector(field: str, section: str) -> str:
    """What stands in the brackets behind the name of a section."""
    rest = field.removeprefix(f"{section}[")
    return re.split(r"\](?:\.|$)", rest)[0] if rest != field else ""
