"""What the curator has answered to the primer's questions, as the lines of a readme."""

from collections.abc import Iterator, Mapping, Sequence

from confocal_bag.counted import counted
from confocal_bag.deposit.curation.key_questions import KEY_QUESTIONS
from confocal_bag.deposit.curation.tree import TREE
from confocal_bag.deposit.description.curating import Curation, FindingAnswer
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.placeholders import is_promise, says_something

__all__ = ["curation_answers", "settled_findings"]

#: What the section about sharing says.
_TOLD_BEFORE = ("reuse_expectations",)


def curation_answers(said: Curation) -> list[tuple[str, list[str]]]:
    """Each question that somebody answered, in the primer's words, with the answer and the note."""
    return [(question, texts) for question, texts in _answers(said) if texts]


def settled_findings(said: Curation, seen: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was found in a file and what somebody answered to it; `seen` is what was found, by its mark, where known."""
    alike: dict[tuple[str | None, str], list[FindingAnswer]] = {}
    for one in said.findings:
        if one.note and says_something(one.note) and not is_promise(one.note):
            alike.setdefault((one.rule, one.note), []).append(one)
    return [(_found(ones, seen), note) for (_, note), ones in alike.items()]


def _found(ones: Sequence[FindingAnswer], seen: Mapping[str, str]) -> str:
    """What was found, in the first of the files that have the same answer, and how many more there are."""
    first = f"{seen.get(ones[0].seen or '', 'Found')} ({_of(ones[0])})"
    more = counted(len(ones) - 1, "more file/more files")
    return f"{first} The same answer is for {more}, which deposit.yaml names." if len(ones) > 1 else first


def _of(one: FindingAnswer) -> str:
    return ", ".join(filter(None, [one.rule, shown_path(one.path) if one.path else None, one.seen]))


def _answers(said: Curation) -> Iterator[tuple[str, list[str]]]:
    for node in TREE.values():
        of_node = getattr(said.tree, node.id)
        yield node.question, _texts(of_node.answer.value if of_node.answer else None, of_node.note)
    for question in (one for one in KEY_QUESTIONS if one.id not in _TOLD_BEFORE):
        of_question = getattr(said.questions, question.id)
        yield question.question, _texts(of_question.answer, of_question.note)


def _texts(answer: str | None, note: str | None) -> list[str]:
    told = [answer if says_something(answer) else None, note if says_something(note) else None]
    return [text for text in told if text]
