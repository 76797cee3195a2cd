"""How large an image is, in words."""

import re

from confocal_bag.deposit.exports.dimensions import DescribedSizes, prose_number, summarize_dimensions
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ImageRecord
from confocal_bag.page.run import RunImage

__all__ = ["card_size_words", "size_words"]

_LONG_NUMBER = re.compile(r"(?<![\w.])\d{1,9}\.\d{1,20}(?![\w.])")


def card_size_words(record: RunImage) -> str:
    """The dimensions with four significant digits, so that 0.14028 and 0.140279 do not seem to differ.

    Where header and deposit.yaml are set beside each other they stand as they are.
    """
    words = size_words(record)
    return words if "deposit.yaml" in words else _LONG_NUMBER.sub(lambda one: prose_number(float(one[0])), words)


def size_words(record: RunImage) -> str:
    """The dimensions of an image in words."""
    if record.dimensions:
        return record.dimensions
    size = record.pixel_size_um
    image = ImageRecord(
        series=record.series,
        name=record.name,
        axes=record.axes,
        dtype=record.dtype,
        pixel_size_um=PixelSize(x=size.get("x"), y=size.get("y"), z=size.get("z")),
        time_increment_s=record.time_increment_s,
    )
    return summarize_dimensions(image, DescribedSizes(**record.described_sizes.model_dump()))
