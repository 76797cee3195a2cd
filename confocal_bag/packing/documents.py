"""Writes what a bag says of itself: description, findings, events, inventory and documents for archives."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import PurePosixPath
from typing import Any

from confocal_bag.deposit.curation.finding_answers import SETTLED, is_settled
from confocal_bag.deposit.exports.documents import Stage, lacking, planned_documents
from confocal_bag.deposit.exports.events import EventScope, EventType, render_events
from confocal_bag.deposit.exports.export_facts import ExportFacts
from confocal_bag.deposit.exports.inventory_csv import render_inventory
from confocal_bag.document import as_document
from confocal_bag.exporting import export_facts
from confocal_bag.findings import readable_path
from confocal_bag.packing.found_out import found_out
from confocal_bag.packing.ledger import Ledger
from confocal_bag.packing.small_files import write_small
from confocal_bag.packing.task import PackingTask
from confocal_bag.plan import CURATION_LOG, DESCRIPTION, EVENTS, FINDINGS, INVENTORY

__all__ = ["not_written", "write_metadata"]


def write_metadata(task: PackingTask, ledger: Ledger) -> None:
    """Write deposit.yaml, findings.json, events.jsonl and the documents for archives.

    The inventory is of everything before it, the research object of everything but itself.
    """
    for path in task.plan.placeholders:
        write_small(task, ledger, path, b"", "keeps an empty folder of the deposit")
    described = task.inspection.described
    if DESCRIPTION in task.plan.generated:
        content = described.content if described else task.drafted_text.encode()
        write_small(task, ledger, DESCRIPTION, content, "description of the deposit")
    if task.inspection.curation_log is not None:
        log = task.inspection.curation_log
        write_small(task, ledger, CURATION_LOG, log, "what the curators did, when and why")
    found = _json(_findings_document(task, ledger))
    write_small(task, ledger, FINDINGS, found, "what was found in the deposit before packing")
    _write_documents(task, ledger, Stage.DESCRIPTION)
    _enter_last_events(task, ledger)
    write_small(task, ledger, EVENTS, render_events(ledger.events).encode(), "what was done to the deposit")
    _write_documents(task, ledger, Stage.EVENTS)
    inventory = render_inventory(_facts(task, ledger).files, task.algorithms).encode()
    write_small(task, ledger, INVENTORY, inventory, "list of the files before it")
    _write_documents(task, ledger, Stage.CRATE)


def _enter_last_events(task: PackingTask, ledger: Ledger) -> None:
    """Say what was left out, what was overridden, and that all is packed."""
    for one in task.inspection.inventory.left_out:
        left_out = f"{readable_path(one.path)} was left out"
        ledger.enter_event(EventType.INGESTION, left_out, one.reason, EventScope.LEFT_OUT)
    for found in (one for one in task.inspection.findings if is_settled(one)):
        answer = found.detail[SETTLED]
        ledger.enter_event(
            EventType.VALIDATION, f"{found.rule}: {answer['seen']}", f"accepted: {answer['note']}", EventScope.RECEIVED
        )
    if task.privacy_override:
        gate = "personal data in files of human subjects or of restricted access, for which nobody had answered"
        ledger.enter_event(EventType.VALIDATION, gate, f"overridden: {task.privacy_override}", EventScope.RECEIVED)
    ledger.enter_event(EventType.PACKING, "BagIt 1.0 (RFC 8493)", "packed", EventScope.PAYLOAD)


def _write_documents(task: PackingTask, ledger: Ledger, stage: Stage) -> None:
    """Write the documents for archives that speak of what there is by now."""
    facts = _facts(task, ledger)
    for one in planned_documents(task.description):
        if one.stage is stage:
            reason = None if stage is Stage.CRATE else one.purpose
            write_small(task, ledger, one.path, one.render(facts), reason)


def _facts(task: PackingTask, ledger: Ledger) -> ExportFacts:
    return export_facts(
        task.description,
        task.plan,
        rows=ledger.rows,
        events=ledger.events,
        bag_uuid=task.bag_uuid(ledger.rows),
        moment=task.moment,
        inner=task.inspection.inventory.inner,
        compiled={path: (origin, ledger.compiled_images[path]) for path, origin in ledger.compiled.items()},
    )


def _findings_document(task: PackingTask, ledger: Ledger) -> dict[str, Any]:
    """What was found, without the places on this machine that would mean nothing to a reader of the bag."""
    report = found_out(task, ledger).report(task.inspection.deposit.root.name)
    described = task.inspection.described
    names = {readable_path(described.path): f"data/{DESCRIPTION}"} if described else {}
    findings = [replace(one, path=names.get(one.path or "", one.path)) for one in report.findings]
    return as_document(replace(report, findings=(*findings, *ledger.findings), made=task.moment.astimezone(UTC)))


def not_written(task: PackingTask) -> Mapping[PurePosixPath, str]:
    """The documents for archives that cannot be written, each with the reason."""
    return lacking(task.description)


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
