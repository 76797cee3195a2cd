"""What is known of a bag under way: its files, what was done to them, what was proven and what was found."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.bag.fixity import Fixity
from confocal_bag.deposit.exports.events import Event, EventObject, EventScope, EventType
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.findings import Check, Finding, Severity, readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.record import ImageRecord
from confocal_bag.packing.task import AGENT
from confocal_bag.plan import PlannedMember
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.deposit.sequences.statement import SequencesStatement
    from confocal_bag.image.formats import Format

__all__ = ["Ledger", "PlaneHashes", "ProvenSeries"]

#: For each series of an image, the coordinates and the SHA-1 of each of its planes.
PlaneHashes = Mapping[int, Sequence[tuple[Mapping[str, int], str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSeries:
    """One series of a raw image, its OME-TIFF, both below data/, and how many planes were found equal.

    Of an image inside a zip file, `source` is that file and `member` the path in it.
    """

    source: PurePosixPath
    result: PurePosixPath
    series_name: str
    planes: int
    member: PurePosixPath | None = None


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The books of one build: each step enters what it did, and reads what those before it left.

    Paths are below data/; an image inside a zip file has that of `PlannedMember.place`. `date` is the time of every
    event where one was given. `rows` become the inventory, `events` the log. `staged` is where files lie on this
    machine, `digests` what they hash to, `families` the targets and digests of the files that are one image,
    `hashes` the digests of the planes of converted images, `dimensions` what is said of the size of images. Of the
    images in `unproven` not every plane could be read. `compiled` are the images made of several files, by the first
    of these in the deposit. `elsewhere` counts the raw files that fetch.txt names.
    """

    date: datetime | None = None
    rows: list[InventoryRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    proven: list[ProvenSeries] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    staged: dict[PurePosixPath, Path] = field(default_factory=dict)
    digests: dict[PurePosixPath, Mapping[str, str]] = field(default_factory=dict)
    families: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    hashes: dict[PurePosixPath, PlaneHashes] = field(default_factory=dict)
    dimensions: dict[PurePosixPath, str] = field(default_factory=dict)
    unproven: set[PurePosixPath] = field(default_factory=set)
    compiled: dict[PurePosixPath, PurePosixPath] = field(default_factory=dict)
    compiled_images: dict[PurePosixPath, ImageRecord] = field(default_factory=dict)
    statement: "SequencesStatement | None" = None
    opened_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: int = 0

    def enter_file(
        self, target: PurePosixPath, known: "Format", fixity: Fixity, *, reason: str, origin: str = ""
    ) -> None:
        """Remember a payload file for the inventory; `origin` is its path in the deposit, if it came from there."""
        self.digests[target] = fixity.digests
        self.rows.append(
            InventoryRow(
                path=f"data/{target}",
                tier=Tier(target.parts[0]).value,
                origin=origin,
                bytes=fixity.size,
                format=known.name,
                puid=known.puid,
                mime=known.mime,
                digests=fixity.digests,
                dimensions=self.dimensions.get(target, ""),
                reason=reason,
            )
        )

    def enter_event(
        self,
        kind: EventType,
        detail: str,
        outcome: str,
        scope: EventScope | None = None,
        *,
        objects: Sequence[EventObject] = (),
        time: datetime | None = None,
    ) -> None:
        """Remember what was done, at `time` or now, to these files or all of a scope."""
        now = self.date or time or datetime.now(UTC)
        self.events.append(
            Event(type=kind, time=now, agent=AGENT, detail=detail, outcome=outcome, objects=objects, scope=scope)
        )

    def source(self, file: PurePosixPath, member: PlannedMember | None = None) -> EventObject:
        """A file of the bag, or an image in it where it is a zip file, as what something was made from."""
        path = readable_path(member.path) if member else None
        return EventObject(path=f"data/{file}", role="source", digests=self.digests[file], member=path)

    def enter_compiled(self, target: PurePosixPath, record: ImageRecord, origin: PurePosixPath) -> None:
        """Say what image a file to be made of several is; `origin` is the first of these in the deposit."""
        self.compiled[target] = origin
        self.compiled_images[target] = record
        self.dimensions[target] = summarize_dimensions(record)

    def set_aside(self, image: PurePosixPath, origin: PurePosixPath, problem: UnreadableImage) -> None:
        """Remember an image of which not every plane can be read: it is kept as it came, and said to be unproven."""
        self.unproven.add(image)
        shown = readable_path(origin)
        self.findings.append(
            Finding(
                rule="image.unreadable",
                severity=Severity.ERROR,
                path=shown,
                message=str(problem).replace(readable_path(self.staged[image]), shown),
                remedy="Ask for the file again; a draft bag keeps it as it came, without a converted copy.",
            )
        )

    def set_member_aside(self, member: PlannedMember, problem: UnreadableImage) -> None:
        """As `set_aside` of an image in a zip file; outside the raw tier no bag is refused for its sake."""
        self.unproven.add(member.place)
        self.findings.append(
            Finding(
                rule="image.unreadable-in-archive",
                severity=Severity.ERROR if member.archive.parts[0] == Tier.RAW else Severity.WARNING,
                path=readable_path(member.record.path),
                message=str(problem),
                remedy="Ask for the file again; a draft bag keeps the zip file as it came, and no copy of the image.",
            )
        )
