"""The sequences that the files of a deposit make up by their names, and those in its zip files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.named_channels import channels_by_name
from confocal_bag.deposit.sequences import FileFacts, SequenceReport, find_sequences
from confocal_bag.image.record import ImageRecord

__all__ = ["name_channels", "read_sequences", "z_planes"]


def read_sequences(inventory: Inventory, pattern: str | None) -> SequenceReport:
    """The sequences of the deposit, with those of images inside its zip files (scans.zip!/stack_z01.tif)."""
    # Of a set of OME-TIFFs in a zip file only the first file has a record, which alone would look like one of many.
    records = [one for one in inventory.every if one.archive is None or one.set_head is None]
    paths = [str(one.path) for one in records if one.format.id != "zarr-part"]
    return find_sequences(paths, facts=_file_facts(records), pattern=pattern)


def name_channels(inventory: Inventory, sequences: SequenceReport) -> Inventory:
    """The inventory with the channel of each file that holds one of several, as the names of a sequence tell them."""
    channels = channels_by_name(sequences.sequences, {one.path: one for one in inventory.every})

    def named(records: Sequence[FileRecord]) -> tuple[FileRecord, ...]:
        return tuple(replace(one, named_channel=channels[one.path]) if one.path in channels else one for one in records)

    return replace(inventory, files=named(inventory.files), inner=named(inventory.inner)) if channels else inventory


def z_planes(sequences: SequenceReport) -> frozenset[PurePosixPath]:
    """The files that are planes of a z-stack by their names."""
    stacks = (one for one in sequences.sequences if "Z" in one.axes and one.axes["Z"].count > 1)
    return frozenset(PurePosixPath(file.path) for stack in stacks for file in stack.files)


def _file_facts(records: Sequence[FileRecord]) -> dict[str, FileFacts]:
    """Header facts of the files that hold one image, to confirm or contradict what the names say."""
    alone = [record for record in records if len(record.images) == 1 and record.set_head is None]
    return {str(record.path): _facts(record.images[0], says_sizes=record.format.id == "ome-tiff") for record in alone}


def _facts(image: ImageRecord, *, says_sizes: bool) -> FileFacts:
    """`says_sizes` where the header states how many planes the image has, and not only the file."""
    names = [name for name in image.axes if name != "S"]
    pages = 1
    for name in names[:-2]:
        pages *= image.axes[name]
    z, t, c = (image.axes.get(axis, 1) if says_sizes else None for axis in "ZTC")
    return FileFacts(
        pages=pages,
        width=image.axes[names[-1]],
        height=image.axes[names[-2]],
        samples=image.axes.get("S", 1),
        dtype=image.dtype,
        size_z=z,
        size_t=t,
        size_c=c,
    )
