"""The files of a bag that keeps no inventory, looked at as those of a deposit are."""

from dataclasses import asdict
from pathlib import Path

from confocal_bag.deposit.exports.dimensions import summarize_dimensions
from confocal_bag.deposit.inventory import FileRecord, take_inventory
from confocal_bag.deposit.sequences import as_json, find_sequences
from confocal_bag.deposit.source import open_deposit
from confocal_bag.findings import readable_path
from confocal_bag.image.record import ImageRecord
from confocal_bag.page.run import RunFile, RunFormat, RunImage, RunSequence

__all__ = ["describe_payload", "sequences_of"]


def describe_payload(bag: Path, *, jobs: int) -> tuple[RunFile, ...]:
    """Every payload file of a bag in a folder: format and images; its tier is the one of its folder, if any.

    Raises CannotFinish where there is no payload or a file cannot be read.
    """
    inventory = take_inventory(open_deposit(bag / "data"), with_digests=False, jobs=jobs)
    return tuple(_file(record) for record in inventory.files)


def sequences_of(files: tuple[RunFile, ...]) -> tuple[RunSequence, ...]:
    """The sequences that the names of the image files make up."""
    names = [one.path for one in files if one.images]
    found = as_json(find_sequences(names))["sequences"] if names else []
    return tuple(RunSequence.model_validate(one) for one in found)


def _file(record: FileRecord) -> RunFile:
    known = record.format
    return RunFile(
        path=f"data/{readable_path(record.path)}",
        bytes=record.bytes,
        format=RunFormat(name=known.name, puid=known.puid, mime=known.mime, open=known.open),
        tier=record.path.parts[0] if len(record.path.parts) > 1 else "",
        images=tuple(_image(one) for one in record.images),
        image_problem=record.image_problem,
    )


def _image(record: ImageRecord) -> RunImage:
    return RunImage.model_validate({**asdict(record), "dimensions": summarize_dimensions(record)})
