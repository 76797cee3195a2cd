"""The channels of a LIF image: which detector and which lines made each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.facts import ChannelFacts, Laser
from confocal_bag.image.acquisition.lif_camera import camera_channels
from confocal_bag.image.acquisition.shared import powers_of
from confocal_bag.image.acquisition.values import confocal_mode, finite, positive, rgb, text, wavelength_nm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

__all__ = ["channels_of", "lines_of"]

_LUTS = {
    "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "cyan": (0, 255, 255),
    "magenta": (255, 0, 255), "yellow": (255, 255, 0), "gray": (255, 255, 255), "grey": (255, 255, 255),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A detector that was on, in the settings of its scan."""

    settings: Element
    detector: Element


def lines_of(settings: Element) -> list[Laser]:
    """The laser lines that the AOTFs let through; the many lines at intensity 0 were not used."""
    names: dict[str | None, list[str | None]] = {}
    for laser in settings.findall("LaserArray/Laser"):
        names.setdefault(laser.get("LightSourceName"), []).append(text(laser.get("LaserName")))
    found = []
    for aotf in settings.findall("AotfList/Aotf"):
        known = names.get(aotf.get("LightSourceName") or "", [])
        for one in aotf.findall("LaserLineSetting"):
            line, intensity = wavelength_nm(one.get("LaserLine")), positive(one.get("IntensityDev"))
            if line is not None and intensity is not None:
                name = known[0] if len(known) == 1 else None
                found.append(Laser(wavelength_nm=line, name=name, power=f"{intensity:.6g} %"))
    return found


def channels_of(element: Element, settings: Sequence[Element]) -> tuple[ChannelFacts, ...]:
    """The channels in the order of the file; a detector is told only where detectors and channels pair up."""
    described = element.findall("Data/Image/ImageDescription/Channels/ChannelDescription")
    if sorted(one.get("ChannelTag") or "" for one in described) == ["1", "2", "3"]:
        return ()
    named = [_named_source(one, settings) for one in described]
    active = [source for one in settings for source in _active(one)]
    by_order = len(active) == len(described) and not any(named)
    in_order: Sequence[_Source | None] = active if by_order else named
    common = settings[0] if len(settings) == 1 else None
    cameras = camera_channels(described, settings)
    paired = zip(described, in_order, cameras or [None] * len(described), strict=True)
    told = [(one, _channel(one, source, common, camera)) for one, source, camera in paired]
    # The pixels of the channels follow each other by BytesInc, and that is the order of our reader.
    told.sort(key=lambda pair: finite(pair[0].get("BytesInc")) or 0)
    return tuple(channel for _, channel in told)


def _active(settings: Element) -> list[_Source]:
    """The detectors that were on in one scan."""
    detectors = settings.findall("DetectorList/Detector")
    return [_Source(settings=settings, detector=one) for one in detectors if one.get("IsActive") == "1"]


def _named_source(described: Element, settings: Sequence[Element]) -> _Source | None:
    """The detector and the scan that a channel names, as LAS X does since version 3.5."""
    names = _properties(described)
    number = names.get("SequentialSettingIndex", "")
    if not number.isdecimal() or int(number) >= len(settings):
        return None
    fitting = [one for one in _active(settings[int(number)]) if one.detector.get("Name") == names.get("DetectorName")]
    return fitting[0] if len(fitting) == 1 else None


def _properties(described: Element) -> dict[str, str]:
    properties = described.findall("ChannelProperty")
    return {one.findtext("Key", ""): one.findtext("Value", "").strip() for one in properties}


def _channel(
    described: Element, source: _Source | None, common: Element | None, camera: ChannelFacts | None
) -> ChannelFacts:
    if camera is not None:
        lut = text(described.get("LUTName"))
        return replace(camera, name=camera.name or lut, color=_color(lut))
    settings = source.settings if source is not None else common
    detector = source.detector if source is not None else None
    lasers = lines_of(settings) if settings is not None else []
    lines = sorted({laser.wavelength_nm for laser in lasers})
    band = _band(source)
    behind = settings if settings is not None and not _is_transmitted(detector) else None
    lut = text(described.get("LUTName"))
    return ChannelFacts(
        name=lut,
        fluor=_dye(described, band),
        excitation_nm=lines[0] if len(lines) == 1 else None,
        color=_color(lut),
        pinhole_um=_micrometres(behind.get("Pinhole")) if behind is not None else None,
        pinhole_au=positive(behind.get("PinholeAiry")) if behind is not None else None,
        laser_lines_nm=tuple(lines),
        laser_powers=powers_of(lasers, lines),
        detection_bands_nm=_edges(band),
        detector=text(detector.get("Name")) if detector is not None else None,
        detector_type="PMT" if detector is not None and detector.get("Type") == "PMT" else None,
        gain=positive(detector.get("Gain")) if detector is not None else None,
        acquisition_mode=confocal_mode(lines) if _is_confocal(settings) else None,
        notes=_notes(detector),
    )


def _color(lut: str | None) -> tuple[int, int, int] | None:
    return (_LUTS.get(lut.lower()) or rgb(lut)) if lut else None


def _is_confocal(settings: Element | None) -> bool:
    return settings is not None and settings.tag == "ATLConfocalSettingDefinition"


def _band(source: _Source | None) -> Element | None:
    """The spectral band in front of a detector, by the number of its channel. Transmitted light has none."""
    if source is None or _is_transmitted(source.detector):
        return None
    number = source.detector.get("Channel")
    bands = source.settings.findall("Spectro/MultiBand")
    return next((one for one in bands if number and one.get("Channel") == number), None)


def _is_transmitted(detector: Element | None) -> bool:
    """Whether a detector is behind the sample, where no pinhole and no spectral band is."""
    return detector is not None and detector.get("ScanType") == "TLD"


def _edges(band: Element | None) -> tuple[tuple[float, float], ...]:
    if band is None:
        return ()
    low, high = wavelength_nm(band.get("LeftWorld")), wavelength_nm(band.get("RightWorld"))
    return ((low, high),) if low is not None and high is not None and low < high else ()


def _dye(described: Element, band: Element | None) -> str | None:
    own = text(_properties(described).get("DyeName"))
    return own or (text(band.get("DyeName")) if band is not None else None)


def _micrometres(metres: object) -> float | None:
    number = positive(metres)
    return None if number is None else number * 1e6


def _notes(detector: Element | None) -> dict[str, str]:
    if detector is None:
        return {}
    offset = finite(detector.get("Offset"))
    return {
        key: value
        for key, value in {
            "Detector kind": text(detector.get("Type")),
            "Detector mode": text(detector.get("AcquisitionModeName")),
            "Detector offset": f"{offset:.6g}" if offset else None,
        }.items()
        if value
    }
