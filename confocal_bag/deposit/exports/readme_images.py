"""The images of a deposit as a readme describes them: alike ones together, each by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from confocal_bag.deposit.description.facts import safe_text
from confocal_bag.deposit.description.images import DescribedImage, DescriptionIndex
from confocal_bag.deposit.description.model import ChannelDescription
from confocal_bag.deposit.exports.dimensions import DescribedSizes, short_number, summarize_dimensions
from confocal_bag.deposit.exports.plain_text import Prepared, path_line
from confocal_bag.deposit.exports.readme import ReadmeFacts
from confocal_bag.deposit.exports.readme_files import place_of
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.record import ChannelRecord, ImageRecord

__all__ = ["image_groups"]


def image_groups(facts: ReadmeFacts) -> list[Mapping[str, Any]]:
    """Images alike in dimensions, channels, instrument and acquisition, in the order of the first of each kind."""
    index = DescriptionIndex(facts.description)
    groups: dict[tuple[str, tuple[str, ...], str, str | None], list[Prepared]] = {}
    for file in facts.inventory.files:
        for position, image in enumerate(file.images):
            described = index.image(file, image, position)
            key = (
                summarize_dimensions(image, _sizes(described)),
                tuple(_channels(image, described)),
                _instrument(image, described),
                _acquisition(facts, described),
            )
            groups.setdefault(key, []).append(path_line(place_of(facts, file), _remarks(file, image), 6))
    return [
        {
            "dimensions": dimensions,
            "channels": list(channels),
            "instrument": instrument,
            "acquisition": acquisition,
            "images": images,
        }
        for (dimensions, channels, instrument, acquisition), images in groups.items()
    ]


def _sizes(described: DescribedImage) -> DescribedSizes:
    said = described.acquisition
    if said is None:
        return DescribedSizes()
    x, y = said.pixel_size_um or (None, None)
    return DescribedSizes(
        x_um=x, y_um=y, z_um=said.z_step_um, time_s=said.time_increment_s, scale_bar=bool(said.scale_bar)
    )


def _acquisition(facts: ReadmeFacts, described: DescribedImage) -> str | None:
    """The name that section 6 gives to the acquisition; None where there is no such section to look in."""
    known = facts.description.acquisitions
    if not known:
        return None
    if described.acquisition is None:
        return "not recorded"
    place = next(index for index, one in enumerate(known) if one is described.acquisition)
    return f"{described.acquisition.id or place + 1} (see section 6)"


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
