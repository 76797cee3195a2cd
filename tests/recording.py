"""What the tests saw: how a command ended, and which outcomes each rule had."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import confocal_bag.findings as findings_module
from confocal_bag.findings import Check, Finding, Outcome, Rule

__all__ = ["SEEN", "Ran", "start"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str
