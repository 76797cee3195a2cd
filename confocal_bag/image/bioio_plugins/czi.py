"""Zeiss CZI for bioio."""

from confocal_bag.image.bioio_plugins.plugin import PluginReader, plugin_metadata
from confocal_bag.image.readers.czi import CziReader

__all__ = ["Reader", "ReaderMetadata"]


class Reader(PluginReader):
    """Read Zeiss CZI; the phases of an Airyscan are the axis H."""

    NAME = "confocal-bag-czi"
    PLANES = CziReader


#: What bioio looks for in the module of a plugin.
ReaderMetadata = plugin_metadata(Reader, ".czi")
