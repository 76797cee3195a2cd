"""The CreateActions of an RO-Crate: images taken with an instrument, and files made from others by a program.

In the manner of the Process Run Crate: `instrument` made `result` out of `object`.
"""

from collections.abc import Iterator

from confocal_bag.deposit.exports.crate_entities import Crate, reference
from confocal_bag.deposit.exports.events import EventType
from confocal_bag.deposit.exports.export_facts import ExportFacts, relative_uri, utc_text
from confocal_bag.deposit.exports.json_document import unique

__all__ = ["actions"]

_DONE = "http://schema.org/CompletedActionStatus"


def actions(crate: Crate, facts: ExportFacts) -> list[str]:
    """Add every action to the crate; their identifiers."""
    return [*_acquisitions(crate, facts), *_conversions(crate, facts), *_derivations(crate, facts)]


def _uri(path: str) -> str:
    return relative_uri(path.removeprefix("data/"))


def _acquisitions(crate: Crate, facts: ExportFacts) -> Iterator[str]:
    """One action for each instrument: which of the received images were taken with it."""
    received = {row.path for row in facts.files if row.origin}
    for number, instrument in enumerate(facts.description.instruments, 1):
        taken = [one.path for one in facts.images if one.path in received and one.described.instrument is instrument]
        entity = crate.instrument(instrument, number)
        if taken and entity:
            identity = f"#acquisition-{number}"
            crate.add(
                identity,
                "CreateAction",
                name="Image acquisition",
                instrument=entity,
                result=[reference(_uri(path)) for path in unique(taken)],
                actionStatus=reference(_DONE),
            )
            yield identity


def _conversions(crate: Crate, facts: ExportFacts) -> Iterator[str]:
    """One action for each conversion in the log of events."""
    migrations = [event for event in facts.events if event.type is EventType.MIGRATION]
    for number, event in enumerate(migrations, 1):
        program, _, version = event.agent.rpartition(" ")
        identity = f"#conversion-{number}"
        crate.add(
            identity,
            "CreateAction",
            name="Conversion to OME-TIFF",
            description=f"{event.detail}; {event.outcome}",
            instrument=crate.program(program, version),
            object=[reference(_uri(one.path)) for one in event.objects if one.role == "source"],
            result=[reference(_uri(one.path)) for one in event.objects if one.role == "outcome"],
            endTime=utc_text(event.time),
            actionStatus=reference(_DONE),
        )
        yield identity


def _derivations(crate: Crate, facts: ExportFacts) -> Iterator[str]:
    """One action for each file of which the depositor says what it was made from."""
    by_origin = {row.origin: row.path for row in facts.files if row.origin}
    number = 0
    for path, said in sorted(facts.descriptions.items()):
        sources = [by_origin[one] for one in said.derived_from if one in by_origin]
        if sources:
            number += 1
            crate.add(
                f"#derivation-{number}",
                "CreateAction",
                name="Processing by the depositor",
                description=said.tool.command,
                instrument=crate.program(said.tool.name, said.tool.version) if said.tool.name else None,
                object=[reference(_uri(one)) for one in sources],
                result=reference(_uri(path)),
            )
            yield f"#derivation-{number}"
