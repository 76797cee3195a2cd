"""Several reports in one table, the worst first."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from confocal_bag.findings import Finding, Report, Severity, Verdict, one_line

__all__ = ["print_bags_table"]

_LONGEST = 80
_WIDEST = 10_000
_WORST_FIRST = (Verdict.INVALID, Verdict.INCOMPLETE, Verdict.VALID_WITH_WARNINGS, Verdict.VALID)
_HEADINGS = ("verdict", "errors", "warnings", "row", "subject", "bag", "first finding")


def print_bags_table(reports: Sequence[Report], console: Console) -> None:
    """One row a report: verdict, errors, warnings, subject, and the first thing wrong with it; then the count.

    Reports of a table of jobs also have its row, and the bag. In a pipe each has one line, however long.
    """
    is_of_jobs = any(report.job[0] is not None for report in reports)
    headings = [one for one in _HEADINGS if is_of_jobs or one not in ("row", "bag")]
    table = Table(title="All together, worst first", title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        is_number = heading in ("errors", "warnings", "row")
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for report in sorted(reports, key=_rank):
        cells = _cells(report)
        table.add_row(*(Text(one_line(cells[heading])) for heading in headings))
    if not console.is_terminal:
        whole = console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum
        console.width = max(console.width, whole)
    console.print(table)
    verdicts = Counter(report.verdict for report in reports)
    words = ", ".join(f"{verdicts[verdict]} {verdict.value}" for verdict in _WORST_FIRST if verdicts[verdict])
    made = max((report.made_in_words for report in reports if report.made_in_words), default=None)
    console.print(Text(f"{len(reports)} reports: {words}{f' at {made}' if made else ''}"))


def _cells(report: Report) -> dict[str, str]:
    """The cells of a row by their headings."""
    counts = Counter(finding.severity for finding in report.findings)
    first = min(report.findings, key=lambda finding: finding.severity.rank, default=None)
    row, bag = report.job
    texts = (
        report.verdict.value,
        str(counts[Severity.ERROR] or ""),
        str(counts[Severity.WARNING] or ""),
        str(row or ""),
        report.subject,
        str(bag or ""),
        _in_short(first) if first else "",
    )
    return dict(zip(_HEADINGS, texts, strict=True))


def _in_short(finding: Finding) -> str:
    """The rule, and the file or what was said."""
    said = finding.path or finding.message
    return f"{finding.rule}: {said if len(said) <= _LONGEST else said[: _LONGEST - 3] + '...'}"


def _rank(report: Report) -> tuple[int, int]:
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    return _WORST_FIRST.index(report.verdict), -errors
