"""What a Methods paragraph can say of each acquisition: what people describe, and for the rest the image headers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from confocal_bag.deposit.description.channel_ids import described_channels, settings_of
from confocal_bag.deposit.description.facts import number_text
from confocal_bag.deposit.description.images import DescribedImage, DescriptionIndex
from confocal_bag.deposit.description.model import (
    AcquisitionDescription,
    Description,
    Environment,
    InstrumentDescription,
    Specimen,
)
from confocal_bag.deposit.exports.method_channels import ChannelPair, channel_methods
from confocal_bag.deposit.exports.method_model import MethodFacts
from confocal_bag.deposit.exports.recorded import agreed, answer, first
from confocal_bag.deposit.exports.two_values import find_two_values
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.image.record import ImageRecord
from confocal_bag.vocabulary import Tier

__all__ = ["is_acquired", "method_facts"]

Value = TypeVar("Value")

#: An image: what its file is called, what its header records, what people say of it.
_Taken = tuple[str, ImageRecord, DescribedImage]


def is_acquired(index: DescriptionIndex, file: FileRecord, described: DescribedImage) -> bool:
    """Whether an image is as a microscope took it; what was made of one is only where its own entry says so."""
    if file.tier in (Tier.RAW, Tier.TRANSFORMED):
        return True
    entry = index.of_image(described.header)
    return entry is not None and entry.acquisition_of(described.header.position) is not None


def method_facts(
    said: Description, inventory: Inventory, shown: Callable[[FileRecord], str] = lambda file: str(file.path)
) -> list[MethodFacts]:
    """The facts of every acquisition: those of the description in their order, then images of no acquisition.

    `shown` says how a file is called.
    """
    index = DescriptionIndex(said)
    groups: dict[Any, list[_Taken]] = {}
    for file in inventory.every:
        for position, record in enumerate(file.images):
            described = index.image(file, record, position)
            if is_acquired(index, file, described):
                key = _key(described, record)
                groups.setdefault(key, []).append((shown(file), record, described))
    instruments = {one.id: one for one in said.instruments}
    specimens = {one.id: one for one in said.specimens}
    found: list[MethodFacts] = []
    for number, acquisition in enumerate(said.acquisitions, start=1):
        images = groups.pop(id(acquisition), [])
        instrument = _named(instruments, said.instruments, acquisition.instrument)
        ids = {id(one.specimen): one.specimen for _, _, one in images} if images else {}
        specimen = next(iter(ids.values())) if len(ids) == 1 else None
        if not images:
            specimen = _named(specimens, said.specimens, acquisition.specimen)
        channels = described_channels(said.channels)
        settings = settings_of(acquisition.channels)
        pairs = [(channels.get(one.channel or ""), one) for one in settings] or _pairs(images)
        found.append(
            _facts(
                f"Acquisition {acquisition.id or number}",
                images,
                _Said(acquisition=acquisition, instrument=instrument, specimen=specimen, channels=pairs),
                said,
            )
        )
    for images in groups.values():
        one = images[0][2]
        parts = _Said(acquisition=None, instrument=one.instrument, specimen=one.specimen, channels=_pairs(images))
        found.append(_facts(None, images, parts, said))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The entries of the description that speak of one acquisition."""

    acquisition: AcquisitionDescription | None
    instrument: InstrumentDescription | None
    specimen: Specimen | None
    channels: Sequence[ChannelPair]


def _key(described: DescribedImage, record: ImageRecord) -> object:
    """What images taken alike have in common."""
    if described.acquisition is not None:
        return id(described.acquisition)
    taken = replace(record.instrument, acquired=None)
    return taken, record.pixel_size_um, record.time_increment_s, record.channels, id(described.specimen)


def _named(by_id: Mapping[str | None, Value], entries: Sequence[Value], wanted: str | None) -> Value | None:
    if wanted is None:
        return entries[0] if len(entries) == 1 else None
    return by_id.get(wanted)


def _pairs(images: Sequence[_Taken]) -> list[ChannelPair]:
    """What the description says of the channels of images that are taken alike."""
    return list(zip(images[0][2].channels, images[0][2].settings, strict=True)) if images else []


def _facts(name: str | None, images: Sequence[_Taken], said: _Said, whole: Description) -> MethodFacts:
    records = [record for _, record, _ in images]
    acquisition = said.acquisition or AcquisitionDescription()
    size = acquisition.pixel_size_um or (None, None)
    averaging = acquisition.averaging

    def header(name: str) -> Any:
        return agreed(getattr(record.instrument, name) for record in records)

    return MethodFacts(
        name=name,
        files=tuple(dict.fromkeys(path for path, _, _ in images)),
        **_sample(said.specimen or Specimen()),
        **_equipment(said.instrument or InstrumentDescription(), header),
        facility=_joined(answer(whole.core_facility.name), answer(whole.core_facility.rrid)),
        frame=agreed(_frame(record) for record in records) if len(set(map(_is_xz, records))) == 1 else None,
        is_xz=bool(records) and all(map(_is_xz, records)),
        bits=agreed(_bits(record) for record in records),
        significant_bits=agreed(record.significant_bits for record in records),
        is_colour=bool(records) and all(record.axes.get("S", 1) > 1 for record in records),
        processing=agreed(record.processing for record in records),
        pixel_x_um=first(size[0], agreed(record.pixel_size_um.x for record in records)),
        pixel_y_um=first(size[1], agreed(record.pixel_size_um.y for record in records)),
        z_planes=agreed(None if _is_xz(record) else _count(record, "Z") for record in records),
        z_step_um=first(acquisition.z_step_um, agreed(_z_step(record) for record in records)),
        time_points=agreed(_count(record, "T") for record in records),
        time_step_s=first(acquisition.time_increment_s, agreed(_time_step(record) for record in records)),
        pinhole_au=acquisition.pinhole_au,
        pinhole_um=acquisition.pinhole_um,
        zoom=first(acquisition.zoom, header("zoom")),
        dwell_us=first(acquisition.pixel_dwell_us, header("pixel_dwell_us")),
        direction=first(answer(acquisition.scan_direction), header("scan_direction")),
        averaging=first(averaging.number, header("averaging_number")),
        averaging_unit=first(answer(averaging.unit), header("averaging_unit")),
        averaging_note=first(answer(averaging.note), header("averaging")),
        environment=tuple(_environment(acquisition.environment)),
        focus=answer(acquisition.focus_stabilisation),
        channels=tuple(channel_methods(said.instrument, said.channels, records)),
        two_values=tuple(find_two_values(whole, ((path, described) for path, _, described in images))),
    )


def _joined(first: str | None, second: str | None) -> str | None:
    return f"{first} ({second})" if first and second else first or second


def _sample(one: Specimen) -> dict[str, Any]:
    protocol, fixation = answer(one.fixation.protocol), answer(one.fixation.name)
    cut = one.sectioning
    thickness = f"{number_text(cut.thickness_um)} µm thick" if cut.thickness_um else None
    parts = (one.cell_type.name, one.cell_line.name, one.tissue.name)
    strain = answer(one.strain)
    told = [text for text in map(answer, parts) if text]
    return {
        "organism": answer(one.organism.name),
        "material": answer(one.material.name),
        "sample": tuple(dict.fromkeys([*told, *([f"strain {strain}"] if strain else [])])),
        "fixation": "; ".join(text for text in (fixation, protocol) if text) or None,
        "live": one.live,
        "sectioning": ", ".join(text for text in (answer(cut.method), thickness) if text) or None,
        "medium": answer(one.mounting.medium),
        "coverslip": answer(one.mounting.coverslip),
    }


def _equipment(one: InstrumentDescription, header: Callable[[str], Any]) -> dict[str, Any]:
    scope, lens = one.microscope, one.objective
    names = (first(answer(scope.manufacturer), header("manufacturer")), first(answer(scope.model), header("model")))
    program = " ".join(text for text in (answer(one.software.name), answer(one.software.version)) if text)
    return {
        "method": first(answer(one.method.name), header("method")),
        "microscope": " ".join(filter(None, names)) or None,
        "objective": first(answer(lens.model), header("objective")),
        "magnification": first(lens.magnification, header("magnification")),
        "numerical_aperture": first(lens.na, header("numerical_aperture")),
        "immersion": first(answer(lens.immersion), header("immersion")),
        "software": program or header("software"),
    }


def _environment(said: Environment) -> Iterator[str]:
    """What the samples were kept at while they were imaged."""
    amounts = ((said.temperature_c, "°C"), (said.co2_percent, "% CO2"), (said.humidity_percent, "% humidity"))
    for number, unit in amounts:
        if number is not None:
            yield f"{number_text(number)} {unit}"
    if says_something(said.notes):
        yield said.notes or ""


def _frame(record: ImageRecord) -> tuple[int, int] | None:
    rows = "Z" if _is_xz(record) else "Y"
    return (record.axes["X"], record.axes[rows]) if "X" in record.axes and rows in record.axes else None


def _is_xz(record: ImageRecord) -> bool:
    """Whether the rows of an image run in depth."""
    return "Y" not in record.axes and {"X", "Z"} <= record.axes.keys()


def _bits(record: ImageRecord) -> int | None:
    digits = record.dtype.removeprefix("uint")
    return int(digits) if record.dtype.startswith("uint") and digits.isdigit() else None


def _count(record: ImageRecord, axis: str) -> int | None:
    size = record.axes.get(axis, 1)
    return size if size > 1 else None


def _z_step(record: ImageRecord) -> float | None:
    return record.pixel_size_um.z if _count(record, "Z") else None


def _time_step(record: ImageRecord) -> float | None:
    return record.time_increment_s if _count(record, "T") else None
