"""The images of a deposit as a readme describes them: a table of the kinds of images, and the files of each kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confocal_bag.deposit.description.facts import agree_but_for_rounding, safe_text
from confocal_bag.deposit.description.images import DescribedImage, DescriptionIndex
from confocal_bag.deposit.description.model import (
    AcquisitionDescription,
    ChannelDescription,
    InstrumentDescription,
    Specimen,
)
from confocal_bag.deposit.exports.described_sizes import sizes_of
from confocal_bag.deposit.exports.dimensions import pixel_in_words, prose_number, size_in_words
from confocal_bag.deposit.exports.method_facts import is_acquired
from confocal_bag.deposit.exports.plain_text import Prepared, path_line
from confocal_bag.deposit.exports.readme import ReadmeFacts, StackFacts
from confocal_bag.deposit.exports.readme_files import folded, place_of, tier_order
from confocal_bag.deposit.exports.readme_words import count, joined
from confocal_bag.deposit.exports.text_table import table
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.record import ChannelRecord, ImageRecord

__all__ = ["image_advice", "image_kinds", "image_table"]

_MOST_CHANNELS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What images of one kind have in common."""

    size: str
    pixel: str
    channels: tuple[str, ...]
    microscope: str | None
    objective: str | None
    acquisition: str | None
    specimen: str | None


@dataclass(kw_only=True)
class _Group:
    """The images of one kind: how many, and the lines that name them."""

    number: int = 0
    lines: list[Prepared] = field(default_factory=list)


def _groups(facts: ReadmeFacts) -> dict[_Kind, _Group]:
    """Images alike in size, channels, instrument and acquisition, in the order of tiers and of the first of each."""
    index = DescriptionIndex(facts.description)
    groups: dict[_Kind, _Group] = {}
    for files, stack in folded(facts, sorted(facts.inventory.every, key=tier_order)):
        alike = _alike(index, files) if stack is not None else {}
        for kind, members in alike.items():
            group = groups.setdefault(kind, _Group())
            group.number += sum(len(file.images) for file in members)
            group.lines.extend(_range(facts, members))
        for file in files if not alike else ():
            for position, image in enumerate(file.images):
                group = groups.setdefault(_kind(index, file, image, position), _Group())
                group.number += 1
                group.lines.append(path_line(place_of(facts, file), _remarks(file, image), 4))
    return groups


def _alike(index: DescriptionIndex, files: Sequence[FileRecord]) -> dict[_Kind, list[FileRecord]]:
    """The files of a stack by kind: its channels, where each file holds one. None of a stack that is no such thing."""
    found: dict[_Kind, list[FileRecord]] = {}
    for file in files:
        for image in file.images:
            found.setdefault(_kind(index, file, image, 0), []).append(file)
    channels = {file.named_channel.position if file.named_channel else 0 for file in files}
    return found if len(files) > 1 and len(found) <= len(channels) else {}


def _range(facts: ReadmeFacts, files: Sequence[FileRecord]) -> Iterator[Prepared]:
    """Files of one stack that are of one kind, by the first and the last."""
    if len(files) == 1:
        yield path_line(place_of(facts, files[0]), _remarks(files[0], files[0].images[0]), 4)
        return
    yield path_line(place_of(facts, files[0]), "", 4)
    channels = {(one.named_channel.position, one.named_channel.count) for one in files if one.named_channel}
    is_one_of_several = len(channels) == 1 and next(iter(channels))[1] > 1
    what = "one channel of one stack" if is_one_of_several else "one stack"
    yield path_line(place_of(facts, files[-1]), f"{count(len(files), 'file')} of {what}", 4, lead="to ")


def image_table(facts: ReadmeFacts) -> Prepared | None:
    """Each kind of image: how many there are, how large they are, the size of a pixel, the objective."""
    rows = [
        (str(number), f"{group.number:,}", kind.size, kind.pixel, kind.objective)
        for number, (kind, group) in enumerate(_groups(facts).items(), start=1)
    ]
    head = ("Kind", "Images", "Size", "Size of a pixel and of steps", "Objective")
    return table(head, rows, right=("Images",)) if rows else None


def image_kinds(facts: ReadmeFacts) -> list[Mapping[str, Any]]:
    """Each kind of image: its title, what its channels show, and its files."""
    return [
        {
            "title": joined(f"Kind {number}", joined(kind.microscope, kind.acquisition, kind.specimen), between=": "),
            "channels": _shortened(kind.channels),
            "images": group.lines,
        }
        for number, (kind, group) in enumerate(_groups(facts).items(), start=1)
    ]


def _shortened(channels: Sequence[str]) -> list[str]:
    """The channels of an image; of very many the first and the last."""
    if len(channels) <= _MOST_CHANNELS:
        return list(channels)
    return [channels[0], f"and so on for {len(channels)} channels, to", channels[-1]]


def image_advice(facts: ReadmeFacts) -> Iterator[str]:
    """What the primer says of composite images and of stacks, where there are any."""
    images = [image for file in facts.inventory.every for image in file.images]
    colour = sum(image.axes.get("S", 1) > 1 for image in images)
    single = any(image.axes.get("C", 1) > 1 or image.axes.get("S", 1) == 1 for image in images)
    if colour:
        yield (
            f"{count(colour, 'image')} {'holds' if colour == 1 else 'hold'} colours in place of channels. Where they "
            "were merged from channels (a composite image), these cannot be told apart again. "
            + (
                "Use the single-channel images for measurements; they let colours be turned on and off."
                if single
                else "The primer advises to weigh the cost of keeping single-channel images, which let colours be "
                "turned on and off, against their use; there are none here."
            )
        )
    if any(image.axes.get("Z", 1) > 1 for image in images) or any(_is_z_stack(one) for one in facts.stacks):
        yield (
            "Z-stacks are kept as they were received, every plane of them, even where an analysis used only a part: "
            "future users may benefit from the whole stack in ways that cannot be anticipated (primer)."
        )


def _is_z_stack(stack: StackFacts) -> bool:
    axes = [stack.axes] if isinstance(stack.axes, str) else stack.axes
    return any(axis.startswith("Z") for axis in axes)


def _kind(index: DescriptionIndex, file: FileRecord, image: ImageRecord, position: int) -> _Kind:
    described = index.image(file, image, position)
    acquired = is_acquired(index, file, described)
    acquisition = described.acquisition if acquired else None
    instrument = described.instrument if acquired else None
    sizes = sizes_of(acquisition)
    return _Kind(
        size=size_in_words(image),
        pixel=pixel_in_words(image, sizes),
        channels=tuple(_channels(image, described)) if acquisition or image.axes.get("S", 1) == 1 else (),
        microscope=_microscope(image, instrument),
        objective=_objective(image, instrument),
        acquisition=_named("acquisition", acquisition),
        specimen=_named("specimen", described.specimen),
    )


def _named(kind: str, entry: AcquisitionDescription | Specimen | None) -> str | None:
    return f"{kind} {entry.id}" if entry is not None and entry.id else None


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
        told = _channel(said or ChannelDescription(), header)
        if told:
            yield f"Channel {described.header.channel_number(position)}: {told}"


def _channel(said: ChannelDescription, header: ChannelRecord) -> str | None:
    """The name of a channel and what is known of it; None where nothing is."""
    name = said.name or safe_text(header.name)
    shows = said.target if said.target and said.target != name else None
    probe = said.probe or said.fluor or safe_text(header.fluor) or said.contrast
    excitation = said.excitation_nm or header.excitation_nm
    emission = said.emission_nm or header.emission_nm
    details = joined(
        f"shows {shows}" if shows else None,
        probe if probe != name else None,
        f"excited at {prose_number(excitation)} nm" if excitation else None,
        f"detected at {prose_number(emission)} nm" if emission else None,
        between="; ",
    )
    return f"{name} ({details})" if name and details else name or details


def _microscope(image: ImageRecord, said: InstrumentDescription | None) -> str | None:
    header = image.instrument
    scope = said.microscope if said is not None else None
    names = [
        (scope.manufacturer if scope else None) or header.manufacturer,
        (scope.model if scope else None) or header.model,
    ]
    return joined(*map(safe_text, names), between=" ")


def _objective(image: ImageRecord, said: InstrumentDescription | None) -> str | None:
    header = image.instrument
    lens = said.objective if said is not None else None
    name = (lens.model if lens else None) or header.objective
    told, read = lens.na if lens else None, header.numerical_aperture
    if told and read and not agree_but_for_rounding(told, read):
        both = f"NA {prose_number(read)} (by the header; {prose_number(told)} by deposit.yaml)"
        return joined(safe_text(name), both)
    figure = prose_number(aperture) if (aperture := told or read) else None
    return joined(safe_text(name), f"NA {figure}" if figure and figure not in (name or "") else None)
