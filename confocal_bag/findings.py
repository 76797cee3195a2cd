"""Findings, checks, verdicts and reports: the one language for right and wrong.

Problems with the data are findings, yielded by rules. Inability to work is `CannotFinish`. Anything else is a bug.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

__all__ = [
    "RULES",
    "STORE_SCHEMES",
    "CannotFinish",
    "Check",
    "Finding",
    "NotApplicable",
    "Outcome",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "Skipped",
    "UsageProblem",
    "Verdict",
    "one_line",
    "readable_path",
    "rule",
    "run_rules",
    "verdict_of",
]

Context = TypeVar("Context")

#: What addresses of files in a store begin with, before "://".
STORE_SCHEMES = ("s3", "sftp", "ssh", "gs", "az", "abfs", "memory")
_STORE = re.compile(rf"\A({'|'.join((*STORE_SCHEMES, 'https?', 'ftps?'))}):/(?!/)")
#: The password of an address; a number after the host is its port.
_PASSWORD = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]+:/+[^/:@\[]*):(?!\d{1,5}(?:/|\Z)).*@", re.DOTALL)


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst severity, growing as findings matter less."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """What became of one rule in one run."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not-applicable"


class Verdict(StrEnum):
    """The one-word answer of a run."""

    VALID = "valid"
    VALID_WITH_WARNINGS = "valid-with-warnings"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing seen in a deposit or bag, with what to do about it."""

    rule: str
    severity: Severity
    message: str
    path: str | None = None
    remedy: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    reference: str | None = None

    @property
    def is_internal(self) -> bool:
        """Whether it says that something could not be looked at, rather than what was seen.

        The reason lies in the program or its surroundings (internal), or in what it was told to do (usage).
        """
        return self.rule.startswith(("internal.", "usage."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a rule yields: a finding without the parts its rule already knows."""

    message: str
    path: str | None = None
    remedy: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """That a rule was considered, and what became of it."""

    rule: str
    outcome: Outcome
    reason: str | None = None


class Skipped(Exception):  # noqa: N818 - an outcome, not an error
    """Raised inside a rule that was not looked at; the sentence says why."""


class NotApplicable(Exception):  # noqa: N818 - an outcome, not an error
    """Raised inside a rule that has nothing to look at; the sentence says why."""


class CannotFinish(Exception):  # noqa: N818 - the name users read in the documentation
    """The work cannot be done. The sentence names the path and the next step."""


class UsageProblem(CannotFinish):
    """What was asked for means nothing: a slip in an option or in a name of ours. The sentence says how to write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check: an id, how much it matters, where it comes from, and the generator that makes it."""

    id: str
    severity: Severity
    reference: str | None
    run: Callable[[Any], Iterator[Problem]]
    documentation: str

    @property
    def family(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


RULES: dict[str, Rule] = {}


def rule(
    id: str,  # noqa: A002 - the word the documentation uses
    *,
    severity: Severity,
    reference: str | None = None,
) -> Callable[[Callable[[Context], Iterator[Problem]]], Callable[[Context], Iterator[Problem]]]:
    """Register a generator function as a rule. Its docstring is what users read about it."""

    def register(function: Callable[[Context], Iterator[Problem]]) -> Callable[[Context], Iterator[Problem]]:
        if id in RULES:
            raise ValueError(f"two rules are called {id}")
        if not (function.__doc__ or "").strip():
            raise ValueError(f"rule {id} has no docstring")
        RULES[id] = Rule(
            id=id,
            severity=severity,
            reference=reference,
            run=function,
            documentation=(function.__doc__ or "").strip(),
        )
        return function

    return register


def run_rules(rules: Iterable[Rule], context: Any) -> tuple[list[Check], list[Finding]]:
    """Run each rule on the context; return one check per rule and every finding.

    A rule that crashes becomes the finding `internal.rule-failed`, so that a bug is never read as "no problem".
    """
    checks: list[Check] = []
    findings: list[Finding] = []
    for one in rules:
        seen: list[Finding] = []
        try:
            seen.extend(_finding(one, problem) for problem in one.run(context))
            outcome, reason = (Outcome.FAILED if seen else Outcome.PASSED), None
        except Skipped as skipped:
            outcome, reason = Outcome.SKIPPED, str(skipped)
        except NotApplicable as absent:
            outcome, reason = Outcome.NOT_APPLICABLE, str(absent)
        except CannotFinish:
            raise
        except Exception as crash:  # noqa: BLE001 - the rule runner: a crashing rule must not hide the others
            outcome, reason = Outcome.SKIPPED, f"the rule failed: {type(crash).__name__}: {crash}"
            seen.append(
                Finding(
                    rule="internal.rule-failed",
                    severity=Severity.ERROR,
                    message=f"The rule {one.id} could not finish: {type(crash).__name__}: {crash}",
                    remedy="Report this as a bug of confocal-bag; the verdict cannot be trusted without this rule.",
                    detail={"rule": one.id},
                )
            )
        checks.append(Check(rule=one.id, outcome=outcome, reason=reason))
        findings.extend(seen)
    return checks, findings


def _finding(one: Rule, problem: Problem) -> Finding:
    return Finding(
        rule=one.id,
        severity=problem.severity or one.severity,
        message=problem.message,
        path=problem.path,
        remedy=problem.remedy,
        detail=problem.detail,
        reference=one.reference,
    )


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict that a set of findings amounts to.

    A certain error outranks a rule that failed: the thing is invalid whatever the missing rule would have said.
    """
    findings = list(findings)
    if any(f.severity is Severity.ERROR and not f.is_internal for f in findings):
        return Verdict.INVALID
    if any(f.is_internal for f in findings):
        return Verdict.INCOMPLETE
    if any(f.severity is Severity.WARNING for f in findings):
        return Verdict.VALID_WITH_WARNINGS
    return Verdict.VALID


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything one command has to say about one subject.

    `summary` and `extra` hold only values that JSON can hold; `extra` becomes further top-level keys of the document.
    `judged` are the findings the verdict comes from where only a part of them is shown; None means all that are shown.
    `made` is when the work it tells of ended; None where nobody recorded it.
    """

    command: str
    subject: str
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    judged: tuple[Finding, ...] | None = None
    made: datetime | None = field(default_factory=lambda: datetime.now(UTC), compare=False)

    @property
    def verdict(self) -> Verdict:
        """The verdict of all findings, shown or not."""
        return verdict_of(self.findings if self.judged is None else self.judged)

    @property
    def job(self) -> tuple[Any, Any]:
        """The row of a table of jobs that a build was for, if any, and its bag: made, or asked for by the row."""
        return self.summary.get("row"), self.summary.get("bag") or self.summary.get("bag_of_row")

    @property
    def made_in_words(self) -> str | None:
        """When it was made: ISO 8601 to the second, as in 2026-11-24T15:48:49Z."""
        return self.made.isoformat(timespec="seconds").replace("+00:00", "Z") if self.made else None


def readable_path(path: str | os.PathLike[str]) -> str:
    """A path as text that can be printed and put into JSON; bytes that are not UTF-8 appear as \\xNN.

    An address in a store gets back the second slash that a path does not keep, and loses a password that it holds.
    """
    text = os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _PASSWORD.sub(r"\1:***@", _STORE.sub(r"\1://", text))


def one_line(text: str) -> str:
    """Text for a terminal: it cannot move the cursor, change colours or forge a line of its own."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
