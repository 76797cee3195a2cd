"""Olympus OIF and OIB (FluoView): the main settings file, the settings of the planes, the look-up tables."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import (
    ChannelFacts,
    FileFacts,
    Laser,
    Modulo,
    Objective,
    SeriesFacts,
)
from confocal_bag.image.acquisition.oif_channel import channel_facts, known
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
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Settings = Mapping[str, Mapping[str, Any]]

__all__ = ["oif_facts", "read_oif"]

_COMMON = "Acquisition Parameters Common"
_TO_UM = {"um": 1.0, "µm": 1.0, "μm": 1.0, "nm": 1e-3, "mm": 1e3}
_TO_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6}


def read_oif(path: Path) -> FileFacts:
    """The facts of an OIB, or of an OIF with its folder beside it; one series."""
    from confocal_bag.image.readers.fluoview_files import open_files

    files, names = open_files(path)
    try:
        settings = files.settings
        names = sorted(names)
        planes = dict(_planes(files, names))
        colors = dict(_colors(files, names))
    finally:
        files.close()
    return FileFacts(series=(oif_facts(settings, planes, colors),))


def _planes(files: Any, names: list[str]) -> Iterator[tuple[int, Settings]]:
    """The settings of the first plane of every channel, by channel number from 1."""
    from oiffile import SettingsFile

    seen = set()
    for name in names:
        found = re.search(r"(?:^|[\\/])s_(?:C(\d{3,}))?((?:[A-Z]\d{3,})*)\.pty$", name, re.IGNORECASE)
        if found is None:
            continue
        channel = int(found[1] or 1)
        if channel not in seen:
            seen.add(channel)
            with files.open_file(name) as stream:
                yield channel, SettingsFile(stream, name=name)


def _colors(files: Any, names: list[str]) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """The brightest colour of every look-up table: its last entry, in the order blue, green, red, 0."""
    for name in names:
        found = re.search(r"(?:^|[\\/])s_LUT(\d+)\.lut$", name, re.IGNORECASE)
        if found is None:
            continue
        with files.open_file(name) as stream:
            content = stream.read(1 << 20)
        if len(content) > 65536 * 4:
            blue, green, red, _ = content[-4:]
            yield int(found[1]), (red, green, blue)


def oif_facts(
    settings: Settings, planes: Mapping[int, Settings], colors: Mapping[int, tuple[int, int, int]]
) -> SeriesFacts:
    """The facts in the main settings, the planes' settings and the look-up tables, both by channel from 1."""
    common, version = settings.get(_COMMON, {}), settings.get("Version Info", {})
    plane = planes[min(planes)].get(_COMMON, {}) if planes else {}
    axes = {str(one.get("AxisCode")): one for name, one in settings.items() if name.startswith("Axis ")}
    system = text(version.get("SystemName"))
    device = text(common.get("Acquisition Device")) or _model(system)
    reference = settings.get("Reference Image Parameter", {})
    return SeriesFacts(
        acquired=_date(common),
        pixel_size_um=PixelSize(
            x=_reference_um(reference, "Width") or _span_um(axes.get("X")),
            y=_reference_um(reference, "Height") or _span_um(axes.get("Y")),
            z=_step(axes.get("Z"), _TO_UM),
        ),
        time_increment_s=_step(axes.get("T"), _TO_SECONDS),
        bit_depth=whole(reference.get("ValidBitCounts")),
        manufacturer="Olympus" if device else None,
        microscope=device,
        software=system.split()[0] if system else None,
        software_version=text(version.get("SystemVersion")),
        objective=_objective(plane),
        lasers=_lasers(common),
        zoom=positive(common.get("ZoomValue")),
        pixel_dwell_us=known(plane.get("Time Per Pixel")),
        scan_speed=_speed(plane),
        averaging=whole(common.get("IntegrationCount")),
        averaging_unit=_integration_unit(common),
        scan_mode=text(common.get("ScanMode")),
        bidirectional={"Oneway": False, "Roundtrip": True}.get(str(common.get("ScanDirection"))),
        channels=_channels(settings, planes, colors, common),
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


def _reference_um(reference: Mapping[str, Any], side: str) -> float | None:
    size, factor = (
        positive(reference.get(f"{side}ConvertValue")),
        _TO_UM.get(str(reference.get(f"{side}Unit"))),
    )
    return None if size is None or factor is None else size * factor


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
    interval, factor = finite(axis.get("Interval")), units.get(str(axis.get("UnitName")))
    return abs(interval) * factor if interval and factor is not None else None


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


def _lasers(common: Mapping[str, Any]) -> tuple[Laser, ...]:
    """The lasers in use, of the many that are installed."""
    found = []
    for number in range(1, (whole(common.get("Number of use Laser")) or 0) + 1):
        line = wavelength_nm(common.get(f"LaserWavelength{number:02d}"))
        power = positive(common.get(f"LaserTransmissivity{number:02d}"))
        if line is not None:
            found.append(Laser(wavelength_nm=line, power=None if power is None else f"{power:.6g} %"))
    return tuple(found)


def _speed(plane: Mapping[str, Any]) -> str | None:
    number = known(plane.get("ScanSpeed"))
    return None if number is None else f"{number:.6g} µs/pixel"


def _integration_unit(common: Mapping[str, Any]) -> str | None:
    kind = str(common.get("IntegrationType"))
    return next((unit for unit in ("Line", "Frame") if unit.lower() in kind.lower()), None)


def _channels(
    settings: Settings,
    planes: Mapping[int, Settings],
    colors: Mapping[int, tuple[int, int, int]],
    common: Mapping[str, Any],
) -> tuple[ChannelFacts, ...]:
    numbers = [int(found[1]) for name in settings if (found := re.fullmatch(r"Channel (\d{1,3}) Parameters", name))]
    used = {laser.wavelength_nm for laser in _lasers(common)}
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
