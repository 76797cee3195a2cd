"""How large an image is, in words."""

from confocal_bag.deposit.exports.dimensions import DescribedSizes, summarize_dimensions
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ImageRecord
from confocal_bag.page.run import RunImage

__all__ = ["size_words"]


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
