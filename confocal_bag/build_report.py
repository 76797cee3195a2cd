"""The report of a build: what was found, made and proven."""

from dataclasses import replace
from pathlib import Path

from confocal_bag.findings import Finding, Report, Severity, readable_path
from confocal_bag.inspect import Inspection
from confocal_bag.packing import Ledger, PackingTask, found_out, not_written
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["documents_not_written", "level_aimed_at", "report_build"]


def level_aimed_at(inspection: Inspection) -> PracticeLevel:
    """The level the bag aims at; a build always aims at one."""
    return inspection.aim or PracticeLevel.MINIMUM


def report_build(
    deposit: Path,
    inspection: Inspection,
    task: PackingTask | None = None,
    ledger: Ledger | None = None,
    bag: Path | None = None,
) -> Report:
    """The report of a build; what a draft overruled stays in it as a warning."""
    known = found_out(task, ledger) if task and ledger else inspection
    findings = (*inspection.findings, *(ledger.findings if ledger else ()))
    summary: dict[str, object] = {
        "outcome": "built" if bag else "refused",
        "bag": readable_path(bag) if bag else None,
        "described": inspection.described is not None,
        "level_aimed_at": level_aimed_at(inspection).value,
        "files": len(inspection.inventory.files),
        "left_out": len(inspection.inventory.left_out),
        "files_kept_elsewhere": (ledger.elsewhere or None) if ledger else None,
    }
    if task and ledger:
        summary |= {
            "series_converted": len(ledger.proven),
            "planes_proven": sum(one.planes for one in ledger.proven),
            "images_without_proof": len(ledger.unproven),
            "documents_not_written": list(documents_not_written(task)) or None,
        }
    return Report(
        command="build",
        subject=readable_path(deposit),
        checks=(*inspection.checks, *(ledger.checks if ledger else ())),
        findings=tuple(_overruled(one) for one in findings) if bag else findings,
        summary=summary,
        extra={"level": known.level_document, "fair": inspection.fair_document},
    )


def documents_not_written(task: PackingTask) -> tuple[str, ...]:
    """The documents for archives for which the description does not say enough, with what is missing."""
    return tuple(f"data/{path} ({reason})" for path, reason in not_written(task).items())


def _overruled(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding
