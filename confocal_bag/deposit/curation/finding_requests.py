"""Ask about what was found in the files: a question for each kind, a place for the answer to each or to all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from confocal_bag.deposit.curation.cells import Cell, joined_cells
from confocal_bag.deposit.curation.finding_answers import ANSWERABLE, finding_field, is_open, what_was_seen
from confocal_bag.deposit.curation.layout import joined
from confocal_bag.deposit.curation.missing_planes import missing_names
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.wordings.findings import FINDINGS, ONE_ANSWER, finding_key, question_about
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.findings import Finding, Severity, readable_path
from confocal_bag.vocabulary import Tier

__all__ = ["requests_from_findings"]

#: Pictures of channels that can no longer be told apart; where they lost values besides, one answer is for both.
_MERGED = ("image.rgb-composite", "image.color-space")
_WHOLE_STACK, _MISSING_PLANE = "curation.whole-stack", "sequence.missing-plane"
_MOST_MISSING = 6
_LOST = finding_key("image.lossy")


def requests_from_findings(findings: Sequence[Finding], view: DepositView) -> Iterator[tuple[str, Request]]:
    """The questions that findings leave open, in the order of the letter, each with its key.

    Files that lost values are asked for once, all together: whether what the microscope wrote is still there is one
    answer for most of them, and one for all that was found in a file.
    """
    pictures = _worked_on(view) if view.has(Tier.RAW) else frozenset[str]()
    open_ones = [one for one in findings if is_open(one) and not _is_no_question(one, pictures)]
    by_key: dict[str, dict[str, Finding]] = {}
    lost = {one.path for one in open_ones if question_about(one.rule) == _LOST}
    order = {rule: place for place, rule in enumerate(ANSWERABLE)}
    for one in sorted(open_ones, key=lambda found: order[found.rule]):
        of_lost = one.rule in _MERGED and one.path in lost
        key = _LOST if of_lost else question_about(one.rule)
        by_key.setdefault(key, {})[finding_field(one)] = one
    for key in FINDINGS:
        if key in by_key:
            yield key, _request(key, by_key[key], view)


def _request(key: str, found: Mapping[str, Finding], view: DepositView) -> Request:
    cells: Iterable[Cell] = (_cell(field, one, view) for field, one in found.items())
    cells = tuple(joined_cells(list(cells)) if key in map(finding_key, ONE_ANSWER) else cells)
    subjects = tuple(dict.fromkeys(path for cell in cells for path in cell.subjects))
    return Request(key=key, wording=FINDINGS[key], cells=cells, subjects=subjects, level=None)


def _cell(field: str, one: Finding, view: DepositView) -> Cell:
    """The place for an answer; where planes are missing, it is about those and not about one that is there."""
    if one.rule == _MISSING_PLANE and isinstance(one.detail.get("missing"), int):
        paths = [readable_path(file.path) for file in view.inventory.files]
        names = missing_names(one.path or "", paths, one.detail["missing"])
        if names:
            shown = joined(names[:_MOST_MISSING]) if len(names) <= _MOST_MISSING else ", ".join(names[:_MOST_MISSING])
            more = f" and {len(names) - _MOST_MISSING:,} more" if len(names) > _MOST_MISSING else ""
            verb = "is" if len(names) == 1 else "are"
            seen = f"{shown}{more} {verb} missing; {one.path} and its like are here."
            return Cell(field=field, subjects=names, seen=(seen,))
    return Cell(field=field, subjects=_files(one), seen=_seen(one))


def _files(one: Finding) -> tuple[str, ...]:
    """The files that a finding is about; that about stacks names all of them in its detail."""
    listed = one.detail.get("files") if one.rule == _WHOLE_STACK else None
    return tuple(map(str, listed)) if listed else (readable_path(one.path or ""),)


def _seen(one: Finding) -> tuple[str, ...]:
    """What was seen, in words for the depositor; that there are stacks they know."""
    if one.rule == _WHOLE_STACK and "signs" in one.detail:
        return tuple(f"{sign[:1].upper()}{sign[1:]}." for sign in map(str, one.detail["signs"]))
    return (what_was_seen(one),)


def _worked_on(view: DepositView) -> frozenset[str]:
    return frozenset(readable_path(one.path) for one in view.inventory.every if one.tier is Tier.PROCESSED)


def _is_no_question(one: Finding, pictures: frozenset[str]) -> bool:
    """Whether the deposit answers it: a picture beside the raw files need be no more, nor one beside its channels."""
    if one.rule == "image.rgb-composite":
        return one.severity is Severity.ADVICE
    return question_about(one.rule) == _LOST and (one.path or "") in pictures
