"""PREMIS, rendered from the log of events."""

from typing import Any

from lxml import etree

from confocal_bag.deposit.exports.events import EventScope, EventType
from confocal_bag.deposit.exports.premis import EVENT_CODES, PREMIS, render_premis
from tests.deposit.exports.exported import AGENT, RAW, README, RESULT, SIDECAR, event, facts

NS = {"p": PREMIS}


def document(**changes: Any) -> Any:
    """The root of the document."""
    return etree.fromstring(render_premis(facts(**changes)))


def test_every_reference_resolves_and_everything_is_used() -> None:
    """What Archivematica asks for: objects and agents are used by events, and events name what is listed."""
    root = document()
    objects = root.xpath("p:object/p:objectIdentifier/p:objectIdentifierValue/text()", namespaces=NS)
    agents = root.xpath("p:agent/p:agentIdentifier/p:agentIdentifierValue/text()", namespaces=NS)
    assert objects == sorted([RAW, RESULT, SIDECAR, README])
    assert set(root.xpath("//p:linkingObjectIdentifierValue/text()", namespaces=NS)) == set(objects)
    assert set(root.xpath("//p:linkingAgentIdentifierValue/text()", namespaces=NS)) == set(agents) == {AGENT}
    for one in root.iterfind("p:event", NS):
        assert one.find("p:linkingObjectIdentifier", NS) is not None
        assert one.find("p:linkingAgentIdentifier", NS) is not None


def test_a_converted_file_has_its_source_by_the_event() -> None:
    """The OME-TIFF is derived from the raw file, in the migration with the number it has in events.jsonl."""
    root = document()
    (derived,) = root.xpath("p:object[p:relationship]", namespaces=NS)
    assert derived.findtext("p:originalName", None, NS) == RESULT
    related = derived.find("p:relationship", NS)
    assert related is not None
    assert related.findtext("p:relatedObjectIdentifier/p:relatedObjectIdentifierValue", None, NS) == RAW
    number = related.findtext("p:relatedEventIdentifier/p:relatedEventIdentifierValue", None, NS)
    (migration,) = root.xpath(f"p:event[p:eventIdentifier/p:eventIdentifierValue='{number}']", namespaces=NS)
    assert migration.findtext("p:eventType", None, NS) == "migration"
    assert number == "event-4"


def test_objects_carry_fixity_size_and_format() -> None:
    """Both digests by their Library of Congress names, the size, and the PUID where there is one."""
    root = document()
    (raw,) = root.xpath(f"p:object[p:originalName='{RAW}']", namespaces=NS)
    assert raw.xpath(".//p:messageDigestAlgorithm/text()", namespaces=NS) == ["SHA-256", "SHA-512"]
    assert raw.xpath(".//p:messageDigest/text()", namespaces=NS) == ["ab" * 32, "cd" * 64]
    assert raw.xpath(".//p:size/text()", namespaces=NS) == ["1234"]
    assert raw.xpath(".//p:formatRegistryKey/text()", namespaces=NS) == ["fmt/1143"]
    (readme,) = root.xpath(f"p:object[p:originalName='{README}']", namespaces=NS)
    assert readme.xpath(".//p:formatRegistry", namespaces=NS) == []


def test_what_was_left_out_is_told_with_the_ingestion() -> None:
    """A file that is not in the bag is no object; its reason is an outcome of the ingestion."""
    root = document()
    (ingestion,) = root.xpath("p:event[p:eventType='ingestion']", namespaces=NS)
    assert ingestion.xpath(".//p:eventOutcome/text()", namespaces=NS) == ["done", "a symbolic link"]


def test_an_event_about_no_file_is_left_out() -> None:
    """Reading the headers of no images says nothing of the bag."""
    logged = [event(EventType.PACKING, EventScope.PAYLOAD), event(EventType.EXTRACTION, EventScope.IMAGES)]
    only = [one for one in facts().files if not one.dimensions]
    assert document(files=only, events=logged).xpath("//p:eventType/text()", namespaces=NS) == ["packing"]


def test_every_kind_of_event_has_its_code() -> None:
    """A kind of event that is new to the log has an address in the vocabulary of the Library of Congress too."""
    assert set(EVENT_CODES) == set(EventType)
