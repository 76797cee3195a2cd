"""Several reports in one table, the worst first."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from confocal_bag.findings import Finding, Report, Severity, Verdict, one_line

__all__ = ["print_bags_table"]

_LONGEST = 80
_WORST_FIRST = (Verdict.INVALID, Verdict.INCOMPLETE, Verdict.VALID_WITH_WARNINGS, Verdict.VALID)


def print_bags_table(reports: Sequence[Report], console: Console) -> None:
    """One row a report: verdict, errors, warnings, subject, and the first thing wrong with it; then the count."""
    table = Table(title="All together, worst first", title_justify="left", box=None, pad_edge=False)
    rows = ("row", "bag") if any("row" in report.summary for report in reports) else ()
    for heading in ("verdict", "errors", "warnings", *rows[:1], "subject", *rows[1:], "first finding"):
        is_number = heading in ("errors", "warnings", "row")
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for report in sorted(reports, key=_rank):
        counts = Counter(finding.severity for finding in report.findings)
        first = min(report.findings, key=lambda finding: finding.severity.rank, default=None)
        cells = (
            report.verdict.value,
            str(counts[Severity.ERROR] or ""),
            str(counts[Severity.WARNING] or ""),
            *(str(report.job[0] or "") for _ in rows[:1]),
            report.subject,
            *(str(report.job[1] or "") for _ in rows[1:]),
            _in_short(first) if first else "",
        )
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    console.print(table)
    verdicts = Counter(report.verdict for report in reports)
    words = ", ".join(f"{verdicts[verdict]} {verdict.value}" for verdict in _WORST_FIRST if verdicts[verdict])
    made = max((report.made_in_words for report in reports if report.made_in_words), default=None)
    console.print(Text(f"{len(reports)} reports: {words}{f' at {made}' if made else ''}"))


def _in_short(finding: Finding) -> str:
    """The rule, and the file or what was said."""
    said = finding.path or finding.message
    return f"{finding.rule}: {said if len(said) <= _LONGEST else said[: _LONGEST - 3] + '...'}"


def _rank(report: Report) -> tuple[int, int]:
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    return _WORST_FIRST.index(report.verdict), -errors
