"""Part a plain yes or no from the remark behind it: "no (HeLa is a cell line)". Both are kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from confocal_bag.deposit.curation.model import Answer
from confocal_bag.deposit.curation.sheet import SheetRow
from confocal_bag.deposit.curation.yes_or_no import NO_WORDS, YES_WORDS, judge_answer

__all__ = ["without_remark"]

#: Where the remark is kept, by the question. What protects the people is what `privacy.gate` looks for in the notes.
_KEPT_IN: Mapping[str, str] = {
    "privacy.human_subjects": "privacy.notes",
    "privacy.restricted": "curation.questions.restrictions.note",
}
_FIRST = re.compile(r"[\s\"']*(?P<word>[^\W_]+)(?P<rest>\s*[\s,.;:!(\u2013\u2014-].*)", re.DOTALL)


def without_remark(row: SheetRow) -> Iterator[SheetRow]:
    """The row; as two, for the word and for the remark, where a clear yes or no begins it and the rest agrees."""
    kept = _KEPT_IN.get(row.field)
    found = _FIRST.fullmatch(row.answer) if kept else None
    word = found["word"].casefold() if found else ""
    remark = found["rest"].strip(" \t\n,.;:!\u2013\u2014-") if found else ""
    if remark.startswith("(") and remark.endswith(")"):
        remark = remark[1:-1].strip()
    said = judge_answer(f"{word}, {remark}") if remark and word in YES_WORDS | NO_WORDS else Answer.UNKNOWN
    if kept is None or said is Answer.UNKNOWN:
        yield row
        return
    yield replace(row, answer=said.value)
    yield replace(row, field=kept, answer=f"{remark[:1].upper()}{remark[1:]}")
