"""Take in a whole sheet: words as the fields have them, remarks, devices, samples; and remember what was not taken."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.answered import Written
from confocal_bag.deposit.curation.breadth import spread
from confocal_bag.deposit.curation.cells import fields_of, without_places
from confocal_bag.deposit.curation.insertion import NoPlace
from confocal_bag.deposit.curation.named_devices import DEVICE, with_device
from confocal_bag.deposit.curation.other_samples import SAMPLE_FILES, SampleTaken, with_sample_of_files
from confocal_bag.deposit.curation.outcome import Correction, RowProblem, field_in_words, row_problem, shown_answer
from confocal_bag.deposit.curation.placing import AlreadyAnswered, place_answer
from confocal_bag.deposit.curation.remarks import without_remark
from confocal_bag.deposit.curation.sheet import ANSWER, SheetRow
from confocal_bag.deposit.curation.taking import TakenAnswers, take_answers
from confocal_bag.deposit.curation.typed_words import understood
from confocal_bag.deposit.curation.unanswered import Refused, Unanswered
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import is_promise, says_something
from confocal_bag.findings import CannotFinish
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["TakenSheet", "is_said", "take_sheet"]

#: What a reason says before it comes to what was expected; the letter quotes the answer itself.
_LEAD = re.compile(r"^.*? is the answer for .*?; ", re.DOTALL)
_LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenSheet:
    """What became of the answers, and what the next letter has to know of those that nothing came of."""

    taken: TakenAnswers
    unanswered: Unanswered


def take_sheet(
    text: str,
    rows: Sequence[SheetRow],
    inventory: Inventory,
    record: Mapping[str, Written] | None = None,
    before: Unanswered | None = None,
) -> TakenSheet:
    """Write the answers of a sheet into the text of deposit.yaml.

    `record` is what earlier sheets wrote, `before` what earlier sheets left without an answer.
    """
    plain, later, problems = _understood(rows)
    taken = take_answers(text, plain, inventory, record)
    taken = replace(taken, problems=(*taken.problems, *problems))
    taken = _with_devices(taken, [row for row in later if DEVICE.fullmatch(row.field)], inventory)
    for row in later:
        if row.field == _LEVEL:
            taken = _with_level(taken, row)
    taken = _with_samples(taken, [row for row in later if SAMPLE_FILES.fullmatch(row.field)], inventory)
    taken = replace(taken, problems=tuple(sorted(dict.fromkeys(taken.problems), key=lambda one: one.row)))
    return TakenSheet(taken=taken, unanswered=_remembered(before or Unanswered(), rows, taken))


def _understood(rows: Sequence[SheetRow]) -> tuple[list[SheetRow], list[SheetRow], list[RowProblem]]:
    """The rows in the words of their fields, those that need the description first, and what nobody understands."""
    plain: list[SheetRow] = []
    later: list[SheetRow] = []
    problems: list[RowProblem] = []
    for row in rows:
        is_answer = is_said(row) and not is_promise(row.answer)
        fields = fields_of(row.field)
        if is_answer and (row.field == _LEVEL or SAMPLE_FILES.fullmatch(row.field) or DEVICE.fullmatch(fields[0])):
            later += [replace(row, field=one) for one in fields]
            continue
        try:
            for part in without_remark(row) if is_answer else (row,):
                answer = understood(without_places(part.field), part.answer) if is_answer else part.answer
                plain.append(replace(part, answer=answer))
        except UnreadableAnswer as unreadable:
            problems.append(_not_taken(row, str(unreadable)))
    return plain, later, problems


def _not_taken(row: SheetRow, reason: str) -> RowProblem:
    return row_problem(row, ANSWER, f"{shown_answer(row.answer)} is the answer for {field_in_words(row)}; {reason}")


def _with_devices(taken: TakenAnswers, rows: Sequence[SheetRow], inventory: Inventory) -> TakenAnswers:
    """Lasers and detectors by their ids; each that no instrument has yet is written with the answer that names it."""
    found = spread(rows)
    waiting: list[SheetRow] = []
    problems = [
        row_problem(row, ANSWER, f"row {other} has another answer for {field_in_words(row)}. Keep one of the two")
        for row, other in found.contradicting
    ]
    for row in found.rows:
        try:
            text, ids = with_device(taken.text, row.field, row.answer)
        except (UnreadableAnswer, NoPlace, CannotFinish) as wrong:
            problems.append(_not_taken(row, str(wrong).rstrip(".")))
            continue
        if "," in ids:
            taken, wrong_list = _with_list(replace(taken, text=text), row, f"[{ids}]")
            problems += wrong_list
            continue
        if text == taken.text:
            waiting.append(replace(row, answer=ids))
            continue
        added = take_answers(text, [replace(row, answer=ids)], inventory, taken.record)
        if added.problems:
            problems += added.problems
        else:
            taken = _both(taken, added)
    if waiting:
        taken = _both(taken, take_answers(taken.text, waiting, inventory, taken.record))
    return replace(taken, problems=(*taken.problems, *problems))


def _with_list(taken: TakenAnswers, row: SheetRow, ids: str) -> tuple[TakenAnswers, list[RowProblem]]:
    """Several lasers of one channel, as YAML."""
    try:
        text = place_answer(taken.text, row.field, ids)
    except (AlreadyAnswered, NoPlace, CannotFinish) as wrong:
        return taken, [_not_taken(row, f"deposit.yaml says otherwise: {wrong}")]
    if text == taken.text:
        return replace(taken, same=(*taken.same, row.field)), []
    return replace(taken, text=text, written=(*taken.written, row.field)), []


def _with_level(taken: TakenAnswers, row: SheetRow) -> TakenAnswers:
    """The level that the deposit is to reach, in the place of the one that was aimed at before."""
    wanted = re.sub(r"[\s_]+", "-", row.answer.strip().casefold())
    if wanted not in {one.value for one in PracticeLevel}:
        expected = ", ".join(PracticeLevel)
        return replace(taken, problems=(*taken.problems, _not_taken(row, f"one of {expected} was expected")))
    text = place_answer(taken.text, _LEVEL, wanted, replacing=True)
    if text == taken.text:
        return replace(taken, same=(*taken.same, _LEVEL))
    return replace(taken, text=text, written=(*taken.written, _LEVEL))


def _with_samples(taken: TakenAnswers, rows: Sequence[SheetRow], inventory: Inventory) -> TakenAnswers:
    """Which files show which sample; a file that an earlier sheet named, and this one does not, is of the first."""
    claimed: frozenset[str] = frozenset()
    for row in rows:
        found = SAMPLE_FILES.fullmatch(row.field)
        place = int(found["place"]) if found else 0
        try:
            new = with_sample_of_files(taken.text, place, row.answer, inventory, record=taken.record, claimed=claimed)
        except (UnreadableAnswer, NoPlace, CannotFinish) as wrong:
            taken = replace(taken, problems=(*taken.problems, _not_taken(row, str(wrong).rstrip("."))))
        except AlreadyAnswered as there:
            reason = f"deposit.yaml already names the sample of such a file: {there}"
            taken = replace(taken, problems=(*taken.problems, _not_taken(row, reason)))
        else:
            claimed |= set(new.paths)
            taken = _told_of_samples(taken, row.field, new)
    return taken


def _told_of_samples(taken: TakenAnswers, asked: str, new: SampleTaken) -> TakenAnswers:
    if new.text == taken.text:
        return replace(taken, same=(*taken.same, asked))
    before, now = taken.record.get(asked), new.record[asked]
    taken = replace(taken, text=new.text, record=new.record)
    if before is None or before == now:
        return replace(taken, written=(*taken.written, asked))
    correction = Correction(field=asked, old=before.value, new=now.value)
    return replace(taken, corrected=(*taken.corrected, correction))


def _both(first: TakenAnswers, second: TakenAnswers) -> TakenAnswers:
    """What became of answers that were taken one after the other."""
    return TakenAnswers(
        text=second.text,
        written=first.written + second.written,
        same=first.same + second.same,
        corrected=first.corrected + second.corrected,
        record=second.record,
        not_known=first.not_known + second.not_known,
        promised=first.promised + second.promised,
        problems=first.problems + second.problems,
    )


def _remembered(before: Unanswered, rows: Sequence[SheetRow], taken: TakenAnswers) -> Unanswered:
    """What is still without an answer: what an answer was taken for since is forgotten."""
    answered = {*taken.written, *taken.same, *(one.field for one in taken.corrected)}
    refused = dict(before.refused)
    by_number = {row.number: row for row in rows}
    new: dict[str, Refused] = {}
    for one in taken.problems:
        row = by_number.get(one.row)
        for field in fields_of(row.field) if row else ():
            new.setdefault(field, Refused(answer=row.answer if row else "", reason=_LEAD.sub("", one.reason)))
    refused.update(new)
    told, unsaid = _fields(filter(is_said, rows)), _fields(row for row in rows if not is_said(row))
    return Unanswered(
        refused={field: one for field, one in refused.items() if field in new or field not in answered | unsaid},
        not_known=frozenset((before.not_known | unsaid) - told - answered),
    )


def is_said(row: SheetRow) -> bool:
    """Whether a row says more than that nobody knows; a promise does. Some names look like it: Na, Nil."""
    leaf = without_places(row.field)
    of_person = leaf.startswith(("creators.", "contributors.")) and leaf.endswith(("family", "given", ".name"))
    return says_something(row.answer, of_person=of_person) or is_promise(row.answer)


def _fields(rows: Iterable[SheetRow]) -> frozenset[str]:
    return frozenset(field for row in rows for field in fields_of(row.field))
