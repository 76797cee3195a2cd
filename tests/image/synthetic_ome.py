"""OME-TIFFs of several files, and with folded axes, written by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import numpy.typing as npt
import tifffile

NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
MODULO = "openmicroscopy.org/omero/dimension/modulo"


def uuid_of(name: str) -> str:
    """A UUID that belongs to a file name."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def ome_xml(
    sizes: Mapping[str, int],
    tiff_data: str,
    *,
    own: str | None = None,
    order: str = "XYCZT",
    modulo: str = "",
    name: str = "cells",
) -> str:
    """An OME document of one uint16 Image; `own` is the name of the file that holds it."""
    reference = '<AnnotationRef ID="Annotation:0"/>' if modulo else ""
    annotation = (
        f'<StructuredAnnotations><XMLAnnotation ID="Annotation:0" Namespace="{MODULO}"><Value>'
        f'<Modulo xmlns="" namespace="http://www.openmicroscopy.org/Schemas/Additions/2011-09">{modulo}</Modulo>'
        "</Value></XMLAnnotation></StructuredAnnotations>"
    )
    channels = "".join(f'<Channel ID="Channel:0:{index}" SamplesPerPixel="1"/>' for index in range(sizes["C"]))
    dimensions = " ".join(f'Size{axis}="{size}"' for axis, size in sizes.items())
    uuid = f' UUID="{uuid_of(own)}"' if own else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="{NAMESPACE}"{uuid}><Image ID="Image:0" Name="{name}">'
        f'<Pixels ID="Pixels:0" DimensionOrder="{order}" Type="uint16" {dimensions} PhysicalSizeX="0.5" '
        f'PhysicalSizeY="0.5">{channels}{tiff_data}</Pixels>{reference}</Image>{annotation if modulo else ""}</OME>'
    )


def block(name: str, *, t: int = 0, c: int = 0, z: int = 0, page: int = 0, count: int = 1) -> str:
    """A TiffData of planes in a file of the set."""
    return (
        f'<TiffData FirstT="{t}" FirstC="{c}" FirstZ="{z}" IFD="{page}" PlaneCount="{count}">'
        f'<UUID FileName="{name}">{uuid_of(name)}</UUID></TiffData>'
    )


def binary_only(companion: str, name: str) -> str:
    """The document of a TIFF whose OME-XML lies in a companion file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="{NAMESPACE}" UUID="{uuid_of(name)}">'
        f'<BinaryOnly MetadataFile="{companion}" UUID="{uuid_of(companion)}"/></OME>'
    )


def write_pages(path: Path, planes: Sequence[npt.NDArray[np.generic]], description: str | None) -> None:
    """A TIFF of these planes, a page each."""
    with tifffile.TiffWriter(path) as writer:
        for number, plane in enumerate(planes):
            text = description.encode() if description and number == 0 else None
            writer.write(plane, description=text, metadata=None, contiguous=False)


def planes_of(count: int, rows: int = 3, columns: int = 4) -> list[npt.NDArray[np.uint16]]:
    """Planes that all differ: plane n is full of n + 1."""
    return [np.full((rows, columns), number + 1, np.uint16) for number in range(count)]


def write_set(folder: Path, *, companion: bool = False, channels: int = 2, slices: int = 3) -> list[Path]:
    """A set of one file per channel, `slices` pages each; plane n of `planes_of` is slice n // channels, channel n %.

    The files with the pixels, in order; with `companion` the OME-XML lies in cells.companion.ome alone.
    """
    sizes = {"X": 4, "Y": 3, "Z": slices, "C": channels, "T": 1}
    names = [f"cells_c{index}.ome.tif" for index in range(channels)]
    data = "".join(block(name, c=index, z=z, page=z) for index, name in enumerate(names) for z in range(slices))
    planes = planes_of(channels * slices)
    for index, name in enumerate(names):
        text = binary_only("cells.companion.ome", name) if companion else ome_xml(sizes, data, own=name)
        write_pages(folder / name, planes[index::channels], text)
    if companion:
        (folder / "cells.companion.ome").write_text(ome_xml(sizes, data, own="cells.companion.ome"))
    return [folder / name for name in names]
