"""The nine key curatorial questions of the primer, each answered as far as the deposit and its description go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.model import Basis, Evidence, Status
from confocal_bag.deposit.curation.walk import evidence_document
from confocal_bag.deposit.placeholders import says_something

__all__ = ["KEY_QUESTIONS", "SECTION", "KeyQuestion", "QuestionState", "answer_questions"]

#: Where every finding of these questions comes from.
SECTION = "primer, Key curatorial questions"

_NOT_APPLICABLE = frozenset({"not applicable", "not-applicable", "does not apply", "n/a", "n.a."})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyQuestion:
    """One of the nine questions, by its number in the primer and in the primer's words."""

    id: str
    number: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionState:
    """What has become of one question. `answer` is in words; None where there is none."""

    question: KeyQuestion
    status: Status
    answer: str | None = None
    evidence: tuple[Evidence, ...] = ()
    by_curator: bool = False
    note: str | None = None

    def as_document(self) -> dict[str, Any]:
        """The state as values that JSON can hold."""
        return {
            "question": self.question.id,
            "number": self.question.number,
            "text": self.question.question,
            "status": self.status.value,
            "answer": self.answer,
            "by": "curator" if self.by_curator else "evidence",
            "note": self.note,
            "evidence": [evidence_document(one) for one in self.evidence],
        }


_TEXTS = (
    ("reuse_expectations", "What are the depositor's expectations about future reuse?"),
    ("minimum_files", "What are the minimum files required to meet the depositor's expectations for reuse?"),
    ("files_present", "Are the minimally required files and metadata present?"),
    ("migration", "Do the files need to be migrated to a more open or interoperable format?"),
    ("structure", "Does the structure of the dataset make sense?"),
    ("documentation", "Is the documentation robust enough for others to understand the dataset?"),
    ("community", "Who is the intended user community (researchers, education, media outlet, general public)?"),
    ("access_requirements", "Are there search, discovery or access requirements to be met for this community?"),
    ("restrictions", "Does any of the data need to be restricted due to privacy concerns?"),
)

KEY_QUESTIONS: tuple[KeyQuestion, ...] = tuple(
    KeyQuestion(id=id_, number=number, question=text) for number, (id_, text) in enumerate(_TEXTS, start=1)
)

#: An answer in words, if there is one, and the evidence.
_Found = tuple[str | None, tuple[Evidence, ...]]


def answer_questions(facts: CurationFacts) -> tuple[QuestionState, ...]:
    """The state of each question: the curator's answer, else what the evidence answers, else none."""
    return tuple(_state(question, facts) for question in KEY_QUESTIONS)


def _state(question: KeyQuestion, facts: CurationFacts) -> QuestionState:
    said = getattr(facts.description.curation.questions, question.id)
    if said.answer and said.answer.strip().casefold() in _NOT_APPLICABLE:
        return QuestionState(question=question, status=Status.NOT_APPLICABLE, by_curator=True, note=said.note)
    answer, evidence = _ANSWERERS[question.id](facts)
    if says_something(said.answer):
        answer, by_curator = said.answer, True
    else:
        by_curator = False
    status = Status.UNANSWERED if answer is None else Status.ANSWERED
    return QuestionState(
        question=question, status=status, answer=answer, evidence=evidence, by_curator=by_curator, note=said.note
    )


def _described(text: str) -> tuple[Evidence, ...]:
    return (Evidence(basis=Basis.DESCRIPTION, text=text),)


def _nothing(_facts: CurationFacts) -> _Found:
    """Only people can answer it."""
    return None, ()


def _minimum_files(facts: CurationFacts) -> _Found:
    if facts.aim is None:
        return None, ()
    return f"those of the practice level {facts.aim}", _described(f"level: {facts.aim}")


def _files_present(facts: CurationFacts) -> _Found:
    if facts.aim is None:
        return None, ()
    missing = facts.level.missing[facts.aim]
    evidence = tuple(Evidence(basis=Basis.FILES, text=one.message) for one in missing[:5])
    if not missing:
        return "yes", (Evidence(basis=Basis.FILES, text=f"everything that {facts.aim} asks for is there"),)
    return f"no: {len(missing)} thing{'s' if len(missing) > 1 else ''} missing for {facts.aim}", evidence


def _migration(facts: CurationFacts) -> _Found:
    if not facts.images:
        return None, ()
    closed = facts.proprietary
    if not closed:
        return "no: every image is in an open format", ()
    names = ", ".join(dict.fromkeys(one.format.name for one in closed))
    first = Evidence(basis=Basis.FILES, path=closed[0].path, text=f"{len(closed)} in {names}")
    readable = sum(bool(one.images) for one in closed)
    how = "a build converts them to OME-TIFF" if readable == len(closed) else f"a build converts {readable} of them"
    return f"yes: {len(closed)} of {len(facts.images)} image files; {how}", (first,)


def _structure(facts: CurationFacts) -> _Found:
    """Never answered from names alone; what was seen in them helps to."""
    folders = sorted({str(one.path.parent) for one in facts.inventory.files})
    text = f"{len(facts.inventory.files)} files in {len(folders)} folder{'s' if len(folders) > 1 else ''}"
    stacks = f"; {facts.stacks} stack{'s' if facts.stacks > 1 else ''} of files" if facts.stacks else ""
    seen = [Evidence(basis=Basis.FILES, text=text + stacks)]
    seen += [Evidence(basis=Basis.FILES, text=problem) for problem in facts.sequence_problems[:5]]
    if len(facts.inventory.files) == 1:
        return "yes: it is one file", tuple(seen)
    return None, tuple(seen)


def _documentation(facts: CurationFacts) -> _Found:
    """The least that others need is what the lowest practice level asks for; whether it is enough, people judge."""
    missing = facts.level.missing[min(facts.level.missing, key=lambda level: level.rank)]
    asked = [one for one in missing if one.field.startswith(("specimens", "channels", "protocols", "files.", "title"))]
    if asked:
        evidence = tuple(Evidence(basis=Basis.DESCRIPTION, text=one.message) for one in asked[:5])
        return "not yet: sample, channels, methods or files are not described", evidence
    return "sample, channels, methods and files are described", ()


def _community(facts: CurationFacts) -> _Found:
    told = ", ".join(one.value for one in facts.description.audience)
    return (told, _described(f"audience: {told}")) if told else (None, ())


def _access_requirements(facts: CurationFacts) -> _Found:
    said = facts.description
    if said.access.level is None or not said.keywords:
        return None, ()
    conditions = f", {said.access.conditions}" if said.access.conditions else ""
    return (
        f"found by {', '.join(said.keywords)}; access is {said.access.level}{conditions}",
        _described(f"keywords; access.level: {said.access.level}"),
    )


def _restrictions(facts: CurationFacts) -> _Found:
    privacy = facts.description.privacy
    if privacy.restricted is None or privacy.human_subjects is None:
        return None, ()
    people = "of people" if privacy.human_subjects else "not of people"
    answer = "yes" if privacy.restricted else "no"
    return f"{answer}: the samples are {people}", _described(f"privacy.restricted: {str(privacy.restricted).lower()}")


_ANSWERERS: Mapping[str, Callable[[CurationFacts], _Found]] = {
    "reuse_expectations": _nothing,
    "minimum_files": _minimum_files,
    "files_present": _files_present,
    "migration": _migration,
    "structure": _structure,
    "documentation": _documentation,
    "community": _community,
    "access_requirements": _access_requirements,
    "restrictions": _restrictions,
}
