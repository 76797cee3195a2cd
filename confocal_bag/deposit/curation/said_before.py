"""What was said before goes with a question: an answer that could not be taken; and what nobody knows is not asked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from confocal_bag.deposit.curation.cells import Cell, fields_of, without_places
from confocal_bag.deposit.curation.layout import quoted, shortened
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.subjects import section_of, selector_of
from confocal_bag.deposit.curation.unanswered import Unanswered
from confocal_bag.deposit.curation.wordings.table import WORDINGS
from confocal_bag.deposit.description.fields import FIELD_HELP
from confocal_bag.deposit.description.model import Description

__all__ = ["by_ids", "with_said", "without_not_known"]

_LONGEST_ANSWER, _LONGEST_REASON = 120, 300
#: The line of deposit.yaml, which no depositor sees, and the name of a field with a dot in it.
_LINE = re.compile(r" \(line \d+\)")
_FIELD = re.compile(r"[a-z_]+(?:\[[^\]]*\])?(?:\.[a-z_]+(?:\[[^\]]*\])?)+")


def by_ids(unanswered: Unanswered, said: Description) -> Unanswered:
    """The same, entries named by their ids as well where they have one by now: specimens[s0] for specimens[0]."""

    def named(field: str) -> Iterator[str]:
        yield field
        section, place = section_of(field), selector_of(field, section_of(field))
        entries = getattr(said, section, ())
        if isinstance(entries, tuple) and place.isdigit() and int(place) < len(entries):
            own = getattr(entries[int(place)], "id", None)
            if own:
                yield f"{section}[{own}]{field.removeprefix(f'{section}[{place}]')}"

    return Unanswered(
        refused={name: one for field, one in unanswered.refused.items() for name in named(field)},
        not_known=frozenset(name for field in unanswered.not_known for name in named(field)),
    )


def without_not_known(
    asked: Mapping[str, Request], unanswered: Unanswered
) -> tuple[dict[str, Request], tuple[Request, ...]]:
    """The questions without the places for answers that nobody knows, and these places by themselves."""
    kept: dict[str, Request] = {}
    dropped: list[Request] = []
    for key, one in asked.items():
        cells = tuple(cell for cell in one.cells if not set(fields_of(cell.field)) <= unanswered.not_known)
        if len(cells) < len(one.cells):
            gone = tuple(cell for cell in one.cells if cell not in cells)
            if not all(_only_follows(cell, one) for cell in gone):
                dropped.append(replace(one, cells=gone))
        if not all(_only_follows(cell, one) for cell in cells):
            subjects = tuple(dict.fromkeys(path for cell in cells for path in cell.subjects))
            is_less = len(cells) < len(one.cells)
            kept[key] = replace(one, cells=cells, subjects=subjects if is_less else one.subjects)
    return kept, tuple(dropped)


def _only_follows(cell: Cell, one: Request) -> bool:
    """Whether a place is asked for only beside another one of its question."""
    return bool(cell.question) and not one.wording.parts and any(not other.question for other in one.cells)


def with_said(one: Request, hints: tuple[str, ...], unanswered: Unanswered) -> Request:
    """A question with what was answered to it and could not be taken, and what a readme seems to say."""
    cells = tuple(replace(cell, said=_refused(cell, unanswered)) for cell in one.cells)
    if hints and not any(cell.said for cell in cells):
        cells = (replace(cells[0], said=hints), *cells[1:])
    return replace(one, cells=cells)


def _refused(cell: Cell, unanswered: Unanswered) -> tuple[str, ...]:
    """Each refused answer once, with the reason."""
    found = (unanswered.refused.get(field) for field in fields_of(cell.field))
    told = dict.fromkeys((one.answer, one.reason) for one in found if one)
    return tuple(
        f"You wrote {quoted(answer, _LONGEST_ANSWER)}; we could not take that: "
        f"{shortened(_for_depositor(reason), _LONGEST_REASON).rstrip('.')}."
        for answer, reason in told
    )


def _for_depositor(reason: str) -> str:
    """A reason without lines of deposit.yaml, its fields in the words of the questions."""
    return _FIELD.sub(lambda found: _in_words(found[0]), _LINE.sub("", reason))


def _in_words(field: str) -> str:
    key = without_places(field)
    if key in WORDINGS:
        return WORDINGS[key].short
    return "this answer" if key in FIELD_HELP else field
