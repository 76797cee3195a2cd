"""The channels of a CZI: what the image records, what the display shows, what the experiment had set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.czi_light import illumination_notes, setup_power
from confocal_bag.image.acquisition.facts import ChannelFacts, Laser
from confocal_bag.image.acquisition.shared import powers_of
from confocal_bag.image.acquisition.transmitted import dye_name, is_transmitted
from confocal_bag.image.acquisition.values import light_nm, pixel_um, positive, rgb, text, wavelength_nm
from confocal_bag.image.acquisition.xml import by_id, child_text, path_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

__all__ = ["channel_facts", "channel_lasers", "display_channels"]

_MODES = {
    "WideField", "LaserScanningConfocalMicroscopy", "SpinningDiskConfocal", "SlitScanConfocal",
    "MultiPhotonMicroscopy", "StructuredIllumination", "SingleMoleculeImaging", "TotalInternalReflection",
    "FluorescenceLifetime", "SpectralImaging", "SweptFieldConfocal", "SPIM", "BrightField", "PALM", "STORM",
    "STED", "TIRF",
}  # fmt: skip
_CONTRASTS = {"Brightfield", "Phase", "DIC", "HoffmanModulation", "ObliqueIllumination", "PolarizedLight",
              "Darkfield", "Fluorescence"}  # fmt: skip
_ILLUMINATIONS = {"Transmitted", "Epifluorescence", "Oblique", "NonLinear"}
#: What ZEN says of every channel of a laser scan, also of the light that passes the sample.
_OF_PROBES = {True: {"Fluorescence", "Epifluorescence"}, False: set[str]()}
_DETECTORS = {"CCD", "IntensifiedCCD", "PMT", "Photodiode", "Spectroscopy", "EMCCD", "APD", "CMOS", "EBCCD"}
_BINNINGS = {"1x1", "2x2", "4x4", "8x8"}

_CHANNELS = "DisplaySetting/Channels/Channel"
_DETECTOR_SETUPS = "Experiment/ExperimentBlocks/AcquisitionBlock/MultiTrackSetup/TrackSetup"


def display_channels(metadata: Element, channels: Sequence[Element]) -> list[Element | None]:
    """The display setting of each channel: by Id, or in order where Ids are of different kinds."""
    shown = metadata.findall(_CHANNELS)
    if not channels:
        return list(shown)
    known = by_id(shown)
    matched = [known.get(one.get("Id", "")) for one in channels]
    # The order tells where no Id says otherwise.
    fits = len(shown) == len(channels) and all(one in (None, own) for one, own in zip(matched, shown, strict=True))
    return list(shown) if fits else matched


def channel_facts(metadata: Element, channel: Element | None, display: Element | None) -> ChannelFacts:
    """One channel, from its element under Dimensions (absent in exported files) and its display setting."""
    detector = _detector(metadata, channel)
    setup = _detector_setup(metadata, channel)
    exposure_ns = positive(child_text(channel, "ExposureTime"))
    lasers = channel_lasers(metadata, channel) if channel is not None else []
    lines = tuple(sorted({laser.wavelength_nm for laser in lasers}))
    peak = child_text(channel, "IlluminationWavelength/SinglePeak")
    name, detector_name = _name(channel, display), _detector_name(detector, setup)
    transmitted = is_transmitted(name, detector_name)
    binning = (child_text(channel, "DetectorSettings/Binning") or "").replace(",", "x")
    return ChannelFacts(
        name=name,
        fluor=_fluor(channel, display),
        excitation_nm=light_nm(child_text(channel, "ExcitationWavelength")) or light_nm(peak),
        emission_nm=light_nm(child_text(channel, "EmissionWavelength")),
        color=rgb(child_text(channel, "Color")) or rgb(child_text(display, "Color")),
        pinhole_um=None if transmitted else _pinhole_um(metadata, channel),
        pinhole_au=None if transmitted else positive(child_text(channel, "PinholeSizeAiry")),
        laser_lines_nm=lines,
        laser_powers=powers_of(lasers, lines),
        detection_bands_nm=_bands(metadata, channel),
        detector=detector_name,
        detector_type=_detector_type(detector),
        gain=positive(child_text(channel, "DetectorSettings/Gain")),
        voltage_v=positive(child_text(channel, "DetectorSettings/Voltage")) or positive(child_text(setup, "Voltage")),
        binning=binning if binning in _BINNINGS else None,
        exposure_s=None if exposure_ns is None else round(exposure_ns * 1e-9, 12),
        acquisition_mode=_one_of(child_text(channel, "AcquisitionMode"), _MODES),
        contrast_method=_one_of(child_text(channel, "ContrastMethod"), _CONTRASTS - _OF_PROBES[transmitted]),
        illumination_type=_one_of(child_text(channel, "IlluminationType"), _ILLUMINATIONS - _OF_PROBES[transmitted]),
        notes={**_notes(channel), **illumination_notes(channel, display, lit_by_laser=bool(lines))},
    )


def channel_lasers(metadata: Element, channel: Element) -> list[Laser]:
    """The laser lines that lit a channel; diodes and lamps are no lasers, and not every laser is used."""
    sources = by_id(metadata.findall("Information/Instrument/LightSources/LightSource"))
    found = []
    for used in channel.findall("LightSourcesSettings/LightSourceSettings"):
        reference = used.find("LightSource")
        source = sources.get(reference.get("Id", "")) if reference is not None else None
        kind = source.find("LightSourceType") if source is not None else None
        laser = kind.find("Laser") if kind is not None else None
        if laser is None and not _may_be_laser(channel, kind):
            continue
        line = light_nm(child_text(used, "Wavelength")) or light_nm(child_text(laser, "Wavelength"))
        if line is not None:
            name = text(child_text(source, "Manufacturer/Model")) if laser is not None else None
            found.append(Laser(wavelength_nm=line, name=name, power=setup_power(metadata, line, used) or _power(used)))
    return found


def _may_be_laser(channel: Element, kind: Element | None) -> bool:
    """Whether a light source of no stated kind can only be a laser: in a laser scan."""
    scans = child_text(channel, "AcquisitionMode") == "LaserScanningConfocalMicroscopy"
    scans = scans or child_text(channel, "LaserScanInfo/PixelTime") is not None
    return scans and (kind is None or len(kind) == 0)


def _power(used: Element) -> str | None:
    """What passes of the laser; where ZEN gives no Transmission, Attenuation is the part that is held back."""
    transmission = positive(child_text(used, "Transmission"))
    if transmission is not None and transmission <= 1:
        return f"{transmission * 100:.6g} %"
    attenuation = child_text(used, "Attenuation")
    intensity = text(child_text(used, "Intensity"))
    return f"Attenuation {attenuation}" if attenuation else intensity


def _name(channel: Element | None, display: Element | None) -> str | None:
    own = text(channel.get("Name")) if channel is not None else None
    return own or (text(display.get("Name")) if display is not None else None)


def _fluor(channel: Element | None, display: Element | None) -> str | None:
    return dye_name(text(child_text(channel, "Fluor"))) or dye_name(text(child_text(display, "DyeName")))


def _detector(metadata: Element, channel: Element | None) -> Element | None:
    reference = channel.find("DetectorSettings/Detector") if channel is not None else None
    if reference is None:
        return None
    return by_id(metadata.findall("Information/Instrument/Detectors/Detector")).get(reference.get("Id", ""))


def _detector_name(detector: Element | None, setup: Element | None) -> str | None:
    model = text(child_text(detector, "Manufacturer/Model"))
    return (
        model
        or (text(detector.get("Name")) if detector is not None else None)
        or text(child_text(setup, "DetectorIdentifier"))
    )


def _fitting_setups(metadata: Element, channel: Element | None) -> list[Element]:
    """The experiment's settings of a channel's detector: by Id, else by name, else by laser lines."""
    if channel is None:
        return []
    tracks = metadata.findall(_DETECTOR_SETUPS)
    setups = [(track, one) for track in tracks for one in track.findall("Detectors/Detector")]
    name, lines = channel.get("Name"), {laser.wavelength_nm for laser in channel_lasers(metadata, channel)}
    by_id_ = [one for _, one in setups if one.get("Id") and one.get("Id") == channel.get("Id")]
    by_name = [one for _, one in setups if name and child_text(one, "ImageChannelName") == name]
    if by_id_ or by_name:
        return by_id_ or by_name
    if not lines or _shares_lines(metadata, channel, lines):
        return []
    return [one for track, one in setups if lines == _track_lines(track)]


def _shares_lines(metadata: Element, channel: Element, lines: set[float]) -> bool:
    """Whether another channel was lit by the same lines, so that these do not tell whose detector it was."""
    others = [one for one in metadata.findall("Information/Image/Dimensions/Channels/Channel") if one is not channel]
    return any(lines == {laser.wavelength_nm for laser in channel_lasers(metadata, other)} for other in others)


def _detector_setup(metadata: Element, channel: Element | None) -> Element | None:
    """The one setting that fits a channel."""
    fitting = _fitting_setups(metadata, channel)
    return fitting[0] if len(fitting) == 1 else None


def _pinhole_um(metadata: Element, channel: Element | None) -> float | None:
    """The pinhole of the channel, else of the experiment's setting that fits, or that all that fit share."""
    own = _as_micrometres(child_text(channel, "PinholeSize"))
    if own is not None:
        return own
    pinholes = {_as_micrometres(child_text(one, "PinholeDiameter")) for one in _fitting_setups(metadata, channel)}
    return pinholes.pop() if len(pinholes) == 1 else None


def _as_micrometres(value: str | None) -> float | None:
    """A pinhole, which ZEN blue writes in micrometres and ZEN black in metres; none is a millimetre or 10 nm wide."""
    size = positive(value)
    return size if size is None or size > 1e-2 else pixel_um(size)


def _detector_type(detector: Element | None) -> str | None:
    """OME's word for the type of a detector, however it is written."""
    kind = (child_text(detector, "Type") or "").casefold()
    return next((known for known in _DETECTORS if known.casefold() == kind), None)


def _track_lines(track: Element) -> set[float]:
    """The lines of a track's attenuators; here ZEN writes metres where the image has nanometres."""
    lines = {light_nm(value) for value in path_texts(track, "Attenuators/Attenuator/Wavelength")}
    return {line for line in lines if line is not None}


def _bands(metadata: Element, channel: Element | None) -> tuple[tuple[float, float], ...]:
    """What reached the detector: the spectral range that was set, else the emission filters of the set."""
    ranges = child_text(channel, "DetectionWavelength/Ranges")
    if ranges:
        edges = re.findall(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)", ranges)
        return _real_bands(edges)
    reference = channel.find("FilterSetRef") if channel is not None else None
    if reference is None:
        return ()
    sets = by_id(metadata.findall("Information/Instrument/FilterSets/FilterSet"))
    filters = by_id(metadata.findall("Information/Instrument/Filters/Filter"))
    chosen = sets.get(reference.get("Id", ""))
    emission = chosen.findall("EmissionFilters/EmissionFilterRef") if chosen is not None else []
    ranges_of = [filters[one.get("Id", "")] for one in emission if one.get("Id", "") in filters]
    return _real_bands(
        [
            (child_text(one, "TransmittanceRange/CutIn"), child_text(one, "TransmittanceRange/CutOut"))
            for one in ranges_of
        ]
    )


def _real_bands(edges: Sequence[tuple[str | None, str | None]]) -> tuple[tuple[float, float], ...]:
    """Bands that have a width; a range from a wavelength to itself is how Airyscan files say "none"."""
    found = [(wavelength_nm(low), wavelength_nm(high)) for low, high in edges]
    return tuple((low, high) for low, high in found if low is not None and high is not None and low < high)


def _notes(channel: Element | None) -> dict[str, str]:
    em_gain = child_text(channel, "DetectorSettings/EMGain")
    notes = {
        "Digital gain": child_text(channel, "DetectorSettings/DigitalGain"),
        # 0 is written where the camera has none.
        "EM gain": em_gain if positive(em_gain) is not None else None,
        "Detector offset": child_text(channel, "DetectorSettings/Offset"),
        "Reflector": text(child_text(channel, "Reflector")),
        "Binning": child_text(channel, "DetectorSettings/Binning"),
    }
    return {key: value for key, value in notes.items() if value}


def _one_of(word: str | None, known: set[str]) -> str | None:
    return word if word in known else None
