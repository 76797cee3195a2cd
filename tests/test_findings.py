"""Findings, rules, verdicts."""

from collections.abc import Iterator

import pytest

from confocal_bag.findings import (
    Finding,
    NotApplicable,
    Outcome,
    Problem,
    Rule,
    Severity,
    Skipped,
    Verdict,
    readable_path,
    rule,
    run_rules,
    verdict_of,
)


def one_rule(run: object) -> Rule:
    """A rule that is not registered."""
    return Rule(id="test.rule", severity=Severity.WARNING, reference="RFC 0", run=run, documentation="-")  # type: ignore[arg-type]


def test_a_rule_that_yields_nothing_has_passed() -> None:
    """No problem means that the rule was looked at and passed."""
    checks, findings = run_rules([one_rule(lambda context: iter(()))], None)
    assert [check.outcome for check in checks] == [Outcome.PASSED]
    assert findings == []


def test_a_problem_becomes_a_finding_of_its_rule() -> None:
    """The finding carries the rule's id, severity and reference."""
    _, findings = run_rules([one_rule(lambda context: iter([Problem(message="m", path="p")]))], None)
    assert findings == [Finding(rule="test.rule", severity=Severity.WARNING, message="m", path="p", reference="RFC 0")]


def test_a_rule_that_crashes_makes_the_verdict_incomplete() -> None:
    """A bug in a rule is never read as no problem."""

    def crash(context: object) -> Iterator[Problem]:
        raise KeyError("oops")
        yield

    checks, findings = run_rules([one_rule(crash)], None)
    assert checks[0].outcome is Outcome.SKIPPED
    assert findings[0].rule == "internal.rule-failed"
    assert verdict_of(findings) is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("raised", "outcome"), [(Skipped("why"), Outcome.SKIPPED), (NotApplicable("why"), Outcome.NOT_APPLICABLE)]
)
def test_a_rule_can_say_that_it_was_not_looked_at(raised: Exception, outcome: Outcome) -> None:
    """Skipped and not applicable are outcomes of their own, with the reason."""

    def decline(context: object) -> Iterator[Problem]:
        raise raised
        yield

    checks, _ = run_rules([one_rule(decline)], None)
    assert (checks[0].outcome, checks[0].reason) == (outcome, "why")


def test_a_rule_needs_a_docstring() -> None:
    """The docstring is the user documentation, so there is no rule without one."""
    with pytest.raises(ValueError, match="docstring"):
        rule("test.undocumented", severity=Severity.INFO)(lambda context: iter(()))


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ([], Verdict.VALID),
        ([Severity.INFO, Severity.ADVICE], Verdict.VALID),
        ([Severity.WARNING], Verdict.VALID_WITH_WARNINGS),
        ([Severity.WARNING, Severity.ERROR], Verdict.INVALID),
    ],
)
def test_the_worst_finding_decides_the_verdict(severities: list[Severity], verdict: Verdict) -> None:
    """Errors make it invalid, warnings are said, advice and info change nothing."""
    assert verdict_of(Finding(rule="a.b", severity=severity, message="") for severity in severities) is verdict


def test_a_name_that_is_not_utf8_can_be_shown() -> None:
    """Bytes that are not UTF-8 appear as escapes."""
    assert readable_path(b"caf\xe9".decode("utf-8", "surrogateescape")) == "caf\\xe9"
