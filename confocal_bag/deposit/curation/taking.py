"""Take the answers of a sheet into the text of deposit.yaml, and say of each that cannot be taken why."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.answered import Written
from confocal_bag.deposit.curation.breadth import spread
from confocal_bag.deposit.curation.cells import without_places
from confocal_bag.deposit.curation.key_questions import KEY_QUESTIONS
from confocal_bag.deposit.curation.outcome import (
    Answer,
    Correction,
    Outcome,
    RowProblem,
    field_in_words,
    row_problem,
    shown_answer,
    written,
)
from confocal_bag.deposit.curation.sheet import ANSWER, QUESTION_ID, SheetRow
from confocal_bag.deposit.curation.tree import TREE
from confocal_bag.deposit.curation.wording import Kind
from confocal_bag.deposit.curation.wordings.table import WORDINGS
from confocal_bag.deposit.curation.written import UnreadableAnswer, written_value
from confocal_bag.deposit.description.fields import FIELD_HELP
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import is_promise, says_something
from confocal_bag.findings import Severity

__all__ = ["Correction", "RowProblem", "TakenAnswers", "take_answers"]

_RRID = "channels.probe.rrid"

#: How the question about a channel teaches to answer it: "Alexa Fluor 488, shows microtubules".
_SHOWS = re.compile(
    r"(?P<probe>\S.*?)\s*(?:[,;:\u2013-]\s*|\s)(?:(?:and|which|it|that)\s+)?shows?\s+(?P<target>\S.*?)\.?", re.I | re.S
)
_EMAILS = frozenset({"creators.email", "contributors.email"})
_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]+")
_NAMES = frozenset({"creators.family", "creators.given", "contributors.family", "contributors.given"})
#: What stands between the names of two people, and in no name.
_SEVERAL = re.compile(r"[;\n&]|\s(?:and|und|et)\s")

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
class TakenAnswers:
    """The new text of deposit.yaml, the fields that were written, those that said so before, and what went wrong.

    `corrected` are the fields that had another answer of a sheet before, `record` is what sheets have written so far.
    `not_known` counts the answers that say that nobody knows, `promised` holds the rows that only promise an answer.
    """

    text: str
    written: tuple[str, ...]
    same: tuple[str, ...]
    corrected: tuple[Correction, ...]
    record: Mapping[str, Written]
    not_known: int
    promised: tuple[SheetRow, ...] = ()
    problems: tuple[RowProblem, ...]


def take_answers(
    text: str, rows: Sequence[SheetRow], inventory: Inventory, record: Mapping[str, Written] | None = None
) -> TakenAnswers:
    """Write each answer to its field. An answer that a field cannot hold, or that contradicts one, is left out.

    `record` is what earlier sheets wrote: an answer takes the place of one of these, and of nothing else.
    """
    promised = tuple(row for row in rows if _is_promised(row))
    found = spread([row for row in rows if _is_answered(row) and row not in promised])
    unsaid = sum(1 for row in rows if not _is_answered(row) and row not in promised)
    problems = [row_problem(row, ANSWER, _contradicts(row, other)) for row, other in found.contradicting]
    answers: list[Answer] = []
    for row in found.rows:
        for part in _parts(row):
            read = _read(part)
            if isinstance(read, RowProblem):
                problems.append(read)
            else:
                answers.append(read)
    outcome = _settled(Outcome(text=text, record=dict(record or {})), answers, inventory, _errors(text, inventory))
    return TakenAnswers(
        text=outcome.text,
        written=tuple(outcome.written),
        same=tuple(outcome.same),
        corrected=tuple(outcome.corrected),
        record=outcome.record,
        not_known=unsaid,
        promised=promised,
        problems=tuple(sorted(dict.fromkeys((*problems, *outcome.problems)), key=lambda one: one.row)),
    )


def _is_answered(row: SheetRow) -> bool:
    """Whether a row says more than "not known", which some names of people look like: Na, Nil."""
    return says_something(row.answer, of_person=_is_name(row))


def _is_promised(row: SheetRow) -> bool:
    return is_promise(row.answer) and not (_is_name(row) and _is_answered(row))


def _is_name(row: SheetRow) -> bool:
    return without_places(row.field) in _NAMES | {"creators.name", "contributors.name"}


def _contradicts(row: SheetRow, other: int) -> str:
    return f"row {other} has another answer for {field_in_words(row)}. Keep one of the two"


def _parts(row: SheetRow) -> tuple[SheetRow, ...]:
    """The answer as it is; what makes a channel visible and what it shows (X, shows Y) apart, each for its field."""
    told = _SHOWS.fullmatch(row.answer.strip()) if without_places(row.field) == "channels.probe" else None
    if told is None:
        return (row,)
    target = f"{row.field.removesuffix('.probe')}.target"
    return replace(row, answer=told["probe"]), replace(row, field=target, answer=told["target"])


def _read(row: SheetRow) -> Answer | RowProblem:
    key = without_places(row.field)
    if key not in _KNOWN:
        near = difflib.get_close_matches(key, sorted(_KNOWN), n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return row_problem(row, QUESTION_ID, f"{shown_answer(row.field)} is no field of deposit.yaml{hint}")
    wrong = _wrong_person(key, row.answer)
    if wrong:
        return row_problem(row, ANSWER, f"{shown_answer(row.answer)} is the answer for {field_in_words(row)}; {wrong}")
    if key == _RRID:
        return Answer(row=row, field=row.field, value=row.answer)
    try:
        other, value = written_value(_kind(key), row.answer, field=key, decimal_comma=row.decimal_comma)
    except UnreadableAnswer as unreadable:
        return row_problem(
            row, ANSWER, f"{shown_answer(row.answer)} is the answer for {field_in_words(row)}; {unreadable}"
        )
    return Answer(row=row, field=_instead(row.field, other), value=value)


def _wrong_person(key: str, answer: str) -> str | None:
    """Why an answer about a person is not one about a person; None where it is, or is about something else."""
    if key in _EMAILS and not _EMAIL.fullmatch(answer.strip()):
        return "one e-mail address was expected, such as ada@example.org"
    if key in _NAMES and _SEVERAL.search(answer):
        return "one person was expected; add a row for each of the others, with the ids creators[1].family and so on"
    return None


def _settled(before: Outcome, answers: Sequence[Answer], inventory: Inventory, known: Mapping[_Code, str]) -> Outcome:
    """Write the answers; where they make the description wrong, find those that do by halves and leave them out."""
    outcome = written(before, answers)
    new = [message for code, message in _errors(outcome.text, inventory).items() if code not in known]
    if not new:
        return outcome
    if len(answers) == 1:
        return Outcome(
            text=before.text, record=before.record, problems=[row_problem(answers[0].row, ANSWER, new[0].rstrip("."))]
        )
    middle = len(answers) // 2
    first = _settled(before, answers[:middle], inventory, known)
    second = _settled(Outcome(text=first.text, record=first.record), answers[middle:], inventory, known)
    return Outcome(
        text=second.text,
        record=second.record,
        written=first.written + second.written,
        same=first.same + second.same,
        corrected=first.corrected + second.corrected,
        problems=first.problems + second.problems,
    )


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


def _errors(text: str, inventory: Inventory) -> Mapping[_Code, str]:
    """What is wrong with a description, by its kind and field."""
    loaded = read_description(text)
    wrong: dict[_Code, str] = {(one.code, one.field): one.message for one in loaded.problems}
    for one in check_description(loaded, inventory)[1]:
        if one.severity is Severity.ERROR and not one.is_internal:
            wrong.setdefault((one.rule.partition(".")[2], str(one.detail.get("field"))), one.message)
    return wrong
