"""The images of a deposit as a readme describes them: alike ones together, each by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from confocal_bag.deposit.description.headers import safe_text
from confocal_bag.deposit.description.images import DescribedImage, DescriptionIndex
from confocal_bag.deposit.description.model import ChannelDescription
from confocal_bag.deposit.exports.dimensions import short_number, summarize_dimensions
from confocal_bag.deposit.exports.plain_text import Prepared, path_line
from confocal_bag.deposit.exports.readme import ReadmeFacts
from confocal_bag.deposit.exports.readme_files import place_of
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.record import ChannelRecord, ImageRecord

__all__ = ["image_groups"]


def image_groups(facts: ReadmeFacts) -> list[Mapping[str, Any]]:
    """Images alike in dimensions, channels and instrument, in the order of the first of each kind."""
    index = DescriptionIndex(facts.description)
    groups: dict[tuple[str, tuple[str, ...], str], list[Prepared]] = {}
    for file in facts.inventory.files:
        for image in file.images:
            described = index.image(file, image)
            key = (
                summarize_dimensions(image),
                tuple(_channels(image, described)),
                _instrument(image, described),
            )
            groups.setdefault(key, []).append(path_line(place_of(facts, file), _remarks(file, image), 6))
    return [
        {"dimensions": dimensions, "channels": list(channels), "instrument": instrument, "images": images}
        for (dimensions, channels, instrument), images in groups.items()
    ]


def _remarks(file: FileRecord, image: ImageRecord) -> str:
    parts: list[str] = []
    if len(file.images) > 1:
        called = safe_text(image.name)
        parts.append(f"image {image.series + 1} of {len(file.images)}" + (f' "{called}"' if called else ""))
    if image.instrument.acquired:
        parts.append(f"taken {image.instrument.acquired[:10]}")
    if image.complete is False:
        parts.append("INCOMPLETE: planes that the header announces are not in the file")
    return ", ".join(parts)


def _channels(image: ImageRecord, described: DescribedImage) -> Iterator[str]:
    for position, said in enumerate(described.channels):
        header = image.channels[position] if position < len(image.channels) else ChannelRecord()
        yield f"Channel {position + 1}: {_channel(said, header)}"


def _channel(said: ChannelDescription | None, header: ChannelRecord) -> str:
    said = said or ChannelDescription()
    name = said.name or safe_text(header.name)
    shows = said.target if said.target and said.target != name else None
    probe = said.probe or said.fluor or safe_text(header.fluor) or said.contrast
    excitation = said.excitation_nm or header.excitation_nm
    emission = said.emission_nm or header.emission_nm
    details = [
        f"shows {shows}" if shows else None,
        probe,
        f"excited at {short_number(excitation)} nm" if excitation else None,
        f"detected at {short_number(emission)} nm" if emission else None,
    ]
    told = "; ".join(part for part in details if part)
    return f"{name or 'name not recorded'} ({told or 'what it shows is not recorded'})"


def _instrument(image: ImageRecord, described: DescribedImage) -> str:
    if described.instrument is not None and described.instrument.is_recorded:
        said, header = described.instrument, image.instrument
        names = [said.microscope.manufacturer or header.manufacturer, said.microscope.model or header.model]
        lens = said.objective.model or header.objective
        aperture = said.objective.na or header.numerical_aperture
    else:
        header = image.instrument
        names, lens, aperture = (
            [header.manufacturer, header.model],
            header.objective,
            header.numerical_aperture,
        )
    parts = [" ".join(filter(None, map(safe_text, names))), safe_text(lens) or ""]
    parts.append(f"numerical aperture {short_number(aperture)}" if aperture else "")
    return ", ".join(filter(None, parts)) or "not recorded"
