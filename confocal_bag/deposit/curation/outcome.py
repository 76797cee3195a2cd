"""Write answers of a sheet to their fields one by one, and keep what became of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from confocal_bag.deposit.curation.answered import Written
from confocal_bag.deposit.curation.finding_answers import FIELD
from confocal_bag.deposit.curation.insertion import NoPlace
from confocal_bag.deposit.curation.placing import AlreadyAnswered, fill_blanks, place_answer, same_value
from confocal_bag.deposit.curation.placing_findings import answers_to_findings, with_more_findings
from confocal_bag.deposit.curation.sheet import ANSWER, QUESTION_ID, SheetRow
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.text import yaml_text
from confocal_bag.findings import CannotFinish

__all__ = ["Answer", "Correction", "Outcome", "RowProblem", "field_in_words", "row_problem", "shown_answer", "written"]

_LONGEST_SHOWN = 80
_RRID_BEHIND = re.compile(r"\s*\(RRID:[^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why an answer was not taken: the row as spreadsheet programs count, its column, and the reason."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An answer that took the place of an earlier one, both as YAML, behind its field where that is another one."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that can be written: its row, its field, and the YAML text of its value."""

    row: SheetRow
    field: str
    value: str


@dataclass(slots=True)
class Outcome:
    """What became of answers so far. `record` is what sheets have written, these answers among it."""

    text: str
    record: dict[str, Written]
    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    corrected: list[Correction] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def written(before: Outcome, answers: Sequence[Answer]) -> Outcome:
    """Write answers into the text of `before`; those that cannot be written become problems."""
    outcome = Outcome(text=before.text, record=dict(before.record))
    plain: dict[str, str] = {}
    there = answers_to_findings(before.text) if any(map(_is_to_finding, answers)) else {}
    for one in answers:
        if there.get(one.field) == one.value:
            continue
        if not one.field.endswith(".rrid") and not _moved(outcome, one):
            plain.setdefault(one.field, one.value)
    try:
        outcome.text, filled = fill_blanks(before.text, plain)
    except NoPlace:
        filled = frozenset[str]()
    seen: set[str] = set()
    to_findings = {one.field: one.value for one in answers if _is_to_finding(one) and one.field not in outcome.record}
    together = frozenset[str]()
    for one in answers:
        if there.get(one.field) == one.value:
            outcome.same.append(one.row.field)
        elif one.field in filled | together and one.field not in seen:
            seen.add(one.field)
            _remember(outcome, one)
        else:
            _place(outcome, one)
            if one.field in to_findings and not together:  # the first has made the list, to which the others are added
                outcome.text, together = with_more_findings(outcome.text, to_findings)
    return outcome


def _is_to_finding(one: Answer) -> bool:
    return one.field.startswith(f"{FIELD}[")


def _moved(outcome: Outcome, one: Answer) -> bool:
    """Whether the same question was answered before with something that belongs into another field."""
    there = outcome.record.get(one.row.field)
    return there is not None and there.field != one.field


def _remember(outcome: Outcome, one: Answer) -> None:
    outcome.written.append(one.row.field)
    outcome.record[one.row.field] = Written(field=one.field, value=one.value)


def _place(outcome: Outcome, one: Answer) -> None:
    """Write one answer that stands at no empty field."""
    try:
        if one.field.endswith(".rrid"):
            _add_rrid(outcome, one)
        elif one.row.field in outcome.record:
            _correct(outcome, one, outcome.record[one.row.field])
        else:
            _write(outcome, one, place_answer(outcome.text, one.field, one.value))
    except UnreadableAnswer as unreadable:
        outcome.problems.append(row_problem(one.row, ANSWER, str(unreadable)))
    except AlreadyAnswered as there:
        said, sheet = shown_answer(str(there)), shown_answer(one.row.answer)
        reason = f"{field_in_words(one.row)} already says {said}; the sheet says {sheet}"
        outcome.problems.append(row_problem(one.row, ANSWER, f"{reason}. Correct one of the two"))
    except (NoPlace, CannotFinish) as nowhere:
        reason = f"{shown_answer(one.row.field)} has no place in deposit.yaml: {str(nowhere).rstrip('.')}"
        outcome.problems.append(row_problem(one.row, QUESTION_ID, reason))


def _write(outcome: Outcome, one: Answer, changed: str) -> None:
    if changed == outcome.text:
        outcome.same.append(one.row.field)
    else:
        outcome.text = changed
        _remember(outcome, one)


def _correct(outcome: Outcome, one: Answer, there: Written) -> None:
    """Write an answer in the place of the one that a sheet gave before, unless somebody else has changed that.

    Raises `AlreadyAnswered` where somebody has.
    """
    if one.field == there.field and _says_so(one.value, there.value):
        _write(outcome, one, place_answer(outcome.text, there.field, there.value))
        return
    unchanged = place_answer(outcome.text, there.field, there.value)
    if unchanged != outcome.text:  # emptied since
        _write(outcome, one, place_answer(outcome.text, one.field, one.value))
        return
    text = outcome.text
    if one.field != there.field:
        text = place_answer(text, there.field, "null", replacing=True)
    outcome.text = place_answer(text, one.field, one.value, replacing=one.field == there.field)
    old, new = _told(one.row.field, there.field, there.value), _told(one.row.field, one.field, one.value)
    outcome.corrected.append(Correction(field=one.row.field, old=old, new=new))
    outcome.record[one.row.field] = Written(field=one.field, value=one.value)


def _told(asked: str, field: str, value: str) -> str:
    """An answer, behind the name of its field where that is another one than was asked for."""
    return value if field == asked else f"{field}: {value}"


def row_problem(row: SheetRow, column: str, reason: str) -> RowProblem:
    """Why the answer of a row was not taken."""
    return RowProblem(row=row.number, column=column, reason=reason)


def field_in_words(row: SheetRow) -> str:
    """The field of a row, on one line and not too long."""
    return shown_answer(row.field).strip("'")


def _says_so(value: str, there: str) -> bool:
    """Whether two answers are the same, RRIDs apart that were asked for later."""
    return same_value(value, there) or same_value(value, _RRID_BEHIND.sub("", there))


def _add_rrid(outcome: Outcome, one: Answer) -> None:
    """Write the RRID behind the probe of a channel, in the place of the one that a sheet gave before."""
    place = one.field.removesuffix(".rrid")
    name = place.partition("[")[2].partition("]")[0]
    channels = read_description(outcome.text).description.channels
    probe = next((said.probe for number, said in enumerate(channels) if name in (said.id, str(number))), None)
    found = re.search(r"(?:AB|SCR|CVCL)_[A-Za-z0-9]+", one.value)
    if found is None:
        raise UnreadableAnswer("an RRID such as RRID:AB_477593 was expected")
    if probe is None:
        raise NoPlace("the channel has no probe yet")
    if found[0] in probe:
        outcome.same.append(one.row.field)
        return
    there = outcome.record.get(one.row.field)
    if there is not None and there.value in probe:
        whole = probe.replace(there.value, found[0])
        outcome.corrected.append(Correction(field=one.row.field, old=there.value, new=found[0]))
    else:
        whole = f"{probe} (RRID:{found[0]})"
        outcome.written.append(one.row.field)
    outcome.text = place_answer(outcome.text, place, yaml_text(whole), replacing=True)
    outcome.record[one.row.field] = Written(field=place, value=found[0])
    if same_value(outcome.record.get(place, Written(field="", value="null")).value, yaml_text(probe)):
        outcome.record[place] = Written(field=place, value=yaml_text(whole))


def shown_answer(text: str) -> str:
    """A text in quotation marks, on one line and not too long."""
    line = " ".join(text.split())
    return repr(line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 3] + "...")
