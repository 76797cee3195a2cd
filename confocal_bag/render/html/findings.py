"""Findings and checks in the order and groups in which the page shows them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from confocal_bag.findings import Outcome, Severity
from confocal_bag.page.run import RunCheck, RunFinding

__all__ = ["CheckGroup", "FamilyGroup", "FindingGroups", "RuleGroup", "group_checks", "group_findings"]

#: Findings of one rule, and of all rules, that the page lists; the saved run always holds all.
MOST_OF_A_RULE = 100
MOST_IN_ALL = 4000
_MOST_PERSONAL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """The findings of one rule. `remedy` is the one they all have; `hidden` are not listed."""

    rule: str
    severity: Severity
    findings: tuple[RunFinding, ...]
    hidden: int
    remedy: str | None
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyGroup:
    """The rules of one family with findings, worst first. `number` counts the families of a page from 0."""

    name: str
    number: int
    count: int
    rules: tuple[RuleGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroups:
    """All findings of a run, and how many there are of each severity."""

    families: tuple[FamilyGroup, ...]
    counts: Mapping[Severity, int]
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckGroup:
    """What became of the rules of one family; `unseen` are the rules not looked at, with the reason."""

    family: str
    passed: int
    failed: int
    not_applicable: int
    unseen: tuple[tuple[str, str], ...]


def group_findings(findings: Sequence[RunFinding]) -> FindingGroups:
    """Findings by family and rule; families and rules with the worst findings first."""
    ordered = sorted(findings, key=lambda one: (_family(one.rule), one.rule, one.severity.rank))
    room = MOST_IN_ALL
    families: list[FamilyGroup] = []
    for name, of_family in groupby(ordered, key=lambda one: _family(one.rule)):
        rules: list[RuleGroup] = []
        for rule, of_rule in groupby(of_family, key=lambda one: one.rule):
            group = _rule_group(rule, list(of_rule), min(MOST_OF_A_RULE, room))
            room -= len(group.findings)
            rules.append(group)
        rules.sort(key=lambda group: group.severity.rank)
        count = sum(len(group.findings) + group.hidden for group in rules)
        families.append(FamilyGroup(name=name, number=0, count=count, rules=tuple(rules)))
    families.sort(key=lambda one: (one.rules[0].severity.rank, one.name))
    numbered = (
        FamilyGroup(name=one.name, number=number, count=one.count, rules=one.rules)
        for number, one in enumerate(families)
    )
    return FindingGroups(
        families=tuple(numbered), counts=Counter(one.severity for one in findings), shown=MOST_IN_ALL - room
    )


def _family(rule: str) -> str:
    return rule.partition(".")[0]


def _rule_group(rule: str, findings: Sequence[RunFinding], most: int) -> RuleGroup:
    remedies = {one.remedy for one in findings}
    return RuleGroup(
        rule=rule,
        severity=min((one.severity for one in findings), key=lambda severity: severity.rank),
        findings=tuple(findings[:most]),
        hidden=max(0, len(findings) - most),
        remedy=remedies.pop() if len(remedies) == 1 else None,
        reference=findings[0].reference,
    )


def group_checks(checks: Iterable[RunCheck]) -> list[CheckGroup]:
    """What became of every rule, by family."""
    ordered = sorted(checks, key=lambda one: _family(one.rule))
    return [_check_group(name, list(group)) for name, group in groupby(ordered, key=lambda one: _family(one.rule))]


def _check_group(family: str, checks: Sequence[RunCheck]) -> CheckGroup:
    count = Counter(one.outcome for one in checks)
    return CheckGroup(
        family=family,
        passed=count[Outcome.PASSED],
        failed=count[Outcome.FAILED],
        not_applicable=count[Outcome.NOT_APPLICABLE],
        unseen=tuple((one.rule, one.reason or "") for one in checks if one.outcome is Outcome.SKIPPED),
    )


def personal_fields(findings: Iterable[RunFinding]) -> list[tuple[str, str, str, str]]:
    """(file, field, kind, masked value) of each field that says something of a person; never the value itself."""
    found = (
        (one.path or "", field) for one in findings if _family(one.rule) == "privacy" for field in _fields(one.detail)
    )
    return [
        (path, str(field.get("field", "")), str(field.get("kind", "")), str(field.get("masked", "")))
        for (path, field), _ in zip(found, range(_MOST_PERSONAL), strict=False)
    ]


def _fields(detail: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    fields = detail.get("fields")
    yield from (field for field in (fields if isinstance(fields, list) else ()) if isinstance(field, dict))
