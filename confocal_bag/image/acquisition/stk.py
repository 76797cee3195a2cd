"""MetaMorph STK: what its UIC tags say of the planes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts
from confocal_bag.image.acquisition.tiff import LENGTHS_UM, software_of
from confocal_bag.image.acquisition.values import finite, iso_date, positive
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from confocal_bag.image.model import Series

__all__ = ["read_stk", "stk_facts"]

_SECONDS = {"ms": 1e-3, "msec": 1e-3, "s": 1.0, "sec": 1.0}
#: Steps between planes may differ by the inaccuracy of the drive.
_SAME_STEP = 0.01


def read_stk(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of an STK, the same for every series: its tags are those of the whole file."""
    from confocal_bag.image.readers.tiff_file import open_tiff

    with open_tiff(path) as tiff:
        info = tiff.stk_metadata or {}
        software = tiff.pages.first.tags.valueof(305)
    return FileFacts(series=tuple(stk_facts(info, software, one) for one in series))


def stk_facts(info: Mapping[str, Any], software: Any, series: Series) -> SeriesFacts:
    """The facts in the UIC tags as tifffile gives them, and in the software tag."""
    name, version = software_of(software, None)
    dates = [_date(one) for one in _listed(info.get("DatetimeCreated"))]
    exposure = _exposure_s(info.get("PlaneDescriptions"))
    return SeriesFacts(
        acquired=iso_date(dates[0]) if dates else None,
        pixel_size_um=PixelSize(x=_size_um(info, "X"), y=_size_um(info, "Y"), z=_step_um(info, series)),
        time_increment_s=_increment_s(info, series),
        software=name,
        software_version=version,
        channels=() if exposure is None else (ChannelFacts(exposure_s=exposure),),
    )


def _listed(values: Any) -> list[Any]:
    return [] if values is None else list(values)


def _date(stamp: Any) -> str | None:
    """A numpy date and time in ISO 8601, to the millisecond; the clock's zone is not recorded."""
    words = str(stamp)
    return words[:23] if re.match(r"\d{4}-\d\d-\d\dT", words) else None


def _size_um(info: Mapping[str, Any], axis: str) -> float | None:
    """The size of a pixel, where the switch says that it was calibrated: 1 pixel for 1 pixel is what is left else."""
    factor = LENGTHS_UM.get(str(info.get("CalibrationUnits", "")).strip().lower())
    size = positive(info.get(f"{axis}Calibration")) if info.get("SpatialCalibration") == 1 else None
    return None if factor is None or size is None else size * factor


def _step_um(info: Mapping[str, Any], series: Series) -> float | None:
    """The distance between planes, in micrometres, which is zero in series of other kinds."""
    steps = [abs(step) for one in _listed(info.get("ZDistance")) if (step := finite(one))]
    if series.axes.get("Z", 1) < 2 or not steps or max(steps) - min(steps) > _SAME_STEP * max(steps):
        return None
    return steps[0]


def _increment_s(info: Mapping[str, Any], series: Series) -> float | None:
    """The mean time between planes of a series that is one of time only."""
    stamps = _listed(info.get("DatetimeCreated"))
    times = series.axes.get("T", 1)
    if times < 2 or len(stamps) != times or any(_date(one) is None for one in stamps):
        return None
    seconds = (stamps[-1] - stamps[0]) / _second()
    return positive(float(seconds) / (times - 1))


def _second() -> Any:
    import numpy as np

    return np.timedelta64(1, "s")


def _exposure_s(descriptions: Any) -> float | None:
    """The exposure that the descriptions of all planes give."""
    found = {
        (match[1], match[2]) if (match := re.search(r"Exposure: *([\d.,]+) *(ms|msec|s|sec)\b", str(one))) else None
        for one in _listed(descriptions)
    }
    only = found.pop() if len(found) == 1 else None
    number = positive(only[0]) if only is not None else None
    return None if only is None or number is None else round(number * _SECONDS[only[1]], 9)
