"""A sidecar of an OME-TIFF that was made from a file with axes OME has no place for."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import FileFacts, Modulo, SeriesFacts
from confocal_bag.image.acquisition.layout import layout_of
from confocal_bag.image.model import PixelSize, Series
from confocal_bag.image.open import open_image
from confocal_bag.image.sidecar import for_tiff, ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar, compare_sidecar, plane_key, read_sidecar

_FACTS = SeriesFacts(
    pixel_size_um=PixelSize(x=0.1, z=0.3), modulo={"L": Modulo(kind="lambda", start=500, step=10, unit="nm")}
)


@pytest.mark.parametrize(
    "axes",
    [
        {"L": 3, "T": 2, "C": 2, "Z": 1, "Y": 5, "X": 6},
        {"L": 3, "H": 2, "T": 2, "C": 1, "Z": 2, "Y": 5, "X": 6},
        {"L": 3, "T": 2, "C": 2, "Z": 2, "H": 2, "Y": 5, "X": 6},
        {"Y": 4, "T": 1, "C": 2, "Z": 5, "X": 6},
        {"T": 3, "C": 1, "Z": 5, "X": 6},
        {"T": 2, "C": 3, "Z": 4, "Y": 5, "X": 6},
    ],
)
def test_every_plane_of_a_converted_series_is_found_where_it_was_put(tmp_path: Path, axes: dict[str, int]) -> None:
    """Written in the order of the file, read back through OME, and told in the sidecar under the same key."""
    series = Series(index=0, name="cells", axes=axes, dtype=np.dtype("uint8"))
    layout = layout_of(series)
    path = tmp_path / "cells.ome.tiff"
    description = for_tiff(build_ome([series], FileFacts(series=(_FACTS,))), 0, path.name)
    with tifffile.TiffWriter(path) as writer:
        for number, _ in enumerate(layout.places()):
            page = np.full((layout.rows, layout.columns), number, np.uint8)
            writer.write(
                page, description=description.encode() if number == 0 else None, metadata=None, contiguous=False
            )
    put = {(place.t, place.c, place.z): number for number, place in enumerate(layout.places())}
    with open_image(path) as image:
        (read,) = image.series
        # An axis that had to be folded is an axis again; a scan along z has its rows in Y there.
        assert dict(read.axes) == axes or layout.plane_axes != ("Y", "X")
        ome = describe_acquisition(image)
        planes = [(dict(plane.coordinates), int(plane.pixels[0, 0])) for plane in image.planes(read)]
        content = ome_bytes(ome, source_name=path.name, plane_hashes={0: [(at, f"{n:040x}") for at, n in planes]})
        assert list(compare_sidecar(read_sidecar(content), records(image, ome))) == []
    assert list(check_sidecar(content)) == []
    assert {plane_key(read, at): number for at, number in planes} == put
    hashes = read_sidecar(content).images[0].plane_hashes
    assert {key: int(digest, 16) for key, digest in hashes.items()} == put
