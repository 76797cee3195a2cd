"""Reports as text."""

import io
from collections.abc import Sequence

from confocal_bag.findings import Finding, Report, Severity
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
