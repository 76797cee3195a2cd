"""Leica LIF and LOF for bioio."""

from confocal_bag.image.bioio_plugins.plugin import PluginReader, plugin_metadata
from confocal_bag.image.readers.lif import LifReader

__all__ = ["Reader", "ReaderMetadata"]


class Reader(PluginReader):
    """Read Leica LIF and LOF, every axis kept."""

    NAME = "confocal-bag-lif"
    PLANES = LifReader


#: What bioio looks for in the module of a plugin.
ReaderMetadata = plugin_metadata(Reader, ".lif", ".lof")
