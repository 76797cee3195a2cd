"""The preview of a stack that lies in many files, one plane in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from confocal_bag.findings import readable_path
from confocal_bag.image.model import Plane, Series, UnreadableImage
from confocal_bag.image.preview.content import Preview
from confocal_bag.image.preview.maker import PreviewMaker
from confocal_bag.image.preview.upright import turn_of
from confocal_bag.image.record import ChannelRecord, ImageRecord

__all__ = ["StackFile", "preview_stack"]

_SHOWN = ("Z", "C")


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """One file of a stack and where its plane stands: values of Z, C and other axes, as numbers or labels."""

    path: Path
    coordinates: Mapping[str, int | str]


def preview_stack(name: str, files: Sequence[StackFile], *, size: int = 384) -> Preview:
    """The preview of a stack of single-plane files, read one after the other.

    Depths at which a channel is missing are left out; of axes other than Z and C the first value is shown. The notes
    say so. Raises UnreadableImage where a file cannot be read, holds more than one plane, or differs from the first in
    shape or type, and where no depth is whole.
    """
    shown, notes = _at_first_values(files)
    depths, channels = _values(shown, "Z"), _values(shown, "C")
    placed = {(one.coordinates.get("Z", 0), one.coordinates.get("C", 0)): one.path for one in shown}
    whole = [depth for depth in depths if all((depth, channel) in placed for channel in channels)]
    if not whole:
        raise UnreadableImage(f"No depth of the stack {readable_path(name)} has a file for every channel.")
    if len(whole) < len(depths):
        notes.append(f"{len(depths) - len(whole)} of {len(depths)} planes are left out: a channel of them is missing.")
    first, record = _described(name, [placed[whole[0], channel] for channel in channels], channels)
    axes = {"T": 1, "C": len(channels), "Z": len(whole), **_plane_axes(first)}
    series = replace(first, index=0, name=name, axes=axes, channel_names=())
    maker = PreviewMaker(series, replace(record, axes=axes), size)
    turned = 0
    for z, depth in enumerate(whole):
        for c, channel in enumerate(channels):
            pixels, is_turned = _plane(placed[depth, channel], first)
            turned += is_turned
            maker.add(Plane(coordinates={"T": 0, "C": c, "Z": z}, pixels=pixels))
    if turned:
        of = len(whole) * len(channels)
        notes.append(f"0 is white in {turned} of {of} files (WhiteIsZero); they are shown the right way up.")
    preview = maker.finish()
    return replace(preview, notes=(*notes, *preview.notes))


def _at_first_values(files: Sequence[StackFile]) -> tuple[list[StackFile], list[str]]:
    """The files at the first value of every axis that is not shown, and a note for each such axis."""
    shown, notes = list(files), []
    for axis in sorted({axis for one in files for axis in one.coordinates} - set(_SHOWN)):
        values = _values(shown, axis)
        if len(values) > 1:
            shown = [one for one in shown if one.coordinates.get(axis, 0) == values[0]]
            notes.append(f"Only {axis} = {values[0]} of {len(values)} values is shown.")
    return shown, notes


def _values(files: Sequence[StackFile], axis: str) -> list[int | str]:
    """The values of an axis: numbers in order, then labels."""
    found = {one.coordinates.get(axis, 0) for one in files}
    return sorted(found, key=lambda value: (isinstance(value, str), value if isinstance(value, int) else 0, str(value)))


def _described(name: str, paths: Sequence[Path], channels: Sequence[int | str]) -> tuple[Series, ImageRecord]:
    """The series of the first file, and what the first file of each channel records."""
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image

    found: list[tuple[Series, ImageRecord]] = []
    for path in paths:
        with open_image(path) as image:
            found.append((image.series[0], records(image, describe_acquisition(image))[0]))
    known = [record.channels[0] if record.channels else ChannelRecord() for _, record in found]
    named = tuple(
        replace(one, name=one.name or (str(value) if len(channels) > 1 else None))
        for one, value in zip(known, channels, strict=True)
    )
    return found[0][0], replace(found[0][1], series=0, name=name, channels=named)


def _plane_axes(series: Series) -> dict[str, int]:
    """Rows, columns and samples, whatever the file calls its rows and columns."""
    samples = {"S": series.samples} if series.samples > 1 else {}
    return {"Y": series.rows, "X": series.columns, **samples}


def _plane(path: Path, first: Series) -> tuple[np.ndarray[Any, np.dtype[Any]], bool]:
    """The one plane of a file, large numbers for bright, and whether it had to be turned for that."""
    from confocal_bag.image.open import open_image

    with open_image(path) as image:
        (series, *more) = image.series
        found = (series.rows, series.columns, series.samples, series.dtype.newbyteorder("="))
        if found != (first.rows, first.columns, first.samples, first.dtype.newbyteorder("=")):
            raise UnreadableImage(
                f"{readable_path(path)} has planes of {series.columns} x {series.rows} {series.dtype}, the first file "
                f"of its stack {first.columns} x {first.rows} {first.dtype}; check whether it belongs to the stack."
            )
        if more or series.plane_count != 1:
            raise UnreadableImage(f"{readable_path(path)} holds more than one plane; a single one was expected.")
        turn = turn_of(image, series)
        return turn(next(image.planes(series)).pixels), turn.is_white_at_zero
