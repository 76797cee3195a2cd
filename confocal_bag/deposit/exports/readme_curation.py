"""What the curator has answered to the primer's questions, as the lines of a readme."""

from collections.abc import Iterator

from confocal_bag.deposit.curation.key_questions import KEY_QUESTIONS
from confocal_bag.deposit.curation.tree import TREE
from confocal_bag.deposit.description.model import Curation
from confocal_bag.deposit.placeholders import says_something

__all__ = ["curation_answers"]

#: What the section about sharing says.
_TOLD_BEFORE = ("reuse_expectations",)


def curation_answers(said: Curation) -> list[tuple[str, list[str]]]:
    """Each question that somebody answered, in the primer's words, with the answer and the note."""
    return [(question, texts) for question, texts in _answers(said) if texts]


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
