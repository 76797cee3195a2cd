"""The colours channels are shown in, and how they merge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["DEFAULT_PALETTE", "MOST_ADDED", "Bytes", "ChannelColor", "channel_colors", "merge"]

Bytes = npt.NDArray[np.uint8]

#: For channels whose colour is not recorded: the palette of Okabe and Ito (2008), told apart by people of any colour
#: vision, ordered so that the first ones differ most. A single channel is white.
DEFAULT_PALETTE = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#0072B2", "#D55E00")

#: So many channels are added up; ImageJ's composites have no more.
MOST_ADDED = 7

_WHITE = "#FFFFFF"
_FORM = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelColor:
    """A colour as #RRGGBB, and whether the file records it."""

    color: str
    is_recorded: bool

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, each 0 to 255."""
        red, green, blue = bytes.fromhex(self.color[1:])
        return red, green, blue


def channel_colors(recorded: Sequence[str | None]) -> list[ChannelColor]:
    """The colour of each channel: the recorded one, else the next of the palette that no channel has.

    Black counts as not recorded: it would show nothing.
    """
    known = [text.upper() if text and _FORM.fullmatch(text) and int(text[1:], 16) else None for text in recorded]
    free = [color for color in DEFAULT_PALETTE if color not in known] or list(DEFAULT_PALETTE)
    if len(known) == 1:
        free = [_WHITE]
    colors, used = [], 0
    for color in known:
        colors.append(ChannelColor(color=color or free[used % len(free)], is_recorded=color is not None))
        used += color is None
    return colors


def merge(channels: Sequence[Bytes], colors: Sequence[ChannelColor]) -> Bytes:
    """One picture (rows, columns, 3) of channels: grey (rows, columns), or (rows, columns, 3) in colours of their own.

    Their light adds up, as microscopists know it from ImageJ's composites, for as many channels as those have. Of more
    the brightest counts for each of red, green and blue: the sum of thirty spectral channels would burn out.
    """
    merged = np.zeros((*channels[0].shape[:2], 3), np.uint16)
    for pixels, color in zip(channels, colors, strict=True):
        tinted = pixels if pixels.ndim == 3 else _tint(pixels, color.rgb)
        merged = np.maximum(merged, tinted) if len(channels) > MOST_ADDED else merged + tinted
    return np.minimum(merged, 255).astype(np.uint8)


def _tint(grey: Bytes, rgb: tuple[int, int, int]) -> Bytes:
    return ((grey[..., None].astype(np.uint16) * np.array(rgb, np.uint16) + 127) // 255).astype(np.uint8)
