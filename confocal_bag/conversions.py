"""Which images of a deposit a build converts, and where their OME-TIFFs go: loose ones, and those in zip files."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.tiers import folded, image_folder
from confocal_bag.deposit.zips import inner_path, member_path, safe_member
from confocal_bag.image.file_names import output_names, safe_stem
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.record import ImageRecord
from confocal_bag.inspect import Inspection, convertible_members, is_convertible
from confocal_bag.vocabulary import Tier

__all__ = ["PlannedConversion", "PlannedMember", "plan_conversions", "plan_members"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMember:
    """An image inside a zip file: `archive` is the place of that below data/, `path` its own inside it."""

    record: FileRecord
    archive: PurePosixPath
    path: PurePosixPath

    @property
    def origin(self) -> PurePosixPath:
        """The path of the zip file in the deposit."""
        return PurePosixPath(str(self.record.path).removesuffix(f"!/{self.path}"))

    @property
    def place(self) -> PurePosixPath:
        """Where it would lie below data/ were the zip file a folder of safe names: what its sidecar is named after."""
        return self.archive / safe_member(self.path)

    @property
    def shown(self) -> PurePosixPath:
        """How its place is written for people: raw/scans.zip!/day1/cell.lsm."""
        return inner_path(self.archive, self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedConversion:
    """One raw image, its place below data/, and the OME-TIFF of each of its series.

    The place of a `member` of a zip file is that of `PlannedMember.place`.
    """

    record: FileRecord
    source: PurePosixPath
    results: tuple[PurePosixPath, ...]
    member: PlannedMember | None = None

    @property
    def file(self) -> PurePosixPath:
        """The file of the bag that holds the image."""
        return self.member.archive if self.member else self.source

    @property
    def shown(self) -> PurePosixPath:
        """How the place of the image is written for people."""
        return self.member.shown if self.member else self.source

    @property
    def stem(self) -> str:
        """What the results are named after."""
        return _whole(self.source).name

    def image(self, index: int) -> ImageRecord:
        """What the header records of one series."""
        return self.record.images[index]


def plan_members(inspection: Inspection, places: Mapping[PurePosixPath, PurePosixPath]) -> tuple[PlannedMember, ...]:
    """The images in zip files that a bag describes, of those zip files that `places` has a place for, below data/."""
    return tuple(
        PlannedMember(record=record, archive=places[one.archive], path=member_path(one.archive, record.path))
        for one in inspection.inner
        if one.archive in places
        for record in one.described
    )


def plan_conversions(
    inspection: Inspection, places: Mapping[PurePosixPath, PurePosixPath]
) -> tuple[PlannedConversion, ...]:
    """The conversions of a build: of loose images, then of those in zip files. `places` has those of the raw tier."""
    taken: set[str] = set()
    loose = [record for record in inspection.inventory.files if is_convertible(record)]
    conversions = [_of_file(record, places[record.path], taken) for record in loose]
    wanted = {image.path for image in convertible_members(inspection.inventory, inspection.inner)}
    members = [one for one in plan_members(inspection, places) if one.record.path in wanted]
    return (*conversions, *(_of_member(one, taken) for one in members))


def _of_file(record: FileRecord, source: PurePosixPath, taken: set[str]) -> PlannedConversion:
    whole = _whole(source)
    folder = PurePosixPath(Tier.TRANSFORMED.value, *whole.parts[1:-1])
    results = _results(folder, whole.name, len(record.images))
    taken.update(map(folded, results))
    return PlannedConversion(record=record, source=source, results=results)


def _of_member(member: PlannedMember, taken: set[str]) -> PlannedConversion:
    """The conversion of an image in a zip file, into a folder that is named as that is."""
    whole = _whole(member.place)
    named, *inside = whole.relative_to(member.archive.parent).parts[:-1] or [""]
    if image_folder(PurePosixPath(named) / whole.name):
        named = f"{named}.unpacked"  # a zip file may be called .zarr, but a folder of that name would be an image
    parts = [named, *map(safe_stem, inside)] if named else []
    folder = PurePosixPath(Tier.TRANSFORMED.value, *member.archive.parts[1:-1], *parts)
    results = _free(folder, whole.name, len(member.record.images), taken)
    return PlannedConversion(record=member.record, source=member.place, results=results, member=member)


def _whole(image: PurePosixPath) -> PurePosixPath:
    """The file or folder that an image is: of the file at the top of an OME-Zarr, the folder."""
    return image.parent if image.name in ZARR_TOPS else image


def _results(folder: PurePosixPath, stem: str, series: int) -> tuple[PurePosixPath, ...]:
    return tuple(folder / name for name in output_names(stem, series))


def _free(folder: PurePosixPath, stem: str, series: int, taken: set[str]) -> tuple[PurePosixPath, ...]:
    """Names that no file has; where they are taken, in a numbered folder."""
    found = _results(folder, stem, series)
    for number in count(2):
        if taken.isdisjoint(map(folded, found)):
            break
        found = _results(folder / str(number), stem, series)
    taken.update(map(folded, found))
    return found
