"""Plain TIFF and ImageJ TIFF: the little their tags say of the acquisition."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts
from confocal_bag.image.acquisition.values import finite, positive, text, whole
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from confocal_bag.image.model import Series

__all__ = ["LENGTHS_UM", "TIMES_S", "read_tiff", "software_of", "tiff_facts"]

#: Words that programs write for units of length, in micrometres, and of time, in seconds; in small letters.
LENGTHS_UM = {
    "nm": 1e-3, "nanometer": 1e-3, "um": 1.0, "µm": 1.0, "\u03bcm": 1.0, "\\u00b5m": 1.0, "micron": 1.0,
    "microns": 1.0, "micrometer": 1.0, "micrometre": 1.0, "mm": 1e3, "millimeter": 1e3, "cm": 1e4, "m": 1e6,
}  # fmt: skip
#: TIFF's own units, and two that programs of microscopes added. They say how a picture is to be printed, unless its
#: pixels are far too small for print.
_TAG_UNITS_UM = {2: 25400.0, 3: 10000.0, 4: 1000.0, 5: 1.0}
_SMALLEST_PRINTED_UM = 5.0
TIMES_S = {
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "ms": 1e-3,
    "msec": 1e-3,
    "min": 60.0,
    "h": 3600.0,
}


def read_tiff(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of a TIFF file: of each series those in the tags of its first page, which are not those of others."""
    from confocal_bag.image.readers.tiff_file import open_tiff

    with open_tiff(path, is_ome=False, is_mmstack=False) as tiff:
        imagej = tiff.imagej_metadata if tiff.is_imagej else None
        tags = [_tags(page) for page in _first_pages(tiff, len(series))]
    return FileFacts(series=tuple(tiff_facts(own, imagej, one) for own, one in zip(tags, series, strict=False)))


def _first_pages(tiff: Any, count: int) -> list[Any]:
    """The first page of each series that the reader tells of: not of the reduced copies of others."""
    if count == 1:
        return [tiff.pages.first]
    pages = [one.keyframe for one in tiff.series]
    pages = [page for page in pages if not page.is_reduced] if len(pages) != count else pages
    return pages if len(pages) == count else []


def _tags(page: Any) -> dict[int, Any]:
    """The tags of size and software. Of a bilevel page the one for the depth may be left out."""
    return {**{code: page.tags.valueof(code) for code in (282, 283, 296, 305, 306)}, 258: page.bitspersample}


def tiff_facts(tags: Mapping[int, Any], imagej: Mapping[str, Any] | None, series: Series) -> SeriesFacts:
    """The facts in the resolution and software tags and in ImageJ's description (None for other TIFFs)."""
    known = imagej or {}
    software, version = software_of(tags.get(305), known.get("ImageJ"))
    smallest = _SMALLEST_PRINTED_UM if _is_print_unit(imagej) else None
    return SeriesFacts(
        software=software,
        software_version=version,
        created=_created(tags.get(306)),
        bit_depth=_bit_depth(tags.get(258), series),
        pixel_size_um=PixelSize(
            x=_pixel_um(tags.get(282), _unit_um(tags, imagej), smallest),
            y=_pixel_um(tags.get(283), _unit_um(tags, imagej, axis="y"), smallest),
            z=_spacing_um(known, series),
        ),
        time_increment_s=_interval(known) if series.axes.get("T", 1) > 1 else None,
        channels=tuple(ChannelFacts(color=color) for color in _colors(known, series)),
    )


def _bit_depth(tag: Any, series: Series) -> int | None:
    """The bits of a stored sample, where whoever reads it gets more."""
    bits = whole(tag)
    return bits if bits and series.dtype.kind in "biu" and bits < 8 * series.dtype.itemsize else None


def _is_print_unit(imagej: Mapping[str, Any] | None) -> bool:
    """Whether the resolution may be meant for a printer: ImageJ says "inch" where nothing was calibrated."""
    return imagej is None or _unit(imagej) in ("inch", "in", "cm")


def _created(tag: Any) -> str | None:
    """The DateTime tag in ISO 8601: when the file was written, which need not be when it was acquired."""
    try:
        date = datetime.strptime(tag.strip(), "%Y:%m:%d %H:%M:%S") if isinstance(tag, str) else None  # noqa: DTZ007
    except ValueError:
        return None
    return date.isoformat() if date is not None and date.year > 1900 else None


def _unit(imagej: Mapping[str, Any], *, axis: str = "") -> str:
    """ImageJ's unit of an axis: it writes one for y or z only where that is not the unit of x."""
    return str(imagej.get(f"{axis}unit", imagej.get("unit", ""))).strip().lower()


def _unit_um(tags: Mapping[int, Any], imagej: Mapping[str, Any] | None, *, axis: str = "") -> float | None:
    """The unit of the resolution in micrometres; ImageJ's own word for it replaces the tag."""
    if imagej is None:
        return _TAG_UNITS_UM.get(whole(tags.get(296)) or 0)
    unit = _unit(imagej, axis=axis)
    return 25400.0 if unit in ("inch", "in") else LENGTHS_UM.get(unit)


def _pixel_um(resolution: Any, unit_um: float | None, smallest: float | None) -> float | None:
    """One unit over the pixels in it; resolution is a fraction, (pixels, units)."""
    if unit_um is None or not isinstance(resolution, tuple) or len(resolution) != 2:
        return None
    pixels, units = positive(resolution[0]), positive(resolution[1])
    if pixels is None or units is None:
        return None
    size = units / pixels * unit_um
    return None if smallest is not None and size >= smallest else size


def _spacing_um(imagej: Mapping[str, Any], series: Series) -> float | None:
    unit_um, spacing = LENGTHS_UM.get(_unit(imagej, axis="z")), finite(imagej.get("spacing"))
    if unit_um is None or not spacing or series.axes.get("Z", 1) < 2:
        return None
    return abs(spacing) * unit_um


def _interval(imagej: Mapping[str, Any]) -> float | None:
    """ImageJ's frame interval; without a unit it is in seconds."""
    interval = positive(imagej.get("finterval"))
    factor = TIMES_S.get(str(imagej.get("tunit", "s")).strip().lower())
    return None if interval is None or factor is None else interval * factor


def _colors(imagej: Mapping[str, Any], series: Series) -> list[tuple[int, int, int]]:
    """The brightest colour of each channel's look-up table; colour pictures have tables of their samples."""
    tables = imagej.get("LUTs", ())
    if getattr(tables, "ndim", 0) == 2:
        tables = [tables]  # tifffile does not put an only table into a list
    if series.samples > 1 or len(tables) != series.axes.get("C", 1):
        return []
    colors = []
    for table in tables:
        red, green, blue = (int(value) for value in table[:, -1])
        colors.append((red, green, blue))
    return colors


def software_of(tag: Any, imagej_version: Any) -> tuple[str | None, str | None]:
    """Who wrote the file: the software tag, else the version of ImageJ in the description."""
    words = text(tag)
    if words is not None:
        version = re.search(r"(?<![\w.])v?(\d+(?:\.\d+)+\w*)", words)
        return words, version[1] if version else None
    version_words = text(str(imagej_version)) if imagej_version else None
    return ("ImageJ", version_words) if version_words else (None, None)
