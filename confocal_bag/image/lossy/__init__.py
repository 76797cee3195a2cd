"""Whether the pixels of a file were compressed with loss, told from its directory and its codestreams."""

from confocal_bag.image.lossy.compression import Compression, is_lossy, summarize
from confocal_bag.image.lossy.find import compressions_by_series, file_compression

__all__ = ["Compression", "compressions_by_series", "file_compression", "is_lossy", "summarize"]
