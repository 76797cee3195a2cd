"""Findings for people, worst first, each remedy once; of many of one rule the first are shown, the others counted."""

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from confocal_bag.findings import Finding, Severity, one_line

__all__ = ["print_findings"]

_COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.ADVICE: "cyan", Severity.INFO: "dim"}
#: So many findings of one rule are shown in full; the machine formats always hold all.
_SHOWN = {Severity.ERROR: 20, Severity.WARNING: 20, Severity.ADVICE: 3, Severity.INFO: 3}
_SHOWN_OF_A_DRAFT = 3


def print_findings(findings: Iterable[Finding], console: Console, *, briefly: bool = False) -> None:
    """Each finding; below those of one rule with the same remedy the remedy, once.

    `briefly` shows three of each rule: what a draft overruled was to be read before the bag was built.
    """
    groups: dict[tuple[int, str, str | None], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity.rank, finding.rule, finding.remedy), []).append(finding)
    left = Counter(rule for (_, rule, _), group in groups.items() for _ in group)
    hidden: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for (_, rule, remedy), group in sorted(groups.items(), key=lambda one: one[0][0]):
        most = _SHOWN_OF_A_DRAFT if briefly else _SHOWN[group[0].severity]
        kept = group[: max(0, most - shown[rule])]
        for finding in kept:
            _print_finding(finding, console)
        if kept and remedy:
            console.print(Text(f"        -> {one_line(remedy)}", style="dim"))
        shown[rule] += len(kept)
        hidden[rule] += len(group) - len(kept)
        left[rule] -= len(group)
        if hidden[rule] and not left[rule]:
            console.print(Text(f"... and {hidden[rule]} more of {one_line(rule)}; --format json shows all."))


def _print_finding(finding: Finding, console: Console) -> None:
    line = Text()
    line.append(f"{finding.severity.value:<8}", style=_COLORS[finding.severity])
    line.append(f"{finding.rule}  ", style="bold")
    line.append(one_line(finding.message))
    console.print(line)
