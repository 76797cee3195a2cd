"""Vendor facts and series to one OME document: an Image for every series, in the same order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from confocal_bag import __version__
from confocal_bag.image.acquisition.annotations import (
    ACQUISITION,
    CHANNEL,
    DATE_KEY,
    LAYOUT,
    MODULO,
    Annotations,
    acquisition_pairs,
    channel_pairs,
    layout_pairs,
    modulo_xml,
)
from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts
from confocal_bag.image.acquisition.instrument import channel_instrument, instrument_of, objective_settings
from confocal_bag.image.acquisition.layout import Layout, layout_of
from confocal_bag.image.acquisition.plausible import LARGEST_PIXEL_UM, SMALLEST_PIXEL_UM, plausible
from confocal_bag.image.acquisition.values import printable, text
from confocal_bag.image.numbering import image_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ome_types import OME
    from ome_types.model import Channel, Image, Pixels

    from confocal_bag.image.model import Series

__all__ = ["CREATOR", "FACTS_EDITION", "OME_PIXEL_TYPES", "build_ome", "obstacle", "pixel_type"]

#: Goes up when other facts of headers are recorded, or by other names: a sidecar of an earlier edition is then held
#: against its file as one of an earlier version of the program is, and lacks nothing that was not asked of it.
FACTS_EDITION = 2

CREATOR = f"confocal-bag {__version__}, header facts {FACTS_EDITION}"

#: The OME name of every numpy type that has one.
OME_PIXEL_TYPES = {
    "uint8": "uint8",
    "uint16": "uint16",
    "uint32": "uint32",
    "int8": "int8",
    "int16": "int16",
    "int32": "int32",
    "float32": "float",
    "float64": "double",
    "complex64": "complex",
    "complex128": "double-complex",
    "bool": "bit",
}


def build_ome(series: Sequence[Series], facts: FileFacts) -> OME:
    """The OME document of a file, with MetadataOnly in place of pixels."""
    from ome_types import OME

    annotations = Annotations()
    instruments, images = [], []
    for number, one in enumerate(series):
        told = facts.series[number] if number < len(facts.series) else SeriesFacts()
        known = plausible(told, bits=one.dtype.itemsize * 8)
        instrument = instrument_of(number, known)
        if instrument is not None:
            instruments.append(instrument)
        images.append(_image(number, one, known, annotations, with_instrument=instrument is not None))
    return OME(
        creator=CREATOR,
        instruments=instruments,
        images=images,
        structured_annotations=annotations.structured(),
    )


def _image(
    number: int, series: Series, facts: SeriesFacts, annotations: Annotations, *, with_instrument: bool
) -> Image:
    from ome_types.model import Image, InstrumentRef

    layout = layout_of(series)
    references = [
        *annotations.add_map(ACQUISITION, {**acquisition_pairs(facts, layout), **_date_pairs(facts)}),
        *annotations.add_map(LAYOUT, layout_pairs(layout)),
    ]
    if layout.folded:
        references += annotations.add_xml(MODULO, modulo_xml(layout, facts.modulo))
    return Image.model_validate(
        _recorded(
            id=f"Image:{number}",
            name=printable(facts.name or series.name) or None,
            acquisition_date=_date(facts.acquired),
            pixels=_pixels(number, series, facts, layout, annotations),
            instrument_ref=InstrumentRef(id=f"Instrument:{number}") if with_instrument else None,
            objective_settings=objective_settings(number, facts),
            stage_label=_stage_label(series, facts),
            annotation_refs=references,
        )
    )


def _pixels(number: int, series: Series, facts: SeriesFacts, layout: Layout, annotations: Annotations) -> Pixels:
    from ome_types.model import MetadataOnly, Pixels

    facts = replace(facts, channels=tuple(_channels(series, facts, layout)))
    channels = [_channel(number, index, facts, layout, annotations) for index in range(layout.channels)]
    sizes = {axis.lower(): _pixel_size(axis, series, facts) for axis in "XYZ"}
    rows, columns = layout.plane_axes
    depth = "y" if rows == "Z" else "z"
    return Pixels.model_validate(
        _recorded(
            id=f"Pixels:{number}",
            dimension_order="XYCZT",
            type=pixel_type(series),
            significant_bits=facts.bit_depth,
            size_x=layout.columns,
            size_y=layout.rows,
            size_z=layout.size_z,
            size_c=layout.channels * layout.samples,
            size_t=layout.size_t,
            physical_size_x=sizes.get(columns.lower()),
            physical_size_y=sizes.get(rows.lower()),
            physical_size_z=sizes[depth],
            time_increment=None if layout.folded else facts.time_increment_s,
            channels=channels,
            metadata_only=MetadataOnly(),
            planes=_planes(layout, facts),
        )
    )


def _pixel_size(axis: str, series: Series, facts: SeriesFacts) -> float | None:
    recorded = getattr(facts.pixel_size_um, axis.lower())
    if recorded is None:
        recorded = getattr(series.pixel_size_um, axis.lower())
    return recorded if recorded is not None and SMALLEST_PIXEL_UM <= recorded <= LARGEST_PIXEL_UM else None


def _channels(series: Series, facts: SeriesFacts, layout: Layout) -> list[ChannelFacts]:
    """One entry per channel of the series, whatever number the vendor described."""
    known = list(facts.channels[: layout.channels])
    known += [ChannelFacts()] * (layout.channels - len(known))
    names = [*map(text, series.channel_names), *[None] * layout.channels]
    return [one if one.name else replace(one, name=name) for one, name in zip(known, names, strict=False)]


def _channel(number: int, index: int, image: SeriesFacts, layout: Layout, annotations: Annotations) -> Channel:
    from ome_types.model import Channel

    facts = image.channels[index]
    return Channel.model_validate(
        _recorded(
            id=f"Channel:{number}:{index}",
            name=facts.name,
            samples_per_pixel=layout.samples,
            fluor=facts.fluor,
            excitation_wavelength=facts.excitation_nm,
            emission_wavelength=facts.emission_nm,
            color=facts.color,
            pinhole_size=facts.pinhole_um,
            acquisition_mode=facts.acquisition_mode,
            contrast_method=facts.contrast_method,
            illumination_type=facts.illumination_type,
            annotation_refs=annotations.add_map(CHANNEL, channel_pairs(facts)),
            **channel_instrument(number, index, image, facts),
        )
    )


def _planes(layout: Layout, facts: SeriesFacts) -> list[dict[str, Any]]:
    """A Plane for the first plane of every channel whose exposure is recorded."""
    return [
        {"the_t": 0, "the_c": index, "the_z": 0, "exposure_time": channel.exposure_s}
        for index, channel in enumerate(facts.channels[: layout.channels])
        if channel.exposure_s is not None
    ]


def _stage_label(series: Series, facts: SeriesFacts) -> dict[str, Any] | None:
    """The stage position; OME demands a name for it, so it bears the name of the image."""
    stage = {
        axis: value
        for axis, value in (("x", facts.stage.x_um), ("y", facts.stage.y_um), ("z", facts.stage.z_um))
        if value is not None
    }
    if not stage:
        return None
    units = {f"{axis}_unit": "µm" for axis in stage}
    return {"name": printable(facts.name or series.name) or "stage position", **stage, **units}


def pixel_type(series: Series) -> str:
    """The OME name of the sample type; ValueError where OME 2016-06 has none."""
    name = series.dtype.newbyteorder("=").name
    problem = obstacle(name)
    if problem is not None:
        raise ValueError(f"{image_number(series.index)}: {problem}")
    return OME_PIXEL_TYPES[name]


def obstacle(dtype: str) -> str | None:
    """Why OME 2016-06, and so OME-TIFF, cannot hold samples of a type, such as "int64"; None where it can.

    `dtype` is the text of `ImageRecord.dtype`.
    """
    if dtype in OME_PIXEL_TYPES:
        return None
    return f"samples of type {dtype} have no name in OME 2016-06, which has integers to 32 bits and floating point"


def _date(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _date_pairs(facts: SeriesFacts) -> dict[str, str]:
    """The date in full where a datetime, which ends at microseconds, cannot hold it."""
    date = _date(facts.acquired)
    if date is None or facts.acquired is None or "." not in facts.acquired:
        return {}
    digits = facts.acquired.partition(".")[2]
    recorded = digits[: next((i for i, c in enumerate(digits) if not c.isdecimal()), len(digits))]
    return {DATE_KEY: facts.acquired} if len(recorded) > 6 else {}


def _recorded(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != []}
