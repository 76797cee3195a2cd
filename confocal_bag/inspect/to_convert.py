"""Which images of a deposit a build converts."""

from collections.abc import Sequence

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.zips.inner_files import InnerFiles
from confocal_bag.image.convert import obstacle
from confocal_bag.vocabulary import Tier

__all__ = ["convertible_members", "is_convertible", "will_transform"]


def will_transform(inventory: Inventory, inner: Sequence[InnerFiles] = ()) -> bool:
    """Whether a bag of this deposit will have a transformed tier: files for it, or raw images to convert."""
    loose = any(record.tier is Tier.TRANSFORMED or is_convertible(record) for record in inventory.files)
    return loose or bool(convertible_members(inventory, inner))


def is_convertible(record: FileRecord) -> bool:
    """Whether a build converts this file: a raw image that can be read, in a vendor's format or an OME-Zarr."""
    return record.tier is Tier.RAW and _is_to_convert(record)


def convertible_members(inventory: Inventory, inner: Sequence[InnerFiles]) -> list[FileRecord]:
    """The images that a build converts of those in zip files of the raw tier."""
    raw = {record.path for record in inventory.files if record.tier is Tier.RAW}
    return [record for one in inner if one.archive in raw for record in one.described if _is_to_convert(record)]


def _is_to_convert(record: FileRecord) -> bool:
    """Vendors' formats; an OME-Zarr, a folder of many files, too, where OME-TIFF can hold its samples."""
    if record.format.id == "ome-zarr":
        return bool(record.images) and not any(obstacle(image.dtype) for image in record.images)
    return not record.format.open and bool(record.images)
