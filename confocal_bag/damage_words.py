"""Plain words for what decompressors say of damaged data."""

import lzma
import zlib

__all__ = ["damage_in_words"]


def damage_in_words(error: Exception) -> str:
    """What is wrong with packed data, for people who have never seen the inside of a decompressor."""
    said = str(error)
    if isinstance(error, zlib.error | lzma.LZMAError) or "while decompressing" in said:
        return "what is packed there cannot be unpacked"
    if said.startswith(("Bad CRC", "CRC check failed")):
        return "its bytes are not those that were packed"
    return said or type(error).__name__
