"""Fills a bag's staging folder: copies, conversions with their proof, sidecars, readme and metadata files."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from confocal_bag import __version__
from confocal_bag.bag.fixity import Fixity, hash_file
from confocal_bag.bag.holey.address import reference_url
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.documents import Stage, lacking, planned_documents
from confocal_bag.deposit.exports.events import Event, EventObject, EventScope, EventType, render_events
from confocal_bag.deposit.exports.inventory_csv import InventoryRow, render_inventory
from confocal_bag.deposit.exports.ome_notes import file_entries, sequence_notes, sidecar_notes
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.source import SourceEntry
from confocal_bag.document import as_document
from confocal_bag.exporting import export_facts
from confocal_bag.findings import CannotFinish, Check, Finding, Severity, readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.record import ImageRecord
from confocal_bag.image.worker import in_order
from confocal_bag.inspect import Inspection
from confocal_bag.plan import (
    CURATION_LOG,
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
    from confocal_bag.deposit.sequences.statement import SequencesStatement
    from confocal_bag.image.conversion_note import ConversionNote
    from confocal_bag.image.formats import Format
    from confocal_bag.image.sidecar import Note

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


#: What a conversion gave: the fixity and the note of each result, by its place below data/.
Converted = Mapping[PurePosixPath, tuple[Fixity, "ConversionNote"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beginning:
    """A planned conversion: `taken` over from an earlier run, or to be made at `places`."""

    planned: PlannedConversion
    made_from: str
    taken: Converted | None
    places: Sequence[Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SidecarJob:
    """What one sidecar is made of."""

    path: Path
    source_name: str
    plane_hashes: PlaneHashes | None
    notes: Sequence["Note"]
    keep_personal: bool


@dataclass(kw_only=True)
class Packing:
    """One build under way, `jobs` images at once. Call the steps in their order: each uses what the one before left."""

    inspection: Inspection
    plan: BagPlan
    writer: BagWriter
    level: PracticeLevel
    algorithms: Sequence[str]
    raw_url: str | None = None
    keep_personal: bool = False
    elsewhere: int = 0
    rows: list[InventoryRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    proven: list[ProvenSeries] = field(default_factory=list)
    compiled: dict[PurePosixPath, PurePosixPath] = field(default_factory=dict)
    compiled_images: dict[PurePosixPath, ImageRecord] = field(default_factory=dict)
    statement: "SequencesStatement | None" = None
    opened_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hashes: dict[PurePosixPath, PlaneHashes] = field(default_factory=dict)
    staged: dict[PurePosixPath, Path] = field(default_factory=dict)
    digests: dict[PurePosixPath, Mapping[str, str]] = field(default_factory=dict)
    families: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    dimensions: dict[PurePosixPath, str] = field(default_factory=dict)
    unproven: set[PurePosixPath] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    jobs: int = 1
    second_reader: bool = False
    date: datetime | None = None
    privacy_override: str | None = None
    _begun: datetime = field(default_factory=lambda: datetime.now().astimezone())
    _writing: Lock = field(default_factory=Lock, repr=False)

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
        received = EventScope.RECEIVED
        self._event(EventType.INGESTION, f"{count} files ({size} bytes) copied from the deposit", "copied", received)
        digests = ", ".join(self.algorithms)
        self._event(EventType.DIGEST, f"while copying: {digests}", "recorded in the manifests", received)
        identified = f"{count} files identified by their bytes"
        self._event(EventType.IDENTIFICATION, identified, "see metadata/inventory.csv", received)

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
        """Convert each planned raw image from its copy in the bag, several at once, and prove every plane."""
        progress.stage("Converting", sum(one.record.bytes for one in self.plan.conversions))
        converted = in_order(partial(self._convert, compression=compression), self._beginnings(), jobs=self.jobs)
        for planned, outcome in converted:
            if isinstance(outcome, UnreadableImage):
                self._set_aside(planned.record.path, planned.source, outcome)
            else:
                for result, (fixity, note) in outcome.items():
                    self._record_conversion(planned, result, fixity, note)
            progress.advance(planned.record.bytes)

    def _beginnings(self) -> Iterator["_Beginning"]:
        """Each planned conversion: finished by an earlier run, or with the places of its results."""
        for planned in self.plan.conversions:
            made_from = sha256("\n".join(self.families[_family(planned.source)]).encode()).hexdigest()
            with self._writing:
                taken = self._take_over(planned, made_from)
                places = [] if taken else [self.writer.place(f"data/{result}") for result in planned.results]
            yield _Beginning(planned=planned, made_from=made_from, taken=taken, places=places)

    def _take_over(self, planned: PlannedConversion, made_from: str) -> "Converted | None":
        """The conversions that an earlier run had finished; all series of a file, from the same bytes, or none."""
        from confocal_bag.image.conversion_note import ConversionNote

        found = {result: self.writer.resumed(f"data/{result}") for result in planned.results}
        taken = {result: (one[0], ConversionNote.from_json(one[1])) for result, one in found.items() if one is not None}
        if len(taken) < len(found) or any(note.made_from != made_from for _, note in taken.values()):
            for result in taken:
                self.writer.withdraw(f"data/{result}")
            return None
        return taken

    def _convert(
        self, begun: "_Beginning", *, compression: str | None
    ) -> tuple[PlannedConversion, "Converted | UnreadableImage"]:
        """Convert one image, unless that is done; several threads do this at once."""
        from confocal_bag.image.conversion_note import ConversionNote
        from confocal_bag.image.convert import convert_image
        from confocal_bag.image.readers.second import confirm

        planned, places = begun.planned, begun.places
        if begun.taken:
            return planned, begun.taken
        try:
            if self.second_reader:
                confirm(self.staged[planned.source])
            made = convert_image(
                self.staged[planned.source],
                places[0].parent,
                stem=planned.record.path.name,
                compression=compression,
                keep_personal=self.keep_personal,
            )
        except UnreadableImage as problem:
            return planned, problem
        if [one.path for one in made] != places:
            raise CannotFinish(
                f"{planned.record.path} gave {len(made)} series, but its header had declared {len(places)}. "
                "It may have changed while it was read; start again."
            )
        adopted = {}
        for result, one in zip(planned.results, made, strict=True):
            note = ConversionNote.of(one, begun.made_from)
            # The writer takes one file at a time.
            with self._writing:
                adopted[result] = (self.writer.adopt(f"data/{result}", note=note.as_json()), note)
        return planned, adopted

    def _record_conversion(
        self, planned: PlannedConversion, result: PurePosixPath, fixity: Fixity, made: "ConversionNote"
    ) -> None:
        from confocal_bag.image.formats import identify

        self.staged[result] = self.writer.staged(f"data/{result}")
        self.hashes[result] = {0: made.planes}
        self.hashes[planned.source] = {**self.hashes.get(planned.source, {}), made.series_index: made.planes}
        reason = f"converted from {planned.source}; all {len(made.planes)} planes equal"
        self.dimensions[result] = summarize_dimensions(planned.image(made.series_index))
        before = self.digests[planned.source]
        self._row(result, identify(self.staged[result]), fixity, reason=reason)
        self.proven.append(
            ProvenSeries(source=planned.source, result=result, series_name=made.series_name, planes=len(made.planes))
        )
        self._event(
            EventType.MIGRATION,
            f"series {made.series_index} of {planned.record.format.name} to OME-TIFF"
            f" ({made.compression or 'uncompressed'})",
            f"{len(made.planes)} planes read again from the result; all equal",
            objects=(
                EventObject(path=f"data/{planned.source}", role="source", digests=before),
                EventObject(path=f"data/{result}", role="outcome", digests=fixity.digests),
            ),
            time=made.made,
        )

    def describe_as(self, target: PurePosixPath, record: ImageRecord, origin: PurePosixPath) -> None:
        """Say what image a file to be made of several is; `origin` is the first of these in the deposit."""
        self.compiled[target] = origin
        self.compiled_images[target] = record
        self.dimensions[target] = summarize_dimensions(record)

    def add_made(self, target: PurePosixPath, fixity: Fixity, reason: str) -> None:
        """Remember a file that was made and adopted; `reason` is for the inventory."""
        from confocal_bag.image.formats import identify

        self.staged[target] = self.writer.staged(f"data/{target}")
        self._row(target, identify(self.staged[target]), fixity, reason=reason)

    def add_generated(self, target: PurePosixPath, content: bytes, reason: str) -> None:
        """Write a small file that is made in between, such as a companion file."""
        self._write(target, content, reason)
        self.staged[target] = self.writer.staged(f"data/{target}")

    def tell(self, kind: EventType, detail: str, outcome: str, objects: Sequence[EventObject], time: datetime) -> None:
        """Remember an event that is about these files."""
        self._event(kind, detail, outcome, objects=objects, time=time)

    def write_sidecars(self, progress: Progress) -> None:
        """Write one OME-XML file per image file, with a digest of every plane."""
        origins: dict[PurePosixPath, tuple[PurePosixPath, int | None]] = {
            copy.target: (copy.record.path, None) for copy in self.plan.copies if copy.record.images
        }
        for one in self.plan.conversions:
            origins |= {result: (one.record.path, position) for position, result in enumerate(one.results)}
        origins |= {made: (origin, None) for made, origin in self.compiled.items()}
        progress.stage("Describing images", len(origins))
        wanted = [image for image in origins if image in self.staged and image not in self.unproven]
        progress.advance(len(origins) - len(wanted))
        jobs = (self._sidecar_job(image, *origins[image]) for image in wanted)
        for image, content in zip(wanted, in_order(_render, jobs, jobs=self.jobs), strict=True):
            if isinstance(content, UnreadableImage):
                self._set_aside(origins[image][0], image, content)
            else:
                self._write(sidecar_path(image), content, f"describes {image}")
            progress.advance(1)
        count = len(origins) - len(self.unproven)
        self._event(EventType.EXTRACTION, f"headers of {count} image files", "see metadata/ome", EventScope.IMAGES)
        self._record_redaction()
        checked = "sidecars against the schema OME 2016-06"
        self._event(EventType.VALIDATION, checked, "all valid", EventScope.SIDECARS)

    def _record_redaction(self) -> None:
        """Say which fields of which headers the sidecars and converted copies leave out."""
        if self.keep_personal:
            return
        for copy in self.plan.copies:
            fields = self.inspection.withheld(copy.record)
            if fields and copy.target not in self.unproven:
                self._event(
                    EventType.REDACTION,
                    f"left out of the sidecar and of converted copies: {'; '.join(fields)}",
                    "the file itself is unchanged",
                    objects=(EventObject(path=f"data/{copy.target}", role="source"),),
                )

    def _sidecar_job(self, image: PurePosixPath, origin: PurePosixPath, position: int | None) -> "_SidecarJob":
        return _SidecarJob(
            path=self.staged[image],
            source_name=f"data/{image}",
            plane_hashes=self.hashes.get(image),
            notes=[
                *sidecar_notes(self.description, self._entries, origin, position=position),
                *sequence_notes(self.statement, f"data/{image}"),
            ],
            keep_personal=self.keep_personal,
        )

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

    @cached_property
    def description(self) -> Description:
        """What is said of the deposit: its deposit.yaml, or the draft made from the headers."""
        said = (self.inspection.loaded or read_description(self._drafted_text)).description
        said = self._with_override(self._with_redaction(said))
        if self.raw_url is None or said.raw_location:
            return said
        # Where the raw files are is known then, whether or not deposit.yaml says it too.
        return said.model_copy(update={"raw_location": self.raw_url})

    def _with_override(self, said: Description) -> Description:
        """The description with the reason for which personal data nobody had answered for were packed."""
        if not self.privacy_override:
            return said
        notes = f"Packed although nobody had answered for personal data in the files; reason: {self.privacy_override}"
        return said.model_copy(update={"privacy": said.privacy.model_copy(update={"notes": notes})})

    def _with_redaction(self, said: Description) -> Description:
        """The description with a sentence, if it has none, about what sidecars and converted copies leave out."""
        count = sum(bool(self.inspection.withheld(copy.record)) for copy in self.plan.copies)
        if self.keep_personal or said.privacy.redaction or not count:
            return said
        files = "one file" if count == 1 else f"{count} files"
        sentence = (
            f"Names of people, paths and serial numbers in the headers of {files} are left out of sidecars and "
            "converted copies, which say so; the files themselves are unchanged."
        )
        return said.model_copy(update={"privacy": said.privacy.model_copy(update={"redaction": sentence})})

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
        """Write deposit.yaml, findings.json, events.jsonl and the documents for archives.

        The inventory is of everything before it, the research object of everything but itself.
        """
        for path in self.plan.placeholders:
            self._write(path, b"", "keeps an empty folder of the deposit")
        described = self.inspection.described
        if DESCRIPTION in self.plan.generated:
            content = described.content if described else self._drafted_text.encode()
            self._write(DESCRIPTION, content, "description of the deposit")
        if self.inspection.curation_log is not None:
            self._write(CURATION_LOG, self.inspection.curation_log, "what the curators did, when and why")
        self._write(FINDINGS, _json(self._findings_document()), "what was found in the deposit before packing")
        self._write_documents(Stage.DESCRIPTION)
        for one in self.inspection.inventory.left_out:
            left_out = f"{readable_path(one.path)} was left out"
            self._event(EventType.INGESTION, left_out, one.reason, EventScope.LEFT_OUT)
        if self.privacy_override:
            gate = "personal data in files of human subjects or of restricted access, for which nobody had answered"
            self._event(EventType.VALIDATION, gate, f"overridden: {self.privacy_override}", EventScope.RECEIVED)
        self._event(EventType.PACKING, "BagIt 1.0 (RFC 8493)", "packed", EventScope.PAYLOAD)
        self._write(EVENTS, render_events(self.events).encode(), "what was done to the deposit")
        self._write_documents(Stage.EVENTS)
        self._write(INVENTORY, render_inventory(self.rows, self.algorithms).encode(), "list of the files before it")
        self._write_documents(Stage.CRATE)

    def _write_documents(self, stage: Stage) -> None:
        """Write the documents for archives that speak of what there is by now."""
        facts = export_facts(
            self.description,
            self.plan,
            rows=self.rows,
            events=self.events,
            bag_uuid=self.bag_uuid,
            moment=self.moment,
            compiled={path: (origin, self.compiled_images[path]) for path, origin in self.compiled.items()},
        )
        for one in planned_documents(self.description):
            if one.stage is stage:
                self._write(one.path, one.render(facts), None if stage is Stage.CRATE else one.purpose)

    @property
    def moment(self) -> datetime:
        """When the bag is made: the given date, else the beginning of this run."""
        return self.date or self._begun

    @cached_property
    def bag_uuid(self) -> UUID:
        """The identifier of the bag; for a given date one that follows from it and from the files that came in."""
        if self.date is None:
            return uuid4()
        received = sorted((row.path, sorted(row.digests.items())) for row in self.rows if row.origin)
        return uuid5(NAMESPACE_URL, f"{self.date.isoformat()} {json.dumps(received)}")

    @property
    def not_written(self) -> Mapping[PurePosixPath, str]:
        """The documents for archives that cannot be written, each with the reason."""
        return lacking(self.description)

    def _findings_document(self) -> dict[str, Any]:
        """What was found, without the places on this machine that would mean nothing to a reader of the bag."""
        report = self.inspection.report(self.inspection.deposit.root.name)
        described = self.inspection.described
        names = {readable_path(described.path): f"data/{DESCRIPTION}"} if described else {}
        findings = [replace(one, path=names.get(one.path or "", one.path)) for one in report.findings]
        return as_document(replace(report, findings=(*findings, *self.findings)))

    def write_readme(self, target: PurePosixPath, text: str, purpose: str) -> None:
        """Write the readme of the dataset, or another text for people."""
        self._write(target, text.encode(), purpose)

    def _write(self, target: PurePosixPath, content: bytes, reason: str | None) -> None:
        from confocal_bag.image.formats import identify

        fixity = self.writer.write(f"data/{target}", content)
        if reason:
            self._row(target, identify(self.writer.staged(f"data/{target}")), fixity, reason=reason)

    def _row(self, target: PurePosixPath, known: "Format", fixity: Fixity, *, reason: str, origin: str = "") -> None:
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

    def _event(
        self,
        kind: EventType,
        detail: str,
        outcome: str,
        scope: EventScope | None = None,
        *,
        objects: Sequence[EventObject] = (),
        time: datetime | None = None,
    ) -> None:
        now = self.date or time or datetime.now(UTC)
        self.events.append(
            Event(type=kind, time=now, agent=AGENT, detail=detail, outcome=outcome, objects=objects, scope=scope)
        )


def _render(job: _SidecarJob) -> bytes | UnreadableImage:
    from confocal_bag.image.guarded import render_sidecar

    try:
        return render_sidecar(
            job.path,
            source_name=job.source_name,
            plane_hashes=job.plane_hashes,
            notes=job.notes,
            keep_personal=job.keep_personal,
        )
    except UnreadableImage as problem:
        return problem


def _family(path: PurePosixPath) -> str:
    """What stands for an image with the files it keeps beside itself, as NAME.oif does in NAME.oif.files."""
    for parent in path.parents:
        if parent.name.lower().endswith(".files"):
            return str(parent)[: -len(".files")]
    return str(path)


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
