"""Reports as text."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

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


def test_of_advice_the_first_three_of_a_rule_are_shown() -> None:
    """How many more there are is said where they would stand."""
    found = [finding("image.a", f"{number} is odd.", f"Ask {number}.", Severity.ADVICE) for number in range(6)]
    found.append(finding("image.b", "One is odd.", None, Severity.INFO))
    said = lines(found)
    assert [line for line in said if "->" not in line][2:] == [
        "advice  image.a  2 is odd.",
        "... and 3 more of image.a; --format json shows all.",
        "info    image.b  One is odd.",
    ]
    assert sum("->" in line for line in said) == 3


def printed(*reports: Report) -> list[str]:
    """The lines of some reports."""
    stream = io.StringIO()
    as_text(reports, console_for(stream, terminal=False))
    return stream.getvalue().splitlines()


def test_of_several_bags_each_name_comes_before_its_findings() -> None:
    """What was said of another bag is counted; the table at the end names the first file or finding."""
    same = [finding("profile.a", f"bag-info.txt has no field {number}.", "Add it.") for number in (1, 2)]
    own = Finding(rule="bag.b", severity=Severity.ERROR, message="It changed.", path="data/raw/a.lsm")
    moment = datetime(2026, 11, 24, 15, 48, 49, tzinfo=UTC)
    whole = Report(command="validate", subject="three", made=moment)
    first = Report(command="validate", subject="one", findings=tuple(same), made=moment)
    second = Report(command="validate", subject="two", findings=(own, *same), made=moment)
    said = printed(whole, first, second)
    assert said[:8] == [
        "one: valid-with-warnings (2 warnings; 0 rules considered) at 2026-11-24T15:48:49Z",
        "warning profile.a  bag-info.txt has no field 1.",
        "warning profile.a  bag-info.txt has no field 2.",
        "        -> Add it.",
        "",
        "two: invalid (1 error, 2 warnings; 0 rules considered) at 2026-11-24T15:48:49Z",
        "error   bag.b  It changed.",
        "... and 2 findings as said above: profile.a (2)",
    ]
    rows = [line.split(None, 3) for line in said[-4:-1]]
    assert rows[0][:3] == ["invalid", "1", "2"]
    assert "bag.b: data/raw/a.lsm" in said[-4]
    assert "profile.a: bag-info.txt has no field 1." in said[-3]
    assert said[-1] == "3 reports: 1 invalid, 1 valid-with-warnings, 1 valid at 2026-11-24T15:48:49Z"


def test_the_last_line_of_a_build_names_the_bag() -> None:
    """And that none was built, where none was."""
    built = Report(command="build", subject="scan", summary={"outcome": "built", "bag": "shelf/scan"}, made=None)
    refused = Report(command="build", subject="scan", summary={"outcome": "refused", "bag": None}, made=None)
    assert printed(built)[-1] == "shelf/scan, built from scan: valid (no findings; 0 rules considered)"
    assert printed(refused)[-1] == "scan, no bag built: valid (no findings; 0 rules considered)"


def test_what_a_draft_overruled_is_said_in_short() -> None:
    """A refused build shows it all, and neither lists again what the levels need: the findings say it."""
    found = tuple(finding("level.a", f"{number} is missing.", f"Fill in {number}.") for number in range(9))
    needs = {"reached": None, "missing": {"minimum": [{"field": "title", "message": "No title."}]}}
    draft = Report(
        command="build", subject="scan", findings=found, summary={"outcome": "built"}, extra={"level": needs}
    )
    refused = replace(draft, summary={"outcome": "refused"})
    inspected = replace(draft, command="inspect", summary={})
    assert "... and 6 more of level.a; --format json shows all." in printed(draft)
    assert not any("more of level.a" in line for line in printed(refused))
    needed = "  minimum still needs: title"
    assert [needed in printed(one) for one in (draft, refused, inspected)] == [False, False, True]


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
