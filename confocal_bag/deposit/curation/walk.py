"""Walk the decision tree: answers from evidence, or from the curator where deposit.yaml has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.model import Answer, Answered, Evidence
from confocal_bag.deposit.curation.nodes import ANSWERERS
from confocal_bag.deposit.curation.tree import ACCEPT, START, TREE, Node
from confocal_bag.findings import readable_path

__all__ = ["Path", "Step", "evidence_document", "walk_tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node on the way: its answer, who gave it, and what the depositor is asked for.

    `seen` is what the evidence says where the curator said otherwise.
    """

    node: Node
    answered: Answered
    by_curator: bool = False
    note: str | None = None
    seen: Answer | None = None

    @property
    def ask(self) -> str | None:
        """What the depositor is asked for, in the primer's words; None where nothing."""
        return self.node.edges[self.answered.answer].ask

    @property
    def look(self) -> str | None:
        """What the curator can look at, where the answer is not known and nobody is asked."""
        return self.node.look if self.answered.answer is Answer.UNKNOWN and self.ask is None else None

    def as_document(self) -> dict[str, Any]:
        """The step as values that JSON can hold."""
        return {
            "node": self.node.id,
            "question": self.node.question,
            "answer": self.answered.answer.value,
            "answer_in_words": self.answered.in_words,
            "by": "curator" if self.by_curator else "evidence",
            "note": self.note,
            "seen": self.seen.value if self.seen else None,
            "evidence": [evidence_document(one) for one in self.answered.evidence],
            "files": [readable_path(path) for path in self.answered.files],
            "ask": self.ask,
            "look": self.look,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The way through the tree, from its start to its end."""

    steps: tuple[Step, ...]

    @property
    def open(self) -> tuple[Step, ...]:
        """The steps that leave a question to the depositor."""
        return tuple(step for step in self.steps if step.ask)

    @property
    def is_accepted(self) -> bool:
        """Whether the deposit can be accepted as it is."""
        return not self.open

    def step(self, node: str) -> Step | None:
        """The step at a node; None where the way does not lead over it."""
        return next((step for step in self.steps if step.node.id == node), None)

    def as_document(self) -> Sequence[Mapping[str, Any]]:
        """The way as values that JSON can hold; the last one is its end."""
        end = {
            "node": ACCEPT if self.is_accepted else "ask-depositor",
            "open": [step.node.id for step in self.open],
        }
        return [*(step.as_document() for step in self.steps), end]


def evidence_document(one: Evidence) -> dict[str, Any]:
    """A piece of evidence as values that JSON can hold."""
    path = readable_path(one.path) if one.path is not None else None
    return {"basis": one.basis.value, "path": path, "line": one.line, "place": one.place, "text": one.text}


def walk_tree(facts: CurationFacts) -> Path:
    """Answer the tree's questions from its start to its end."""
    steps: list[Step] = []
    place = START
    while place != ACCEPT:
        step = _step(TREE[place], facts)
        steps.append(step)
        place = step.node.edges[step.answered.answer].to
    return Path(steps=tuple(steps))


def _step(node: Node, facts: CurationFacts) -> Step:
    found = ANSWERERS[node.id](facts)
    said = getattr(facts.description.curation.tree, node.id)
    if said.answer is None:
        return Step(node=node, answered=found)
    answer = Answer(said.answer)
    return Step(
        node=node,
        answered=replace(found, answer=answer, some=None),
        by_curator=True,
        note=said.note,
        seen=found.answer if found.answer is not answer else None,
    )
