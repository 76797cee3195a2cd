"""What the instrument recorded, per vendor, as one neutral model and as OME."""

from confocal_bag.image.acquisition.describe import describe_acquisition
from confocal_bag.image.acquisition.records import records

__all__ = ["describe_acquisition", "records"]
