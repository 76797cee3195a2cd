"""Bring together what the header and the description say of each image."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from confocal_bag.deposit.description import (
    AcquisitionChannel,
    AcquisitionDescription,
    ChannelDescription,
    Description,
    InstrumentDescription,
    Specimen,
)
from confocal_bag.deposit.description_globs import FileEntries
from confocal_bag.deposit.description_headers import HeaderImage, header_image, header_images
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.image.record import ImageRecord

Entry = TypeVar("Entry", AcquisitionDescription, InstrumentDescription, Specimen)

__all__ = ["DescribedImage", "describe_image", "described_images", "entries_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedImage:
    """One image with the entries of the description that speak of it; None where none does.

    `channels` and `settings` have one place for each channel of the image.
    """

    header: HeaderImage
    acquisition: AcquisitionDescription | None
    instrument: InstrumentDescription | None
    specimen: Specimen | None
    channels: tuple[ChannelDescription | None, ...]
    settings: tuple[AcquisitionChannel | None, ...]


def described_images(description: Description, inventory: Inventory) -> list[DescribedImage]:
    """The images that describe the acquisition, each with its entries. A lone entry speaks of every image."""
    entries = entries_of(description)
    return [_described(image, description, entries) for image in header_images(inventory)]


def describe_image(
    file: FileRecord, record: ImageRecord, description: Description, entries: FileEntries
) -> DescribedImage:
    """One image of any file with its entries."""
    return _described(header_image(file, record), description, entries)


def entries_of(description: Description) -> FileEntries:
    """Finds the entry of the description that speaks of a file."""
    return FileEntries(entry.path or "" for entry in description.files)


def _described(image: HeaderImage, description: Description, entries: FileEntries) -> DescribedImage:
    index = entries.index_for(image.path)
    entry = description.files[index] if index is not None else None
    acquisition = _by_id(description.acquisitions, entry.acquisition if entry else None)
    specimen = (entry.specimen if entry else None) or (acquisition.specimen if acquisition else None)
    count = len(image.channels)
    return DescribedImage(
        header=image,
        acquisition=acquisition,
        instrument=_by_id(description.instruments, acquisition.instrument if acquisition else None),
        specimen=_by_id(description.specimens, specimen),
        channels=_channels(description, acquisition, count),
        settings=_settings(acquisition, count),
    )


def _channels(
    description: Description, acquisition: AcquisitionDescription | None, count: int
) -> tuple[ChannelDescription | None, ...]:
    settings = _settings(acquisition, count)
    if any(settings):
        by_id = {channel.id: channel for channel in description.channels if channel.id is not None}
        return tuple(by_id.get(one.channel or "") if one else None for one in settings)
    if len(description.channels) == count:
        return description.channels
    return (None,) * count


def _settings(
    acquisition: AcquisitionDescription | None, count: int
) -> tuple[AcquisitionChannel | None, ...]:
    if acquisition is not None and len(acquisition.channels) == count:
        return acquisition.channels
    return (None,) * count


def _by_id(entries: Sequence[Entry], wanted: str | None) -> Entry | None:
    if wanted is None:
        return entries[0] if len(entries) == 1 else None
    return next((entry for entry in entries if entry.id == wanted), None)
