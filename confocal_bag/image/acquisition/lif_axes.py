"""The axes of a LIF image with their steps, and its first time stamp."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import Modulo
from confocal_bag.image.acquisition.values import finite, pixel_um, positive, whole
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

__all__ = ["axes_of", "first_time_stamp"]

_AXES = {"1": "x", "2": "y", "3": "z", "4": "t", "5": "λ", "9": "Λ"}
#: The letters our LIF reader gives to the axes of wavelength.
_LAMBDA_AXES = {"5": "L", "9": "E"}


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
    if dimension is None or dimension.get("Unit") != "m":
        return None
    return pixel_um(_steps(dimension))


def _seconds(dimension: Element | None) -> float | None:
    return positive(_steps(dimension)) if dimension is not None and dimension.get("Unit") == "s" else None


def _lambda(dimension: Element) -> Modulo:
    origin, step = finite(dimension.get("Origin")), _steps(dimension)
    in_metres = dimension.get("Unit") == "m" and origin is not None and origin > 0 and step is not None
    if not in_metres or origin is None or step is None:
        return Modulo(kind="lambda")
    description = {"5": "emission", "9": "excitation"}.get(dimension.get("DimID", ""))
    return Modulo(
        kind="lambda",
        start=round(origin * 1e9, 6),
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
