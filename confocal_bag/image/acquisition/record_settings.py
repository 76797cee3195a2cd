"""The settings of an image and of its channels, out of OME core and the annotations that carry the rest."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.shared import shared
from confocal_bag.image.acquisition.units import nanometres
from confocal_bag.image.record import LaserRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ome_types.model import Channel, Detector, Image, Instrument

__all__ = [
    "channel_powers",
    "channel_settings",
    "image_settings",
    "laser_lines",
    "leading_number",
    "recorded_word",
    "written_bands",
]

#: What OME says where a header says nothing of use.
_SAYS_NOTHING = {"Other", "Unknown"}
#: OME 2016-06 Channel/ContrastMethod: "Fluorescence" is no contrast of its own, it needs a probe.
_NEEDS_PROBE = {"Fluorescence"}
_OF_THE_STAND = "SpinningDiskConfocal"


def image_settings(one: Image, instrument: Instrument | None, pairs: Mapping[str, str]) -> dict[str, Any]:
    """What an image records beyond microscope, lens and scan: the fields of `InstrumentRecord` by name."""
    microscope = instrument.microscope if instrument else None
    return {
        "stand": recorded_word(microscope.type) if microscope else None,
        "method": _method(one.pixels.channels),
        "software_version": pairs.get("Software version"),
        "scan_direction": pairs.get("ConfocalScannerSettings.ScanDirectionality"),
        "averaging_number": leading_number(pairs.get("ConfocalScannerSettings.IntegrationNumber")),
        "averaging_unit": pairs.get("ConfocalScannerSettings.IntegrationUnit"),
        "averaging_method": pairs.get("ConfocalScannerSettings.IntegrationMethod"),
        "lasers": tuple(_lasers(one.pixels.channels, instrument, pairs)),
    }


def channel_settings(channel: Channel, instrument: Instrument | None, pairs: Mapping[str, str]) -> dict[str, Any]:
    """What a channel records of detector and detection: the fields of `ChannelRecord` by name."""
    detector, used = _detector(channel, instrument), channel.detector_settings
    contrast = recorded_word(channel.contrast_method)
    voltage = leading_number(pairs.get("Detector voltage"))
    return {
        "detector": pairs.get("Detector") or (detector.model if detector else None),
        "detector_type": pairs.get("Detector kind") or (recorded_word(detector.type) if detector else None),
        "detector_manufacturer": detector.manufacturer if detector else None,
        "voltage_v": voltage if voltage is not None or used is None else _volts(used.voltage, used.voltage_unit.value),
        "emission_bands_nm": written_bands(pairs.get("Detection band")) or tuple(_filter_bands(channel, instrument)),
        "contrast": contrast.lower() if contrast and contrast not in _NEEDS_PROBE else _brightfield(channel),
    }


def channel_powers(lines_nm: Sequence[float], pairs: Mapping[str, str]) -> tuple[float | None, ...]:
    """The power of each line of a channel in percent, as its own annotation has it; nothing where it has none."""
    powers = tuple(_power(line, pairs) for line in lines_nm)
    return powers if any(power is not None for power in powers) else ()


# As this program writes numbers into annotations.
_NUMBER = re.compile(r"\s*[-+]?\d{1,300}(?:\.\d+)?(?:[eE][-+]?\d{1,3})?(?![\w.])")


def laser_lines(text: str | None) -> tuple[float, ...]:
    """The lines of an annotation such as "488 nm, 561 nm", in nanometres; what is no number is left out."""
    numbers = (leading_number(line) for line in (text or "").split(", "))
    return tuple(number for number in numbers if number is not None)


def leading_number(text: str | None) -> float | None:
    """The number at the start of a value such as "1.5 AU"; None where there is none, for anybody may write anything."""
    found = _NUMBER.match(text or "")
    number = float(found[0]) if found else None
    return number if number is not None and math.isfinite(number) else None


def _brightfield(channel: Channel) -> str | None:
    """The contrast that ZEN writes in the place of the dye, where the light is recorded as transmitted."""
    passed = recorded_word(channel.illumination_type) == "Transmitted"
    return "brightfield" if passed and re.fullmatch(r"TL Bright-? ?field", channel.fluor or "") else None


def _volts(value: float | None, unit: str) -> float | None:
    factor = {"V": 1.0, "mV": 1e-3, "kV": 1e3}.get(unit)
    return None if not value or factor is None else value * factor


def recorded_word(choice: Any) -> str | None:
    """The word of a closed set of OME, None where it says nothing."""
    return None if choice is None or choice.value in _SAYS_NOTHING else str(choice.value)


def _method(channels: Sequence[Channel]) -> str | None:
    """How the image was taken, in words: the acquisition mode that all its channels have.

    A spinning disk is part of the stand: one channel that names it tells it of those that name no mode.
    """
    modes = {recorded_word(channel.acquisition_mode) for channel in channels}
    if modes == {None, _OF_THE_STAND}:
        modes = {_OF_THE_STAND}
    mode = modes.pop() if len(modes) == 1 else None
    if mode is None or mode.isupper():
        return mode
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mode).lower()


def _lasers(
    channels: Sequence[Channel], instrument: Instrument | None, pairs: Mapping[str, str]
) -> Iterator[LaserRecord]:
    """The lines that lit the image; an instrument may hold more than were used."""
    used = {round(line, 6) for line in laser_lines(pairs.get("Laser lines"))}
    settings = [channel.light_source_settings for channel in channels if channel.light_source_settings]
    lines = (nanometres(one.wavelength, one.wavelength_unit) for one in settings)
    used |= {round(line, 6) for line in lines if line is not None}
    named = {one.id for one in settings}
    for line in sorted(used):
        fitting = [
            laser
            for laser in (instrument.lasers if instrument else ())
            if abs((nanometres(laser.wavelength, laser.wavelength_unit) or 0) - line) < 0.5
        ]
        known = [laser for laser in fitting if laser.id in named] or fitting
        yield LaserRecord(
            wavelength_nm=line,
            model=shared(laser.model for laser in known),
            type=shared(recorded_word(laser.type) for laser in known),
            power_percent=_power(line, pairs),
        )


def _power(line: float, pairs: Mapping[str, str]) -> float | None:
    """The power of a line where it is recorded in percent; "Attenuation 0.98" is no power."""
    for key, value in pairs.items():
        named = re.fullmatch(r"LightSourceSettings\.IlluminationPowerSettings (\d+(?:\.\d+)?) nm", key)
        percent = re.fullmatch(r"(\d+(?:\.\d+)?(?:e-?\d+)?) %", value)
        if named and percent and abs(float(named[1]) - line) < 0.5:
            return float(percent[1])
    return None


def _detector(channel: Channel, instrument: Instrument | None) -> Detector | None:
    if instrument is None or channel.detector_settings is None:
        return None
    used = channel.detector_settings.id
    return next((one for one in instrument.detectors if one.id == used), None)


def written_bands(text: str | None) -> tuple[tuple[float, float], ...]:
    """The bands of an annotation such as "370-400 nm, 450-488 nm", in nanometres."""
    found = re.findall(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?) nm", text or "")
    return tuple((float(low), float(high)) for low, high in found)


def _filter_bands(channel: Channel, instrument: Instrument | None) -> Iterator[tuple[float, float]]:
    """The bands of the emission filters in a channel's light path (OME 2016-06 TransmittanceRange)."""
    if instrument is None or channel.light_path is None:
        return
    filters = {one.id: one.transmittance_range for one in instrument.filters}
    for reference in channel.light_path.emission_filters:
        band = filters.get(reference.id)
        low = nanometres(band.cut_in, band.cut_in_unit) if band else None
        high = nanometres(band.cut_out, band.cut_out_unit) if band else None
        if low is not None and high is not None and low < high:
            yield low, high
