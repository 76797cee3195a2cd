"""A walk through depth as a looping GIF of about a megabyte at most."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from confocal_bag.image.preview.colors import Bytes
from confocal_bag.image.preview.picture import enlarge, enlargement
from confocal_bag.image.preview.shrink import fitted_shape, shrink

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = ["MOST_FRAMES", "chosen_depths", "encode_movie", "frame_shape"]

MOST_FRAMES = 64

_LARGEST_SIDE = 256
_SMALLEST_SIDE = 64
_MOST_BYTES = 1_000_000
# What the frames of all channels may take in memory until the display range is known, in values of 4 bytes.
_MOST_VALUES = 16 << 20

_COLORS = 64
_STRIP = 4
_SAMPLED = 1 << 18
_WHOLE_MS, _LEAST_MS, _MOST_MS = 4000, 60, 300


def chosen_depths(depth: int) -> tuple[int, ...]:
    """The planes that become frames: the first, the last, and evenly between; none where there is one plane."""
    if depth < 2:
        return ()
    count = min(depth, MOST_FRAMES)
    return tuple(round(number * (depth - 1) / (count - 1)) for number in range(count))


def frame_shape(rows: int, columns: int, *, size: int, planes: int) -> tuple[int, int]:
    """Rows and columns of a frame, so that `planes` of them (frames times channels) fit the memory for them."""
    fits = int((_MOST_VALUES / max(1, planes)) ** 0.5)
    return fitted_shape(rows, columns, max(1, min(size, _LARGEST_SIDE, fits)))


def encode_movie(frames: Sequence[Bytes]) -> bytes:
    """Frames (rows, columns, 3) as a GIF that loops without end, made smaller until it is small enough.

    A line that grows from left to right in a strip below says how deep the frame lies.
    """
    shape = (frames[0].shape[0], frames[0].shape[1])
    size = max(shape)
    times = enlargement(shape, _LARGEST_SIDE)
    while True:
        content = _gif(
            _with_position([enlarge(frame, times) for frame in _resized(frames, fitted_shape(*shape, size))])
        )
        if len(content) <= _MOST_BYTES or (max(times) == 1 and size <= _SMALLEST_SIDE):
            return content
        if max(times) > 1:
            times = 1, 1
        else:
            size = max(_SMALLEST_SIDE, int(size * min(0.95, (_MOST_BYTES / len(content)) ** 0.5)))


def _resized(frames: Sequence[Bytes], shape: tuple[int, int]) -> list[Bytes]:
    if frames[0].shape[:2] == shape:
        return list(frames)
    return [
        np.stack([np.rint(shrink(frame[..., sample], shape)).astype(np.uint8) for sample in range(3)], axis=-1)
        for frame in frames
    ]


def _with_position(frames: Sequence[Bytes]) -> list[Bytes]:
    placed = []
    for number, frame in enumerate(frames, start=1):
        strip = np.zeros((_STRIP, frame.shape[1], 3), np.uint8)
        strip[1:, : round(frame.shape[1] * number / len(frames))] = 255
        placed.append(np.concatenate([frame, strip]))
    return placed


def _gif(frames: Sequence[Bytes]) -> bytes:
    from PIL import Image

    palette = _palette(frames)
    pictures = [Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    duration = min(_MOST_MS, max(_LEAST_MS, _WHOLE_MS // len(frames))) // 10 * 10
    stream = BytesIO()
    pictures[0].save(
        stream, "GIF", save_all=True, append_images=pictures[1:], duration=duration, loop=0, optimize=False
    )
    return stream.getvalue()


def _palette(frames: Sequence[Bytes]) -> "Picture":
    """One set of colours for all frames: sets of their own would flicker."""
    from PIL import Image

    colors = np.concatenate([frame.reshape(-1, 3) for frame in frames])
    sampled = colors[:: -(-len(colors) // _SAMPLED)]
    return Image.fromarray(sampled[None]).quantize(_COLORS, method=Image.Quantize.MEDIANCUT)
