"""Zeiss LSM for bioio."""

from confocal_bag.image.bioio_plugins.plugin import PluginReader, plugin_metadata
from confocal_bag.image.readers.lsm import LsmReader

__all__ = ["Reader", "ReaderMetadata"]


class Reader(PluginReader):
    """Read Zeiss LSM, without its thumbnails."""

    NAME = "confocal-bag-lsm"
    PLANES = LsmReader


#: What bioio looks for in the module of a plugin.
ReaderMetadata = plugin_metadata(Reader, ".lsm")
