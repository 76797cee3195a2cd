"""What an ND2 says of its pixel size and channels.

nd2 hands on 1.0 for a step that the file does not record; the file says which steps it calibrated.
"""

from math import prod
from pathlib import Path
from typing import Any

from confocal_bag.image.regular_file import open_regular

__all__ = ["channel_names", "declared_frames", "pixel_size_um"]

_WITHIN_FRAME = frozenset("CYXS")


def channel_names(file: Any) -> tuple[str | None, ...]:
    """The names of the channels of an opened ND2File, as many as it describes."""
    return tuple(one.channel.name or None for one in getattr(file.metadata, "channels", None) or ())


def pixel_size_um(file: Any) -> dict[str, float]:
    """The calibrated steps of an opened ND2File by axis, in micrometres."""
    channels = getattr(file.metadata, "channels", None)
    if not channels:
        return {}
    volume = channels[0].volume
    steps = zip("XYZ", volume.axesCalibrated, volume.axesCalibration, strict=True)
    return {axis: step for axis, known, step in steps if known}


def declared_frames(path: Path) -> tuple[int, int | None]:
    """How many frames the metadata declare, and the bytes of one; None where frames are compressed."""
    from nd2 import ND2File

    with open_regular(path) as stream, ND2File(stream) as file:
        frames = prod(size for axis, size in file.sizes.items() if axis not in _WITHIN_FRAME)
        attributes = file.attributes
        if attributes.compressionType is not None:
            return frames, None
        row = (attributes.widthPx or 0) * attributes.componentCount * attributes.bitsPerComponentInMemory // 8
        return frames, attributes.heightPx * max(row, attributes.widthBytes or 0)
