"""What the curator has found out: answers to the primer's decision tree and to its key questions."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from confocal_bag.deposit.curation.model import Answer
from confocal_bag.deposit.description.values import Part, Text, listed

__all__ = ["Curation", "FindingAnswer", "KeyAnswer", "KeyAnswers", "NodeAnswer", "TreeAnswers"]


def _yes_or_no(value: Any) -> Any:
    """YAML and people write the same answer in several ways: yes, true, Yes."""
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    if isinstance(value, str):
        word = value.strip().casefold()
        return {"true": "yes", "y": "yes", "false": "no", "n": "no", "": None}.get(word, word)
    return value


class NodeAnswer(Part):
    """The curator's answer to one question of the decision tree, with a note on how it is known."""

    short_form = "answer"
    answer: Annotated[Answer | None, BeforeValidator(_yes_or_no)] = None
    note: Text = None

    @model_validator(mode="before")
    @classmethod
    def _read_truth_value(cls, value: Any) -> Any:
        return _yes_or_no(value) if isinstance(value, bool) else value


class TreeAnswers(Part):
    """Answers to the questions of the primer's Figure 1, by the names of its nodes."""

    proprietary_format: NodeAnswer = Field(default_factory=NodeAnswer)
    can_be_opened: NodeAnswer = Field(default_factory=NodeAnswer)
    multipage: NodeAnswer = Field(default_factory=NodeAnswer)
    multipage_explained: NodeAnswer = Field(default_factory=NodeAnswer)
    embedded_metadata: NodeAnswer = Field(default_factory=NodeAnswer)
    settings_provided: NodeAnswer = Field(default_factory=NodeAnswer)
    modified: NodeAnswer = Field(default_factory=NodeAnswer)
    modification_described: NodeAnswer = Field(default_factory=NodeAnswer)
    analysis_submitted: NodeAnswer = Field(default_factory=NodeAnswer)
    regions_labelled: NodeAnswer = Field(default_factory=NodeAnswer)


class KeyAnswer(Part):
    """The answer to one of the primer's key questions in words, or "not applicable", with a note."""

    short_form = "answer"
    answer: Text = None
    note: Text = None


class KeyAnswers(Part):
    """Answers to the primer's nine key curatorial questions, in their order."""

    reuse_expectations: KeyAnswer = Field(default_factory=KeyAnswer)
    minimum_files: KeyAnswer = Field(default_factory=KeyAnswer)
    files_present: KeyAnswer = Field(default_factory=KeyAnswer)
    migration: KeyAnswer = Field(default_factory=KeyAnswer)
    structure: KeyAnswer = Field(default_factory=KeyAnswer)
    documentation: KeyAnswer = Field(default_factory=KeyAnswer)
    community: KeyAnswer = Field(default_factory=KeyAnswer)
    access_requirements: KeyAnswer = Field(default_factory=KeyAnswer)
    restrictions: KeyAnswer = Field(default_factory=KeyAnswer)


class FindingAnswer(Part):
    """What is known of something that was found in one file or sequence: who says so, and why it is as it is.

    `rule` and `path` are those of the finding, `seen` is the mark of what was seen, which the answer sheet has.
    """

    rule: Text = None
    path: Text = None
    seen: Text = None
    note: Text = None


class Curation(Part):
    """Who curated the deposit, where that is recorded, and what the curator answers instead of the evidence."""

    short_form = "curator"
    curator: Text = None
    log: Text = None
    tree: TreeAnswers = Field(default_factory=TreeAnswers)
    questions: KeyAnswers = Field(default_factory=KeyAnswers)
    findings: Annotated[tuple[FindingAnswer, ...], BeforeValidator(listed)] = ()
