"""What can be wrong with images that are folders, lie in archives, or are read through a plugin."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from confocal_bag.counted import counted
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.source import Deposit
from confocal_bag.deposit.zips.inner_files import InnerFiles
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Severity,
    readable_path,
    rule,
    run_rules,
)
from confocal_bag.image.readers.choice import READERS
from confocal_bag.vocabulary import Tier

__all__ = ["ContainerContext", "check_containers"]

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerContext:
    """What these rules look at: the deposit, its files, and what its zip files hold."""

    deposit: Deposit
    inventory: Inventory
    inner: tuple[InnerFiles, ...]


def check_containers(
    deposit: Deposit, inventory: Inventory, inner: tuple[InnerFiles, ...]
) -> tuple[list[Check], list[Finding]]:
    """Run every rule about images in folders, archives and other formats."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    return run_rules(chosen, ContainerContext(deposit=deposit, inventory=inventory, inner=inner))


@rule("image.chunks-missing", severity=Severity.WARNING, reference="Zarr 3.0 core: missing chunks; Zarr 2: chunks")
def chunks_missing(context: ContainerContext) -> Iterator[Problem]:
    """An OME-Zarr lacks chunk files at full resolution, so that its samples there read as the fill value, mostly 0.

    Zarr allows it: a writer may leave out chunks that hold nothing else. A file lost on the way looks the same, and no
    reader says a word.
    """
    from confocal_bag.image.count_zarr import absent_chunks

    whole = [record for record in context.inventory.files if record.format.id == "ome-zarr" and record.images]
    if not whole:
        raise NotApplicable("the deposit has no OME-Zarr")
    for record in whole:
        path = readable_path(record.path.parent)
        for one in absent_chunks(context.deposit.local(record.path)):
            yield Problem(
                path=path,
                message=f"{path}: {one.absent} of the {one.expected} chunk files of its image {one.image} are not "
                "there; their samples read as the fill value.",
                remedy="Ask the depositor whether these chunks were empty, or the number of files in the original.",
                detail={"image": one.image, "absent": one.absent, "expected": one.expected},
            )


@rule("image.not-counted", severity=Severity.INFO)
def not_counted(context: ContainerContext) -> Iterator[Problem]:
    """An image is read through an installed bioio plugin, and nothing else here can count its planes.

    Converted planes are proven as always. Whether the plugin found every plane is for its authors to answer.
    """
    for record in context.inventory.files:
        if record.images and record.format.id not in READERS:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=f"{path} ({record.format.name}) is read through a bioio plugin; its planes were not counted "
                "independently.",
                remedy="Compare the number of planes with the vendor's software.",
            )


@rule("deposit.images-in-archive", severity=Severity.ADVICE)
def images_in_archive(context: ContainerContext) -> Iterator[Problem]:
    """A zip file of the deposit holds images. The bag keeps it as received, with a sidecar of each image in it.

    Images in vendors' formats and OME-Zarr in a zip file of the raw tier are converted to OME-TIFF besides, into a
    folder that is named as the zip file. Images in open formats stay in it, and no stack is compiled from them. Where
    the whole deposit is one zip file, give that file itself: then its members are the deposit's files.
    """
    for one in context.inner:
        if one.images:
            names = [readable_path(image.path) for image in one.images]
            path = readable_path(one.archive)
            yield Problem(
                path=path,
                message=f"{path} holds {counted(len(names), 'image file')} ({_some(names)}); it is kept as received, "
                "and what a build makes of them lies beside it.",
                remedy="Unpack it in a copy of the deposit to have each file in the tier where it belongs.",
                detail={"paths": names},
            )


@rule("image.unreadable-in-archive", severity=Severity.WARNING)
def unreadable_in_archive(context: ContainerContext) -> Iterator[Problem]:
    """An image inside a zip file cannot be read completely: it is truncated, damaged, or not what it says.

    An error in the raw tier, as of an image beside the zip file. A draft bag keeps the zip file as it came.
    """
    raw = _raw_files(context)
    for one in context.inner:
        for image in one.images:
            if image.image_problem and not image.type_not_in_ome:
                yield Problem(
                    path=readable_path(image.path),
                    severity=Severity.ERROR if one.archive in raw else None,
                    message=image.image_problem,
                    remedy="Ask for the file again; a draft bag keeps the zip file as it came.",
                )


@rule("image.unfit-name-in-archive", severity=Severity.WARNING, reference="RFC 8493 5.1")
def unfit_name_in_archive(context: ContainerContext) -> Iterator[Problem]:
    """An image inside a zip file has a name that no file of a bag can have, so that it stays in the zip file alone.

    It gets no sidecar and is not converted: some systems would take its name for that of another image there, or for
    one outside the bag, or it is too long.
    """
    for one in context.inner:
        for path, reason in one.unfit.items():
            shown = readable_path(path)
            yield Problem(
                path=shown,
                message=f"{shown} is neither described nor converted, for its name: {reason}.",
                remedy="Ask the depositor to rename it, or unpack it under another name in a copy of the deposit.",
            )


@rule("deposit.archive-unreadable", severity=Severity.WARNING)
def archive_unreadable(context: ContainerContext) -> Iterator[Problem]:
    """A zip file cannot be looked into, or some of its members cannot be had: encrypted, damaged, unsafe names.

    What is damaged or encrypted is lost to everyone who receives the bag: an error in the raw tier.
    """
    raw = _raw_files(context)
    for one in context.inner:
        path, lost = readable_path(one.archive), Severity.ERROR if one.archive in raw else None
        remedy = "Ask the depositor for the files themselves, unpacked and without a password."
        if one.problem:
            yield Problem(path=path, severity=lost if one.is_damaged else None, message=one.problem, remedy=remedy)
        if one.unreadable:
            notes = [f"{readable_path(entry.path)}: {entry.note or entry.kind.value}" for entry in one.unreadable]
            yield Problem(
                path=path,
                severity=lost if any(entry.is_lost for entry in one.unreadable) else None,
                message=f"{path}: {counted(len(notes), 'member')} cannot be taken out safely ({_some(notes)}).",
                remedy=remedy,
                detail={"members": notes},
            )


@rule("deposit.archive-nested", severity=Severity.ADVICE)
def archive_nested(context: ContainerContext) -> Iterator[Problem]:
    """A zip file holds zip files. Those inside are named and not opened: nobody knows what they hold."""
    for one in context.inner:
        if one.nested:
            names = [readable_path(path) for path in one.nested]
            yield Problem(
                path=readable_path(one.archive),
                message=f"{readable_path(one.archive)} holds archives that were not opened: {_some(names)}.",
                remedy="Unpack it in a copy of the deposit to have them looked at.",
                detail={"paths": names},
            )


def _raw_files(context: ContainerContext) -> set[PurePosixPath]:
    return {record.path for record in context.inventory.files if record.tier is Tier.RAW}


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
