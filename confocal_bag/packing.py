"""Fills a bag's staging folder: copies, conversions with their proof, sidecars, readme and metadata files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag import __version__
from confocal_bag.bag.fixity import Fixity
from confocal_bag.bag.writer import BagWriter
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.events import Event, EventObject, EventType, render_events
from confocal_bag.deposit.exports.inventory_csv import InventoryRow, render_inventory
from confocal_bag.deposit.exports.ome_notes import sidecar_notes
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.document import as_document
from confocal_bag.findings import CannotFinish
from confocal_bag.inspect import Inspection
from confocal_bag.plan import DESCRIPTION, EVENTS, FINDINGS, INVENTORY, BagPlan, PlannedConversion, sidecar_path
from confocal_bag.progress import Progress
from confocal_bag.vocabulary import PracticeLevel, Tier

if TYPE_CHECKING:
    from confocal_bag.image.convert import Conversion
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
    rows: list[InventoryRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    proven: list[ProvenSeries] = field(default_factory=list)
    hashes: dict[PurePosixPath, PlaneHashes] = field(default_factory=dict)
    staged: dict[PurePosixPath, Path] = field(default_factory=dict)
    dimensions: dict[PurePosixPath, str] = field(default_factory=dict)

    def copy_files(self, progress: Progress) -> None:
        """Copy every planned file, hashing on the way."""
        progress.stage("Copying", sum(copy.record.bytes for copy in self.plan.copies))
        for copy in self.plan.copies:
            source = self.inspection.deposit.local(copy.record.path)
            fixity = self.writer.copy(source, f"data/{copy.target}")
            progress.advance(fixity.size)
            record = copy.record
            self.dimensions[copy.target] = "; ".join(summarize_dimensions(image) for image in record.images)
            self._row(copy.target, record.format, fixity, reason=record.tier_reason, origin=str(record.path))
            self.staged[copy.target] = self.writer.staged(f"data/{copy.target}")
        count, size = len(self.plan.copies), sum(copy.record.bytes for copy in self.plan.copies)
        self._event(EventType.INGESTION, f"{count} files ({size} bytes) copied from the deposit", "copied")
        self._event(EventType.DIGEST, f"while copying: {', '.join(self.algorithms)}", "recorded in the manifests")
        self._event(EventType.IDENTIFICATION, f"{count} files identified by their bytes", "see metadata/inventory.csv")

    def convert_images(self, compression: str | None, progress: Progress) -> None:
        """Convert each planned raw image from its copy in the bag, and prove every plane."""
        progress.stage("Converting", sum(one.record.bytes for one in self.plan.conversions))
        for planned in self.plan.conversions:
            self._convert(planned, compression)
            progress.advance(planned.record.bytes)

    def _convert(self, planned: PlannedConversion, compression: str | None) -> None:
        from confocal_bag.image.convert import convert_image

        places = [self.writer.place(f"data/{result}") for result in planned.results]
        made = convert_image(
            self.staged[planned.source], places[0].parent, stem=planned.record.path.name, compression=compression
        )
        if [one.path for one in made] != places:
            raise CannotFinish(
                f"{planned.record.path} gave {len(made)} series, but its header had declared {len(places)}. "
                "It may have changed while it was read; start again."
            )
        self.hashes[planned.source] = {index: _hashes(one) for index, one in enumerate(made)}
        for result, one in zip(planned.results, made, strict=True):
            self._adopt_conversion(planned, result, one)

    def _adopt_conversion(self, planned: PlannedConversion, result: PurePosixPath, made: "Conversion") -> None:
        from confocal_bag.image.formats import identify

        fixity = self.writer.adopt(f"data/{result}")
        self.staged[result] = made.path
        self.hashes[result] = {0: _hashes(made)}
        reason = f"converted from {planned.source}; all {len(made.planes)} planes equal"
        self.dimensions[result] = summarize_dimensions(planned.image(made.series.index))
        self._row(result, identify(made.path), fixity, reason=reason)
        self.proven.append(
            ProvenSeries(source=planned.source, result=result, series_name=made.series.name, planes=len(made.planes))
        )
        self._event(
            EventType.MIGRATION,
            f"series {made.series.index} of {planned.record.format.name} to OME-TIFF"
            f" ({made.compression or 'uncompressed'})",
            f"{len(made.planes)} planes read again from the result; all equal",
            (
                EventObject(path=f"data/{planned.source}", role="source"),
                EventObject(path=f"data/{result}", role="outcome"),
            ),
        )

    def write_sidecars(self, progress: Progress) -> None:
        """Write one OME-XML file per image file, with a digest of every plane."""
        targets = [copy for copy in self.plan.copies if copy.record.images]
        origins = {copy.target: copy.record.path for copy in targets}
        origins |= {result: one.record.path for one in self.plan.conversions for result in one.results}
        progress.stage("Describing images", len(origins))
        for image, origin in origins.items():
            content = self._sidecar(image, origin)
            self._write(sidecar_path(image), content, f"describes {image}")
            progress.advance(1)
        self._event(EventType.EXTRACTION, f"headers of {len(origins)} image files", "see metadata/ome")

    def _sidecar(self, image: PurePosixPath, origin: PurePosixPath) -> bytes:
        from confocal_bag.image.acquisition import describe_acquisition
        from confocal_bag.image.convert import plane_digests
        from confocal_bag.image.open import open_image
        from confocal_bag.image.sidecar import ome_bytes

        path = self.staged[image]
        with open_image(path) as opened:
            ome = describe_acquisition(opened)
            hashes = self.hashes.get(image) or plane_digests(opened)
        notes = sidecar_notes(self.description, origin)
        return ome_bytes(ome, source_name=f"data/{image}", plane_hashes=hashes, notes=notes)

    @cached_property
    def description(self) -> Description:
        """What is said of the deposit: its deposit.yaml, or the draft made from the headers."""
        loaded = self.inspection.loaded
        return loaded.description if loaded else read_description(self.description_text).description

    @cached_property
    def description_text(self) -> str:
        """The deposit.yaml that goes into the bag: the curator's own bytes, or a draft from the headers."""
        from confocal_bag.deposit.description.draft import draft_description

        if self.inspection.description_path:
            return self.inspection.description_path.read_text(encoding="utf-8")
        return draft_description(self.inspection.inventory, level=self.level)

    def write_metadata(self) -> None:
        """Write deposit.yaml, findings.json, events.jsonl and, last, the inventory of everything before it."""
        self._write(DESCRIPTION, self.description_text.encode(), "description of the deposit")
        report = as_document(self.inspection.report(self.inspection.deposit.root.name))
        self._write(FINDINGS, _json(report), "what was found in the deposit before packing")
        self._event(EventType.PACKING, "BagIt 1.0 (RFC 8493)", "packed")
        self._write(EVENTS, render_events(self.events).encode(), "what was done to the deposit")
        self._write(INVENTORY, render_inventory(self.rows, self.algorithms).encode(), None)

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

    def _event(self, kind: EventType, detail: str, outcome: str, objects: Sequence[EventObject] = ()) -> None:
        now = datetime.now(UTC)
        self.events.append(Event(type=kind, time=now, agent=AGENT, detail=detail, outcome=outcome, objects=objects))


def _hashes(made: "Conversion") -> list[tuple[Mapping[str, int], str]]:
    return [(plane.coordinates, plane.sha1) for plane in made.planes]


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
