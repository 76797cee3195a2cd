"""What a report is about, what came of it and when, in one line."""

from collections import Counter

from rich.text import Text

from confocal_bag.findings import Report, Severity, Verdict, one_line

__all__ = ["subject_in_words", "verdict_line"]

_COLORS = {
    Verdict.VALID: "bold green",
    Verdict.VALID_WITH_WARNINGS: "bold yellow",
    Verdict.INVALID: "bold red",
    Verdict.INCOMPLETE: "bold magenta",
}


def verdict_line(report: Report) -> Text:
    """Subject, verdict, how many findings of each severity, and when it was made."""
    counts = Counter(finding.severity for finding in report.findings)
    words = ", ".join(_number(counts[severity], severity) for severity in Severity if counts[severity])
    line = Text(f"{one_line(subject_in_words(report))}: ")
    line.append(report.verdict.value, style=_COLORS[report.verdict])
    line.append(f" ({words or 'no findings'}; {len(report.checks)} rules considered)")
    if report.made_in_words:
        line.append(f" at {report.made_in_words}")
    return line


def subject_in_words(report: Report) -> str:
    """The subject; of a build the bag that was made of it, or that none was made."""
    if report.command != "build":
        return report.subject
    row, bag = report.job
    where = "" if row is None else f"row {row}: "
    outcome = str(report.summary.get("outcome"))
    if outcome.startswith("built"):
        return f"{where}{bag}, {outcome} from {report.subject}"
    return f"{where}{report.subject}, {f'{bag} not built' if bag else 'no bag built'}"


def _number(count: int, severity: Severity) -> str:
    plural = severity in (Severity.ERROR, Severity.WARNING) and count != 1
    return f"{count} {severity.value}{'s' if plural else ''}"
