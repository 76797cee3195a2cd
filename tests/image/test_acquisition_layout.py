"""How the axes of a series lie in OME's five dimensions."""

import numpy as np
import pytest

from confocal_bag.image.acquisition.layout import Layout, Place, layout_of, parse_axes, scene_of
from confocal_bag.image.model import Series


def _series(axes: dict[str, int], notes: dict[str, str] | None = None) -> Series:
    return Series(index=4, name="cells", axes=axes, dtype=np.dtype("uint8"), notes=notes or {})


def test_a_plain_stack_lies_as_it_is() -> None:
    """T, C, Z, Y and X need no folding."""
    layout = layout_of(_series({"T": 2, "C": 3, "Z": 4, "Y": 5, "X": 6}))
    assert (layout.size_t, layout.channels, layout.size_z, layout.rows, layout.columns) == (2, 3, 4, 5, 6)
    assert layout.folded == {}
    assert layout.place({"T": 1, "C": 2, "Z": 3}) == Place(t=1, c=2, z=3)


def test_wavelengths_are_folded_onto_time_and_run_faster() -> None:
    """OME 6D storage: the index along T is that of the folded axis modulo its length."""
    layout = Layout(axes={"L": 3, "T": 2, "C": 1, "Z": 1, "Y": 5, "X": 6})
    assert layout.size_t == 6
    assert layout.place({"L": 2, "T": 1, "C": 0, "Z": 0}).t == 5
    assert [place.t for place in layout.places()] == [0, 3, 1, 4, 2, 5]


def test_an_xz_scan_has_its_rows_along_z_and_no_depth() -> None:
    """The rows of the planes are z; OME's Z is 1."""
    layout = Layout(axes={"T": 20, "C": 2, "Z": 128, "X": 64})
    assert (layout.rows, layout.columns, layout.size_z, layout.size_t) == (128, 64, 1, 20)
    assert layout.place({"T": 3, "C": 1}) == Place(t=3, c=1, z=0)


def test_a_stack_of_xz_scans_is_numbered_along_y_in_the_place_of_z() -> None:
    """An xzy scan has one xz plane for every y."""
    layout = Layout(axes={"Y": 23, "T": 1, "C": 2, "Z": 128, "X": 64})
    assert (layout.rows, layout.size_z) == (128, 23)
    assert layout.place({"Y": 7, "T": 0, "C": 1}) == Place(t=0, c=1, z=7)


def test_coordinates_of_the_same_planes_in_an_ome_tiff_lie_where_they_are() -> None:
    """There wavelengths count as time and the y of an xzy scan as z, and only the annotation tells."""
    folded = Layout(axes={"L": 3, "T": 2, "C": 1, "Z": 1, "Y": 5, "X": 6})
    assert folded.place({"T": 5, "C": 0, "Z": 0}) == folded.place({"L": 2, "T": 1, "C": 0, "Z": 0})
    scans = Layout(axes={"Y": 23, "T": 1, "C": 2, "Z": 128, "X": 64})
    assert scans.place({"T": 0, "C": 1, "Z": 7}) == scans.place({"Y": 7, "T": 0, "C": 1})


def test_colour_samples_are_no_channels() -> None:
    """An RGB picture has one channel of three samples."""
    layout = Layout(axes={"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 5, "S": 3})
    assert (layout.channels, layout.samples, layout.rows, layout.columns) == (1, 3, 4, 5)


def test_every_plane_has_a_place_of_its_own() -> None:
    """Folding several axes loses no plane."""
    layout = Layout(axes={"L": 3, "H": 4, "T": 2, "C": 2, "Z": 2, "Y": 1, "X": 1})
    places = list(layout.places())
    assert len(places) == len(set(places)) == 96
    assert max(places) == Place(t=23, c=1, z=1)


def test_a_layout_is_read_back_from_its_text() -> None:
    """The layout annotation carries the axes in order."""
    layout = Layout(axes={"L": 3, "T": 2, "C": 1, "Z": 1, "Y": 5, "X": 6})
    assert parse_axes(str(layout)) == layout


@pytest.mark.parametrize("words", ["", "T", "T=x Y=1", "Y=1", "=3 X=1"])
def test_text_that_is_no_layout_is_refused(words: str) -> None:
    """Annotations of others do not pass for ours."""
    with pytest.raises(ValueError, match="ax"):
        parse_axes(words)


def test_a_tile_knows_the_scene_it_belongs_to() -> None:
    """The reader's scene number decides which header a series has."""
    assert scene_of(_series({"Y": 1, "X": 1}, {"scene": "2"})) == 2
    assert scene_of(_series({"Y": 1, "X": 1})) == 4
