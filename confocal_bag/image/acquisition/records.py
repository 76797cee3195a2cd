"""The OME document of a file as the plain records that inventories and readmes use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.annotations import (
    ACQUISITION,
    CHANNEL,
    DATE_KEY,
    DYE_KEY,
    LIGHT_KEY,
    LIGHT_PEAK_KEY,
    PROCESSING_KEY,
    UNLIT_KEY,
    as_text,
)
from confocal_bag.image.acquisition.layout import layout_of
from confocal_bag.image.acquisition.record_settings import (
    channel_powers,
    channel_settings,
    image_settings,
    laser_lines,
    leading_number,
    recorded_word,
    written_bands,
)
from confocal_bag.image.acquisition.transmitted import dye_name
from confocal_bag.image.acquisition.units import micrometres, nanometres, seconds
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ChannelRecord, ImageRecord, InstrumentRecord

if TYPE_CHECKING:
    from datetime import datetime

    from ome_types import OME
    from ome_types.model import AnnotationRef, Channel, Image, Instrument, Objective

    from confocal_bag.image.model import ImageFile, Series

__all__ = ["records"]


def records(image: ImageFile, ome: OME, *, examine: bool = False) -> tuple[ImageRecord, ...]:
    """One record per series, in the order of the file; `ome` is what `describe_acquisition` returned.

    With `examine`, also how the pixels were compressed, what was lost before, and the faults of a TIFF's structure:
    for this the directories of the file are read once more, and its first plane where that shows something.
    """
    maps = _maps(ome)
    instruments = {one.id: one for one in ome.instruments}
    plain = tuple(_record(series, one, maps, instruments) for series, one in zip(image.series, ome.images, strict=True))
    if not examine:
        return plain
    from confocal_bag.image.examine import examined

    return examined(image, ome, plain)


def _record(
    series: Series,
    one: Image,
    maps: dict[str, tuple[str, dict[str, str]]],
    instruments: dict[str, Instrument],
) -> ImageRecord:
    pairs = _pairs(one.annotation_refs, ACQUISITION, maps)
    instrument = instruments.get(one.instrument_ref.id) if one.instrument_ref else None
    return ImageRecord(
        series=series.index,
        name=one.name or series.name,
        axes=dict(series.axes),
        dtype=series.dtype.newbyteorder("=").name,
        pixel_size_um=_pixel_size(series, one),
        time_increment_s=seconds(one.pixels.time_increment, one.pixels.time_increment_unit)
        or leading_number(pairs.get("Time increment")),
        channels=tuple(_channel(channel, maps, instrument) for channel in one.pixels.channels),
        instrument=_instrument(one, instrument, pairs),
        significant_bits=one.pixels.significant_bits,
        processing=pairs.get(PROCESSING_KEY),
    )


def _instrument(one: Image, instrument: Instrument | None, pairs: dict[str, str]) -> InstrumentRecord:
    microscope = instrument.microscope if instrument else None
    lens = _objective(one, instrument)
    software = " ".join(pairs[key] for key in ("Software", "Software version") if key in pairs)
    return InstrumentRecord(
        manufacturer=microscope.manufacturer if microscope else None,
        model=microscope.model if microscope else None,
        objective=lens.model if lens else None,
        magnification=(lens.nominal_magnification or lens.calibrated_magnification) if lens else None,
        numerical_aperture=lens.lens_na if lens else None,
        immersion=recorded_word(lens.immersion) if lens else None,
        refractive_index=one.objective_settings.refractive_index if one.objective_settings else None,
        software=software or None,
        acquired=pairs.get(DATE_KEY) or _date(one.acquisition_date),
        scan_mode=pairs.get("Scan mode"),
        zoom=leading_number(pairs.get("ConfocalScannerSettings.EffectiveZoom")),
        pixel_dwell_us=leading_number(pairs.get("Plane.PixelDwellTime")),
        averaging=pairs.get("Averaging"),
        **image_settings(one, instrument, pairs),
    )


def _date(date: datetime | None) -> str | None:
    """ISO 8601, with Z for UTC as the file has it."""
    return date.isoformat().replace("+00:00", "Z") if date is not None else None


def _objective(one: Image, instrument: Instrument | None) -> Objective | None:
    if instrument is None or one.objective_settings is None:
        return None
    return next((lens for lens in instrument.objectives if lens.id == one.objective_settings.id), None)


def _channel(
    channel: Channel, maps: dict[str, tuple[str, dict[str, str]]], instrument: Instrument | None
) -> ChannelRecord:
    pairs = _pairs(channel.annotation_refs, CHANNEL, maps)
    lines = laser_lines(pairs.get("Laser lines")) or _lines(channel)
    peak = leading_number(pairs.get(LIGHT_PEAK_KEY))
    excitation = peak or nanometres(channel.excitation_wavelength, channel.excitation_wavelength_unit)
    return ChannelRecord(
        name=channel.name,
        fluor=dye_name(channel.fluor),
        excitation_nm=None if UNLIT_KEY in pairs else excitation,
        excitation_of_dye=DYE_KEY in pairs,
        illumination_nm=written_bands(pairs.get(LIGHT_KEY)),
        emission_nm=nanometres(channel.emission_wavelength, channel.emission_wavelength_unit),
        color=_color(channel),
        pinhole_um=micrometres(channel.pinhole_size, channel.pinhole_size_unit),
        pinhole_au=leading_number(pairs.get("PinholeSettings.Aperture [AU]")),
        laser_lines_nm=lines,
        laser_powers_percent=channel_powers(lines, pairs),
        gain=pairs.get("Detector gain") or pairs.get("Detector voltage") or _gain(channel),
        **channel_settings(channel, instrument, pairs),
    )


def _lines(channel: Channel) -> tuple[float, ...]:
    """The line a document of others gives in OME core."""
    light = channel.light_source_settings
    line = nanometres(light.wavelength, light.wavelength_unit) if light else None
    return () if line is None else (line,)


def _gain(channel: Channel) -> str | None:
    """Gain, else voltage; 0, which Bio-Formats writes for what it did not find, is none (OME core has no "unset")."""
    detector = channel.detector_settings
    if detector is None or not (detector.gain or detector.voltage):
        return None
    return as_text(detector.gain) if detector.gain else f"{as_text(detector.voltage or 0)} V"


def _color(channel: Channel) -> str | None:
    if channel.color is None or "color" not in channel.model_fields_set:
        return None
    red, green, blue = channel.color.as_rgb_tuple(alpha=False)[:3]
    return f"#{red:02X}{green:02X}{blue:02X}"


def _pixel_size(series: Series, one: Image) -> PixelSize:
    """The pixel size by the file's own axes; an xz scan has its z step in OME's Y."""
    pixels, layout = one.pixels, layout_of(series)
    sizes = {
        layout.plane_axes[1]: micrometres(pixels.physical_size_x, pixels.physical_size_x_unit),
        layout.plane_axes[0]: micrometres(pixels.physical_size_y, pixels.physical_size_y_unit),
    }
    depth = "Y" if layout.plane_axes[0] == "Z" else "Z"
    sizes.setdefault(depth, micrometres(pixels.physical_size_z, pixels.physical_size_z_unit))
    return PixelSize(x=sizes.get("X"), y=sizes.get("Y"), z=sizes.get("Z"))


def _pairs(
    references: list[AnnotationRef], namespace: str, maps: dict[str, tuple[str, dict[str, str]]]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for reference in references:
        known, pairs = maps.get(reference.id, ("", {}))
        if known == namespace:
            found |= pairs
    return found


def _maps(ome: OME) -> dict[str, tuple[str, dict[str, str]]]:
    """Namespace and pairs of every MapAnnotation, by its ID."""
    if ome.structured_annotations is None:
        return {}
    return {
        one.id: (one.namespace or "", {pair.k or "": pair.value for pair in one.value.ms})
        for one in ome.structured_annotations.map_annotations
    }
