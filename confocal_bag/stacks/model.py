"""A stack of loose planes that becomes one image in the bag, and a sequence that stays loose, as the plan has them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from confocal_bag.deposit.sequences import Sequence
from confocal_bag.image.record import ImageRecord

__all__ = ["LooseSequence", "PlannedStack", "StackMode", "StackPlan", "name_of", "shared_folder"]


class StackMode(StrEnum):
    """What a build makes of a stack of loose planes: a companion file, one OME-TIFF, or both; the planes stay."""

    KEEP = "keep"
    COMPILE = "compile"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStack:
    """One stack: its files by their places, below data/, and what is made of them, also below data/.

    `sequence` is the part of the deposit's sequence that this image is, `first` what the first file records.
    `companion` and `result` are None where no such file is made.
    """

    sequence: Sequence
    members: tuple[PurePosixPath, ...]
    first: ImageRecord
    companion: PurePosixPath | None
    result: PurePosixPath | None

    @property
    def name(self) -> str:
        """The text that the names share, with the place in space if there are several; else that of the folder."""
        return name_of(self.sequence)

    @property
    def folder(self) -> PurePosixPath:
        """The folder below data/ that holds the files."""
        return shared_folder(self.members)

    @property
    def made(self) -> tuple[PurePosixPath, ...]:
        """The files that are made of it."""
        return tuple(path for path in (self.companion, self.result) if path is not None)

    @property
    def images(self) -> tuple[PurePosixPath, ...]:
        """Those of them that open as the image where they lie, whatever opens them."""
        return tuple(path for path in self.made if path != self.companion or self.is_beside)

    @property
    def is_beside(self) -> bool:
        """Whether the companion file lies beside the planes, where every reader of OME-TIFF looks for them."""
        return self.companion is not None and self.companion.parent == self.members[0].parent

    @property
    def way_to_members(self) -> str:
        """The relative path from the companion file to the planes, "" beside them."""
        if self.companion is None or self.is_beside:
            return ""
        return "../" * len(self.companion.parent.parts) + f"{self.members[0].parent}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseSequence:
    """A sequence of which no image is made, the file to look at, and the reason."""

    name: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPlan:
    """What is made of the sequences of a deposit, and those of which nothing is."""

    stacks: tuple[PlannedStack, ...] = ()
    loose: tuple[LooseSequence, ...] = ()


def name_of(sequence: Sequence) -> str:
    """The text that the names of a sequence share; else the name of its folder."""
    return sequence.stem or sequence.folder.rpartition("/")[2] or "stack"


def shared_folder(members: tuple[PurePosixPath, ...]) -> PurePosixPath:
    """The deepest folder that holds all the files; where tiers differ, that of the first."""
    first, *others = members
    shared = [folder for folder in first.parents if all(one.is_relative_to(folder) for one in others)]
    return shared[0] if shared[0].parts else PurePosixPath(first.parts[0])
