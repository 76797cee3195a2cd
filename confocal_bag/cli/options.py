"""The options every command shares, and how a command ends: output written, exit code chosen."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.findings import CannotFinish, Report, Severity

__all__ = ["FailOn", "FailOnOption", "Format", "FormatOption", "IgnoreOption", "OutputOption", "SelectOption", "finish"]


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    JUNIT = "junit"


class FailOn(StrEnum):
    """The least severe finding that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    NEVER = "never"


FormatOption = Annotated[Format, typer.Option("--format", help="How the report is written.")]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", help="Write the report to this file.")]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="The least severe finding that gives exit code 1.")]
SelectOption = Annotated[
    list[str] | None, typer.Option("--select", help="Only these rules or families (repeat the option).")
]
IgnoreOption = Annotated[list[str] | None, typer.Option("--ignore", help="Not these rules or families (repeat).")]


def finish(
    reports: Sequence[Report],
    *,
    form: Format = Format.TEXT,
    output: Path | None = None,
    fail_on: FailOn = FailOn.ERROR,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
) -> None:
    """Write the reports and leave with the exit code they call for (0 fine, 1 findings, 3 a rule failed)."""
    chosen = [_chosen(report, select or (), ignore or ()) for report in reports]
    _write(chosen, form, output)
    raise typer.Exit(_exit_code(chosen, fail_on))


def _chosen(report: Report, select: Sequence[str], ignore: Sequence[str]) -> Report:
    def wanted(rule: str) -> bool:
        if rule.startswith("internal."):
            return True
        return (not select or _named(rule, select)) and not _named(rule, ignore)

    return replace(
        report,
        checks=tuple(check for check in report.checks if wanted(check.rule)),
        findings=tuple(finding for finding in report.findings if wanted(finding.rule)),
    )


def _named(rule: str, names: Sequence[str]) -> bool:
    return any(rule == name or rule.startswith(f"{name}.") for name in names)


def _write(reports: Sequence[Report], form: Format, output: Path | None) -> None:
    if output is None:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # stdout is a text file here
        _render(reports, form, sys.stdout, terminal=sys.stdout.isatty())
        sys.stdout.flush()
        return
    try:
        with output.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            _render(reports, form, stream, terminal=False)
    except OSError as error:
        raise CannotFinish(
            f"The report cannot be written to {output}: {error.strerror}. Choose another file."
        ) from error


def _render(reports: Sequence[Report], form: Format, stream: object, *, terminal: bool) -> None:
    from confocal_bag.render import machine

    if form is Format.TEXT:
        from confocal_bag.render.text import as_text, console_for

        as_text(reports, console_for(stream, terminal=terminal))  # type: ignore[arg-type]  # a text stream
        return
    writers = {
        Format.JSON: machine.as_json,
        Format.JSONL: machine.as_json_lines,
        Format.CSV: machine.as_csv,
        Format.JUNIT: machine.as_junit,
    }
    stream.write(writers[form](reports))  # type: ignore[attr-defined]  # a text stream


def _exit_code(reports: Sequence[Report], fail_on: FailOn) -> int:
    findings = [finding for report in reports for finding in report.findings]
    if fail_on is not FailOn.NEVER:
        limit = Severity(fail_on.value).rank
        certain = [finding for finding in findings if not finding.is_internal]
        if any(finding.severity.rank <= limit for finding in certain):
            return 1
    return 3 if any(finding.is_internal for finding in findings) else 0
