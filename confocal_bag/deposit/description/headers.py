"""What image headers can say for a description: settings, instruments and channels, never people or paths."""

import re
from dataclasses import dataclass

from confocal_bag.deposit.description.facts import Facts, facts_of, is_positive, shared_size
from confocal_bag.deposit.description.header_channels import (
    HeaderDetector,
    HeaderLaser,
    channel_facts,
    detector_of,
    lasers_of,
    settings_facts,
)
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.named_channels import NamedChannel
from confocal_bag.findings import readable_path
from confocal_bag.image.record import ChannelRecord, ImageRecord, InstrumentRecord, is_file_writer
from confocal_bag.vocabulary import Tier

__all__ = ["HeaderImage", "header_image", "header_images"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderImage:
    """What the header of one image says, ready for a description.

    `position` is the place of the image in its file, from 0; `settings` and `channel_detectors` have one place for
    each channel. `archive` is the zip file that holds the file, None for a file of its own; `named` says which channel
    of a sequence the file is, where only names tell.
    """

    path: str
    position: int
    tier: Tier
    record: ImageRecord
    instrument: Facts
    acquisition: Facts
    channels: tuple[Facts, ...]
    settings: tuple[Facts, ...]
    lasers: tuple[HeaderLaser, ...]
    channel_detectors: tuple[HeaderDetector | None, ...]
    archive: str | None = None
    named: NamedChannel | None = None

    @property
    def channel_count(self) -> int:
        """The channels of the image; of a file that is one channel of a sequence, those of the sequence."""
        return self.named.count if self.named else self.record.axes.get("C", 1)

    def channel_number(self, position: int) -> int:
        """Which channel, from 1, the one at a position of the file is: where names tell, its place in the sequence."""
        return position + 1 + (self.named.position if self.named else 0)

    def channel_source(self, position: int) -> str:
        """The file whose header says what is known of a channel."""
        alone = self.named is None or len(self.channels) != self.named.count
        return self.path if alone or self.named is None else readable_path(self.named.examples[position])


def header_images(inventory: Inventory) -> list[HeaderImage]:
    """The images whose headers describe the acquisition: raw ones and transformed ones.

    Processed ones only if alone.
    """
    for tiers in ({Tier.RAW, Tier.TRANSFORMED}, {Tier.PROCESSED}):
        found = [
            header_image(file, record, position)
            for file in inventory.every
            if file.tier in tiers
            for position, record in enumerate(file.images)
        ]
        if found:
            return found
    return []


def header_image(file: FileRecord, record: ImageRecord, position: int) -> HeaderImage:
    """What the header of one image says; `position` is its place in the file, from 0."""
    count = max(1, record.axes.get("C", 1))
    channels = [
        *record.channels[:count],
        *[ChannelRecord()] * (min(count, 64) - len(record.channels[:count])),
    ]
    differ = any(
        len({size for size in sizes if size is not None}) > 1
        for sizes in ([one.pinhole_um for one in channels], [one.pinhole_au for one in channels])
    )
    return HeaderImage(
        path=readable_path(file.path),
        position=position,
        tier=file.tier,
        record=record,
        instrument=_instrument_facts(record.instrument),
        acquisition=_acquisition_facts(record),
        channels=tuple(channel_facts(channel) for channel in channels),
        settings=tuple(settings_facts(channel, record.instrument, pinhole=differ) for channel in channels),
        lasers=tuple(lasers_of(channels, record.instrument)),
        channel_detectors=tuple(detector_of(channel) for channel in channels),
        archive=readable_path(file.archive) if file.archive else None,
        named=file.named_channel if count == 1 else None,
    )


def _instrument_facts(instrument: InstrumentRecord) -> Facts:
    return facts_of(
        {
            "method.name": instrument.method,
            "microscope.manufacturer": instrument.manufacturer,
            "microscope.model": instrument.model,
            "microscope.stand": instrument.stand,
            "objective.model": instrument.objective,
            "objective.na": instrument.numerical_aperture,
            "objective.magnification": instrument.magnification,
            "objective.immersion": instrument.immersion,
            "objective.refractive_index": instrument.refractive_index,
            **_software_facts(instrument),
        }
    )


def _software_facts(instrument: InstrumentRecord) -> dict[str, str | None]:
    """The program that took the images; nothing where the header names one that only writes files."""
    name = _software_name(instrument)
    if name is None or is_file_writer(name):
        return {}
    return {"software.name": name, "software.version": instrument.software_version}


def _software_name(instrument: InstrumentRecord) -> str | None:
    """The program without its version, where the version is known apart."""
    return (instrument.software or "").removesuffix(instrument.software_version or "").strip() or None


def _acquisition_facts(record: ImageRecord) -> Facts:
    size, instrument = record.pixel_size_um, record.instrument
    return facts_of(
        {
            "pixel_size_um": _pixel_size(record),
            "z_step_um": size.z if record.axes.get("Z", 1) > 1 else None,
            "time_increment_s": record.time_increment_s if record.axes.get("T", 1) > 1 else None,
            "pinhole_um": shared_size(channel.pinhole_um for channel in record.channels),
            "pinhole_au": shared_size(channel.pinhole_au for channel in record.channels),
            "zoom": instrument.zoom,
            "pixel_dwell_us": instrument.pixel_dwell_us,
            "scan_mode": instrument.scan_mode,
            "scan_direction": instrument.scan_direction,
            **_averaging(instrument),
        }
    )


def _pixel_size(record: ImageRecord) -> tuple[float | None, float | None] | None:
    """Width and height of a pixel, where both are known; an xz scan has no height, for its rows run along Z."""
    sizes = (record.pixel_size_um.x, record.pixel_size_um.y)
    wanted = [size for size, axis in zip(sizes, "XY", strict=True) if axis in record.axes]
    if not wanted or not all(map(is_positive, wanted)):
        return None
    x, y = (size if axis in record.axes else None for size, axis in zip(sizes, "XY", strict=True))
    return x, y


def _averaging(instrument: InstrumentRecord) -> dict[str, str | float | None]:
    if instrument.averaging_number is not None:
        return {
            "averaging.number": instrument.averaging_number,
            "averaging.unit": instrument.averaging_unit,
            "averaging.method": instrument.averaging_method,
        }
    text = instrument.averaging
    counted = re.fullmatch(r"\s*(\d{1,6})(?:\s+(line|frame|stack)s?)?\s*", text or "", re.IGNORECASE)
    if counted is None:
        return {"averaging.note": text}
    return {
        "averaging.number": float(counted[1]),
        "averaging.unit": counted[2].capitalize() if counted[2] else None,
    }
