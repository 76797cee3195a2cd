"""Fills a bag's staging folder: copies, conversions with their proof, sidecars, readme and metadata files."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from confocal_bag import __version__
from confocal_bag.bag.fixity import Fixity, hash_file
from confocal_bag.bag.holey.address import reference_url
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.events import Event, EventObject, EventType, render_events
from confocal_bag.deposit.exports.inventory_csv import InventoryRow, render_inventory
from confocal_bag.deposit.exports.ome_notes import file_entries, sidecar_notes
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.source import SourceEntry
from confocal_bag.document import as_document
from confocal_bag.findings import CannotFinish, Finding, Severity, readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.inspect import Inspection
from confocal_bag.plan import (
    DESCRIPTION,
    EVENTS,
    FINDINGS,
    INVENTORY,
    BagPlan,
    PlannedConversion,
    PlannedCopy,
    sidecar_path,
)
from confocal_bag.progress import Progress
from confocal_bag.vocabulary import PracticeLevel, Tier

if TYPE_CHECKING:
    from confocal_bag.image.conversion_note import ConversionNote
    from confocal_bag.image.formats import Format

__all__ = ["AGENT", "Packing", "ProvenSeries"]

AGENT = f"confocal-bag {__version__}"

PlaneHashes = Mapping[int, Sequence[tuple[Mapping[str, int], str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSeries:
    """One series of a raw image, its OME-TIFF, both below data/, and how many planes were found equal."""

    source: PurePosixPath
    result: PurePosixPath
    series_name: str
    planes: int


@dataclass(kw_only=True)
class Packing:
    """One build under way. Call the steps in the order they stand here: each uses what the one before left."""

    inspection: Inspection
    plan: BagPlan
    writer: BagWriter
    level: PracticeLevel
    algorithms: Sequence[str]
    raw_url: str | None = None
    elsewhere: int = 0
    rows: list[InventoryRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    proven: list[ProvenSeries] = field(default_factory=list)
    hashes: dict[PurePosixPath, PlaneHashes] = field(default_factory=dict)
    staged: dict[PurePosixPath, Path] = field(default_factory=dict)
    families: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    dimensions: dict[PurePosixPath, str] = field(default_factory=dict)
    unproven: set[PurePosixPath] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def copy_files(self, progress: Progress) -> None:
        """Copy every planned file, hashing on the way."""
        progress.stage("Copying", sum(copy.record.bytes for copy in self.plan.copies))
        entries = {entry.path: entry for entry in self.inspection.deposit.files}
        for copy in self.plan.copies:
            fixity = self._take_in(copy, entries[copy.record.path])
            self.families[_family(copy.target)].append(f"{copy.target}\0{fixity.digests[self.algorithms[0]]}")
            progress.advance(fixity.size)
            record = copy.record
            self.dimensions[copy.target] = "; ".join(summarize_dimensions(image) for image in record.images)
            self._row(copy.target, record.format, fixity, reason=record.tier_reason, origin=str(record.path))
        self._refuse_other_description()
        count, size = len(self.plan.copies), sum(copy.record.bytes for copy in self.plan.copies)
        self._event(EventType.INGESTION, f"{count} files ({size} bytes) copied from the deposit", "copied")
        self._event(EventType.DIGEST, f"while copying: {', '.join(self.algorithms)}", "recorded in the manifests")
        self._event(EventType.IDENTIFICATION, f"{count} files identified by their bytes", "see metadata/inventory.csv")

    def _take_in(self, copy: PlannedCopy, entry: SourceEntry) -> Fixity:
        """Copy one file and hash it on the way; of a raw file that is kept elsewhere, hash it and say where."""
        source = self.inspection.deposit.local(copy.record.path)
        target = f"data/{copy.target}"
        if self.raw_url is None or copy.record.tier is not Tier.RAW:
            expected = (entry.bytes, entry.modified_ns)
            fixity = self.writer.copy(source, target, origin=str(copy.record.path), expected=expected)
            self.staged[copy.target] = self.writer.staged(target)
            return fixity
        try:
            fixity = hash_file(source, self.algorithms)
        except OSError as error:
            raise CannotFinish(f"{readable_path(source)} cannot be read: {error.strerror}.") from error
        url = reference_url(self.raw_url, copy.target.relative_to(Tier.RAW.value))
        self.writer.reference(target, url=url, fixity=fixity)
        self.elsewhere += 1
        self.staged[copy.target] = source
        return fixity

    def convert_images(self, compression: str | None, progress: Progress) -> None:
        """Convert each planned raw image from its copy in the bag, and prove every plane."""
        progress.stage("Converting", sum(one.record.bytes for one in self.plan.conversions))
        for planned in self.plan.conversions:
            try:
                self._convert(planned, compression)
            except UnreadableImage as problem:
                self._set_aside(planned.record.path, planned.source, problem)
            progress.advance(planned.record.bytes)

    def _convert(self, planned: PlannedConversion, compression: str | None) -> None:
        from confocal_bag.image.conversion_note import ConversionNote
        from confocal_bag.image.convert import convert_image

        made_from = sha256("\n".join(self.families[_family(planned.source)]).encode()).hexdigest()
        if self._take_over(planned, made_from):
            return
        places = [self.writer.place(f"data/{result}") for result in planned.results]
        made = convert_image(
            self.staged[planned.source], places[0].parent, stem=planned.record.path.name, compression=compression
        )
        if [one.path for one in made] != places:
            raise CannotFinish(
                f"{planned.record.path} gave {len(made)} series, but its header had declared {len(places)}. "
                "It may have changed while it was read; start again."
            )
        for result, one in zip(planned.results, made, strict=True):
            note = ConversionNote.of(one, made_from)
            fixity = self.writer.adopt(f"data/{result}", note=note.as_json())
            self._record_conversion(planned, result, fixity, note)

    def _take_over(self, planned: PlannedConversion, made_from: str) -> bool:
        """Use the conversions that an earlier run had finished; all series of a file, from the same bytes, or none."""
        from confocal_bag.image.conversion_note import ConversionNote

        found = {result: self.writer.resumed(f"data/{result}") for result in planned.results}
        taken = {result: (one[0], ConversionNote.from_json(one[1])) for result, one in found.items() if one is not None}
        if len(taken) < len(found) or any(note.made_from != made_from for _, note in taken.values()):
            for result in taken:
                self.writer.withdraw(f"data/{result}")
            return False
        for result, (fixity, note) in taken.items():
            self._record_conversion(planned, result, fixity, note)
        return True

    def _record_conversion(
        self, planned: PlannedConversion, result: PurePosixPath, fixity: Fixity, made: "ConversionNote"
    ) -> None:
        from confocal_bag.image.formats import identify

        self.staged[result] = self.writer.staged(f"data/{result}")
        self.hashes[result] = {0: made.planes}
        self.hashes[planned.source] = {**self.hashes.get(planned.source, {}), made.series_index: made.planes}
        reason = f"converted from {planned.source}; all {len(made.planes)} planes equal"
        self.dimensions[result] = summarize_dimensions(planned.image(made.series_index))
        self._row(result, identify(self.staged[result]), fixity, reason=reason)
        self.proven.append(
            ProvenSeries(source=planned.source, result=result, series_name=made.series_name, planes=len(made.planes))
        )
        self._event(
            EventType.MIGRATION,
            f"series {made.series_index} of {planned.record.format.name} to OME-TIFF"
            f" ({made.compression or 'uncompressed'})",
            f"{len(made.planes)} planes read again from the result; all equal",
            (
                EventObject(path=f"data/{planned.source}", role="source"),
                EventObject(path=f"data/{result}", role="outcome"),
            ),
            made.made,
        )

    def write_sidecars(self, progress: Progress) -> None:
        """Write one OME-XML file per image file, with a digest of every plane."""
        origins: dict[PurePosixPath, tuple[PurePosixPath, int | None]] = {
            copy.target: (copy.record.path, None) for copy in self.plan.copies if copy.record.images
        }
        for one in self.plan.conversions:
            origins |= {result: (one.record.path, position) for position, result in enumerate(one.results)}
        progress.stage("Describing images", len(origins))
        for image, (origin, position) in origins.items():
            if image in self.staged and image not in self.unproven:
                self._write_sidecar(image, origin, position)
            progress.advance(1)
        count = len(origins) - len(self.unproven)
        self._event(EventType.EXTRACTION, f"headers of {count} image files", "see metadata/ome")
        self._event(EventType.VALIDATION, "sidecars against the schema OME 2016-06", "all valid")

    def _write_sidecar(self, image: PurePosixPath, origin: PurePosixPath, position: int | None) -> None:
        try:
            content = self._sidecar(image, origin, position)
        except UnreadableImage as problem:
            self._set_aside(origin, image, problem)
        else:
            self._write(sidecar_path(image), content, f"describes {image}")

    def _set_aside(self, origin: PurePosixPath, image: PurePosixPath, problem: UnreadableImage) -> None:
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

    def _sidecar(self, image: PurePosixPath, origin: PurePosixPath, position: int | None) -> bytes:
        from confocal_bag.image.acquisition import describe_acquisition
        from confocal_bag.image.convert import plane_digests
        from confocal_bag.image.open import open_image
        from confocal_bag.image.sidecar import ome_bytes

        path = self.staged[image]
        with open_image(path) as opened:
            ome = describe_acquisition(opened)
            hashes = self.hashes.get(image) or plane_digests(opened)
        notes = sidecar_notes(self.description, self._entries, origin, position=position)
        return ome_bytes(ome, source_name=f"data/{image}", plane_hashes=hashes, notes=notes)

    @cached_property
    def description(self) -> Description:
        """What is said of the deposit: its deposit.yaml, or the draft made from the headers."""
        said = (self.inspection.loaded or read_description(self._drafted_text)).description
        if self.raw_url is None or said.raw_location:
            return said
        # Where the raw files are is known then, whether or not deposit.yaml says it too.
        return said.model_copy(update={"raw_location": self.raw_url})

    @cached_property
    def _entries(self) -> FileEntries:
        return file_entries(self.description)

    @cached_property
    def _drafted_text(self) -> str:
        """The description of a deposit that nobody has described."""
        from confocal_bag.deposit.description.draft import draft_description

        return draft_description(self.inspection.inventory, level=self.level)

    def _refuse_other_description(self) -> None:
        """The description in the bag is the one that was judged, byte for byte."""
        described = self.inspection.described
        copied = self.staged.get(DESCRIPTION)
        if described and copied and copied.read_bytes() != described.content:
            raise CannotFinish(f"{described.path} changed while the bag was being built. Start again.")

    def write_metadata(self) -> None:
        """Write deposit.yaml, findings.json, events.jsonl and, last, the inventory of everything before it."""
        for path in self.plan.placeholders:
            self._write(path, b"", "keeps an empty folder of the deposit")
        described = self.inspection.described
        if DESCRIPTION in self.plan.generated:
            content = described.content if described else self._drafted_text.encode()
            self._write(DESCRIPTION, content, "description of the deposit")
        self._write(FINDINGS, _json(self._findings_document()), "what was found in the deposit before packing")
        for one in self.inspection.inventory.left_out:
            self._event(EventType.INGESTION, f"{readable_path(one.path)} was left out", one.reason)
        self._event(EventType.PACKING, "BagIt 1.0 (RFC 8493)", "packed")
        self._write(EVENTS, render_events(self.events).encode(), "what was done to the deposit")
        self._write(INVENTORY, render_inventory(self.rows, self.algorithms).encode(), None)

    def _findings_document(self) -> dict[str, Any]:
        """What was found, without the places on this machine that would mean nothing to a reader of the bag."""
        report = self.inspection.report(self.inspection.deposit.root.name)
        described = self.inspection.described
        names = {readable_path(described.path): f"data/{DESCRIPTION}"} if described else {}
        findings = [replace(one, path=names.get(one.path or "", one.path)) for one in report.findings]
        return as_document(replace(report, findings=(*findings, *self.findings)))

    def write_readme(self, target: PurePosixPath, text: str) -> None:
        """Write the readme of the dataset."""
        self._write(target, text.encode(), "readme of the dataset")

    def _write(self, target: PurePosixPath, content: bytes, reason: str | None) -> None:
        from confocal_bag.image.formats import identify

        fixity = self.writer.write(f"data/{target}", content)
        if reason:
            self._row(target, identify(self.writer.staged(f"data/{target}")), fixity, reason=reason)

    def _row(self, target: PurePosixPath, known: "Format", fixity: Fixity, *, reason: str, origin: str = "") -> None:
        """Remember a payload file for the inventory; `origin` is its path in the deposit, if it came from there."""
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

    def _event(
        self,
        kind: EventType,
        detail: str,
        outcome: str,
        objects: Sequence[EventObject] = (),
        time: datetime | None = None,
    ) -> None:
        now = time or datetime.now(UTC)
        self.events.append(Event(type=kind, time=now, agent=AGENT, detail=detail, outcome=outcome, objects=objects))


def _family(path: PurePosixPath) -> str:
    """What stands for an image with the files it keeps beside itself, as NAME.oif does in NAME.oif.files."""
    for parent in path.parents:
        if parent.name.lower().endswith(".files"):
            return str(parent)[: -len(".files")]
    return str(path)


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
