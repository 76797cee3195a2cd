"""TIFF of the older FluoView (FV300, FV500): the steps of its axes in the MM_Header tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.facts import FileFacts, SeriesFacts
from confocal_bag.image.acquisition.tiff import LENGTHS_UM, TIMES_S, software_of
from confocal_bag.image.acquisition.values import finite, positive, whole
from confocal_bag.image.model import PixelSize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from confocal_bag.image.model import Series

__all__ = ["fluoview_facts", "read_fluoview_tiff"]


def read_fluoview_tiff(path: Path, series: Sequence[Series]) -> FileFacts:
    """The facts of a FluoView TIFF, the same for every series."""
    from confocal_bag.image.readers.tiff_file import open_tiff

    with open_tiff(path) as tiff:
        info = tiff.fluoview_metadata or {}
        software = tiff.pages.first.tags.valueof(305)
    return FileFacts(series=(fluoview_facts(info, software),) * len(series))


def fluoview_facts(info: Mapping[str, Any], software: Any) -> SeriesFacts:
    """The facts in the header as tifffile gives it: of each axis name, size, origin, step and unit."""
    axes = {str(axis[0]).strip().upper(): axis for axis in info.get("Dimensions") or [] if len(axis) == 5}
    name, version = software_of(software, None)
    time = axes.get("T", axes.get("TIME"))
    return SeriesFacts(
        pixel_size_um=PixelSize(
            x=_step(axes.get("X"), LENGTHS_UM), y=_step(axes.get("Y"), LENGTHS_UM), z=_step(axes.get("Z"), LENGTHS_UM)
        ),
        time_increment_s=_step(time, TIMES_S),
        software=name,
        software_version=version,
    )


def _step(axis: Sequence[Any] | None, units: Mapping[str, float]) -> float | None:
    """The size of the step along an axis that was scanned, whichever way; None in a unit of another kind."""
    if axis is None or (whole(axis[1]) or 0) < 2:
        return None
    step, factor = finite(axis[3]), units.get(str(axis[4]).strip().lower())
    return None if step is None or factor is None else positive(abs(step) * factor)
