"""What a bag of this program promises beyond BagIt: tiers, sidecars that fit, whole sequences, equal planes."""

from confocal_bag.findings import RULES, Check, Finding, Outcome, Rule, run_rules
from confocal_bag.promises import planes, sequences, sidecars, structure, tiers
from confocal_bag.promises.packed import PackedBag

__all__ = ["PROMISES", "PackedBag", "check_promises", "skip_promises"]

_HOMES = tuple(module.__name__ for module in (tiers, sidecars, structure, sequences, planes))

#: Every rule of this package, in the order of the report.
PROMISES: tuple[Rule, ...] = tuple(one for home in _HOMES for one in RULES.values() if one.run.__module__ == home)


def check_promises(bag: PackedBag) -> tuple[list[Check], list[Finding]]:
    """Run every rule of this package."""
    return run_rules(PROMISES, bag)


def skip_promises(reason: str) -> list[Check]:
    """Say of every rule that it was not looked at, and why."""
    return [Check(rule=one.id, outcome=Outcome.SKIPPED, reason=reason) for one in PROMISES]
