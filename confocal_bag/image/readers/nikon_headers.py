"""What an ND2 says of its pixel size and channels.

bioio-nd2 hands on 1.0 for a step that the file does not record; the file says which steps it calibrated.
"""

from math import prod
from pathlib import Path

from confocal_bag.image.model import PixelSize

__all__ = ["channel_names_and_pixel_size", "declared_frames"]

_WITHIN_FRAME = frozenset("CYXS")


def channel_names_and_pixel_size(path: Path) -> tuple[tuple[str | None, ...], PixelSize]:
    """The names of the channels, and the calibrated steps in micrometres."""
    from nd2 import ND2File

    with ND2File(path) as file:
        channels = getattr(file.metadata, "channels", None) or []
        names = tuple(one.channel.name or None for one in channels)
        if not channels:
            return names, PixelSize()
        volume = channels[0].volume
        steps = zip(volume.axesCalibrated, volume.axesCalibration, strict=True)
        x, y, z = (step if known else None for known, step in steps)
    return names, PixelSize(x=x, y=y, z=z)


def declared_frames(path: Path) -> tuple[int, int | None]:
    """How many frames the metadata declare, and the bytes of one; None where frames are compressed."""
    from nd2 import ND2File

    with ND2File(path) as file:
        frames = prod(size for axis, size in file.sizes.items() if axis not in _WITHIN_FRAME)
        attributes = file.attributes
        if attributes.compressionType is not None:
            return frames, None
        row = (attributes.widthPx or 0) * attributes.componentCount * attributes.bitsPerComponentInMemory // 8
        return frames, attributes.heightPx * max(row, attributes.widthBytes or 0)
