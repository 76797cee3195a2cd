"""What the primer's questions leave open, as findings: for the depositor to answer or the curator to look at."""

import re
from collections.abc import Iterator, Sequence

from confocal_bag.deposit.curation.key_questions import SECTION
from confocal_bag.deposit.curation.model import Answer, Status
from confocal_bag.deposit.curation.open_questions import OPEN_QUESTIONS, OpenQuestion
from confocal_bag.deposit.curation.stack_parts import signs_of_parts, told_whole
from confocal_bag.deposit.curation.study import CurationStudy
from confocal_bag.deposit.curation.tree import FIGURE
from confocal_bag.deposit.curation.walk import Step
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Severity,
    readable_path,
    rule,
    run_rules,
)

__all__ = ["check_curation"]

WHAT_TO_SAVE = "primer, Unresolved issues (what to save)"

_MOST_NAMED = 5
#: Words in the name of an image that say that it shows a whole stack in one plane.
_PROJECTED = re.compile(
    r"(?:^|[^a-z])(?:(?:max|avg|sum|min|std)[-_ ]?(?:imum|erage)?[-_ ]?(?:int(?:ensity)?[-_ ]?)?(?:z[-_ ]?)?"
    r"(?:ip|proj(?:ection)?)|mip|(?:z[-_ ]?)?proj(?:ection|ected)?|(?:max|avg|std)(?=[-_ ]))(?:[^a-z]|$)",
    re.IGNORECASE,
)


def check_curation(study: CurationStudy) -> tuple[list[Check], list[Finding]]:
    """Run every rule about the decision tree and the key questions."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    return run_rules(chosen, study)


def _register(question: OpenQuestion) -> None:
    """Make the rule that finds the question left to the depositor."""

    def is_open(study: CurationStudy) -> Iterator[Problem]:
        step = study.path.step(question.node)
        if step is None:
            raise NotApplicable("the decision tree does not lead to this question")
        if step.ask is not None:
            yield _left_open(question, step)

    is_open.__doc__ = question.documentation
    rule(question.rule, severity=Severity.ADVICE, reference=FIGURE)(is_open)


for _question in OPEN_QUESTIONS:
    _register(_question)


def _left_open(question: OpenQuestion, step: Step) -> Problem:
    names = [readable_path(path) for path in step.answered.files]
    return Problem(
        path=names[0] if len(names) == 1 else None,
        message=f"{question.message}{_naming(names)}.{_seen(step)}",
        remedy=f"{question.remedy}, or answer `curation.tree.{question.node}` in deposit.yaml.",
        detail={"node": question.node, "answer": step.answered.answer.value, "files": names[:1000]},
    )


def _naming(names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f": {', '.join(names[:_MOST_NAMED])}{more}"


def _seen(step: Step) -> str:
    """What is known of it all the same: a note of the curator, or where was looked."""
    if step.by_curator:
        return f" The curator answered {step.answered.answer}{f': {step.note}' if step.note else ''}."
    looked = next((one.text for one in step.answered.evidence if one.path is None), None)
    return f" {looked[0].upper()}{looked[1:]}." if looked else ""


@rule("curation.look-yourself", severity=Severity.ADVICE, reference=FIGURE)
def look_yourself(study: CurationStudy) -> Iterator[Problem]:
    """A question of the decision tree could not be answered here, and the curator can answer it by looking.

    Write the answer with a note under `curation: tree:` in deposit.yaml.
    """
    for step in study.path.steps:
        if step.look is not None:
            names = [readable_path(path) for path in step.answered.files]
            yield Problem(
                message=f"{step.node.question} This is not known{_naming(names)}.",
                remedy=f"{step.look}, and answer `curation.tree.{step.node.id}` in deposit.yaml.",
                detail={"node": step.node.id, "files": names[:1000]},
            )


@rule("curation.contradicts-evidence", severity=Severity.ADVICE, reference=FIGURE)
def contradicts_evidence(study: CurationStudy) -> Iterator[Problem]:
    """The curator's answer is not what the evidence says, and no note says why.

    The answer in deposit.yaml stands. A note tells those who come after how it is known.
    """
    for step in study.path.steps:
        if step.by_curator and step.seen not in (None, Answer.UNKNOWN) and not step.note:
            yield Problem(
                path=study.name,
                message=f"curation.tree.{step.node.id} is answered {step.answered.answer} in deposit.yaml, where the "
                f"evidence says {step.seen}.",
                remedy="Add a `note` that says how it is known, or correct the answer.",
                detail={"node": step.node.id, "answer": step.answered.answer.value, "seen": str(step.seen)},
            )


@rule("curation.whole-stack", severity=Severity.ADVICE, reference=WHAT_TO_SAVE)
def whole_stack(study: CurationStudy) -> Iterator[Problem]:
    """A projection without the z-stack that it can have been made from, or a z-stack that seems to be part of one.

    The primer, on what to save: future users may benefit from having the whole stack in ways that cannot be
    anticipated, even where the whole stack is beyond the scope of the current analysis; it is a balance, as z-stacks
    can add up to quite large collections of files. A stack seems to be a part where its name says so (Substack,
    z20-40) or the numbers of its planes begin late. Told for information where nothing speaks against whole stacks:
    `ask` has a question about it, unless a readme says that they are whole.
    """
    stacks = study.facts.z_stacks
    projected = [one for one in study.facts.images if _PROJECTED.search(one.path.stem) and one not in stacks]
    if projected and not stacks:
        names = [readable_path(one.path) for one in projected]
        yield Problem(
            path=names[0],
            message=f"By their names these images are projections, and no z-stack is in the deposit{_naming(names)}.",
            remedy="Ask the depositor for the whole stacks, or where they are kept; weigh their size against their use "
            "to others.",
            detail={"files": names[:1000]},
        )
    elif stacks:
        signs, said = signs_of_parts(study.facts), told_whole(study.facts)
        yield Problem(
            severity=None if signs else Severity.INFO,
            path=None if said and not signs else readable_path(stacks[0].path),
            message=f"{_held(stacks)}. {_whether_whole(signs, said)}",
            remedy="Keep whole stacks as storage allows: others may benefit from them in ways that cannot be "
            "anticipated. Ask the depositor for the whole ones where these are parts.",
            detail={"files": [readable_path(one.path) for one in stacks[:1000]], "signs": list(signs[:1000])},
        )


def _whether_whole(signs: Sequence[str], said: str | None) -> str:
    if signs:
        more = f" and {len(signs) - _MOST_NAMED} more" if len(signs) > _MOST_NAMED else ""
        return f"They may be parts of longer stacks: {'; '.join(signs[:_MOST_NAMED])}{more}."
    return said or "Whether they are whole, every plane that was acquired, the depositor can say."


def _held(stacks: Sequence[FileRecord]) -> str:
    size = sum(one.bytes for one in stacks)
    if len(stacks) == 1:
        return f"{readable_path(stacks[0].path)} holds a z-stack; the file has {size:,} bytes"
    return f"{len(stacks):,} files hold z-stacks or planes of them; they have {size:,} bytes together"


@rule("curation.key-question", severity=Severity.INFO, reference=SECTION)
def key_question(study: CurationStudy) -> Iterator[Problem]:
    """Some of the primer's nine key questions have no answer yet.

    Some are for the depositor (`confocal-bag ask` puts them into the letter), some for the curator. Answers are
    written under `curation: questions:` in deposit.yaml, or "not applicable".
    """
    bare = [one.question for one in study.questions if one.status is Status.UNANSWERED]
    if bare:
        numbers = ", ".join(str(one.number) for one in bare)
        yield Problem(
            message=f"Key question{'s' if len(bare) > 1 else ''} {numbers} of the primer "
            f"{'are not answered; the first is' if len(bare) > 1 else 'is not answered'}: {bare[0].question}",
            remedy=f"Answer `curation.questions.{bare[0].id}` in deposit.yaml"
            + (f", and {', '.join(f'`{one.id}`' for one in bare[1:])} beside it." if len(bare) > 1 else "."),
            detail={"questions": [one.id for one in bare]},
        )
