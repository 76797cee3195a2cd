"""What a run says of a deposit as a curator reads it: practice levels, decision tree, key questions, FAIR tests."""

from pydantic import Field

from confocal_bag.page.document_part import DocumentPart

__all__ = [
    "RunEvidence",
    "RunFair",
    "RunLevel",
    "RunMissing",
    "RunQuestion",
    "RunStep",
]


class RunMissing(DocumentPart):
    """What a practice level still needs."""

    field: str
    message: str
    remedy: str | None = None
    fields: tuple[str, ...] = ()


class RunLevel(DocumentPart):
    """The level that is reached, and what the levels still need."""

    reached: str | None = None
    missing: dict[str, tuple[RunMissing, ...]] = Field(default_factory=dict)


class RunEvidence(DocumentPart):
    """What an answer rests on."""

    basis: str = ""
    path: str | None = None
    line: int | None = None
    place: str | None = None
    text: str = ""


class RunStep(DocumentPart):
    """One node on the way through the decision tree; the last one is its end and has only `open`."""

    node: str
    question: str = ""
    answer: str | None = None
    answer_in_words: str = ""
    by: str = "evidence"
    note: str | None = None
    evidence: tuple[RunEvidence, ...] = ()
    ask: str | None = None
    look: str | None = None
    open: tuple[str, ...] = ()


class RunQuestion(DocumentPart):
    """One of the primer's key questions."""

    number: int
    text: str
    status: str
    answer: str | None = None
    note: str | None = None


class RunFair(DocumentPart):
    """One test of the FAIR checklist."""

    id: str
    principle: str
    test: str
    outcome: str
    evidence: str = ""
    remedy: str | None = None
    rule: str | None = None
