"""A run as its JSON document has it, be it made just now or saved years ago."""

from typing import Any

from pydantic import AwareDatetime, Field, field_validator

from confocal_bag.document import as_document
from confocal_bag.findings import Outcome, Report, Severity, Verdict
from confocal_bag.page.document_part import MOST, Count, DocumentPart
from confocal_bag.page.run_curation import (
    RunEvidence,
    RunFair,
    RunLevel,
    RunMissing,
    RunQuestion,
    RunStep,
)
from confocal_bag.page.run_files import (
    RunAxis,
    RunChannel,
    RunFile,
    RunFormat,
    RunImage,
    RunLeftOut,
    RunSequence,
)

__all__ = [
    "Run",
    "RunAxis",
    "RunBag",
    "RunChannel",
    "RunCheck",
    "RunCoverage",
    "RunEvidence",
    "RunFair",
    "RunFile",
    "RunFinding",
    "RunFormat",
    "RunImage",
    "RunLevel",
    "RunMissing",
    "RunQuestion",
    "RunSequence",
    "RunStep",
    "run_of",
]


class RunTool(DocumentPart):
    """The program that made the run."""

    name: str = "confocal-bag"
    version: str = ""


class RunCheck(DocumentPart):
    """What became of one rule."""

    rule: str
    outcome: Outcome
    reason: str | None = None


class RunFinding(DocumentPart):
    """One finding."""

    rule: str
    severity: Severity
    message: str
    path: str | None = None
    remedy: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict)
    reference: str | None = None


class RunBag(DocumentPart):
    """One bag of a shelf that is worth a look."""

    path: str
    verdict: str | None = None
    checked: str | None = None
    vanished: str | None = None
    change: str | None = None


class RunCoverage(DocumentPart):
    """At a point in time, the bags on a shelf, and those of them that had been checked recently enough."""

    at: str
    bags: Count
    checked: Count


class Run(DocumentPart):
    """One run of `inspect`, `validate` or another command with findings."""

    record: int
    tool: RunTool = RunTool()
    command: str
    subject: str
    made: AwareDatetime | None = None
    verdict: Verdict
    checks: tuple[RunCheck, ...] = ()
    findings: tuple[RunFinding, ...] = ()
    summary: dict[str, Any] = Field(default_factory=dict)
    files: tuple[RunFile, ...] = ()
    left_out: tuple[RunLeftOut, ...] = ()
    inner_files: tuple[RunFile, ...] = ()
    sequences: tuple[RunSequence, ...] = ()
    pictures: tuple[str, ...] = ()
    level: RunLevel | None = None
    decision_tree: tuple[RunStep, ...] = ()
    key_questions: tuple[RunQuestion, ...] = ()
    fair: tuple[RunFair, ...] = ()
    bags: tuple[RunBag, ...] = ()
    coverage: tuple[RunCoverage, ...] = ()

    @field_validator("summary")
    @classmethod
    def _is_bounded(cls, summary: dict[str, Any]) -> dict[str, Any]:
        """Numbers that nobody can have counted could not be shown either."""
        for name, value in summary.items():
            if isinstance(value, int | float) and not abs(value) < MOST:
                raise ValueError(f"{name} is no number that can be")
        return summary


def run_of(report: Report) -> Run:
    """A run that was made just now."""
    return Run.model_validate(as_document(report))
