"""What a description says of the sizes of an image: of a pixel, and of the steps in depth and time."""

from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import AcquisitionDescription, Description
from confocal_bag.deposit.exports.dimensions import DescribedSizes
from confocal_bag.deposit.exports.method_facts import is_acquired
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.record import ImageRecord

__all__ = ["SizesSaid", "sizes_of"]


class SizesSaid:
    """Finds the sizes that people give for an image; they speak of images that were taken, not of what was made."""

    def __init__(self, description: Description | None) -> None:
        given = description is not None and any(sizes_of(one) != DescribedSizes() for one in description.acquisitions)
        self._index = DescriptionIndex(description) if description is not None and given else None

    def of(self, file: FileRecord, image: ImageRecord, position: int) -> DescribedSizes:
        """The sizes for an image; `position` is its place in the file, from 0."""
        if self._index is None:
            return DescribedSizes()
        described = self._index.image(file, image, position)
        return sizes_of(described.acquisition if is_acquired(self._index, file, described) else None)


def sizes_of(said: AcquisitionDescription | None) -> DescribedSizes:
    """The sizes that an entry of `acquisitions` gives; none for no entry."""
    if said is None:
        return DescribedSizes()
    x, y = said.pixel_size_um or (None, None)
    return DescribedSizes(
        x_um=x, y_um=y, z_um=said.z_step_um, time_s=said.time_increment_s, scale_bar=bool(said.scale_bar)
    )
