"""Pixels as a PNG picture, large enough to be seen."""

from io import BytesIO

import numpy as np

from confocal_bag.image.preview.colors import Bytes

__all__ = ["enlarge", "enlargement", "png_bytes"]

# A line scan of one row is one pixel high; this many can be seen.
_LEAST_SIDE = 16


def enlargement(shape: tuple[int, int], size: int) -> tuple[int, int]:
    """How often to repeat rows and columns of a small picture so that its longer side comes near `size`.

    Whole numbers, so that every pixel stays a square of one value. A side that would still be hardly visible is
    repeated more often than the other.
    """
    times = max(1, size // max(shape))
    rows, columns = (max(times, -(-_LEAST_SIDE // side)) for side in shape)
    return rows, columns


def enlarge(pixels: Bytes, times: tuple[int, int]) -> Bytes:
    """Every row and column repeated."""
    return np.repeat(np.repeat(pixels, times[0], axis=0), times[1], axis=1)


def png_bytes(pixels: Bytes) -> bytes:
    """Grey (rows, columns) or colour (rows, columns, 3) as PNG; the same pixels give the same bytes."""
    from PIL import Image

    if pixels.ndim == 3 and (pixels == pixels[..., :1]).all():
        pixels = pixels[..., 0]
    stream = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", compress_level=9)
    return stream.getvalue()
