"""OME-Zarr: what its axes and its omero block say of the acquisition, and the OME-XML that some carry along."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from ome_types import OME

    from confocal_bag.image.model import Series
    from confocal_bag.image.ngff.images import NgffImage

__all__ = ["read_zarr"]

_SECONDS = {"nanosecond": 1e-9, "microsecond": 1e-6, "millisecond": 1e-3, "second": 1.0, "minute": 60.0, "hour": 3600.0}
_COLOR = re.compile(r"#?([0-9A-Fa-f]{6})(?:[0-9A-Fa-f]{2})?")
_LARGEST_XML = 64 << 20


def read_zarr(path: Path, series: Sequence[Series]) -> OME:
    """The OME document of an OME-Zarr: its own OME/METADATA.ome.xml (bioformats2raw), else one from its JSON."""
    from confocal_bag.image.acquisition.build import build_ome
    from confocal_bag.image.acquisition.layout import scene_of
    from confocal_bag.image.acquisition.ome import ome_from_xml
    from confocal_bag.image.ngff.documents import zarr_root
    from confocal_bag.image.ngff.images import read_images

    root = zarr_root(path)
    images = read_images(root)
    facts = FileFacts(series=tuple(_facts(images[scene_of(one)], one) for one in series))
    content = _embedded(root)
    if content is None:
        return build_ome(series, facts)
    try:
        return ome_from_xml(content, series)
    except ValueError as error:
        reason = f"breaks its schema and is not copied: {str(error).splitlines()[0][:200]}"
        noted = [_with_note(one, reason) for one in facts.series]
        return build_ome(series, FileFacts(series=tuple(noted)))


def _with_note(facts: SeriesFacts, reason: str) -> SeriesFacts:
    from dataclasses import replace

    return replace(facts, notes={"Embedded OME-XML": reason})


def _embedded(root: Path) -> str | None:
    from confocal_bag.image.ngff.documents import inside
    from confocal_bag.image.regular_file import open_regular

    try:
        with open_regular(inside(root, "OME") / "METADATA.ome.xml") as stream:
            content = stream.read(_LARGEST_XML + 1)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    return content.decode("utf-8", "replace") if len(content) <= _LARGEST_XML else None


def _facts(image: NgffImage, series: Series) -> SeriesFacts:
    return SeriesFacts(
        name=image.name or image.group or None,
        time_increment_s=_time_step(image) if series.axes.get("T", 1) > 1 else None,
        channels=tuple(_channel(one) for one in image.channels) if _fits(image, series) else (),
    )


def _fits(image: NgffImage, series: Series) -> bool:
    return len(image.channels) == series.axes.get("C", 1)


def _channel(said: Mapping[str, Any]) -> ChannelFacts:
    label, color = said.get("label"), said.get("color")
    return ChannelFacts(
        name=label if isinstance(label, str) and label else None,
        color=_rgb(color) if isinstance(color, str) else None,
    )


def _rgb(color: str) -> tuple[int, int, int] | None:
    found = _COLOR.fullmatch(color)
    if found is None:
        return None
    red, green, blue = bytes.fromhex(found[1])
    return red, green, blue


def _time_step(image: NgffImage) -> float | None:
    for axis in image.axes:
        factor = _SECONDS.get(axis.unit or "")
        if axis.name.lower() in ("t", "time") and factor is not None and axis.step is not None:
            step = axis.step * factor
            return step if isfinite(step) and step > 0 else None
    return None
