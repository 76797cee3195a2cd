"""What a FAIR test is: its names in the published metrics, and what became of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import TypeVar

from confocal_bag.deposit.fair.view import FairView
from confocal_bag.findings import NotApplicable, Problem, Severity, Skipped, rule

__all__ = ["TESTS", "Answer", "FairOutcome", "FairTest", "fail_unless", "fair_test", "listed"]

_SHOWN = 3
_UNDESCRIBED = "nobody has described the deposit yet: there is no deposit.yaml"


class FairOutcome(StrEnum):
    """What became of a test. There is no score: the tests are not of equal weight."""

    PASS = "pass"  # noqa: S105 - an outcome
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    NOT_TESTABLE = "not-testable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The outcome of a test, with the evidence for it, and where it failed what to do."""

    outcome: FairOutcome
    evidence: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FairTest:
    """One test of the checklist. `fuji` are its metrics of F-UJI 0.8, `fair_checker` those of FAIR-Checker.

    `rule` is None where no deposit could ever pass and fail it: then it is only listed.
    """

    id: str
    title: str
    rule: str | None
    fuji: tuple[str, ...]
    fair_checker: tuple[str, ...]
    judge: Callable[[FairView], Answer]

    @property
    def principle(self) -> str:
        """The principle that the test belongs to."""
        return {"F": "Findable", "A": "Accessible", "I": "Interoperable", "R": "Reusable"}[self.id[0]]


#: The checklist, in its order.
TESTS: dict[str, FairTest] = {}
Judge = TypeVar("Judge", bound=Callable[[FairView], Answer])


def fair_test(
    id: str,  # noqa: A002 - the word the checklist uses
    title: str,
    *,
    name: str | None,
    fuji: Sequence[str] = (),
    fair_checker: Sequence[str] = (),
    of_description: bool = True,
) -> Callable[[Judge], Judge]:
    """Add a test to the checklist and, where it has a `name`, make it the rule fair.NAME with the same docstring.

    `of_description` tests cannot be made where there is no description.
    """

    def register(judge: Judge) -> Judge:
        def judged(view: FairView) -> Answer:
            if of_description and view.loaded is None:
                return Answer(outcome=FairOutcome.NOT_TESTABLE, evidence=_UNDESCRIBED)
            return judge(view)

        one = FairTest(
            id=id,
            title=title,
            rule=f"fair.{name}" if name else None,
            fuji=tuple(f"FsF-{metric}" for metric in fuji),
            fair_checker=tuple(fair_checker),
            judge=judged,
        )
        TESTS[id] = one
        if one.rule is not None:
            _register_rule(one, one.rule, judge)
        return judge

    return register


def _register_rule(one: FairTest, name: str, judge: Callable[[FairView], Answer]) -> None:
    metrics = ", ".join((*one.fuji, *(f"FAIR-Checker {metric}" for metric in one.fair_checker)))
    reference = f"primer, FAIR; {metrics}" if metrics else "primer, FAIR"

    @rule(name, severity=Severity.ADVICE, reference=reference)
    @wraps(judge)
    def run(view: FairView) -> Iterator[Problem]:
        answer = one.judge(view)
        if answer.outcome is FairOutcome.NOT_APPLICABLE:
            raise NotApplicable(answer.evidence)
        if answer.outcome is FairOutcome.NOT_TESTABLE:
            raise Skipped(answer.evidence)
        if answer.outcome is FairOutcome.FAIL:
            yield Problem(
                message=f"{one.principle} {one.id}, {one.title}: {answer.evidence}.",
                remedy=answer.remedy,
                detail={"test": one.id, "fuji": list(one.fuji), "fair_checker": list(one.fair_checker)},
            )


def fail_unless(missing: Sequence[str], *, evidence: str, remedy: str, lacking: str = "missing: ") -> Answer:
    """A pass with the evidence where nothing is missing; else a failure that lists what is."""
    if missing:
        return Answer(outcome=FairOutcome.FAIL, evidence=f"{lacking}{listed(missing)}", remedy=remedy)
    return Answer(outcome=FairOutcome.PASS, evidence=evidence)


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    different = list(dict.fromkeys(names))
    more = len(different) - _SHOWN
    return ", ".join(different[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
