"""Olympus OIF and OIB (FluoView): the main settings file, the settings of the planes, the look-up tables."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import (
    ChannelFacts,
    FileFacts,
    Modulo,
    Objective,
    SeriesFacts,
)
from confocal_bag.image.acquisition.oif_channel import channel_facts, known
from confocal_bag.image.acquisition.oif_files import first_planes, table_colors, time_ends
from confocal_bag.image.acquisition.oif_light import lasers_of
from confocal_bag.image.acquisition.shared import shared
from confocal_bag.image.acquisition.values import (
    finite,
    objective_from_name,
    positive,
    text,
    wavelength_nm,
    whole,
)
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Settings = Mapping[str, Mapping[str, Any]]

__all__ = ["oif_facts", "read_oif"]

_COMMON = "Acquisition Parameters Common"
_TO_UM = {"um": 1.0, "µm": 1.0, "μm": 1.0, "nm": 1e-3, "mm": 1e3}
_TO_SECONDS = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "msec": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6}


def read_oif(path: Path) -> FileFacts:
    """The facts of an OIB, or of an OIF with its folder beside it; one series."""
    from confocal_bag.image.readers.fluoview_files import open_files

    files, names = open_files(path)
    try:
        settings = files.settings
        names = sorted(names)
        planes = dict(first_planes(files, names))
        colors = dict(table_colors(files, names))
        ends = time_ends(files, names)
    finally:
        files.close()
    return FileFacts(series=(oif_facts(settings, planes, colors, ends),))


def oif_facts(
    settings: Settings,
    planes: Mapping[int, Settings],
    colors: Mapping[int, tuple[int, int, int]],
    ends: tuple[Settings, Settings] | None = None,
) -> SeriesFacts:
    """The facts in the main settings, the planes' settings and the look-up tables, both by channel from 1.

    `ends` are the settings of the first and of the last plane in time.
    """
    common, version = settings.get(_COMMON, {}), settings.get("Version Info", {})
    own = [plane.get(_COMMON, {}) for plane in planes.values()]
    axes = {str(one.get("AxisCode")): one for name, one in settings.items() if name.startswith("Axis ")}
    system = text(version.get("SystemName"))
    device = text(common.get("Acquisition Device")) or _model(system)
    reference = settings.get("Reference Image Parameter", {})
    return SeriesFacts(
        acquired=_date(common),
        pixel_size_um=PixelSize(
            x=_side_um(reference, "Width", axes.get("X")),
            y=_side_um(reference, "Height", axes.get("Y")),
            z=_step(axes.get("Z"), _TO_UM),
        ),
        time_increment_s=_step(axes.get("T"), _TO_SECONDS) or _mean_step_s(settings, ends),
        bit_depth=whole(reference.get("ValidBitCounts")),
        manufacturer="Olympus" if device else None,
        microscope=device,
        software=system.split()[0] if system else None,
        software_version=text(version.get("SystemVersion")),
        objective=shared(_objective(plane) for plane in own) or Objective(),
        lasers=lasers_of(settings),
        zoom=positive(common.get("ZoomValue")),
        pixel_dwell_us=shared(known(plane.get("Time Per Pixel")) for plane in own),
        scan_speed=shared(_speed(plane) for plane in own),
        averaging=whole(common.get("IntegrationCount")) if _is_averaged(common) else None,
        averaging_unit=_integration_unit(common),
        scan_mode=text(common.get("ScanMode")),
        bidirectional={"Oneway": False, "Roundtrip": True}.get(str(common.get("ScanDirection"))),
        channels=_channels(settings, planes, colors),
        notes=_notes(common),
        **_lambda(axes.get("L")),
    )


def _date(common: Mapping[str, Any]) -> str | None:
    """FluoView spells the key ImageCaputreDate."""
    words = text(common.get("ImageCaputreDate")) or text(common.get("ImageCaptureDate"))
    try:
        return datetime.strptime(words, "%Y-%m-%d %H:%M:%S").isoformat() if words else None  # noqa: DTZ007
    except ValueError:
        return None


def _model(system: str | None) -> str | None:
    return system.split()[-1] if system else None


def _side_um(reference: Mapping[str, Any], side: str, axis: Mapping[str, Any] | None) -> float | None:
    """The size of a pixel; none along the rows of a line scan, whose unit is one of time."""
    size, unit = positive(reference.get(f"{side}ConvertValue")), text(reference.get(f"{side}Unit"))
    factor = _TO_UM.get(unit or "")
    if size is None or unit is None:
        return _span_um(axis)
    return None if factor is None else size * factor


def _span_um(axis: Mapping[str, Any] | None) -> float | None:
    """Start to end spans one step less than there are samples, as the size beside it shows where both are recorded."""
    if axis is None:
        return None
    size, factor = whole(axis.get("MaxSize")), _TO_UM.get(str(axis.get("UnitName")))
    start, end = finite(axis.get("StartPosition")), finite(axis.get("EndPosition"))
    if size is None or size < 2 or factor is None or start is None or end is None or start == end:
        return None
    return abs(end - start) / (size - 1) * factor


def _step(axis: Mapping[str, Any] | None, units: Mapping[str, float]) -> float | None:
    """The interval of an axis that was scanned; the settings of an axis of one sample mean nothing."""
    if axis is None or (whole(axis.get("MaxSize")) or 0) < 2:
        return None
    interval, factor = finite(axis.get("Interval")), units.get(str(axis.get("UnitName") or axis.get("PixUnit")))
    return abs(interval) * factor if interval and factor is not None else None


def _mean_step_s(settings: Settings, ends: tuple[Settings, Settings] | None) -> float | None:
    """The mean time between frames, where no interval was set: each plane has its own time."""
    name = next((name for name, one in settings.items() if one.get("AxisCode") == "T" and name.startswith("Axis ")), "")
    count = whole(settings.get(name, {}).get("MaxSize")) or 0
    if ends is None or count < 2:
        return None
    first, last = (_own_time_s(plane.get(name.removesuffix(" Common"), {})) for plane in ends)
    return None if first is None or last is None else positive((last - first) / (count - 1))


def _own_time_s(axis: Mapping[str, Any]) -> float | None:
    time, factor = finite(axis.get("AbsPositionValue")), _TO_SECONDS.get(str(axis.get("AbsPositionUnitName")))
    return None if time is None or factor is None else time * factor


def _lambda(axis: Mapping[str, Any] | None) -> dict[str, Any]:
    """A wavelength scan, in nm."""
    count = whole(axis.get("MaxSize")) if axis is not None else None
    if axis is None or count is None or count < 2:
        return {}
    start, step = wavelength_nm(axis.get("StartPosition")), positive(axis.get("Interval"))
    known = Modulo(kind="lambda", start=start, step=step, unit="nm" if start is not None else None)
    return {
        "lambda_count": count,
        "lambda_start_nm": start,
        "lambda_step_nm": step,
        "modulo": {"L": known},
    }


def _objective(plane: Mapping[str, Any]) -> Objective:
    named = objective_from_name(plane.get("ObjectiveLens Name"))
    return Objective(
        model=named.model,
        magnification=known(plane.get("Magnification")) or named.magnification,
        numerical_aperture=known(plane.get("ObjectiveLens NAValue")) or named.numerical_aperture,
        immersion=named.immersion,
    )


def _speed(plane: Mapping[str, Any]) -> str | None:
    number = known(plane.get("ScanSpeed"))
    return None if number is None else f"{number:.6g} µs/pixel"


def _is_averaged(common: Mapping[str, Any]) -> bool:
    """Whether lines or frames were averaged (Kalman); the count stays from an earlier scan where none were."""
    return text(common.get("IntegrationType")) is not None


def _notes(common: Mapping[str, Any]) -> dict[str, str]:
    """That nothing was averaged, in the header's own words."""
    return {"Averaging": "none (IntegrationType: None)"} if common.get("IntegrationType") == "None" else {}


def _integration_unit(common: Mapping[str, Any]) -> str | None:
    kind = str(common.get("IntegrationType"))
    return next((unit for unit in ("Line", "Frame") if unit.lower() in kind.lower()), None)


def _channels(
    settings: Settings,
    planes: Mapping[int, Settings],
    colors: Mapping[int, tuple[int, int, int]],
) -> tuple[ChannelFacts, ...]:
    numbers = [int(found[1]) for name in settings if (found := re.fullmatch(r"Channel (\d{1,3}) Parameters", name))]
    used = {laser.wavelength_nm for laser in lasers_of(settings)}
    return tuple(
        channel_facts(
            settings[f"Channel {one} Parameters"],
            planes.get(one, {}).get(_COMMON, {}),
            colors.get(_table(planes.get(one, {}), one)),
            used,
        )
        for one in sorted(numbers)
    )


def _table(plane: Settings, channel: int) -> int:
    """The number of a channel's look-up table, which the plane names "LUT1"."""
    named = re.fullmatch(r"LUT(\d{1,3})", str(plane.get("LUT Parameter", {}).get("LUTFileName")))
    return int(named[1]) if named else channel
