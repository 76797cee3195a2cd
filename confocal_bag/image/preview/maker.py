"""Make previews from planes as they go by: one pass, and never the whole stack in memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.model import ImageFile, PixelSize, Plane, Series
from confocal_bag.image.numbering import image_number
from confocal_bag.image.preview.choice import Choice
from confocal_bag.image.preview.colors import Bytes, ChannelColor, channel_colors, merge
from confocal_bag.image.preview.content import ChannelPreview, Preview
from confocal_bag.image.preview.levels import DisplayRange, Levels, stretch
from confocal_bag.image.preview.movie import chosen_depths, encode_movie, frame_shape
from confocal_bag.image.preview.notes import (
    choice_notes,
    color_notes,
    enlargement_notes,
    range_notes,
    scale_notes,
    value_notes,
)
from confocal_bag.image.preview.picture import enlarge, enlargement, png_bytes
from confocal_bag.image.preview.scale_bar import bar_length_um, with_scale_bar
from confocal_bag.image.preview.shrink import Values, fitted_shape, shrink
from confocal_bag.image.preview.upright import AS_STORED, Turn, turn_of
from confocal_bag.image.record import ChannelRecord, ImageRecord

__all__ = ["PreviewMaker", "make_preview", "make_previews"]

_SIZE = 384


class PreviewMaker:
    """Takes the planes of one series in any order and makes its pictures, `size` pixels on their longer side.

    `turn` is how the numbers of each plane become large for bright.

    Held in memory are two small pictures of each channel, the frames of the movie and a sample of the values, whatever
    the number and size of the planes.
    """

    def __init__(self, series: Series, record: ImageRecord, size: int = _SIZE, *, turn: Turn = AS_STORED) -> None:
        self._series = series
        self._record = record
        self._size = size
        self._turn = turn
        self._choice = Choice(series=series)
        self._shape = fitted_shape(series.rows, series.columns, size)
        self._depths = chosen_depths(self._choice.depth)
        planes = len(self._depths) * self._choice.channels * self._shown_samples
        self._frame_shape = frame_shape(*self._shape, size=size, planes=planes)
        expected = self._choice.depth * self._choice.merged_steps
        self._levels = [Levels(expected) for _ in range(self._choice.channels)]
        self._middle: dict[int, Values] = {}
        self._highest: dict[int, Values] = {}
        self._frames: dict[tuple[int, int], Values] = {}
        self._seen: set[tuple[int, int, tuple[int, ...]]] = set()
        self._has_gaps = False

    @property
    def is_complete(self) -> bool:
        """Whether every plane that is shown has been added; more may follow and are not looked at."""
        return len(self._seen) == self._choice.plane_count

    def watch(self, planes: Iterable[Plane]) -> Iterator[Plane]:
        """Hand on every plane as it is, and add it: for whoever reads the planes for another purpose."""
        for plane in planes:
            self.add(plane)
            yield plane

    def add(self, plane: Plane) -> None:
        """Take one plane. Raises ValueError for one that is not of the series' shape."""
        if plane.pixels.shape[:2] != (self._series.rows, self._series.columns):
            raise ValueError(f"a plane of shape {plane.pixels.shape} is none of {image_number(self._series.index)}")
        place = self._choice.place(plane.coordinates)
        if place is None:
            return
        self._seen.add(place)
        depth, channel, _ = place
        values = self._shrunk(self._turn(plane.pixels), self._shape)
        self._has_gaps |= bool(np.isnan(values).any())
        self._levels[channel].add(values)
        _raise(self._highest, channel, values)
        if depth == self._choice.middle:
            _raise(self._middle, channel, values)
        if depth in self._depths:
            _raise(self._frames, (depth, channel), self._shrunk(values, self._frame_shape))

    def finish(self) -> Preview:
        """The pictures. Raises ValueError where a plane is missing."""
        if not self.is_complete:
            missing = self._choice.plane_count - len(self._seen)
            raise ValueError(f"planes of {image_number(self._series.index)} were not added: {missing}")
        ranges = [self._range(levels) for levels in self._levels]
        colors = self._colors()
        composite, scale_bar_um = self._composite(ranges, colors)
        return Preview(
            series=self._series.index,
            name=self._record.name,
            channels=tuple(self._channel(number, ranges[number], color) for number, color in enumerate(colors)),
            composite=composite,
            scale_bar_um=scale_bar_um,
            movie=self._movie(ranges, colors),
            movie_depths=self._depths,
            thumbnail_depth=self._choice.middle,
            notes=tuple(self._notes(ranges, colors, scale_bar_um)),
        )

    @property
    def _shown_samples(self) -> int:
        """3 for red, green and blue; 1 for anything else."""
        return 3 if self._series.samples >= 3 else 1

    @property
    def _shows_as_is(self) -> bool:
        return self._shown_samples == 3 and self._series.dtype == np.uint8

    def _shrunk(self, pixels: npt.NDArray[Any], shape: tuple[int, int]) -> Values:
        """The plane in the shape of the picture; of colour samples the first three, of others the first."""
        if pixels.ndim == 2:
            return shrink(pixels, shape)
        if self._shown_samples == 1:
            return shrink(pixels[..., 0], shape)
        return np.stack([shrink(pixels[..., sample], shape) for sample in range(3)], axis=-1)

    def _range(self, levels: Levels) -> DisplayRange:
        return DisplayRange(low=0.0, high=255.0) if self._shows_as_is else levels.range()

    def _colors(self) -> list[ChannelColor]:
        return channel_colors([self._channel_record(number).color for number in range(self._choice.channels)])

    def _channel_record(self, number: int) -> ChannelRecord:
        known = self._record.channels
        return known[number] if number < len(known) else ChannelRecord()

    def _channel_name(self, number: int) -> str | None:
        names = self._series.channel_names
        return self._channel_record(number).name or (names[number] if number < len(names) else None)

    def _channel(self, number: int, shown: DisplayRange, color: ChannelColor) -> ChannelPreview:
        deep = self._choice.depth > 1
        return ChannelPreview(
            index=number,
            name=self._channel_name(number),
            color=color.color,
            color_is_recorded=color.is_recorded,
            low=shown.low,
            high=shown.high,
            thumbnail=png_bytes(self._visible(stretch(self._middle[number], shown))),
            projection=png_bytes(self._visible(stretch(self._highest[number], shown))) if deep else None,
        )

    def _visible(self, pixels: Bytes) -> Bytes:
        return enlarge(pixels, enlargement(self._shape, self._size))

    def _composite(self, ranges: list[DisplayRange], colors: list[ChannelColor]) -> tuple[bytes, float | None]:
        greys = [stretch(self._highest[number], shown) for number, shown in enumerate(ranges)]
        pixels = self._visible(merge(greys, colors))
        recorded = self._pixel_um(-1)
        shown_um = None if recorded is None else recorded * self._series.columns / pixels.shape[1]
        length_um = bar_length_um(shown_um, pixels.shape[1])
        if shown_um is not None and length_um is not None:
            pixels = with_scale_bar(pixels, shown_um, length_um)
        return png_bytes(pixels), length_um

    def _pixel_um(self, axis: int) -> float | None:
        """The recorded pixel size along rows (-2) or columns (-1), whatever axis of the image that is."""
        letter = [name for name in self._series.axes if name != "S"][axis]
        sizes: PixelSize = self._record.pixel_size_um
        return {"X": sizes.x, "Y": sizes.y, "Z": sizes.z}.get(letter)

    def _notes(
        self, ranges: list[DisplayRange], colors: list[ChannelColor], scale_bar_um: float | None
    ) -> Iterator[str]:
        names = [self._channel_name(number) or f"channel {number + 1}" for number in range(self._choice.channels)]
        yield from choice_notes(self._choice, self._depths)
        yield from range_notes(names, ranges, is_as_recorded=self._shows_as_is, turn=self._turn)
        yield from value_notes(self._series.dtype, has_gaps=self._has_gaps)
        if self._shown_samples == 1:
            yield from color_notes(names, colors)
        yield from scale_notes(self._pixel_um(-1), self._pixel_um(-2), scale_bar_um)
        yield from enlargement_notes(enlargement(self._shape, self._size))

    def _movie(self, ranges: list[DisplayRange], colors: list[ChannelColor]) -> bytes | None:
        if not self._depths:
            return None
        frames = [
            merge([stretch(self._frames[depth, number], shown) for number, shown in enumerate(ranges)], colors)
            for depth in self._depths
        ]
        return encode_movie(frames)


def make_preview(image: ImageFile, series: Series, record: ImageRecord, size: int = _SIZE) -> Preview:
    """The preview of one series of an opened image file.

    Reads no further than the planes that are shown. Raises what `ImageFile.planes` raises.
    """
    maker = PreviewMaker(series, record, size, turn=turn_of(image, series))
    for plane in image.planes(series):
        maker.add(plane)
        if maker.is_complete:
            break
    return maker.finish()


def make_previews(image: ImageFile, records: Sequence[ImageRecord], size: int = _SIZE) -> list[Preview]:
    """The preview of every series; `records` holds one record for each, in the same order."""
    return [make_preview(image, series, record, size) for series, record in zip(image.series, records, strict=True)]


def _raise(held: dict[Any, Values], key: Any, values: Values) -> None:
    """Keep the larger of each value; what is no number counts for nothing."""
    held[key] = np.fmax(held[key], values) if key in held else values
