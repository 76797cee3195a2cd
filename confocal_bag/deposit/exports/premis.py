"""PREMIS 3: the files of a bag, what was done to them, and by which program, rendered from the log of events.

Archivematica reads it as metadata/premis.xml of a transfer. For that every object is used by an event, every event
names an object and an agent, and the name of the type carries the prefix `premis`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from confocal_bag.deposit.exports.events import Event, EventScope, EventType
from confocal_bag.deposit.exports.export_facts import ExportFacts, utc_text
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.xml_document import XmlBuilder, xml_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["EVENT_CODES", "PREMIS", "render_premis"]

PREMIS = "http://www.loc.gov/premis/v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: Codes of http://id.loc.gov/vocabulary/preservation/eventType.
EVENT_CODES = {
    EventType.INGESTION: "ing",
    EventType.IDENTIFICATION: "for",
    EventType.EXTRACTION: "mee",
    EventType.DIGEST: "mes",
    EventType.MIGRATION: "mig",
    EventType.VALIDATION: "val",
    EventType.REDACTION: "red",
    EventType.PACKING: "pac",
}
#: Names of http://id.loc.gov/vocabulary/preservation/cryptographicHashFunctions.
_DIGESTS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
_LOCAL = "local"


def render_premis(facts: ExportFacts) -> bytes:
    """The document: an object for each payload file, then the events, then the agents."""
    from lxml import etree

    make = XmlBuilder(PREMIS, "premis")
    files = sorted(facts.files, key=lambda row: row.path)
    # An event that is about no file here, such as reading the headers of no images, says nothing of the bag.
    events = [one for one in _with_left_out(facts.events) if any(_objects(one[1], files))]
    root = etree.Element(f"{{{PREMIS}}}premis", {"version": "3.0"}, nsmap={"premis": PREMIS, "xsi": _XSI})
    origins = _origins(events)
    elements = chain(
        (_object(make, row, origins.get(row.path, ())) for row in files),
        (_event(make, number, event, outcomes, files) for number, event, outcomes in events),
        (_agent(make, name) for name in sorted({event.agent for _, event, _ in events})),
    )
    root.extend(one for one in elements if one is not None)
    return xml_bytes(root)


NumberedEvent = tuple[int, Event, Sequence[tuple[str, str | None]]]


def _with_left_out(events: Sequence[Event]) -> list[NumberedEvent]:
    """The events by their numbers in events.jsonl, each with its outcomes and notes.

    What was left out of the bag is no object of it, and is told with the ingestion of the rest.
    """
    left_out = [(event.outcome, event.detail) for event in events if event.scope is EventScope.LEFT_OUT]
    numbered: list[NumberedEvent] = []
    for number, event in enumerate(events, 1):
        if event.scope is EventScope.LEFT_OUT:
            continue
        more = left_out if event.type is EventType.INGESTION else ()
        numbered.append((number, event, ((event.outcome, None), *more)))
    return numbered


def _origins(events: Sequence[NumberedEvent]) -> Mapping[str, Sequence[tuple[str, int]]]:
    """For each file that was made from others: those files, each with the number of the event."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, event, _ in events:
        if event.type is EventType.MIGRATION:
            sources = [(one.path, number) for one in event.objects if one.role == "source"]
            for one in event.objects:
                if one.role == "outcome":
                    found.setdefault(one.path, []).extend(sources)
    return found


def _object(make: XmlBuilder, row: InventoryRow, origins: Sequence[tuple[str, int]]) -> "_Element | None":
    characteristics = make(
        "objectCharacteristics",
        *(_fixity(make, name, digest) for name, digest in sorted(row.digests.items())),
        make("size", row.bytes),
        make(
            "format",
            make("formatDesignation", make("formatName", row.format)),
            make("formatRegistry", make("formatRegistryName", "PRONOM"), make("formatRegistryKey", row.puid))
            if row.puid
            else None,
        ),
    )
    return make(
        "object",
        _identifier(make, "object", shown_path(row.path)),
        characteristics,
        make("originalName", shown_path(row.path)),
        *(_relationship(make, path, number) for path, number in origins),
        attributes={f"{{{_XSI}}}type": "premis:file"},
    )


def _fixity(make: XmlBuilder, algorithm: str, digest: str) -> "_Element | None":
    name = make("messageDigestAlgorithm", _DIGESTS.get(algorithm, algorithm))
    return make("fixity", name, make("messageDigest", digest))


def _identifier(make: XmlBuilder, what: str, value: str) -> "_Element | None":
    """An identifier that is unique in this document; `what` is the stem of its elements' names."""
    return make(f"{what}Identifier", make(f"{what}IdentifierType", _LOCAL), make(f"{what}IdentifierValue", value))


def _relationship(make: XmlBuilder, source: str, number: int) -> "_Element | None":
    return make(
        "relationship",
        make("relationshipType", "derivation"),
        make("relationshipSubType", "has source"),
        _identifier(make, "relatedObject", shown_path(source)),
        _identifier(make, "relatedEvent", f"event-{number}"),
    )


def _event(
    make: XmlBuilder,
    number: int,
    event: Event,
    outcomes: Sequence[tuple[str, str | None]],
    files: Sequence[InventoryRow],
) -> "_Element | None":
    uri = f"http://id.loc.gov/vocabulary/preservation/eventType/{EVENT_CODES[event.type]}"
    return make(
        "event",
        _identifier(make, "event", f"event-{number}"),
        make("eventType", event.type.value, attributes={"valueURI": uri}),
        make("eventDateTime", utc_text(event.time)),
        make("eventDetailInformation", make("eventDetail", event.detail)),
        *(
            make(
                "eventOutcomeInformation",
                make("eventOutcome", outcome),
                make("eventOutcomeDetail", make("eventOutcomeDetailNote", note)),
            )
            for outcome, note in outcomes
        ),
        _identifier(make, "linkingAgent", event.agent),
        *(_linked(make, path, role) for path, role in _objects(event, files)),
    )


def _linked(make: XmlBuilder, path: str, role: str) -> "_Element | None":
    return make(
        "linkingObjectIdentifier",
        make("linkingObjectIdentifierType", _LOCAL),
        make("linkingObjectIdentifierValue", shown_path(path)),
        make("linkingObjectRole", role),
    )


def _objects(event: Event, files: Sequence[InventoryRow]) -> Iterator[tuple[str, str]]:
    """The files an event is about with their roles: those it names, else those of its scope."""
    if event.objects:
        yield from ((one.path, one.role) for one in event.objects)
        return
    for row in files:
        if event.scope is None or event.scope.covers(row):
            yield row.path, "source"


def _agent(make: XmlBuilder, name: str) -> "_Element | None":
    program, _, version = name.rpartition(" ")
    return make(
        "agent",
        _identifier(make, "agent", name),
        make("agentName", program or name),
        make("agentType", "software"),
        make("agentVersion", version if program else None),
    )
