"""Take the answers of a sheet into the text of deposit.yaml, and say of each that cannot be taken why."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.curation.key_questions import KEY_QUESTIONS
from confocal_bag.deposit.curation.placing import AlreadyAnswered, NoPlace, fill_blanks, place_answer
from confocal_bag.deposit.curation.requests import without_places
from confocal_bag.deposit.curation.sheet import ANSWER, QUESTION_ID, SheetRow
from confocal_bag.deposit.curation.tree import TREE
from confocal_bag.deposit.curation.wording import WORDINGS, Kind
from confocal_bag.deposit.curation.written import UnreadableAnswer, written_value
from confocal_bag.deposit.description.fields import FIELD_HELP
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.description.text import yaml_text
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.findings import CannotFinish, Severity

__all__ = ["RowProblem", "TakenAnswers", "take_answers"]

_LONGEST_SHOWN = 80
_RRID = "channels.probe.rrid"

#: The kind of a problem, and the field it is about.
_Code = tuple[str, str]

#: Kinds of answers to fields that no question of the letter asks for, but a curator may put into a sheet.
_LISTS = frozenset({"keywords", "audience", "creators.roles", "specimens.treatment"})
_NODES = frozenset(f"curation.tree.{node}" for node in TREE)
_KNOWN = (
    {one for one in (*WORDINGS, *FIELD_HELP) if not one.endswith(" RRID")}
    | _NODES
    | {f"curation.questions.{one.id}" for one in KEY_QUESTIONS}
    | {_RRID, "access.conditions"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why an answer was not taken: the row as spreadsheet programs count, its column, and the reason."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAnswers:
    """The new text of deposit.yaml, the fields that were written, those that said so before, and what went wrong.

    `not_known` counts the answers that say that nobody knows.
    """

    text: str
    written: tuple[str, ...]
    same: tuple[str, ...]
    not_known: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer that can be written: its row, its field, and the YAML text of its value."""

    row: SheetRow
    field: str
    value: str


@dataclass(slots=True)
class _Outcome:
    """What became of answers so far."""

    text: str
    written: list[str]
    same: list[str]
    problems: list[RowProblem]


def take_answers(text: str, rows: Sequence[SheetRow], inventory: Inventory) -> TakenAnswers:
    """Write each answer to its field. An answer that a field cannot hold, or that contradicts one, is left out."""
    told = [row for row in rows if says_something(row.answer)]
    unsaid = sum(1 for row in rows if not says_something(row.answer))
    problems: list[RowProblem] = []
    answers: list[_Answer] = []
    for row in told:
        read = _read(row)
        if isinstance(read, RowProblem):
            problems.append(read)
        else:
            answers.append(read)
    outcome = _settled(text, answers, inventory, _errors(text, inventory))
    return TakenAnswers(
        text=outcome.text,
        written=tuple(outcome.written),
        same=tuple(outcome.same),
        not_known=unsaid,
        problems=tuple(sorted((*problems, *outcome.problems), key=lambda one: one.row)),
    )


def _read(row: SheetRow) -> _Answer | RowProblem:
    key = without_places(row.field)
    if key not in _KNOWN:
        near = difflib.get_close_matches(key, sorted(_KNOWN), n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return _problem(row, QUESTION_ID, f"{_shown(row.field)} is no field of deposit.yaml{hint}")
    if key == _RRID:
        return _Answer(row=row, field=row.field, value=row.answer)
    try:
        other, value = written_value(_kind(key), row.answer, field=key)
    except UnreadableAnswer as unreadable:
        return _problem(row, ANSWER, f"{_shown(row.answer)} is the answer for {_field(row)}; {unreadable}")
    return _Answer(row=row, field=_instead(row.field, other), value=value)


def _settled(text: str, answers: Sequence[_Answer], inventory: Inventory, known: Mapping[_Code, str]) -> _Outcome:
    """Write the answers; where they make the description wrong, find those that do by halves and leave them out."""
    outcome = _placed(text, answers)
    new = [message for code, message in _errors(outcome.text, inventory).items() if code not in known]
    if not new:
        return outcome
    if len(answers) == 1:
        problem = _problem(answers[0].row, ANSWER, new[0].rstrip("."))
        return _Outcome(text=text, written=[], same=[], problems=[problem])
    middle = len(answers) // 2
    first = _settled(text, answers[:middle], inventory, known)
    second = _settled(first.text, answers[middle:], inventory, known)
    return _Outcome(
        text=second.text,
        written=first.written + second.written,
        same=first.same + second.same,
        problems=first.problems + second.problems,
    )


def _placed(text: str, answers: Sequence[_Answer]) -> _Outcome:
    outcome = _Outcome(text=text, written=[], same=[], problems=[])
    plain: dict[str, str] = {}
    for one in answers:
        if not one.field.endswith(".rrid"):
            plain.setdefault(one.field, one.value)
    try:
        outcome.text, filled = fill_blanks(text, plain)
    except NoPlace:
        filled = frozenset[str]()
    seen: set[str] = set()
    for one in answers:
        if one.field in filled and one.field not in seen:
            seen.add(one.field)
            outcome.written.append(one.row.field)
        else:
            _place(outcome, one)
    return outcome


def _place(outcome: _Outcome, one: _Answer) -> None:
    """Write one answer that stands at no empty field."""
    try:
        if one.field.endswith(".rrid"):
            changed = _with_rrid(outcome.text, one)
        else:
            changed = place_answer(outcome.text, one.field, one.value)
    except UnreadableAnswer as unreadable:
        outcome.problems.append(_problem(one.row, ANSWER, str(unreadable)))
    except AlreadyAnswered as there:
        reason = f"{_field(one.row)} already says {_shown(str(there))}; the sheet says {_shown(one.row.answer)}"
        outcome.problems.append(_problem(one.row, ANSWER, f"{reason}. Correct one of the two"))
    except (NoPlace, CannotFinish) as nowhere:
        reason = f"{_shown(one.row.field)} has no place in deposit.yaml: {str(nowhere).rstrip('.')}"
        outcome.problems.append(_problem(one.row, QUESTION_ID, reason))
    else:
        (outcome.same if changed == outcome.text else outcome.written).append(one.row.field)
        outcome.text = changed


def _problem(row: SheetRow, column: str, reason: str) -> RowProblem:
    return RowProblem(row=row.number, column=column, reason=reason)


def _field(row: SheetRow) -> str:
    return _shown(row.field).strip("'")


def _kind(key: str) -> Kind:
    wording = WORDINGS.get(key)
    if wording is not None:
        return wording.kind
    return Kind.NODE if key in _NODES else Kind.LIST if key in _LISTS else Kind.TEXT


def _instead(field: str, other: str) -> str:
    """The field to write: another of the same entry where the answer is one for that."""
    if not other:
        return field
    entry = re.match(r"[a-z_]+\[[^\]]*\]", field)
    return f"{entry[0] if entry else field.partition('.')[0]}.{other}"


def _with_rrid(text: str, one: _Answer) -> str:
    """The probe of a channel with the RRID behind it."""
    field = one.field.removesuffix(".rrid")
    name = field.partition("[")[2].partition("]")[0]
    channels = read_description(text).description.channels
    probe = next((said.probe for number, said in enumerate(channels) if name in (said.id, str(number))), None)
    found = re.search(r"(?:AB|SCR|CVCL)_[A-Za-z0-9]+", one.value)
    if found is None:
        raise UnreadableAnswer("an RRID such as RRID:AB_477593 was expected")
    if probe is None:
        raise NoPlace("the channel has no probe yet")
    if found[0] in probe:
        return text
    return place_answer(text, field, yaml_text(f"{probe} (RRID:{found[0]})"), replacing=True)


def _errors(text: str, inventory: Inventory) -> Mapping[_Code, str]:
    """What is wrong with a description, by its kind and field."""
    loaded = read_description(text)
    wrong: dict[_Code, str] = {(one.code, one.field): one.message for one in loaded.problems}
    for one in check_description(loaded, inventory)[1]:
        if one.severity is Severity.ERROR and not one.is_internal:
            wrong.setdefault((one.rule.partition(".")[2], str(one.detail.get("field"))), one.message)
    return wrong


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 3] + "...")
