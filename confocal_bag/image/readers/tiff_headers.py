"""What a TIFF says of each series beyond its shape: its name, pixel size and channels.

The resolution of a plain TIFF is for printers (72 dpi is not a pixel size of 352.8 micrometres), and ImageJ's 1.0
without a unit is no calibration: only a length that is recorded as one counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["TO_UM", "SeriesHeader", "headers_of", "ome_header"]

#: Micrometres in one unit, by the unit's name in small letters, as OME and ImageJ write it.
TO_UM = {
    "pm": 1e-6,
    "å": 1e-4,
    "nm": 1e-3,
    "nanometer": 1e-3,
    "um": 1.0,
    "µm": 1.0,
    "μm": 1.0,
    "micron": 1.0,
    "microns": 1.0,
    "micrometer": 1.0,
    "mm": 1e3,
    "millimeter": 1e3,
    "cm": 1e4,
    "centimeter": 1e4,
    "m": 1e6,
    "inch": 25400.0,
    "in": 25400.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesHeader:
    """What is recorded of one series; empty where nothing is. `pixel_size_um` is by axis letter."""

    name: str = ""
    pixel_size_um: Mapping[str, float] = field(default_factory=dict)
    channel_names: tuple[str | None, ...] = ()


def headers_of(tiff: Any) -> list[SeriesHeader]:
    """One header for each series of an opened TIFF."""
    if tiff.is_imagej:
        return [_imagej(tiff, series) for series in tiff.series]
    return [SeriesHeader() for _ in tiff.series]


def ome_header(image: Any) -> SeriesHeader:
    """What an Image element of OME-XML says of its series."""
    pixels = image.find("{*}Pixels")
    attributes = pixels.attrib if pixels is not None else {}
    sizes = {}
    for axis in "XYZ":
        factor = TO_UM.get(attributes.get(f"PhysicalSize{axis}Unit", "µm").lower())
        value = float(attributes.get(f"PhysicalSize{axis}", 0))
        if factor is not None and value > 0:
            sizes[axis] = value * factor
    channels = pixels.iterchildren("{*}Channel") if pixels is not None else ()
    return SeriesHeader(
        name=image.get("Name", ""),
        pixel_size_um=sizes,
        channel_names=tuple(channel.get("Name") or None for channel in channels),
    )


def _imagej(tiff: Any, series: Any) -> SeriesHeader:
    metadata = tiff.imagej_metadata or {}
    unit = str(metadata.get("unit", "")).replace("\\u00B5", "µ").strip("\0 ").lower()
    labels = metadata.get("Labels")
    axes = dict(zip(series.axes, series.shape, strict=True))
    return SeriesHeader(
        pixel_size_um=_imagej_size(metadata, tiff.pages.first.tags, TO_UM.get(unit)),
        channel_names=_channel_labels(labels, axes) if isinstance(labels, list) else (),
    )


def _imagej_size(metadata: Mapping[str, Any], tags: Any, factor: float | None) -> dict[str, float]:
    if factor is None:
        return {}
    sizes = {}
    for axis, name in (("X", "XResolution"), ("Y", "YResolution")):
        pixels, units = tags[name].value if name in tags else (0, 0)
        if pixels and units:
            sizes[axis] = units / pixels * factor
    spacing = metadata.get("spacing")
    if isinstance(spacing, int | float) and spacing:
        sizes["Z"] = abs(float(spacing)) * factor
    return sizes


def _channel_labels(labels: list[Any], axes: Mapping[str, int]) -> tuple[str | None, ...]:
    """The slice labels of a stack of channels and nothing else; the label of another slice names no channel."""
    channels = axes.get("C", 1)
    if channels < 2 or len(labels) != channels:
        return ()
    return tuple(str(label).partition("\n")[0].strip() or None for label in labels)
