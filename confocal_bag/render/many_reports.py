"""Several reports for people: each name with what was found there, then one table of all, the worst first."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from confocal_bag.counted import counted
from confocal_bag.findings import Finding, Report
from confocal_bag.render.bags_table import print_bags_table
from confocal_bag.render.findings_list import print_findings
from confocal_bag.render.verdict_line import verdict_line

__all__ = ["print_many"]


def print_many(reports: Sequence[Report], console: Console) -> None:
    """Those without findings stand only in the table; a finding that was said above is not said again but counted."""
    said: set[tuple[object, ...]] = set()
    for report in (one for one in reports if one.findings):
        console.print(verdict_line(report))
        print_findings([one for one in report.findings if _key(one) not in said], console)
        _print_repeated(Counter(one.rule for one in report.findings if _key(one) in said), console)
        said.update(map(_key, report.findings))
        console.print()
    print_bags_table(reports, console)


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.severity, finding.rule, finding.message, finding.remedy


def _print_repeated(rules: Counter[str], console: Console) -> None:
    if rules:
        named = ", ".join(f"{rule} ({count})" if count > 1 else rule for rule, count in rules.items())
        console.print(Text(f"... and {counted(rules.total(), 'finding')} as said above: {named}", style="dim"))
