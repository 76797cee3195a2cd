"""Reports for programs: JSON, JSON lines, CSV and JUnit XML."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from confocal_bag.document import as_document, printable
from confocal_bag.findings import Check, Finding, Outcome, Report, Severity
from confocal_bag.spreadsheet import as_csv_text

__all__ = ["as_csv", "as_json", "as_json_lines", "as_junit"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Of the last two columns `row` is the row of a table of jobs, `bag` the bag that was made or is asked for there.
_CSV_COLUMNS = (
    "subject", "verdict", "severity", "rule", "path", "message", "remedy", "reference", "made", "row", "bag",
)  # fmt: skip
_FINDING_COLUMNS = _CSV_COLUMNS[2:8]


def as_json(reports: Iterable[Report]) -> str:
    """The document of one report; a list of documents for several."""
    documents = [as_document(report) for report in reports]
    return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2, ensure_ascii=False) + "\n"


def as_json_lines(reports: Iterable[Report]) -> str:
    """One document per line."""
    return "".join(json.dumps(as_document(report), ensure_ascii=False) + "\n" for report in reports)


def as_csv(reports: Iterable[Report]) -> str:
    """One finding per row; a report without findings has one row, so that every subject is there."""
    return as_csv_text(_CSV_COLUMNS, (row for report in reports for row in _csv_rows(report)))


def _csv_rows(report: Report) -> Iterator[list[object]]:
    subject, verdict = printable(report.subject), report.verdict.value
    rest = [report.made_in_words, *map(printable, report.job)]
    if not report.findings:
        yield [subject, verdict, *([None] * len(_FINDING_COLUMNS)), *rest]
    for finding in report.findings:
        yield [subject, verdict, *(printable(getattr(finding, column)) for column in _FINDING_COLUMNS), *rest]


def as_junit(reports: Iterable[Report], *, least: Severity | None = Severity.ERROR) -> str:
    """One test suite per report and one test case per rule, as the exit code counts them.

    A rule with a finding of at least the severity `least` has failed; None fails none. Lesser findings stand in the
    output of their case. What could not be looked at is an error: it is neither a passed nor a failed check. Rules
    that had nothing to look at are left out.
    """
    from lxml import etree

    root = etree.Element("testsuites", name="confocal-bag")
    for report in reports:
        suite = etree.SubElement(root, "testsuite", name=_xml_text(_suite_name(report)))
        if report.made_in_words:
            suite.set("timestamp", report.made_in_words)
        for rule, findings in _cases(report).items():
            case = etree.SubElement(
                suite, "testcase", classname=_xml_text(rule.partition(".")[0]), name=_xml_text(rule)
            )
            _add_outcomes(case, findings, least)
            reason = next((one.reason for one in report.checks if one.rule == rule and _is_skipped(one)), None)
            if reason is not None and case.find("error") is None:
                case.insert(0, etree.Element("skipped", message=_xml_text(reason)))
        suite.set("tests", str(len(suite)))
        for outcome, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(outcome, str(sum(case.find(element) is not None for case in suite)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode()


def _suite_name(report: Report) -> str:
    """The subject; of a row of a table of jobs also the row and the bag, for a deposit may be in several rows."""
    row, bag = report.job
    return report.subject if row is None else f"row {row}: {report.subject}{f' -> {bag}' if bag else ''}"


def _cases(report: Report) -> dict[str, list[Finding]]:
    """The findings of each rule that had something to look at, and of rules that no check tells of."""
    cases: dict[str, list[Finding]] = {
        check.rule: [] for check in report.checks if check.outcome is not Outcome.NOT_APPLICABLE
    }
    for finding in report.findings:
        crashed = finding.detail.get("rule") if finding.rule == "internal.rule-failed" else None
        cases.setdefault(str(crashed or finding.rule), []).append(finding)
    return cases


def _is_skipped(check: Check) -> bool:
    return check.outcome is Outcome.SKIPPED


def _add_outcomes(case: Any, findings: Sequence[Finding], least: Severity | None) -> None:
    """An error, a failure, and what is no failure, each only where there is one."""
    from lxml import etree

    not_looked_at = [one for one in findings if one.is_internal]
    certain = [one for one in findings if not one.is_internal]
    failed = [one for one in certain if least is not None and one.severity.rank <= least.rank]
    for name, group in (("error", not_looked_at), ("failure", failed)):
        if group:
            element = etree.SubElement(case, name, message=_xml_text(group[0].message))
            element.text = _xml_text("\n".join(map(_in_words, group)))
    lesser = [one for one in certain if one not in failed]
    if lesser:
        said = "\n".join(f"{one.severity.value}: {_in_words(one)}" for one in lesser)
        etree.SubElement(case, "system-out").text = _xml_text(said)


def _in_words(finding: Finding) -> str:
    return f"{finding.message} -> {finding.remedy}" if finding.remedy else finding.message


def _xml_text(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold (2.2), each of them shown as a replacement character."""
    return _NOT_XML.sub("\ufffd", text)
