"""What ABCD says of an image as measurements: its sizes, and what people say of it and its header records otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass

from confocal_bag.deposit.description.facts import agree_but_for_rounding
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.dimensions import short_number
from confocal_bag.deposit.exports.export_facts import ExportedImage
from confocal_bag.deposit.exports.two_values import find_two_values
from confocal_bag.vocabulary import Tier

__all__ = ["Measurement", "image_measurements"]

#: Fields that are measurements of an image in any case.
_SIZES = ("pixel_size_um", "z_step_um")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One fact that has no element of its own; `applies_to` is the image it is of."""

    parameter: str
    value: str
    unit: str | None = None
    applies_to: str | None = None


def image_measurements(said: Description, name: str, one: ExportedImage) -> Iterator[Measurement]:
    """The sizes of an image, and what else people say of it and its header records otherwise, with the reasons."""
    yield from _sizes(name, one)
    if not one.acquired or one.path.startswith(f"data/{Tier.PROCESSED}/"):
        return
    for found in find_two_values(said, [(name, one.described)]):
        if not found.field.endswith(_SIZES):
            yield Measurement(parameter=f"{found.what}, by the file header", value=found.recorded, applies_to=name)
            against = f"{found.what}, by the description and against the file header"
            yield Measurement(parameter=against, value=found.said, applies_to=name)
        for note in found.notes:
            yield Measurement(parameter=f"{found.what}, why two values", value=note, applies_to=name)


def _sizes(name: str, one: ExportedImage) -> Iterator[Measurement]:
    size, said = one.record.pixel_size_um, one.described.acquisition
    told = (said.pixel_size_um or (None, None)) if said else (None, None)
    steps = {
        "pixel size x": size.x if size.x is not None else told[0],
        "pixel size y": size.y if size.y is not None else told[1],
        "z step": size.z if size.z is not None else (said.z_step_um if said else None),
    }
    for step, length in steps.items():
        if length is not None:
            yield Measurement(parameter=step, value=short_number(length), unit="µm", applies_to=name)
    if one.path.startswith(f"data/{Tier.PROCESSED}/"):
        return  # what was made of images may have other pixels than they
    described = (told[0], told[1], said.z_step_um if said else None)
    for (step, length), other in zip(steps.items(), described, strict=True):
        if length is not None and other is not None and not agree_but_for_rounding(other, length):
            parameter = f"{step}, by the description and against the file header"
            yield Measurement(parameter=parameter, value=short_number(other), unit="µm", applies_to=name)
