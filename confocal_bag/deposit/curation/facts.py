"""What the questions are answered from: the files, what their headers record, and what people wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.documents import Documents
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.plan import partner_stem, stem_of
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.tiers import has_microscope_extension, image_folder
from confocal_bag.findings import readable_path
from confocal_bag.image.formats import Kind
from confocal_bag.image.record import ImageRecord
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__ = ["CurationFacts", "has_settings", "page_count"]

#: Formats that this program cannot read and that Fiji's Bio-Formats lists (Bio-Formats 7, supported formats).
_FIJI_READS = frozenset(
    {
        "zvi",
        "oir",
        "vsi",
        "ets",
        "slidebook",
        "imaris",
        "deltavision",
        "biorad-pic",
        "stk",
        "fluoview-tiff",
        "lof",
        "psd",
    }
)


@dataclass(frozen=True, kw_only=True)
class CurationFacts:
    """A deposit as the curator's questions look at it. `inner` are the images in its zip files.

    `stacks` counts its stacks of single-plane files, `z_planes` are the files among these that are planes of a
    z-stack, and `sequence_problems` tells what is wrong with their names. `late_starts` tells
    of the stacks among them whose numbers begin late. `settings_files` are the files that record settings of a
    microscope, with the names of the images that each speaks of.
    """

    inventory: Inventory
    documents: Documents
    description: Description
    level: LevelAssessment
    aim: PracticeLevel | None = None
    inner: tuple[FileRecord, ...] = ()
    stacks: int = 0
    z_planes: frozenset[PurePosixPath] = frozenset()
    sequence_problems: tuple[str, ...] = ()
    late_starts: tuple[str, ...] = ()
    settings_files: Mapping[PurePosixPath, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def images(self) -> tuple[FileRecord, ...]:
        """The image files, those in zip files too; of a set of files the one that stands for it."""
        every = (*self.inventory.files, *self.inner)
        return tuple(one for one in every if _is_image(one) and one.set_head in (None, one.path))

    @cached_property
    def proprietary(self) -> tuple[FileRecord, ...]:
        """The images in a microscope maker's own format, and files that only have its extension."""
        return tuple(one for one in self.images if not one.format.open or one.format.kind is not Kind.IMAGE)

    @cached_property
    def unopened(self) -> tuple[FileRecord, ...]:
        """The proprietary images that cannot be opened, neither here nor, as far as is known, in Fiji."""
        closed = (one for one in self.proprietary if not one.images)
        return tuple(one for one in closed if one.image_problem or one.format.id not in _FIJI_READS)

    @cached_property
    def perhaps_opened(self) -> tuple[FileRecord, ...]:
        """The proprietary images that cannot be read here, of a format that Fiji reads."""
        closed = {one.path for one in self.unopened}
        return tuple(one for one in self.proprietary if not one.images and one.path not in closed)

    @cached_property
    def multipage(self) -> tuple[FileRecord, ...]:
        """The image files that hold more than one plane."""
        return tuple(one for one in self.images if page_count(one) > 1)

    @cached_property
    def z_stacks(self) -> tuple[FileRecord, ...]:
        """The files that hold a z-stack or one plane of one."""
        return tuple(
            one
            for one in self.images
            if one.path in self.z_planes or any(image.axes.get("Z", 1) > 1 for image in one.images)
        )

    @cached_property
    def unnamed_pages(self) -> tuple[FileRecord, ...]:
        """The multipage images whose header does not say what the pages are."""
        return tuple(
            one for one in self.multipage if any("N" in image.axes and image.axes["N"] > 1 for image in one.images)
        )

    @cached_property
    def originals(self) -> tuple[FileRecord, ...]:
        """The readable images that settings are wanted for.

        Raw and transformed ones without the copies of a raw one; the processed ones where there are no others.
        """
        read = [one for one in self.images if one.images]
        taken = [one for one in read if one.tier in (Tier.RAW, Tier.TRANSFORMED)]
        raw = {stem_of(readable_path(one.path)) for one in taken if one.tier is Tier.RAW}
        kept = [one for one in taken if one.tier is Tier.RAW or partner_stem(readable_path(one.path), raw) is None]
        return tuple(kept or taken or read)

    @cached_property
    def without_settings(self) -> tuple[FileRecord, ...]:
        """The originals whose header records nothing of how they were taken."""
        return tuple(one for one in self.originals if not any(map(has_settings, one.images)))

    @cached_property
    def without_described_settings(self) -> tuple[FileRecord, ...]:
        """Of those, the ones whose microscope and objective deposit.yaml does not describe either."""
        index = DescriptionIndex(self.description)
        return tuple(one for one in self.without_settings if not _is_described(index, one))

    def of_kind(self, *kinds: Kind) -> tuple[FileRecord, ...]:
        """The files of the deposit of some kinds."""
        return tuple(one for one in self.inventory.files if one.format.kind in kinds)

    def entries_of(self, path: PurePosixPath) -> Iterator[str]:
        """What deposit.yaml says that a file contains."""
        index = self._entries.index_for(path)
        if index is not None:
            text = self.description.files[index].description
            if text and says_something(text):
                yield text

    @cached_property
    def _entries(self) -> FileEntries:
        return FileEntries(entry.path or "" for entry in self.description.files)


def _is_image(record: FileRecord) -> bool:
    """Whether a file is an image, or bears the name of one; the inner files of an image in a folder are not."""
    if image_folder(record.path):
        return False
    kind = record.format.kind
    return kind is Kind.IMAGE or (kind is not Kind.COMPANION and has_microscope_extension(record.path))


def _is_described(index: DescriptionIndex, record: FileRecord) -> bool:
    instruments = [index.image(record, image, number).instrument for number, image in enumerate(record.images)]
    return all(one and one.microscope.is_recorded and one.objective.is_recorded for one in instruments)


def page_count(record: FileRecord) -> int:
    """The planes that a file holds, all its series together."""
    return sum(_planes(image) for image in record.images)


def _planes(image: ImageRecord) -> int:
    count = 1
    for size in [size for name, size in image.axes.items() if name != "S"][:-2]:
        count *= size
    return count


def has_settings(image: ImageRecord) -> bool:
    """Whether a header records anything of the microscope or its settings, beyond a program's name, dates and sizes."""
    instrument = image.instrument
    told = (
        instrument.model, instrument.objective, instrument.numerical_aperture, instrument.magnification,
        instrument.zoom, instrument.pixel_dwell_us, instrument.scan_mode, instrument.immersion,
    )  # fmt: skip
    if any(value is not None for value in told) or instrument.lasers:
        return True
    return any(
        one.excitation_nm or one.emission_nm or one.pinhole_um or one.pinhole_au or one.laser_lines_nm
        for one in image.channels
    )
