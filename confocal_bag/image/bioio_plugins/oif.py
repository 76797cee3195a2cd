"""Olympus OIB and OIF for bioio."""

from confocal_bag.image.bioio_plugins.plugin import PluginReader, plugin_metadata
from confocal_bag.image.readers.oif import OifReader

__all__ = ["Reader", "ReaderMetadata"]


class Reader(PluginReader):
    """Read Olympus OIB, or OIF with its folder of planes beside it."""

    NAME = "confocal-bag-oif"
    PLANES = OifReader


#: What bioio looks for in the module of a plugin.
ReaderMetadata = plugin_metadata(Reader, ".oib", ".oif")
