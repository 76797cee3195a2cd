"""Bring together what the header and the description say of each image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeVar

from confocal_bag.deposit.description.channel_ids import described_channels, settings_of
from confocal_bag.deposit.description.headers import HeaderImage, header_image, header_images
from confocal_bag.deposit.description.model import (
    AcquisitionChannel,
    AcquisitionDescription,
    ChannelDescription,
    Description,
    FileDescription,
    InstrumentDescription,
    Specimen,
)
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.findings import readable_path
from confocal_bag.image.record import ImageRecord

Listed = TypeVar("Listed", AcquisitionChannel, ChannelDescription)
Entry = TypeVar("Entry", AcquisitionDescription, InstrumentDescription, Specimen)

__all__ = ["DescribedImage", "DescriptionIndex", "described_images"]


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


class DescriptionIndex:
    """Finds what a description says of an image. A lone entry of a section speaks of every image."""

    def __init__(self, description: Description) -> None:
        self.files = FileEntries(entry.path or "" for entry in description.files)
        self._description = description
        self._acquisitions = _by_id(description.acquisitions)
        self._instruments = _by_id(description.instruments)
        self._specimens = _by_id(description.specimens)
        self._channels = described_channels(description.channels)

    def file(self, path: PurePosixPath | str) -> FileDescription | None:
        """The entry of `files` that speaks of a path."""
        index = self.files.index_for(path)
        return None if index is None else self._description.files[index]

    def of_image(self, image: HeaderImage) -> FileDescription | None:
        """The entry of `files` that speaks of an image: of one in a zip file its own, else that of the zip file."""
        own = self.file(image.path)
        return own if own is not None or image.archive is None else self.file(image.archive)

    def image(self, file: FileRecord, record: ImageRecord, position: int) -> DescribedImage:
        """One image with its entries; `position` is its place in the file, from 0."""
        return self.described(header_image(file, record, position))

    def described(self, image: HeaderImage) -> DescribedImage:
        """An image whose header was read, with its entries."""
        entry, said = self.of_image(image), self._description
        wanted = entry.acquisition_of(image.position) if entry else None
        acquisition = _named(self._acquisitions, said.acquisitions, wanted)
        specimen = (entry.specimen if entry else None) or (acquisition.specimen if acquisition else None)
        instrument = acquisition.instrument if acquisition else None
        settings = self._settings(acquisition, image)
        return DescribedImage(
            header=image,
            acquisition=acquisition,
            instrument=_named(self._instruments, said.instruments, instrument),
            specimen=_named(self._specimens, said.specimens, specimen),
            channels=self._of_settings(settings, image),
            settings=settings,
        )

    def stands_for_several(self, image: HeaderImage) -> bool:
        """Whether the acquisition of a file that is one channel of a sequence is that of another channel's, too."""
        named = image.named
        if named is None:
            return False
        own = self._acquisition_of(image.path, image)
        others = (path for position, path in enumerate(named.examples) if position != named.position)
        return any(self._acquisition_of(readable_path(path), image) is own for path in others)

    def _acquisition_of(self, path: str, image: HeaderImage) -> AcquisitionDescription | None:
        """The acquisition of a file of the same sequence as an image."""
        entry = self.of_image(replace(image, path=path))
        wanted = entry.acquisition_of(image.position) if entry else None
        return _named(self._acquisitions, self._description.acquisitions, wanted)

    def _settings(
        self, acquisition: AcquisitionDescription | None, image: HeaderImage
    ) -> tuple[AcquisitionChannel | None, ...]:
        settings = settings_of(acquisition.channels) if acquisition is not None else ()
        return self._own(settings, image) or (None,) * len(image.channels)

    def _of_settings(
        self, settings: tuple[AcquisitionChannel | None, ...], image: HeaderImage
    ) -> tuple[ChannelDescription | None, ...]:
        if any(settings):
            return tuple(self._channels.get(one.channel or "") if one else None for one in settings)
        # without ids, the channels of the description are those of the image in their order
        listed = self._description.channels
        channels = tuple(self._channels.values()) if all(one.id for one in listed) else listed
        return self._own(channels, image) or (None,) * len(settings)

    def _own(self, listed: tuple[Listed, ...], image: HeaderImage) -> tuple[Listed, ...] | None:
        """Of the channels listed for an image those that its file holds; None where they are not as many.

        One channel alone is not that of each file of a sequence that has several.
        """
        named = image.named
        if named is not None and len(listed) == named.count:
            return listed[named.position : named.position + 1]
        fits = len(listed) == len(image.channels) and not self.stands_for_several(image)
        return listed if fits else None


def described_images(description: Description, inventory: Inventory) -> list[DescribedImage]:
    """The images that describe the acquisition, each with its entries."""
    index = DescriptionIndex(description)
    return [index.described(image) for image in header_images(inventory)]


def _by_id(entries: Sequence[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in reversed(entries) if entry.id is not None}


def _named(by_id: Mapping[str, Entry], entries: Sequence[Entry], wanted: str | None) -> Entry | None:
    if wanted is None:
        return entries[0] if len(entries) == 1 else None
    return by_id.get(wanted)
