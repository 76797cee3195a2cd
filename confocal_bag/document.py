"""The JSON document every report can become, and the plain form of the records it holds."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from confocal_bag import __version__
from confocal_bag.findings import Finding, Report

__all__ = ["RECORD_VERSION", "as_document", "printable"]

#: Raised when a key of the JSON document changes its meaning or goes away.
RECORD_VERSION = 1

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def as_document(report: Report) -> dict[str, Any]:
    """One report as the JSON document the command line promises."""
    document = {
        "record": RECORD_VERSION,
        "tool": {"name": "confocal-bag", "version": __version__},
        "command": report.command,
        "subject": report.subject,
        "made": report.made_in_words,
        "verdict": report.verdict.value,
        "checks": [asdict(check) for check in report.checks],
        "findings": [_finding(finding) for finding in report.findings],
        "summary": dict(report.summary),
        **report.extra,
    }
    return {key: printable(value) for key, value in document.items()}


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


def printable(value: Any) -> Any:
    """The same value with every text fit for UTF-8: bytes of a name that are not UTF-8 appear as \\xNN."""
    if isinstance(value, str):
        return value if not _LONE_SURROGATE.search(value) else _escaped(value)
    if isinstance(value, Mapping):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def _escaped(text: str) -> str:
    return _LONE_SURROGATE.sub(
        lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}" if 0xDC80 <= ord(match[0]) <= 0xDCFF else "\ufffd", text
    )
