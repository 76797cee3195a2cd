"""The settings of older LIF files (LAS AF, TCS SP2 to SP5): rows of names and values instead of attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts, Objective
from confocal_bag.image.acquisition.values import objective_from_name, pixel_um, positive, text, whole

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["record_facts"]

_LISTED = "Data/Image/Attachment[@Name='HardwareSettingList']/HardwareSetting"


def record_facts(element: Element) -> dict[str, Any]:
    """The fields of SeriesFacts that the rows tell; empty where the image has none.

    Which detector and which line made which channel the rows do not say plainly, so it is not told.
    """
    scanner = _rows(element, f"{_LISTED}/ScannerSetting/ScannerSettingRecord", "Identifier")
    filters = _rows(element, f"{_LISTED}/FilterSetting/FilterSettingRecord", "Attribute", of="CTurret")
    head = _rows(element, f"{_LISTED}/FilterSetting/FilterSettingRecord", "Attribute", of="CScanCtrlUnit")
    if not scanner and not filters:
        return {}
    lines, frames = whole(scanner.get("nAverageLine")), whole(scanner.get("nAverageFrame"))
    model = text(scanner.get("SystemType"))
    speed = positive(head.get("Speed"))
    return {
        "manufacturer": "Leica" if model else None,
        "microscope": model,
        "objective": _objective(filters),
        "zoom": positive(scanner.get("dblZoom")),
        "scan_mode": text(scanner.get("csScanMode")),
        "scan_speed": None if speed is None else f"{speed:.10g} Hz",
        "averaging": frames if (lines or 1) == 1 and (frames or 1) > 1 else lines or frames,
        "averaging_unit": "Line" if (lines or 1) > 1 else "Frame" if (frames or 1) > 1 else None,
        "channels": _channels(element, scanner),
    }


def _rows(element: Element, path: str, key: str, *, of: str | None = None) -> dict[str, str]:
    """The values of the rows by name; none of a name whose rows differ, for they may be of several scans."""
    found: dict[str, set[str]] = {}
    for row in element.findall(path):
        name, value = row.get(key), (row.get("Variant") or "").strip()
        if name and value and (of is None or row.get("ClassName") == of):
            found.setdefault(name, set()).add(value)
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}


def _objective(filters: dict[str, str]) -> Objective:
    named = objective_from_name(filters.get("Objective"))
    return Objective(
        model=named.model,
        magnification=named.magnification,
        numerical_aperture=positive(filters.get("NumericalAperture")) or named.numerical_aperture,
        immersion=named.immersion,
        refractive_index=positive(filters.get("RefractionIndex")),
    )


def _channels(element: Element, scanner: dict[str, str]) -> tuple[ChannelFacts, ...]:
    """The pinhole, in metres, and its size in Airy units are those of the scan and so of every channel."""
    count = len(element.findall("Data/Image/ImageDescription/Channels/ChannelDescription"))
    pinhole = pixel_um(scanner.get("dblPinhole"))
    mode = "LaserScanningConfocalMicroscopy" if pinhole is not None else None
    channel = ChannelFacts(
        pinhole_um=pinhole, pinhole_au=positive(scanner.get("dblPinholeAiry")), acquisition_mode=mode
    )
    return (channel,) * count
