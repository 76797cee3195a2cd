"""What a preview of one image holds: encoded pictures and what they show."""

from dataclasses import dataclass

__all__ = ["ChannelPreview", "Preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPreview:
    """The pictures of one channel, as PNG: grey, or the image's own colours where its pixels have them.

    `thumbnail` shows the plane in the middle of the depth, `projection` the maximum over all of it; None where there
    is only one plane. `color` (#RRGGBB) is the channel's colour in the composite; `color_is_recorded` is False where it
    comes from the default palette. `low` and `high` are the values shown as black and as full brightness, None where
    the channel holds no number.
    """

    index: int
    name: str | None
    color: str
    color_is_recorded: bool
    low: float | None
    high: float | None
    thumbnail: bytes
    projection: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The pictures of one series.

    `composite` is a PNG of all channels in their colours, merged, over the maximum through depth, with a scale bar of
    `scale_bar_um` micrometres below it; None where the pixel size is not recorded. `movie` is a looping GIF through the
    planes `movie_depths`; None where there is one plane. `thumbnail_depth` is the index of the thumbnails' plane.
    `notes` says in sentences what was chosen and what is not shown.
    """

    series: int
    name: str
    channels: tuple[ChannelPreview, ...]
    composite: bytes
    scale_bar_um: float | None
    movie: bytes | None
    movie_depths: tuple[int, ...]
    thumbnail_depth: int
    notes: tuple[str, ...]
