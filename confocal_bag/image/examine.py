"""What is found out about an opened image beyond its description: compression, signs of loss, structure of the file."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from confocal_bag.image.lossy import compressions_by_series, is_lossy
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.series_meaning import MixedPagesError, meaning_of
from confocal_bag.image.signs import (
    Sign,
    SignKind,
    color_signs,
    depth_signs,
    gray_signs,
    is_ordered_table,
    meaning_signs,
)
from confocal_bag.image.tiff_directory import TiffDamagedError, directories, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ome_types import OME

    from confocal_bag.image.model import ImageFile, Series
    from confocal_bag.image.record import ImageRecord
    from confocal_bag.image.tiff_directory import Directory

__all__ = ["examined", "recorded_depth"]

#: TIFFs anyone may have written: their pixels can be anything's. What a microscope wrote is as it was acquired.
_EXPORTS = frozenset({"ome-tiff", "imagej-tiff", "tiff", "bigtiff"})
_MOST_SERIES = 16
_MOST_PLANE_BYTES = 1 << 26
_PHOTOMETRIC, _COLOR_MAP, _DESCRIPTION, _IMAGEJ_INFO = 262, 320, 270, 50839
_PALETTE = 3
_MOST_TEXT = 1 << 22
_DEPTH = rb"(?:Component ?Bit ?Count|Valid ?Bit ?Counts?|Bits ?Per ?Pixel|Bits ?Per ?Sample|Significant ?Bits)"
_LINE = re.compile(rb"(?im)^[ \t]*([^=\n]{0,80}?" + _DEPTH + rb"[^=\n]{0,24}?)\s*=\s*(\d{1,2})\s*$")
_PAIR = re.compile(
    rb"(?is)<Key>([^<]{0,80}?" + _DEPTH + rb"[^<]{0,24})</Key>\s*<Value>\[?(\d{1,2})\]?</Value>",
)
#: What detectors digitise with.
_DEPTHS = frozenset({8, 10, 12, 14, 16})


def examined(image: ImageFile, ome: OME, plain: tuple[ImageRecord, ...]) -> tuple[ImageRecord, ...]:
    """The records with all that can be found out filled in."""
    from confocal_bag.image.tiff_structure import TIFF_FORMATS, tiff_faults
    from confocal_bag.image.undescribed import CODE, undescribed_faults

    compressions = compressions_by_series(image.path, image.format.id, len(plain))
    is_export = image.format.id in _EXPORTS
    recorded = recorded_depth(image.path) if is_export else None
    palette = list(_palette_signs(image.path)) if is_export else []
    result = []
    for record, series, one, compression in zip(plain, image.series, ome.images, compressions, strict=True):
        signs = list(palette) if series.samples == 1 else []
        if is_export:
            signs += _depth(series, one.pixels.significant_bits, recorded)
            signs += _pixel_signs(image, series)
        signs += _meaning_signs(image, series)
        result.append(replace(record, lossy=is_lossy(compression), compression=compression, signs=tuple(signs)))
    if result:
        faults = tiff_faults(image.path) if image.format.id in TIFF_FORMATS else ()
        undescribed = undescribed_faults(image)
        # What the planes of an image say of its pages is surer than what one file says of itself.
        kept = tuple(one for one in faults if not undescribed or one.code != CODE)
        result[0] = replace(result[0], structure=kept + undescribed)
    return tuple(result)


def _meaning_signs(image: ImageFile, series: Series) -> list[Sign]:
    try:
        meaning = meaning_of(image, series).first
    except MixedPagesError as problem:
        return [Sign(kind=SignKind.MIXED_PAGES, evidence=problem.difference)]
    return list(meaning_signs(meaning)) if meaning else []


def _depth(series: Series, significant: int | None, recorded: tuple[int, str] | None) -> Iterator[Sign]:
    if series.samples > 1 or series.dtype.kind != "u":
        return
    stored = 8 * series.dtype.itemsize
    said = list(depth_signs(stored, significant, "the OME-XML (SignificantBits)"))
    yield from said or (depth_signs(stored, *recorded) if recorded else ())


def _pixel_signs(image: ImageFile, series: Series) -> Iterator[Sign]:
    """What the first plane shows; of files with many series or huge planes nothing is read."""
    if series.index >= _MOST_SERIES or series.plane_bytes > _MOST_PLANE_BYTES:
        return
    for plane in islice(image.planes(series), 1):
        if series.samples >= 3:
            yield from color_signs(plane.pixels)
        elif series.samples == 1:
            yield from gray_signs(plane.pixels)


def _first_directory(path: Path) -> tuple[Directory | None, dict[int, bytes], tuple[int, ...]]:
    """The first directory of a TIFF, its texts by tag, and its colour table."""
    with open_regular(path) as stream:
        header = read_header(stream)
        try:
            first = next(directories(stream, header, most=1), None) if header else None
        except TiffDamagedError:
            first = None
        if first is None:
            return None, {}, ()
        texts = {tag: first.data(stream, tag, most=_MOST_TEXT) for tag in (_DESCRIPTION, _IMAGEJ_INFO)}
        is_palette = first.integers(stream, _PHOTOMETRIC) == (_PALETTE,)
        table = first.integers(stream, _COLOR_MAP, most=3 << 16) if is_palette else ()
    return first, texts, table


def recorded_depth(path: Path) -> tuple[int, str] | None:
    """The bits per sample that a header carried over from the acquisition records, and where; None if it is unclear."""
    first, texts, _ = _first_directory(path)
    if first is None:
        return None
    info = texts[_IMAGEJ_INFO]
    content = texts[_DESCRIPTION] + b"\n" + info.replace(b"\0", b"")
    found = {
        (int(value), name.decode("utf-8", "replace").strip())
        for pattern in (_LINE, _PAIR)
        for name, value in pattern.findall(content)
        if int(value) in _DEPTHS
    }
    depths = {depth for depth, _ in found}
    if len(depths) != 1:
        return None
    depth, name = min(found)
    return depth, f'the header ("{name} = {depth}")'


def _palette_signs(path: Path) -> Iterator[Sign]:
    import numpy as np

    _, _, values = _first_directory(path)
    if not values or len(values) % 3:
        return
    table = np.array(values, dtype=np.uint16).reshape(3, -1)
    if not is_ordered_table(table):
        yield Sign(
            kind=SignKind.PALETTE,
            evidence=f"its pixels are numbers of {table.shape[1]} colours in a table without order",
        )
