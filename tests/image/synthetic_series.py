"""Series and planes made of arrays, with no file behind them, for the tests of previews."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from confocal_bag.image.model import PixelSize, Plane, Series
from confocal_bag.image.preview import Preview, PreviewMaker
from confocal_bag.image.record import ChannelRecord, ImageRecord

Array = npt.NDArray[Any]


def series_of(values: Array, axes: str) -> Series:
    """The series that an array with these axes is."""
    return Series(index=0, name="cells", axes=dict(zip(axes, values.shape, strict=True)), dtype=values.dtype)


def planes_of(values: Array, series: Series) -> Iterator[Plane]:
    """Its planes in OME's order: C fastest, then Z, then T, then any other axis."""
    stacked = series.stacked_axes
    order = [*(axis for axis in stacked if axis not in "TZC"), *(axis for axis in "TZC" if axis in stacked)]
    for place in product(*(range(stacked[axis]) for axis in order)):
        at = dict(zip(order, place, strict=True))
        yield Plane(coordinates=at, pixels=values[tuple(at[axis] for axis in stacked)])


def record_of(series: Series, pixel_um: float | None = None, colors: tuple[str | None, ...] = ()) -> ImageRecord:
    """What is known of the series: a pixel size and the colours of its channels."""
    return ImageRecord(
        series=series.index,
        name=series.name,
        axes=series.axes,
        dtype=series.dtype.name,
        pixel_size_um=PixelSize(x=pixel_um, y=pixel_um, z=pixel_um),
        channels=tuple(ChannelRecord(name=f"dye{number}", color=color) for number, color in enumerate(colors)),
    )


def preview_of(values: Array, axes: str, *, size: int = 384, **known: Any) -> Preview:
    """The preview of an array."""
    series = series_of(values, axes)
    maker = PreviewMaker(series, record_of(series, **known), size)
    for plane in planes_of(values, series):
        maker.add(plane)
    return maker.finish()


def pixels_of(picture: bytes) -> npt.NDArray[np.uint8]:
    """A picture as red, green and blue, shape (rows, columns, 3)."""
    with Image.open(BytesIO(picture)) as opened:
        return np.asarray(opened.convert("RGB"))


def frames_of(movie: bytes) -> tuple[list[npt.NDArray[np.uint8]], Mapping[Any, Any]]:
    """The frames of a movie as red, green and blue, and what its header says."""
    frames: list[npt.NDArray[np.uint8]] = []
    with Image.open(BytesIO(movie)) as opened:
        header: dict[Any, Any] = dict(opened.info)
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            frames.append(np.asarray(opened.convert("RGB")))
    return frames, header
