"""A companion file: OME-XML that makes loose TIFF files open as the one image they are (OME-TIFF specification).

Bio-Formats opens NAME.companion.ome and the files beside it as one image, with or without OME-XML in these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from confocal_bag.findings import readable_path
from confocal_bag.image.bioio_image import in_order
from confocal_bag.image.model import UnreadableImage

if TYPE_CHECKING:
    from confocal_bag.image.readers.sequence import SequenceImage

__all__ = ["COMPANION_SUFFIX", "companion_for"]

#: How the name of a companion file has to end.
COMPANION_SUFFIX = ".companion.ome"


def companion_for(image: SequenceImage, *, folder: str = "") -> bytes:
    """The companion file of a sequence, to be put beside its files; the same input gives the same bytes.

    It says what `describe_acquisition` does, and of each plane the file and page. A companion that is to lie elsewhere
    names the files in `folder`, a relative path from there to them that ends with "/". Raises UnreadableImage where the
    files lie in several folders, have names that OME-XML cannot hold, or a plane is not a page of a TIFF.
    """
    from ome_types.model import TiffData

    from confocal_bag.image.acquisition import describe_acquisition
    from confocal_bag.image.acquisition.layout import layout_of
    from confocal_bag.image.sidecar import with_pixels

    (series,) = image.series
    _check_names(image)
    layout = layout_of(series)
    blocks = []
    for coordinates in in_order(series.stacked_axes):
        member, place = image.member(coordinates), layout.place(coordinates)
        if member.page is None:
            raise UnreadableImage(
                f"{readable_path(member.path)}: a plane of it is no page of a TIFF, so no companion file can point at "
                "it. Convert the sequence instead."
            )
        where = TiffData.UUID(file_name=f"{folder}{member.path.name}", value=_uuid(series.name, member.path.name))
        blocks.append(
            TiffData(ifd=member.page, first_c=place.c, first_z=place.z, first_t=place.t, plane_count=1, uuid=where)
        )
    own = _uuid(series.name, COMPANION_SUFFIX)
    return with_pixels(describe_acquisition(image), 0, blocks, name=series.name, uuid=own)


def _check_names(image: SequenceImage) -> None:
    folders = {path.parent for path in image.files.values()}
    if len(folders) > 1:
        raise UnreadableImage(
            f"The files of the sequence {readable_path(image.series[0].name)} lie in {len(folders)} folders; a "
            "companion file speaks of files beside it. Convert the sequence instead."
        )
    odd = next((path for path in image.files.values() if not path.name.isprintable()), None)
    if odd is not None:
        raise UnreadableImage(
            f"The name of {readable_path(odd)} cannot stand in OME-XML; give the file a plain name, or convert the "
            "sequence instead."
        )


def _uuid(sequence: str, name: str) -> str:
    """An identifier for a file of this sequence; files without OME-XML have none of their own."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{sequence}/{name}')}"
