"""The axes of a LIF image with their steps, and its first time stamp."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import Modulo
from confocal_bag.image.acquisition.values import finite, pixel_um, positive, wavelength_nm, whole
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

__all__ = ["axes_of", "first_time_stamp"]

_AXES = {"1": "x", "2": "y", "3": "z", "4": "t", "5": "λ", "9": "Λ"}
#: The letters our LIF reader gives to the axes of wavelength.
_LAMBDA_AXES = {"5": "L", "9": "E"}

#: Units of length and of time. LAS writes m and s; older versions let the user choose.
_METRES = {"m": 1.0, "meter": 1.0, "mm": 1e-3, "µm": 1e-6, "\u03bcm": 1e-6, "um": 1e-6, "nm": 1e-9, "inch": 0.0254}
_SECONDS = {"s": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0}


def axes_of(dimensions: Sequence[Element]) -> dict[str, Any]:
    """Sizes and steps of the axes: an axis of N samples spans N-1 steps."""
    by_id = {one.get("DimID", ""): one for one in dimensions}
    tiles = by_id.get("10")
    lambda_id = next((key for key in _LAMBDA_AXES if key in by_id), None)
    found: dict[str, Any] = {
        "pixel_size_um": PixelSize(x=_step_um(by_id.get("1")), y=_step_um(by_id.get("2")), z=_step_um(by_id.get("3"))),
        "time_increment_s": _seconds(by_id.get("4")),
        "tiles": whole(tiles.get("NumberOfElements")) if tiles is not None else None,
        "scan_axes": "".join(_AXES.get(one.get("DimID", ""), "") for one in dimensions) or None,
        "modulo": {_LAMBDA_AXES[key]: _lambda(by_id[key]) for key in _LAMBDA_AXES if key in by_id},
    }
    if lambda_id is not None:
        known = _lambda(by_id[lambda_id])
        found |= {
            "lambda_count": whole(by_id[lambda_id].get("NumberOfElements")),
            "lambda_start_nm": known.start,
            "lambda_step_nm": known.step,
        }
    return found


def _steps(dimension: Element) -> float | None:
    """Length over steps, in the unit of the file."""
    count, length = whole(dimension.get("NumberOfElements")), finite(dimension.get("Length"))
    return length / (count - 1) if count is not None and count > 1 and length else None


def _step_um(dimension: Element | None) -> float | None:
    metres = _in_metres(dimension, _steps(dimension)) if dimension is not None else None
    return pixel_um(metres)


def _in_metres(dimension: Element, value: float | None) -> float | None:
    """A value of an axis in metres, None where the axis is no length."""
    factor = _METRES.get(dimension.get("Unit") or "")
    return None if value is None or factor is None else value * factor


def _seconds(dimension: Element | None) -> float | None:
    factor = _SECONDS.get(dimension.get("Unit") or "") if dimension is not None else None
    step = _steps(dimension) if dimension is not None else None
    return None if factor is None or step is None else positive(step * factor)


def _lambda(dimension: Element) -> Modulo:
    """Start and step in nm, where the axis begins and ends in light."""
    first, step = _in_metres(dimension, finite(dimension.get("Origin"))), _in_metres(dimension, _steps(dimension))
    count = whole(dimension.get("NumberOfElements")) or 1
    if first is None or step is None:
        return Modulo(kind="lambda")
    origin, last = (wavelength_nm(one, unit_nm=1e9) for one in (first, first + step * (count - 1)))
    if origin is None or last is None:
        return Modulo(kind="lambda")
    description = {"5": "emission", "9": "excitation"}.get(dimension.get("DimID", ""))
    return Modulo(
        kind="lambda",
        start=origin,
        step=round(step * 1e9, 6),
        unit="nm",
        description=description,
    )


def first_time_stamp(element: Element) -> str | None:
    """The first time stamp: 100 ns since 1601, in one hexadecimal word or in two halves."""
    stamps = element.find("Data/Image/TimeStampList")
    if stamps is None:
        return None
    words = (stamps.text or "").split()
    half = stamps.find("TimeStamp")
    if words and re.fullmatch(r"[0-9a-fA-F]{1,16}", words[0]):
        ticks = int(words[0], 16)
    elif half is not None:
        high, low = (int(finite(half.get(key)) or 0) for key in ("HighInteger", "LowInteger"))
        ticks = (high << 32) + low
    else:
        return None
    if not 0 < ticks < 10**18:
        return None
    date = datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10)  # noqa: DTZ001 - no zone is recorded
    return date.isoformat() if date.year > 1970 else None
