"""events.jsonl: what was done to the deposit, one event per line, in the words of the Library of Congress event types.

This log is the source of truth for provenance; other forms (PREMIS, RO-Crate) are rendered from it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

__all__ = ["Event", "EventObject", "EventType", "render_events"]


class EventType(StrEnum):
    """The event types of http://id.loc.gov/vocabulary/preservation/eventType that a build can honestly claim."""

    INGESTION = "ingestion"
    IDENTIFICATION = "format identification"
    EXTRACTION = "metadata extraction"
    DIGEST = "message digest calculation"
    MIGRATION = "migration"
    VALIDATION = "validation"
    PACKING = "packing"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventObject:
    """A file an event is about; the role is "source" or "outcome"."""

    path: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was done, by which program, with what result."""

    type: EventType
    time: datetime
    agent: str
    detail: str
    outcome: str
    objects: Sequence[EventObject] = field(default=())


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
        "objects": [{"path": one.path, "role": one.role} for one in event.objects],
    }
