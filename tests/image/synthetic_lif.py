"""Write small LIF files, one memory block per image, for tests."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

DIM_IDS = {"X": 1, "Y": 2, "Z": 3, "T": 4, "L": 5, "E": 9, "M": 10}


@dataclass(frozen=True)
class LifImage:
    """An image: axes slowest first (C for channels, S for red, green and blue) and its samples in that order."""

    name: str
    axes: str
    pixels: npt.NDArray[np.generic]
    lengths_m: dict[str, float] = field(default_factory=dict)


def write_lif(path: Path, images: Sequence[LifImage]) -> None:
    """Write the images; a length in metres may be negative, as Leica writes it for a scan against the axis."""
    elements = "".join(_element(image, f"MemBlock_{number}") for number, image in enumerate(images))
    header = f'<LMSDataContainerHeader Version="2"><Element Name="synthetic"><Children>{elements}</Children></Element>'
    text = (header + "</LMSDataContainerHeader>").encode("utf-16-le")
    body = struct.pack("<IIBI", 0x70, len(text) + 5, 0x2A, len(text) // 2) + text
    for number, image in enumerate(images):
        name, data = f"MemBlock_{number}".encode("utf-16-le"), _little(image.pixels).tobytes()
        body += struct.pack("<IIBQBI", 0x70, len(name) + 14, 0x2A, len(data), 0x2A, len(name) // 2) + name + data
    path.write_bytes(body)


def _little(pixels: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    return pixels.astype(pixels.dtype.newbyteorder("<"))


def _element(image: LifImage, block: str) -> str:
    steps = dict(zip(image.axes, _little(image.pixels).copy().strides, strict=True))
    sizes = dict(zip(image.axes, image.pixels.shape, strict=True))
    bits = image.pixels.dtype.itemsize * 8
    axis = next((name for name in "CS" if name in sizes), None)
    count, step = (sizes[axis], steps[axis]) if axis else (1, 0)
    channels = "".join(
        f'<ChannelDescription DataType="0" ChannelTag="{number + 1 if axis == "S" else 0}" Resolution="{bits}" '
        f'NameOfMeasuredQuantity="" Min="0" Max="255" Unit="" LUTName="{"Green" if number == 0 else "Red"}" '
        f'IsLUTInverted="0" BytesInc="{number * step}" BitInc="0"/>'
        for number in range(count)
    )
    dimensions = "".join(
        f'<DimensionDescription DimID="{DIM_IDS[name]}" NumberOfElements="{size}" Origin="0" '
        f'Length="{image.lengths_m.get(name, 0.0)}" Unit="m" BitInc="0" BytesInc="{steps[name]}"/>'
        for name, size in sizes.items()
        if name in DIM_IDS
    )
    return (
        f'<Element Name="{image.name}"><Data><Image><ImageDescription><Channels>{channels}</Channels>'
        f"<Dimensions>{dimensions}</Dimensions></ImageDescription></Image></Data>"
        f'<Memory Size="{image.pixels.nbytes}" MemoryBlockID="{block}"/></Element>'
    )
