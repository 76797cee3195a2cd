"""Gather what only the depositor can answer: from the decision tree, the key questions and the practice levels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.cells import Cell, drawn_together, fields_of, joined_cells, without_places
from confocal_bag.deposit.curation.finding_answers import is_open, is_settled
from confocal_bag.deposit.curation.finding_requests import requests_from_findings
from confocal_bag.deposit.curation.likeness import Likeness
from confocal_bag.deposit.curation.other_samples import rows_for_another
from confocal_bag.deposit.curation.privacy_requests import requests_about_people
from confocal_bag.deposit.curation.readme_hints import licence_hint, readme_hints
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.said_before import by_ids, with_said, without_not_known
from confocal_bag.deposit.curation.study import CurationStudy
from confocal_bag.deposit.curation.subjects import Subjects
from confocal_bag.deposit.curation.unanswered import Unanswered
from confocal_bag.deposit.curation.wording import Topic
from confocal_bag.deposit.curation.wordings.curator import CURATOR, CURATOR_FIELDS
from confocal_bag.deposit.curation.wordings.dataset import RAW_ADDRESS
from confocal_bag.deposit.curation.wordings.files import file_example
from confocal_bag.deposit.curation.wordings.findings import finding_key
from confocal_bag.deposit.curation.wordings.samples import SPECIES_OF_EACH
from confocal_bag.deposit.curation.wordings.table import FOLLOWING, WORDINGS
from confocal_bag.deposit.levels.missing import Missing
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.findings import Finding, readable_path
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["Requests", "gather_requests"]

#: What answers an open question of the decision tree; others answer under their own name.
_ANSWERED_BY = {"modified": "protocols.processing", "modification_described": "protocols.processing"}
#: The key questions that only the depositor can answer.
_DEPOSITOR_KNOWS = ("reuse_expectations",)
_LISTS = ("specimens", "channels", "instruments", "acquisitions", "creators")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What is asked now, what more demanding levels would ask besides, and what the curator has to fill in.

    `later` and `curator` hold words by level; `own` are the questions among them that the curator can answer.
    `not_known` are those that are not asked again, for nobody knows the answer.
    """

    now: tuple[Request, ...]
    own: tuple[Request, ...] = ()
    later: Mapping[PracticeLevel, tuple[str, ...]]
    curator: Mapping[PracticeLevel, tuple[str, ...]]
    not_known: tuple[Request, ...] = ()


def gather_requests(
    study: CurationStudy,
    view: DepositView,
    aim: PracticeLevel,
    findings: Sequence[Finding] = (),
    unanswered: Unanswered | None = None,
) -> Requests:
    """What is missing for the level aimed at, what the primer's tree and questions leave open, and what was found in
    files that only the depositor can explain, in letter order. `unanswered` is what came of earlier sheets."""
    finder = Subjects(view)
    likeness = Likeness(view, finder)
    asked = {
        **dict(_from_tree(study, _damaged(findings, settled=True))),
        **dict(requests_from_findings(findings, view)),
    }
    asked.update(requests_about_people(findings, view))
    missing = study.facts.level.missing
    curator: dict[PracticeLevel, tuple[str, ...]] = {}
    for level in PracticeLevel:
        own = [one for one in missing[level] if one.level is level]
        curator[level] = tuple(_once(CURATOR_FIELDS[key] for one in own if (key := _key(one)) in CURATOR_FIELDS))
        known = [one for one in own if _key(one) in WORDINGS]
        if level.rank > aim.rank:
            continue
        for one in known:
            _add(asked, _from_level(one, finder, likeness, _damaged(findings, settled=False)))
    _draw_together(asked)
    organism = asked.get("specimens.organism.name")
    if organism:
        several = len(view.description.specimens) > 1
        wording = replace(organism.wording, question=SPECIES_OF_EACH) if several else organism.wording
        asked[organism.key] = replace(organism, wording=wording, cells=organism.cells + rows_for_another(view))
    before = by_ids(unanswered or Unanswered(), view.description)
    asked, not_known = without_not_known(asked, before)
    hints = {**readme_hints(study.facts.documents.sentences), **licence_hint(view.inventory)}
    asked = {key: with_said(one, hints.get(key, ()), before) for key, one in asked.items()}
    order, topics = list(WORDINGS), list(Topic)
    now = sorted(asked.values(), key=lambda one: (topics.index(one.wording.topic), order.index(one.key)))
    fields = {field for one in now for cell in one.cells for field in fields_of(cell.field)}
    return Requests(
        now=tuple(_shown(one, finder) for one in now),
        later={level: _besides(missing[level], level, fields) for level in PracticeLevel if level.rank > aim.rank},
        curator=curator,
        own=tuple(_from_curator(missing[aim], changes_level=view.description.level is not aim)),
        not_known=not_known,
    )


def _from_curator(missing: Sequence[Missing], *, changes_level: bool) -> Iterator[Request]:
    """What the curator answers, in the order of their table; the level too where another one is aimed at now."""
    levels: dict[str, PracticeLevel | None] = {one.field: one.level for one in missing}
    if changes_level:
        levels["level"] = None
    for field, wording in CURATOR.items():
        if field in levels:
            cell = Cell(field=field, question=f"{Topic.CURATOR.value}: {wording.question}")
            yield Request(key=field, wording=wording, cells=(cell,), subjects=(), level=levels[field])


def _besides(missing: Sequence[Missing], level: PracticeLevel, asked: Set[str]) -> tuple[str, ...]:
    """What a more demanding level needs that is not asked now, in words."""
    own = (one for one in missing if one.level is level and one.field not in asked)
    return tuple(_once(WORDINGS[key].short for one in own if (key := _key(one)) in WORDINGS))


def _shown(one: Request, finder: Subjects) -> Request:
    cells = tuple(
        replace(
            cell,
            shown=finder.shown(cell.subjects),
            entries=tuple((name, finder.shown(paths)) for name, paths in cell.entries),
        )
        for cell in one.cells
    )
    one_by_one = any(cell.channel for cell in cells) or one.key == "files.description"
    shown = _once(text for cell in cells for text in cell.about()) if one_by_one else finder.shown(one.subjects)
    return replace(one, cells=cells, shown=tuple(shown))


def _once(words: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(words))


def _add(asked: dict[str, Request], one: Request) -> None:
    """A question that the decision tree asks already keeps its files, and learns which level needs it."""
    there = asked.get(one.key)
    if not one.cells:
        return
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
    raw = asked.get("raw_location")
    if raw and finding_key("image.lossy") in asked:
        asked[raw.key] = replace(raw, wording=replace(raw.wording, question=RAW_ADDRESS))
    general, processing = asked.get("protocols"), asked.get("protocols.processing")
    if general and "protocols.acquisition" in asked and "protocols.sample_preparation" in asked:
        del asked["protocols"]
        for key in ("protocols.acquisition", "protocols.sample_preparation"):
            asked[key] = replace(asked[key], level=general.level)
    elif general and processing:
        cells = (
            replace(cell, subjects=processing.subjects if cell.field == processing.key else ())
            for cell in general.cells
        )
        asked["protocols"] = replace(general, cells=tuple(cells))
        del asked["protocols.processing"]


def _damaged(findings: Sequence[Finding], *, settled: bool) -> Set[str]:
    """The files without readable pixels that are asked for one by one, with `settled` those too that were."""
    found = (one for one in findings if one.rule in ("image.unreadable", "deposit.empty-file"))
    return {one.path or "" for one in found if is_open(one) or (settled and is_settled(one))}


def _from_tree(study: CurationStudy, damaged: Set[str]) -> Iterator[tuple[str, Request]]:
    """The open questions of the tree and of the primer; damaged images are asked for by what was found in them."""
    for step in study.path.open:
        key = _ANSWERED_BY.get(step.node.id, f"curation.tree.{step.node.id}")
        subjects = tuple(readable_path(path) for path in step.answered.files)
        if step.node.id == "can_be_opened" and subjects:
            subjects = tuple(path for path in subjects if path not in damaged)
            if not subjects:
                continue
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


def _from_level(missing: Missing, finder: Subjects, likeness: Likeness, damaged: Set[str]) -> Request:
    key = _key(missing)
    wording = WORDINGS[key]
    if wording.parts:
        cells = tuple(Cell(field=field, question=text, example=example) for field, text, example in wording.parts)
    elif key == "files.description":
        # What a damaged or empty file shows is asked when it has come whole.
        named = finder.entries([path for path in missing.subjects if path not in damaged]).items()
        by_stack: dict[str, list[Cell]] = {}
        for pattern, paths in named:
            cell = Cell(field=f"files[{pattern}].description", subjects=paths, example=file_example(pattern))
            by_stack.setdefault(finder.stack(pattern) or pattern, []).append(cell)
        cells = tuple(cell for stack in by_stack.values() for cell in joined_cells(stack))
    else:
        found = (cell for one in _fields(missing, key) for cell in _cells(one, key, finder))
        cells = drawn_together((_of_those(cell, missing) for cell in found), likeness)
        # No image says which channels there are, and so no question about their names is asked by itself.
        if key == "channels.probe" and "[" not in missing.field and not finder.has_images:
            name = WORDINGS["channels.name"]
            cells += (
                Cell(field="channels[0].name", question="What is the first channel called?", example=name.example),
            )
    subjects = tuple(_once(subject for cell in cells for subject in cell.subjects))
    return Request(key=key, wording=wording, cells=cells, subjects=subjects, level=missing.level)


def _of_those(cell: Cell, missing: Missing) -> Cell:
    """The place for an answer, with those of its files alone that lack it: an acquisition has other images as well."""
    lacking = set(missing.subjects)
    return replace(cell, subjects=tuple(one for one in cell.subjects if one in lacking) or cell.subjects)


def _cells(field: str, key: str, finder: Subjects) -> Iterator[Cell]:
    """The place of an answer, and those of what it may call for."""
    subjects, channel = finder.files(field), finder.channel(field)
    place = f"{field}.rrid" if key.endswith("RRID") else field
    yield Cell(field=place, subjects=subjects, channel=channel)
    for leaf, question, example in FOLLOWING.get(key, ()):
        beside = f"{field.rpartition('.')[0]}.{leaf}"
        yield Cell(field=beside, subjects=subjects, channel=channel, question=question, example=example)


def _fields(missing: Missing, key: str) -> Sequence[str]:
    """The fields to fill in; where no entry is there yet, those of the first."""
    if "[" in missing.field:
        return missing.fields
    section, dot, leaf = key.partition(".")
    leaf = leaf.replace("channels.", "channels[0].")
    return [f"{section}[0].{leaf}"] if section in _LISTS and dot else [key]
