"""Reports as text."""

import io
from collections.abc import Sequence

from confocal_bag.findings import Finding, Report, Severity
from confocal_bag.page.run import RunCoverage
from confocal_bag.render.coverage import print_coverage
from confocal_bag.render.text import as_text, console_for


def finding(rule: str, message: str, remedy: str | None, severity: Severity = Severity.WARNING) -> Finding:
    """One finding."""
    return Finding(rule=rule, severity=severity, message=message, remedy=remedy)


def lines(findings: Sequence[Finding]) -> list[str]:
    """The report of some findings, line by line, without its last."""
    stream = io.StringIO()
    report = Report(command="inspect", subject="scan", findings=tuple(findings))
    as_text([report], console_for(stream, terminal=False))
    return stream.getvalue().splitlines()[:-1]


def test_a_remedy_stands_once_below_the_findings_it_is_for() -> None:
    """Also where findings of another rule come between them; another remedy of the same rule stands apart."""
    found = [
        finding("image.a", "One is odd.", "Ask."),
        finding("image.b", "Two is odd.", "Ask."),
        finding("image.a", "Three is odd.", "Ask."),
        finding("image.a", "Four is odd.", "Look."),
        finding("image.a", "Five is bad.", "Ask.", Severity.ERROR),
        finding("image.a", "Six is odd.", None),
    ]
    assert lines(found) == [
        "error   image.a  Five is bad.",
        "        -> Ask.",
        "warning image.a  One is odd.",
        "warning image.a  Three is odd.",
        "        -> Ask.",
        "warning image.b  Two is odd.",
        "        -> Ask.",
        "warning image.a  Four is odd.",
        "        -> Look.",
        "warning image.a  Six is odd.",
    ]


def test_of_many_findings_of_a_rule_the_first_are_shown_and_the_others_counted() -> None:
    """The remedy of those that are not shown is not shown either."""
    found = [finding("image.a", f"{number} is odd.", "Ask.") for number in range(25)]
    found.append(finding("image.a", "The last is odd.", "Look."))
    said = lines(found)
    assert said[19:] == [
        "warning image.a  19 is odd.",
        "        -> Ask.",
        "... and 6 more of image.a; --format json shows all.",
    ]


def test_the_chart_of_a_shelf_has_one_line_for_a_day() -> None:
    """As the day ended; a history of one day is one line, one of years is twelve, the latest last."""

    def days(dates: Sequence[str]) -> list[str]:
        stream = io.StringIO()
        points = [RunCoverage(at=at, bags=60, checked=number) for number, at in enumerate(dates, 1)]
        print_coverage(points, console_for(stream, terminal=False))
        return [f"{line[:10]} {line[52:]}" for line in stream.getvalue().splitlines()[1:]]

    assert days([f"2026-11-24T{hour:02}:00:00.000Z" for hour in range(24)]) == ["2026-11-24 24 of 60"]
    assert days(["2026-11-23T08:00:00.000Z", "2026-11-24T08:00:00.000Z", "2026-11-24T09:00:00.000Z"]) == [
        "2026-11-23 1 of 60",
        "2026-11-24 3 of 60",
    ]
    long = days([f"20{year}-{month:02}-01T00:00:00.000Z" for year in range(26, 31) for month in range(1, 13)])
    assert (len(long), long[-1]) == (12, "2030-12-01 60 of 60")
