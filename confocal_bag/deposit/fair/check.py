"""Go through the FAIR checklist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confocal_bag.deposit.fair import accessible, findable, interoperable, reusable
from confocal_bag.deposit.fair.checklist import TESTS, Answer, FairTest
from confocal_bag.deposit.fair.view import FairView
from confocal_bag.findings import RULES, Check, Finding, run_rules

__all__ = ["FairResult", "check_fair"]

#: The modules whose tests make up the checklist; to import them is to fill it.
_CHAPTERS = (findable, accessible, interoperable, reusable)
_CHECKLIST = sorted(TESTS.values(), key=lambda one: "FAIR".index(one.id[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class FairResult:
    """One test and what became of it."""

    test: FairTest
    answer: Answer

    def as_document(self) -> Mapping[str, Any]:
        """The test as values that JSON can hold."""
        return {
            "id": self.test.id,
            "principle": self.test.principle,
            "test": self.test.title,
            "rule": self.test.rule,
            "outcome": self.answer.outcome.value,
            "evidence": self.answer.evidence,
            "remedy": self.answer.remedy,
            "fuji": list(self.test.fuji),
            "fair_checker": list(self.test.fair_checker),
        }


def check_fair(view: FairView) -> tuple[list[Check], list[Finding], tuple[FairResult, ...]]:
    """Make every test; the checks and findings of those that are rules, and the whole checklist."""
    names = [one.rule for one in _CHECKLIST if one.rule]
    checks, findings = run_rules([RULES[name] for name in names], view)
    return checks, findings, tuple(FairResult(test=one, answer=one.judge(view)) for one in _CHECKLIST)
