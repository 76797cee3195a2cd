"""Previews small enough to put dozens of them on one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from confocal_bag.image import worker
from confocal_bag.image.model import ImageFile, Series
from confocal_bag.image.preview.choice import Choice
from confocal_bag.image.preview.content import ChannelPreview, Preview
from confocal_bag.image.preview.maker import PreviewMaker
from confocal_bag.image.preview.stack import StackFile, preview_stack
from confocal_bag.image.preview.upright import turn_of
from confocal_bag.image.record import ImageRecord

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = [
    "CompactChannel",
    "CompactPreview",
    "DepthStrip",
    "Encoded",
    "SeriesPictures",
    "compact_file",
    "compact_stack",
]

MOST_CHANNELS = 8
MOST_FRAMES = 12

#: What is decoded for the pictures of one series; a page is to be made in minutes.
MOST_DECODED = 2 << 30
_GOOD_PNG = 12_000
_QUALITY = 80
#: The line below each frame of the movie that says how deep it lies; a strip needs none.
_POSITION_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One picture: PNG or JPEG, whichever is small, and its size in pixels."""

    mime: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthStrip:
    """Frames of a walk through depth, one below the other in one picture; `depths` are their planes, from 0."""

    picture: Encoded
    depths: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactChannel:
    """The thumbnail of one channel; `color` (#RRGGBB) is the one it has in the composite."""

    name: str | None
    color: str
    thumbnail: Encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactPreview:
    """The pictures of one series. `channels_left_out` counts the channels without a thumbnail of their own."""

    series: int
    channels: tuple[CompactChannel, ...]
    channels_left_out: int
    composite: Encoded
    scale_bar_um: float | None
    strip: DepthStrip | None
    depth: int
    notes: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """What all pictures take."""
        pictures = [self.composite, *(one.thumbnail for one in self.channels)]
        return sum(len(one.content) for one in pictures) + (len(self.strip.picture.content) if self.strip else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPictures:
    """The pictures of one series, or why there are none."""

    series: int
    preview: CompactPreview | None = None
    problem: str | None = None


def compact_file(path: Path, wanted: Sequence[int], *, size: int) -> list[SeriesPictures]:
    """The pictures of each wanted series that a file has, made in a guarded process.

    Raises UnreadableImage where the file cannot be read.
    """
    return worker.run(_file, path, tuple(wanted), size)


def compact_stack(name: str, files: Sequence[StackFile], *, size: int) -> CompactPreview:
    """The pictures of a stack that lies in many files, made in a guarded process; see `preview_stack`."""
    return worker.run(_stack, files[0].path, name, tuple(files), size)


def _file(path: Path, wanted: tuple[int, ...], size: int) -> list[SeriesPictures]:
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image

    with open_image(path) as image:
        known = records(image, describe_acquisition(image))
        pairs = zip(image.series, known, strict=True)
        return [_of_series(image, series, record, size) for series, record in pairs if series.index in wanted]


def _of_series(image: ImageFile, series: Series, record: ImageRecord, size: int) -> SeriesPictures:
    choice = Choice(series=series)
    needed = choice.plane_count * series.rows * series.columns * series.samples * series.dtype.itemsize
    if needed > MOST_DECODED:
        why = f"Its pictures need {needed / 1e9:.1f} GB to be decoded; `confocal-bag preview` makes them."
        return SeriesPictures(series=series.index, problem=why)
    maker = PreviewMaker(series, record, size, turn=turn_of(image, series))
    for plane in image.planes(series):
        maker.add(plane)
        worker.beat(0)
        if maker.is_complete:
            break
    return SeriesPictures(series=series.index, preview=_compact(maker.finish()))


def _stack(_: Path, name: str, files: tuple[StackFile, ...], size: int) -> CompactPreview:
    return _compact(preview_stack(name, files, size=size))


def _compact(preview: Preview) -> CompactPreview:
    shown = preview.channels[:MOST_CHANNELS]
    return CompactPreview(
        series=preview.series,
        channels=tuple(_channel(one) for one in shown),
        channels_left_out=len(preview.channels) - len(shown),
        composite=_encoded(_opened(preview.composite)),
        scale_bar_um=preview.scale_bar_um,
        strip=_strip(preview),
        depth=preview.movie_depths[-1] + 1 if preview.movie_depths else 1,
        notes=preview.notes,
    )


def _channel(one: ChannelPreview) -> CompactChannel:
    return CompactChannel(name=one.name, color=one.color, thumbnail=_encoded(_opened(one.thumbnail)))


def _strip(preview: Preview) -> DepthStrip | None:
    """Frames of the movie, evenly spaced, the first and the last among them."""
    if preview.movie is None:
        return None
    from PIL import Image, ImageSequence

    with Image.open(BytesIO(preview.movie)) as movie:
        shown = [(frame.convert("RGB"), frame.info["duration"]) for frame in ImageSequence.Iterator(movie)]
    depths = _first_depths([duration for _, duration in shown], preview.movie_depths)
    chosen = list(_spread([(frame, depth) for (frame, _), depth in zip(shown, depths, strict=True)], MOST_FRAMES))
    if len(chosen) < 2:
        return None
    width, height = chosen[0][0].size[0], chosen[0][0].size[1] - _POSITION_ROWS
    strip = Image.new("RGB", (width, height * len(chosen)))
    for number, (frame, _) in enumerate(chosen):
        strip.paste(frame.crop((0, 0, width, height)), (0, number * height))
    return DepthStrip(picture=_encoded(strip), depths=tuple(depth for _, depth in chosen))


def _first_depths(durations: Sequence[int], depths: Sequence[int]) -> list[int]:
    """The first of the planes that each frame shows: the encoder makes of equal frames one that stands longer."""
    each = sum(durations) / len(depths)
    return [depths[round(begin / each)] for begin in accumulate(durations[:-1], initial=0)]


Item = TypeVar("Item")


def _spread(items: Sequence[Item], most: int) -> Iterator[Item]:
    if len(items) <= most:
        yield from items
        return
    for number in range(most):
        yield items[round(number * (len(items) - 1) / (most - 1))]


def _opened(content: bytes) -> "Picture":
    from PIL import Image

    return Image.open(BytesIO(content))


def _encoded(picture: "Picture") -> Encoded:
    """PNG where it is small anyway, for it is exact; else JPEG if that is smaller."""
    png, jpeg = BytesIO(), BytesIO()
    picture.save(png, "PNG", optimize=True)
    content, mime = png.getvalue(), "image/png"
    if len(content) > _GOOD_PNG:
        picture.convert("L" if picture.mode == "L" else "RGB").save(jpeg, "JPEG", quality=_QUALITY, optimize=True)
        if len(jpeg.getvalue()) < len(content):
            content, mime = jpeg.getvalue(), "image/jpeg"
    return Encoded(mime=mime, content=content, width=picture.width, height=picture.height)
