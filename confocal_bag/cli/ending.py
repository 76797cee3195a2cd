"""How a command ends: reports written where they may be, one line said, the exit code chosen."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import typer

from confocal_bag.cli.options import FailOn, Format
from confocal_bag.cli.places import refuse_inside_bag, refuse_inside_deposit
from confocal_bag.containment import lies_in
from confocal_bag.findings import CannotFinish, Report, Severity, one_line, readable_path

__all__ = ["exit_code", "finish", "refuse_protected", "say"]

#: What every report of ours holds near its beginning or its end.
_REPORT_MARKS = (
    b'"confocal-bag"',
    b"subject,verdict,severity,rule,",
    b"rules considered)",
    b"<testsuites",
    b'<meta name="generator" content="confocal-bag',
)


def say(text: str, *, err: bool = False) -> None:
    """Print one line that no name in it can turn into two, or into a command to the terminal."""
    typer.echo(one_line(text), err=err)


def finish(
    reports: Sequence[Report],
    *,
    form: Format = Format.TEXT,
    output: Path | None = None,
    fail_on: FailOn = FailOn.ERROR,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    protected: Sequence[Path] = (),
    pictures: int | None = None,
) -> None:
    """Write the reports and leave with the exit code they call for (0 fine, 1 findings, 3 something was not looked at).

    The verdict always comes from every finding; `select` and `ignore` choose what is printed as text and what the
    exit code counts. JSON is never thinned. `protected` names deposits and bags that no report is written into.
    A page has at most so many `pictures` of images.
    """
    shown = [_chosen(report, select or (), ignore or ()) for report in reports]
    complete = form in (Format.JSON, Format.JSONL)
    write = partial(_render, form=form, fail_on=fail_on, subjects=protected, pictures=pictures)
    _write(reports if complete else shown, write, output, protected)
    raise typer.Exit(_exit_code(shown, fail_on))


def exit_code(
    reports: Iterable[Report],
    *,
    fail_on: FailOn = FailOn.ERROR,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
) -> int:
    """The exit code that reports call for which were written already."""
    return _exit_code([_chosen(report, select or (), ignore or ()) for report in reports], fail_on)


def _chosen(report: Report, select: Sequence[str], ignore: Sequence[str]) -> Report:
    def wanted(rule: str) -> bool:
        return (not select or _named(rule, select)) and not _named(rule, ignore)

    return replace(
        report,
        checks=tuple(check for check in report.checks if wanted(check.rule)),
        findings=tuple(one for one in report.findings if one.is_internal or wanted(one.rule)),
        judged=report.findings,
    )


def _named(rule: str, names: Sequence[str]) -> bool:
    return any(rule == name or rule.startswith(f"{name}.") for name in names)


def _write(
    reports: Sequence[Report], write: Callable[..., None], output: Path | None, protected: Sequence[Path]
) -> None:
    if output is None:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # stdout is a text file here
        write(reports, sys.stdout, terminal=sys.stdout.isatty())
        sys.stdout.flush()
        return
    refuse_protected(output, protected)
    partial_file = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        with partial_file.open("x", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            write(reports, stream, terminal=False)
        partial_file.replace(output)
    except OSError as error:
        raise CannotFinish(
            f"The report cannot be written to {output}: {error.strerror}. Choose another file."
        ) from error
    finally:
        partial_file.unlink(missing_ok=True)


def refuse_protected(output: Path, protected: Sequence[Path]) -> None:
    """Refuse to write into a deposit, into a bag, through a link, or over anything but a report.

    Raises `CannotFinish`. A report is told by its beginning; other files are never replaced.
    """
    shown = readable_path(output)
    if output.is_symlink():
        raise CannotFinish(f"{shown} is a symbolic link; a report is not written through one. Choose another file.")
    for subject in protected:
        if lies_in(output, subject):
            raise CannotFinish(
                f"{shown} lies in {readable_path(subject)}, which is never written to. Choose another place."
            )
    refuse_inside_bag(output)
    refuse_inside_deposit(output)
    if output.exists() and not _is_report(output):
        raise CannotFinish(
            f"{shown} exists and is not a report of confocal-bag; it is not replaced. Choose another file."
        )


def _is_report(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        begin, size = stream.read(4096), path.stat().st_size
        stream.seek(max(0, size - 4096))
        end = stream.read()
    return size == 0 or any(mark in begin or mark in end for mark in _REPORT_MARKS)


def _render(
    reports: Sequence[Report],
    stream: IO[str],
    *,
    terminal: bool,
    form: Format,
    fail_on: FailOn,
    subjects: Sequence[Path],
    pictures: int | None,
) -> None:
    from confocal_bag.render import machine

    match form:
        case Format.TEXT:
            from confocal_bag.render.text import as_text, console_for

            as_text(reports, console_for(stream, terminal=terminal))
        case Format.HTML:
            from confocal_bag.cli.page import page_text

            stream.write(page_text(reports, subjects, pictures=pictures))
        case Format.JSON:
            stream.write(machine.as_json(reports))
        case Format.JSONL:
            stream.write(machine.as_json_lines(reports))
        case Format.CSV:
            stream.write(machine.as_csv(reports))
        case Format.JUNIT:
            stream.write(machine.as_junit(reports, least=_least(fail_on)))


def _exit_code(reports: Sequence[Report], fail_on: FailOn) -> int:
    findings = [finding for report in reports for finding in report.findings]
    least = _least(fail_on)
    certain = [finding for finding in findings if not finding.is_internal]
    if least is not None and any(finding.severity.rank <= least.rank for finding in certain):
        return 1
    return 3 if any(finding.is_internal for finding in findings) else 0


def _least(fail_on: FailOn) -> Severity | None:
    """The least severe finding that counts; None where none does."""
    return None if fail_on is FailOn.NEVER else Severity(fail_on.value)
