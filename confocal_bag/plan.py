"""What a build will do, before it does anything: every copy, every conversion, every generated file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.tiers import payload_paths
from confocal_bag.image.file_names import output_names
from confocal_bag.image.record import ImageRecord
from confocal_bag.inspect import Inspection, is_convertible
from confocal_bag.vocabulary import Tier

__all__ = [
    "DESCRIPTION",
    "EVENTS",
    "FINDINGS",
    "INVENTORY",
    "README",
    "BagPlan",
    "PlannedConversion",
    "PlannedCopy",
    "make_plan",
    "sidecar_path",
]

README = PurePosixPath("readme/README.txt")
DESCRIPTION = PurePosixPath("metadata/deposit.yaml")
INVENTORY = PurePosixPath("metadata/inventory.csv")
EVENTS = PurePosixPath("metadata/events.jsonl")
FINDINGS = PurePosixPath("metadata/findings.json")
GENERATED = (README, DESCRIPTION, INVENTORY, EVENTS, FINDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCopy:
    """One file of the deposit and its place below data/."""

    record: FileRecord
    target: PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedConversion:
    """One raw image, its place below data/, and the OME-TIFF of each of its series."""

    record: FileRecord
    source: PurePosixPath
    results: tuple[PurePosixPath, ...]

    def image(self, index: int) -> ImageRecord:
        """What the header records of one series."""
        return self.record.images[index]


@dataclass(frozen=True, slots=True, kw_only=True)
class BagPlan:
    """Everything a bag will hold below data/."""

    copies: tuple[PlannedCopy, ...]
    conversions: tuple[PlannedConversion, ...]
    sidecars: tuple[PurePosixPath, ...]
    own_description: PurePosixPath | None = None
    generated: tuple[PurePosixPath, ...] = GENERATED

    @property
    def places(self) -> Mapping[PurePosixPath, PurePosixPath]:
        """Where each file of the deposit goes, as paths below data/."""
        places = {copy.record.path: copy.target for copy in self.copies}
        return places | ({self.own_description: DESCRIPTION} if self.own_description else {})

    def steps(self) -> Iterator[tuple[str, str, str]]:
        """Each step as (what, from, to), in the order of the work."""
        for copy in self.copies:
            yield "copy", str(copy.record.path), f"data/{copy.target}"
        for conversion in self.conversions:
            for result in conversion.results:
                yield "convert", f"data/{conversion.source}", f"data/{result}"
        for path in (*self.sidecars, *self.generated):
            yield "write", "", f"data/{path}"


def make_plan(inspection: Inspection) -> BagPlan:
    """Where each file goes and what is made from it."""
    own = _own_description(inspection)
    files = [record for record in inspection.inventory.files if record.path != own]
    convertible = [record for record in files if is_convertible(record)]
    names = {record.path: output_names(record.path.name, len(record.images)) for record in convertible}
    reserved = [PurePosixPath(Tier.TRANSFORMED) / path.parent / name for path in names for name in names[path]]
    places = payload_paths({record.path: record.tier for record in files}, (*GENERATED, *reserved))
    copies = tuple(PlannedCopy(record=record, target=places[record.path]) for record in files)
    conversions = tuple(
        PlannedConversion(
            record=record,
            source=places[record.path],
            results=tuple(_transformed_folder(places[record.path]) / name for name in names[record.path]),
        )
        for record in convertible
    )
    return BagPlan(copies=copies, conversions=conversions, sidecars=_sidecars(copies, conversions), own_description=own)


def _own_description(inspection: Inspection) -> PurePosixPath | None:
    """The deposit's own deposit.yaml when it is the description of the bag: it is written once, as metadata."""
    described = inspection.description_path
    root = inspection.deposit.root
    if described is None or described.parent.resolve() != root.resolve():
        return None
    return PurePosixPath(described.name)


def _transformed_folder(raw: PurePosixPath) -> PurePosixPath:
    return PurePosixPath(Tier.TRANSFORMED.value, *raw.parts[1:-1])


def _sidecars(copies: tuple[PlannedCopy, ...], conversions: tuple[PlannedConversion, ...]) -> tuple[PurePosixPath, ...]:
    images = [copy.target for copy in copies if copy.record.images]
    made = [result for conversion in conversions for result in conversion.results]
    return tuple(sidecar_path(path) for path in (*images, *made))


def sidecar_path(image: PurePosixPath) -> PurePosixPath:
    """Where the OME-XML of an image file lies: metadata/ome/<its path below data/>.ome.xml."""
    return PurePosixPath("metadata/ome") / image.parent / f"{image.name}.ome.xml"
