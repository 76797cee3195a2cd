"""Personal data in the headers of image files and in text: found, masked, withheld; the files are only read."""

from confocal_bag.image.privacy.model import PersonalField, PersonalKind, Search, mask
from confocal_bag.image.privacy.search import search_file

__all__ = ["PersonalField", "PersonalKind", "Search", "mask", "search_file"]
