"""RFC 8493 as rules, and the one call that runs them all over a bag."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from confocal_bag.bag.bag import Bag, read_bag
from confocal_bag.bag.digester import OnBytes
from confocal_bag.bag.rules import advice, archive, fetch, format, payload, tags  # noqa: A004 - registers the rules
from confocal_bag.bag.rules.inspection import Depth, Inspection
from confocal_bag.bag.source import open_source
from confocal_bag.findings import RULES, Check, Finding, Problem, Rule, Severity, run_rules

__all__ = ["BAG_RULES", "BagCheck", "Depth", "check_bag"]

_FAMILIES = tuple(module.__name__ for module in (archive, format, payload, tags, fetch, advice))

#: Findings kept of one rule; a damaged or hostile bag may have millions, and nobody reads them.
MAX_FINDINGS_PER_RULE = 100_000

#: Every rule about BagIt itself, in the order of the report.
BAG_RULES: tuple[Rule, ...] = tuple(
    one for family in _FAMILIES for one in RULES.values() if one.run.__module__ == family
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagCheck:
    """What a check of one bag found; `bytes_hashed` counts each file once, however many manifests list it."""

    bag: Bag
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    bytes_hashed: int


def check_bag(
    path: Path,
    *,
    depth: Depth = Depth.FULL,
    strict: bool = False,
    jobs: int = 2,
    on_bytes: OnBytes | None = None,
) -> BagCheck:
    """Check the bag at this path against RFC 8493 and the drafts before it. Only ever reads.

    All findings come in one run. With `strict`, what the letter of the standard forbids is an error even
    where common tools do it. Raises CannotFinish when there is nothing at the path that could be a bag.
    """
    with open_source(path) as source:
        if depth is Depth.FULL:
            source.prepare(jobs=jobs)
        bag = read_bag(source, with_manifests=depth is not Depth.FAST)
        inspection = Inspection(bag=bag, depth=depth, strict=strict)
        if depth is Depth.FULL:
            inspection = inspection.verified(jobs=jobs, on_bytes=on_bytes)
        checks, findings = run_rules((_bounded(one) for one in BAG_RULES), inspection)
    hashed = inspection.verification.bytes_hashed if inspection.verification else 0
    return BagCheck(bag=bag, checks=tuple(checks), findings=tuple(findings), bytes_hashed=hashed)


def _bounded(one: Rule) -> Rule:
    """The same rule, which only counts its problems once there are very many."""

    def run(inspection: Inspection) -> Iterator[Problem]:
        left_out = 0
        severities: set[Severity] = set()
        for number, problem in enumerate(one.run(inspection), 1):
            if number <= MAX_FINDINGS_PER_RULE:
                yield problem
            else:
                left_out += 1
                severities.add(problem.severity or one.severity)
        if left_out:
            yield Problem(
                message=f"{left_out:,} more findings of this kind are not listed.",
                detail={"left_out": left_out},
                severity=min(severities, key=lambda severity: severity.rank),
            )

    return replace(one, run=run)
