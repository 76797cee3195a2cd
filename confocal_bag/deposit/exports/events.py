"""events.jsonl: what was done to the deposit, one event per line, in the words of the Library of Congress event types.

This log is the source of truth for provenance; other forms (PREMIS, RO-Crate) are rendered from it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.vocabulary import Tier

__all__ = ["Event", "EventObject", "EventScope", "EventType", "render_events"]


class EventType(StrEnum):
    """The event types of http://id.loc.gov/vocabulary/preservation/eventType that a build can honestly claim."""

    INGESTION = "ingestion"
    IDENTIFICATION = "format identification"
    EXTRACTION = "metadata extraction"
    DIGEST = "message digest calculation"
    MIGRATION = "migration"
    VALIDATION = "validation"
    REDACTION = "redaction"
    PACKING = "packing"


class EventScope(StrEnum):
    """The files of an event that is about many; which these are, inventory.csv says."""

    RECEIVED = "every file with an origin in inventory.csv"
    IMAGES = "every image file in inventory.csv"
    SIDECARS = "every file in metadata/ome"
    PAYLOAD = "every file in inventory.csv"
    LEFT_OUT = "not in the bag"

    def covers(self, row: InventoryRow) -> bool:
        """Whether a payload file is one of them."""
        is_sidecar = row.path.startswith(f"data/{Tier.METADATA}/ome/")
        return {
            EventScope.RECEIVED: bool(row.origin),
            EventScope.IMAGES: bool(row.dimensions),
            EventScope.SIDECARS: is_sidecar,
            EventScope.PAYLOAD: True,
            EventScope.LEFT_OUT: False,
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventObject:
    """A file an event is about, by its path in the bag; the role is "source" or "outcome".

    Of a zip file, `member` is the path in it of what is meant, None where that is the whole file.
    """

    path: str
    role: str
    digests: Mapping[str, str] = field(default_factory=dict)
    member: str | None = None

    def as_json(self) -> dict[str, str]:
        """Values that JSON can hold."""
        inside = {"member": self.member} if self.member is not None else {}
        return {"path": self.path, **inside, "role": self.role, **self.digests}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was done, by which program, with what result, to the objects or else to all of a scope."""

    type: EventType
    time: datetime
    agent: str
    detail: str
    outcome: str
    objects: Sequence[EventObject] = field(default=())
    scope: EventScope | None = None


def render_events(events: Iterable[Event]) -> str:
    """The events as JSON lines, times in UTC."""
    return "".join(
        json.dumps(_plain(number, event), ensure_ascii=False) + "\n" for number, event in enumerate(events, 1)
    )


def _plain(number: int, event: Event) -> dict[str, Any]:
    return {
        "id": number,
        "type": event.type.value,
        "dateTime": event.time.astimezone(UTC).isoformat(timespec="seconds"),
        "agent": event.agent,
        "detail": event.detail,
        "outcome": event.outcome,
        **({"scope": event.scope.value} if event.scope else {}),
        "objects": [one.as_json() for one in event.objects],
    }
