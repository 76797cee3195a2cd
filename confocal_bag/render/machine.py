"""Reports for programs: JSON, JSON lines, CSV and JUnit XML."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from confocal_bag import __version__
from confocal_bag.findings import Finding, Report, Severity

__all__ = ["RECORD_VERSION", "as_csv", "as_document", "as_json", "as_json_lines", "as_junit"]

#: Raised when a key of the JSON document changes its meaning or goes away.
RECORD_VERSION = 1

_CSV_COLUMNS = ("subject", "severity", "rule", "path", "message", "remedy", "reference")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_document(report: Report) -> dict[str, Any]:
    """One report as the JSON document the command line promises."""
    return {
        "record": RECORD_VERSION,
        "tool": {"name": "confocal-bag", "version": __version__},
        "command": report.command,
        "subject": report.subject,
        "verdict": report.verdict.value,
        "checks": [asdict(check) for check in report.checks],
        "findings": [_finding(finding) for finding in report.findings],
        "summary": dict(report.summary),
        **report.extra,
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.path,
        "message": finding.message,
        "remedy": finding.remedy,
        "detail": dict(finding.detail),
        "reference": finding.reference,
    }


def as_json(reports: Iterable[Report]) -> str:
    """The document of one report; a list of documents for several."""
    documents = [as_document(report) for report in reports]
    return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2, ensure_ascii=False) + "\n"


def as_json_lines(reports: Iterable[Report]) -> str:
    """One document per line."""
    return "".join(json.dumps(as_document(report), ensure_ascii=False) + "\n" for report in reports)


def as_csv(reports: Iterable[Report]) -> str:
    """One finding per row, safe to open in a spreadsheet: no cell starts a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_CSV_COLUMNS)
    for report in reports:
        for finding in report.findings:
            cells = (report.subject, *(getattr(finding, column) for column in _CSV_COLUMNS[1:]))
            writer.writerow([_spreadsheet_safe("" if cell is None else str(cell)) for cell in cells])
    return text.getvalue()


def _spreadsheet_safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def as_junit(reports: Iterable[Report]) -> str:
    """One test suite per report and one test case per check; findings that are errors or warnings fail their case."""
    from lxml import etree

    root = etree.Element("testsuites", name="confocal-bag")
    for report in reports:
        suite = etree.SubElement(root, "testsuite", name=_xml_text(report.subject))
        failures = 0
        for check in report.checks:
            case = etree.SubElement(suite, "testcase", classname=check.rule.partition(".")[0], name=check.rule)
            if check.outcome in ("skipped", "not-applicable"):
                etree.SubElement(case, "skipped", message=_xml_text(check.reason or ""))
            failed = list(_failures(report, check.rule))
            if failed:
                failures += 1
                element = etree.SubElement(case, "failure", message=_xml_text(failed[0].message))
                element.text = _xml_text("\n".join(finding.message for finding in failed))
        suite.set("tests", str(len(report.checks)))
        suite.set("failures", str(failures))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode()


def _failures(report: Report, rule: str) -> Iterator[Finding]:
    for finding in report.findings:
        about = finding.detail.get("rule") if finding.rule == "internal.rule-failed" else finding.rule
        if about == rule and finding.severity in (Severity.ERROR, Severity.WARNING):
            yield finding


def _xml_text(text: str) -> str:
    """Text without the control characters that XML 1.0 cannot hold."""
    return "".join(character if character in "\t\n\r" or ord(character) >= 0x20 else "\ufffd" for character in text)
