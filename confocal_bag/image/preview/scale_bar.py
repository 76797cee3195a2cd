"""A scale bar in a strip below the picture, where it hides nothing and can be read on any picture."""

from math import floor, isfinite, log10

import numpy as np

from confocal_bag.image.preview.colors import Bytes

__all__ = ["bar_length_um", "bar_text", "with_scale_bar"]

_MARGIN = 4
_BAR_HEIGHT = 4
_LEAST_BAR = 4
_PLAIN_WIDTH = 400


def bar_length_um(pixel_um: float | None, width: int) -> float | None:
    """The longest of 1, 2 or 5 times a power of ten that fits a third of `width` pixels of `pixel_um` micrometres.

    None where the pixel size is not recorded or the picture is too narrow for a bar that could be measured.
    """
    if pixel_um is None or not isfinite(pixel_um) or pixel_um <= 0:
        return None
    limit = pixel_um * width / 3
    if not isfinite(limit) or limit <= 0:
        return None
    power = floor(log10(limit))
    length = max(
        (float(f"{digit}e{power + more}") for more in (-1, 0, 1) for digit in (1, 2, 5)),
        key=lambda one: one if one <= limit else 0,
    )
    return length if length / pixel_um >= _LEAST_BAR else None


def bar_text(length_um: float) -> str:
    """The length as people write it: 500 nm, 20 µm, 1 mm."""
    for unit, size in (("mm", 1000.0), ("µm", 1.0), ("nm", 0.001)):
        if length_um >= size:
            return f"{length_um / size:g} {unit}"
    return f"{length_um / 0.001:g} nm"


def with_scale_bar(pixels: Bytes, pixel_um: float, length_um: float) -> Bytes:
    """The picture (rows, columns, 3) with a black strip below that holds a bar of the given length and its name.

    `pixel_um` is what one column of the picture measures. The strip, and with it the picture, is wider than the
    pixels where they have no room for the text.
    """
    rows, columns = pixels.shape[:2]
    text = _text(bar_text(length_um), max(1, round(columns / _PLAIN_WIDTH)))
    bar = round(length_um / pixel_um)
    high = text.shape[0] + 2 * _MARGIN
    wide = max(columns, bar + text.shape[1] + 3 * _MARGIN)
    picture = np.zeros((rows + high, wide, 3), np.uint8)
    picture[:rows, :columns] = pixels
    strip = picture[rows:]
    top = (high - _BAR_HEIGHT) // 2
    strip[top : top + _BAR_HEIGHT, _MARGIN : _MARGIN + bar] = 255
    left = bar + 2 * _MARGIN
    strip[_MARGIN : _MARGIN + text.shape[0], left : left + text.shape[1]] = text[..., None]
    return picture


def _text(text: str, times: int) -> Bytes:
    """White letters on black, enlarged by a whole number.

    Pillow's bitmap font: its outline font has no µ, and looks different where libraries differ.
    """
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default_imagefont()
    _, _, right, bottom = font.getbbox(text)
    canvas = Image.new("1", (int(right), int(bottom)))
    ImageDraw.Draw(canvas).text((0, 0), text, fill=1, font=font)
    letters = np.asarray(canvas).astype(np.uint8) * np.uint8(255)
    return np.repeat(np.repeat(letters, times, axis=0), times, axis=1)
