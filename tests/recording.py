"""What the tests saw: how a command ended, and which outcomes each rule had."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import confocal_bag.findings as findings_module
from confocal_bag.findings import Check, Finding, Outcome, Rule

__all__ = ["SEEN", "Ran", "start", "take_over", "unseen", "written"]

#: Which outcomes each rule had in this run of the tests; tests/test_zz_rules.py asks for both.
SEEN: dict[str, set[Outcome]] = defaultdict(set)

_run_rules = findings_module.run_rules


def _recorded(rules: Iterable[Rule], context: Any) -> tuple[list[Check], list[Finding]]:
    checks, findings = _run_rules(rules, context)
    for check in checks:
        SEEN[check.rule].add(check.outcome)
    return checks, findings


def start() -> None:
    """Begin to record; before any module of the product takes its own name for the function."""
    findings_module.run_rules = _recorded


def written() -> dict[str, list[str]]:
    """What was seen here, for another process."""
    return {rule: sorted(outcome.value for outcome in outcomes) for rule, outcomes in SEEN.items()}


def take_over(seen: dict[str, list[str]]) -> None:
    """Add what another process saw."""
    for rule, outcomes in seen.items():
        SEEN[rule].update(Outcome(one) for one in outcomes)


def unseen() -> dict[str, list[str]]:
    """The rules that were not seen both to pass and to fail, with what was missing."""
    from confocal_bag.catalogue import all_rules

    missing = {
        one: sorted(outcome.value for outcome in (Outcome.PASSED, Outcome.FAILED) if outcome not in SEEN[one])
        for one in all_rules()
    }
    return {one: outcomes for one, outcomes in missing.items() if outcomes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str
