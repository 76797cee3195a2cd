"""Reports for programs: JSON, JSON lines, CSV and JUnit XML."""

import json
import re
from collections.abc import Iterable, Iterator

from confocal_bag.document import as_document, printable
from confocal_bag.findings import Finding, Report, Severity
from confocal_bag.spreadsheet import as_csv_text

__all__ = ["as_csv", "as_json", "as_json_lines", "as_junit"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CSV_COLUMNS = ("subject", "verdict", "severity", "rule", "path", "message", "remedy", "reference")


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
    if not report.findings:
        yield [subject, verdict, *([None] * (len(_CSV_COLUMNS) - 2))]
    for finding in report.findings:
        yield [subject, verdict, *(printable(getattr(finding, column)) for column in _CSV_COLUMNS[2:])]


def as_junit(reports: Iterable[Report]) -> str:
    """One test suite per report and one test case per check; findings that are errors or warnings fail their case.

    What could not be looked at is a case of its own with an error: it is neither a passed nor a failed check.
    """
    from lxml import etree

    root = etree.Element("testsuites", name="confocal-bag")
    for report in reports:
        suite = etree.SubElement(root, "testsuite", name=_xml_text(report.subject))
        failures = 0
        for check in report.checks:
            case = etree.SubElement(
                suite, "testcase", classname=_xml_text(check.rule.partition(".")[0]), name=_xml_text(check.rule)
            )
            if check.outcome in ("skipped", "not-applicable"):
                etree.SubElement(case, "skipped", message=_xml_text(check.reason or ""))
            failed = list(_failures(report, check.rule))
            if failed:
                failures += 1
                element = etree.SubElement(case, "failure", message=_xml_text(failed[0].message))
                element.text = _xml_text("\n".join(finding.message for finding in failed))
        not_looked_at = [one for one in report.findings if one.is_internal and one.rule != "internal.rule-failed"]
        for finding in not_looked_at:
            case = etree.SubElement(
                suite, "testcase", classname=_xml_text(finding.rule.partition(".")[0]), name=_xml_text(finding.rule)
            )
            etree.SubElement(case, "error", message=_xml_text(finding.message))
        suite.set("tests", str(len(report.checks) + len(not_looked_at)))
        suite.set("failures", str(failures))
        suite.set("errors", str(len(not_looked_at)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode()


def _failures(report: Report, rule: str) -> Iterator[Finding]:
    for finding in report.findings:
        about = finding.detail.get("rule") if finding.rule == "internal.rule-failed" else finding.rule
        if about == rule and finding.severity in (Severity.ERROR, Severity.WARNING):
            yield finding


def _xml_text(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold (2.2), each of them shown as a replacement character."""
    return _NOT_XML.sub("\ufffd", text)
