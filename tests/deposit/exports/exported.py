"""Synthetic facts for the tests of the exports."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.events import Event, EventObject, EventScope, EventType
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, presentable
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.vocabulary import Tier
from tests.deposit.described import COMPLETE, STACK, file

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
UUID_OF_BAG = UUID("12345678-1234-5678-9234-567812345678")
AGENT = "confocal-bag 9.9"
RAW, RESULT = "data/raw/cell01.czi", "data/transformed/cell01.czi.ome.tiff"
SIDECAR, README = "data/metadata/ome/raw/cell01.czi.ome.xml", "data/readme/README.txt"


def row(path: str, **changes: Any) -> InventoryRow:
    """A payload file; one that came from the depositor has an origin."""
    values: dict[str, Any] = {
        "path": path,
        "tier": path.split("/")[1],
        "origin": "",
        "bytes": 1234,
        "format": "OME-TIFF",
        "puid": "fmt/353",
        "mime": "image/tiff",
        "digests": {"sha256": "ab" * 32, "sha512": "cd" * 64},
        "dimensions": "",
        "reason": "converted",
    }
    return InventoryRow(**(values | changes))


def rows() -> list[InventoryRow]:
    """A raw file, its OME-TIFF, a sidecar and a readme."""
    return [
        row(
            RAW,
            origin="raw/cell01.czi",
            format="Zeiss CZI",
            puid="fmt/1143",
            mime="image/x-czi",
            dimensions="10 planes",
        ),
        row(RESULT, dimensions="10 planes"),
        row(SIDECAR, format="OME-XML", puid="fmt/101", mime="application/xml"),
        row(README, format="text", puid=None, mime="text/plain", reason="readme of the dataset"),
    ]


def event(kind: EventType, scope: EventScope | None = None, *, outcome: str = "done", **values: Any) -> Event:
    """Something that was done."""
    return Event(type=kind, time=MOMENT, agent=AGENT, detail=kind.value, outcome=outcome, scope=scope, **values)


def events() -> list[Event]:
    """What a build of one raw file logs, with one file left out."""
    objects = (EventObject(path=RAW, role="source"), EventObject(path=RESULT, role="outcome"))
    return [
        event(EventType.INGESTION, EventScope.RECEIVED),
        event(EventType.DIGEST, EventScope.RECEIVED),
        event(EventType.IDENTIFICATION, EventScope.RECEIVED),
        event(EventType.MIGRATION, objects=objects),
        event(EventType.EXTRACTION, EventScope.IMAGES),
        event(EventType.VALIDATION, EventScope.SIDECARS),
        event(EventType.INGESTION, EventScope.LEFT_OUT, outcome="a symbolic link"),
        event(EventType.PACKING, EventScope.PAYLOAD),
    ]


def described(text: str = COMPLETE, **changes: Any) -> Description:
    """A complete description, changed as asked."""
    return read_description(text).description.model_copy(update=changes)


def facts(said: Description | None = None, **changes: Any) -> ExportFacts:
    """What is exported of a deposit with one raw file and its conversion."""
    said = presentable(said or described())
    index = DescriptionIndex(said)
    record = file("raw/cell01.czi", "czi", Tier.RAW, STACK)
    image = index.image(record, STACK, 0)
    entry = index.file(PurePosixPath("raw/cell01.czi"))
    values: dict[str, Any] = {
        "description": said,
        "files": rows(),
        "images": [ExportedImage(path=path, record=STACK, described=image) for path in (RAW, RESULT)],
        "descriptions": {RAW: entry} if entry else {},
        "events": events(),
        "bag_uuid": UUID_OF_BAG,
        "moment": MOMENT,
        "software": "confocal-bag",
        "software_version": "9.9",
    }
    return ExportFacts(**(values | changes))
