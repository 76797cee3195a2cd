"""What a build will do, before it does anything: every copy, every conversion, every generated file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from confocal_bag.conversions import PlannedConversion, PlannedMember, plan_conversions, plan_members
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.empty_folders import keep_empty_folders
from confocal_bag.deposit.exports.child_works import ChildWork, child_works
from confocal_bag.deposit.exports.documents import DOCUMENTS, planned_documents
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.source import EntryKind
from confocal_bag.deposit.tiers import payload_paths
from confocal_bag.inspect import Inspection
from confocal_bag.stacks import StackMode, StackPlan, plan_stacks, stated_sequences
from confocal_bag.vocabulary import Tier

__all__ = [
    "CURATION_LOG",
    "DESCRIPTION",
    "EVENTS",
    "FINDINGS",
    "INVENTORY",
    "METHODS",
    "README",
    "SEQUENCES",
    "BagPlan",
    "PlannedConversion",
    "PlannedCopy",
    "PlannedMember",
    "make_plan",
    "sidecar_path",
]

README = PurePosixPath("readme/README.txt")
DESCRIPTION = PurePosixPath("metadata/deposit.yaml")
INVENTORY = PurePosixPath("metadata/inventory.csv")
EVENTS = PurePosixPath("metadata/events.jsonl")
FINDINGS = PurePosixPath("metadata/findings.json")
SEQUENCES = PurePosixPath("metadata/sequences.json")
CURATION_LOG = PurePosixPath("metadata/curation-log.txt")
METHODS = PurePosixPath("metadata/methods.txt")
GENERATED = (README, DESCRIPTION, INVENTORY, EVENTS, FINDINGS, CURATION_LOG, METHODS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCopy:
    """One file of the deposit and its place below data/."""

    record: FileRecord
    target: PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class BagPlan:
    """Everything a bag will hold below data/."""

    copies: tuple[PlannedCopy, ...]
    conversions: tuple[PlannedConversion, ...]
    members: tuple[PlannedMember, ...] = ()
    sidecars: tuple[PurePosixPath, ...]
    placeholders: tuple[PurePosixPath, ...] = ()
    stacks: StackPlan = field(default_factory=StackPlan)
    generated: tuple[PurePosixPath, ...] = GENERATED
    children: tuple[ChildWork, ...] = ()

    @property
    def places(self) -> Mapping[PurePosixPath, PurePosixPath]:
        """Where each file of the deposit goes, as paths below data/."""
        return {copy.record.path: copy.target for copy in self.copies}

    def steps(self) -> Iterator[tuple[str, str, str]]:
        """Each step as (what, from, to), in the order of the work."""
        for copy in self.copies:
            yield "copy", str(copy.record.path), f"data/{copy.target}"
        for conversion in self.conversions:
            for result in conversion.results:
                yield "convert", f"data/{conversion.shown}", f"data/{result}"
        for stack in self.stacks.stacks:
            if stack.result is not None:
                yield "compile", f"data/{stack.folder} ({len(stack.members)} files)", f"data/{stack.result}"
            if stack.companion is not None:
                yield "write", "", f"data/{stack.companion}"
        for path in (*self.placeholders, *self.sidecars, *self.generated):
            yield "write", "", f"data/{path}"
        yield "seal", "", "bagit.txt, bag-info.txt, manifests and tag manifests; then validate and rename"


def make_plan(
    inspection: Inspection, *, with_empty_folders: bool = False, stacks: StackMode = StackMode.KEEP
) -> BagPlan:
    """Where each file goes and what is made from it; `with_empty_folders` keeps each by an empty file in it.

    `stacks` is what to make of stacks of loose planes.

    Places are given out so that what the bag generates is never in the way of what the depositor sent: first the
    description, then raw files, then what is converted from them, then the other files, sidecars, and last the
    depositor's own metadata.
    """
    described = inspection.described
    own = described.place if described else None
    said = inspection.loaded.description if inspection.loaded else Description()
    records = {record.path: record for record in inspection.inventory.files}
    places = {own: DESCRIPTION} if own in records else {}
    waiting = {path: record.tier for path, record in records.items() if path not in places}
    reserved = {*GENERATED, SEQUENCES, *(one.path for one in DOCUMENTS)}

    def place(*tiers: Tier) -> None:
        chosen = {path: tier for path, tier in waiting.items() if tier in tiers}
        places.update(payload_paths(chosen, reserved | set(places.values())))

    place(Tier.RAW)
    conversions = plan_conversions(inspection, places)
    results = [result for conversion in conversions for result in conversion.results]
    reserved.update(results)
    place(Tier.TRANSFORMED, Tier.PROCESSED)
    children = child_works(said, inspection.inventory, places)
    reserved.update(work.readme for work in children)
    place(Tier.README)
    stacked = plan_stacks(inspection, places, stacks, reserved=reserved)
    results += [path for one in stacked.stacks for path in one.images]
    reserved.update(path for one in stacked.stacks for path in one.made)
    images = [places[path] for path, record in records.items() if record.images and path in places]
    images += [one.place for one in plan_members(inspection, places)]
    reserved.update(sidecar_path(path) for path in (*images, *results))
    place(Tier.METADATA)
    copies = tuple(PlannedCopy(record=record, target=places[path]) for path, record in records.items())
    members = plan_members(inspection, places)
    images = [copy.target for copy in copies if copy.record.images] + [one.place for one in members]
    sidecars = tuple(sidecar_path(path) for path in (*images, *results))
    empty = [entry.path for entry in inspection.deposit.entries if entry.kind is EntryKind.EMPTY_FOLDER]
    kept = keep_empty_folders(empty, [*places.values(), *results, *sidecars, *GENERATED]) if with_empty_folders else {}
    return BagPlan(
        copies=copies,
        placeholders=tuple(kept.values()),
        conversions=conversions,
        members=members,
        stacks=stacked,
        sidecars=sidecars,
        generated=(
            *_generated(inspection, has_own=own in records),
            *((SEQUENCES,) if stated_sequences(inspection.sequences, places) else ()),
            *(work.readme for work in children),
            *(one.path for one in planned_documents(said)),
        ),
        children=children,
    )


def _generated(inspection: Inspection, *, has_own: bool) -> Iterator[PurePosixPath]:
    """The files that this bag generates: no description where the depositor's own is kept, no log that nobody wrote."""
    for path in GENERATED:
        if not (path == DESCRIPTION and has_own) and not (path == CURATION_LOG and inspection.curation_log is None):
            yield path


def sidecar_path(image: PurePosixPath) -> PurePosixPath:
    """Where the OME-XML of an image file lies: metadata/ome/<its path below data/>.ome.xml."""
    return PurePosixPath("metadata/ome") / image.parent / f"{image.name}.ome.xml"
