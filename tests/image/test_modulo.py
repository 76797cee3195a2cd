"""Axes beyond T, C, Z, Y and X: written as ModuloAlong annotations, and axes again when read."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from lxml import etree

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.acquisition.layout import Layout, layout_of
from confocal_bag.image.acquisition.modulo import FoldedAxis, folded_axes, unfold
from confocal_bag.image.convert import convert_image
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.sidecar import layout_in, ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar, compare_sidecar, plane_key, read_sidecar
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_ome import ome_xml, planes_of, write_pages

_LIFETIME = '<ModuloAlong{} Type="lifetime" Unit="ps" Start="0" Step="50" End="100"/>'
_ANGLES = (
    '<ModuloAlong{} Type="angle" Unit="degree"><Label>45</Label><Label>90</Label><Label>135</Label></ModuloAlong{}>'
)


def _read(xml: str) -> tuple[FoldedAxis, ...]:
    return folded_axes([etree.fromstring(f"<Value><Modulo>{xml}</Modulo></Value>")])


def test_steps_and_labels_are_counted() -> None:
    """Start, end and step make as many as labels would."""
    assert _read(_LIFETIME.format("T")) == (FoldedAxis(letter="F", along="T", size=3),)
    assert _read(_ANGLES.format("Z", "Z")) == (FoldedAxis(letter="A", along="Z", size=3),)
    assert _read('<ModuloAlongC Type="lambda" Start="500" End="503"/>')[0].size == 4


@pytest.mark.parametrize(
    "xml",
    [
        "",
        '<ModuloAlongT Type="phase"/>',
        '<ModuloAlongT Type="phase" Start="0" Step="0" End="3"/>',
        '<ModuloAlongT Type="phase" Start="0" Step="1" End="inf"/>',
        '<ModuloAlongT Type="phase" Start="0" Step="1e-300" End="9"/>',
        '<ModuloAlongT Type="phase" Start="0" Step="x" End="9"/>',
        '<ModuloAlongT Type="phase" Start="0" Step="2" End="3"/>',
    ],
)
def test_what_tells_no_number_of_steps_is_no_axis(xml: str) -> None:
    """Nonsense leaves the axes as they are."""
    assert _read(xml) == ()


def test_two_axes_of_one_type_get_letters_of_their_own() -> None:
    """Emission along C and excitation along T are two axes."""
    xml = '<ModuloAlongC Type="lambda" Start="0" End="1"/><ModuloAlongT Type="lambda" Start="0" End="1"/>'
    assert len({axis.letter for axis in _read(xml)}) == 2


def test_an_axis_that_does_not_divide_the_other_is_left_there() -> None:
    """Three angles do not fit into four slices."""
    folded = _read(_ANGLES.format("Z", "Z"))
    assert unfold({"T": 1, "C": 1, "Z": 4}, folded) == {"T": 1, "C": 1, "Z": 4}
    assert unfold({"T": 1, "C": 1, "Z": 6}, folded) == {"T": 1, "C": 1, "Z": 2, "A": 3}


def test_axes_lie_along_the_one_they_stand_behind() -> None:
    """The index along Z is that of the slice times the angles, and the angle."""
    layout = Layout(axes={"L": 2, "T": 2, "C": 1, "Z": 2, "A": 3, "Y": 1, "X": 1})
    assert (layout.size_t, layout.size_z, layout.channels) == (4, 6, 1)
    place = layout.place({"L": 1, "T": 1, "C": 0, "Z": 1, "A": 2})
    assert (place.t, place.z, place.c) == (3, 5, 0)


@pytest.mark.parametrize(
    ("along", "axes"),
    [
        ("T", {"A": 3, "T": 2, "C": 6, "Z": 6, "Y": 3, "X": 4}),
        ("C", {"T": 6, "C": 2, "A": 3, "Z": 6, "Y": 3, "X": 4}),
        ("Z", {"T": 6, "C": 6, "Z": 2, "A": 3, "Y": 3, "X": 4}),
    ],
)
def test_a_folded_axis_of_another_program_is_an_axis_and_stays_where_it_is(
    tmp_path: Path, along: str, axes: dict[str, int]
) -> None:
    """Read, described, converted and read again: the same axes and planes, the sizes of OME untouched."""
    path = tmp_path / "a.ome.tif"
    sizes = {"X": 4, "Y": 3, "Z": 6, "C": 6, "T": 6}
    write_pages(path, planes_of(216), ome_xml(sizes, "<TiffData/>", modulo=_ANGLES.format(along, along)))
    with open_image(path) as image:
        (series,) = image.series
        assert dict(series.axes) == axes
        ome = describe_acquisition(image)
        assert layout_in(ome, 0) == layout_of(series)
        pixels = ome.images[0].pixels
        assert (pixels.size_t, pixels.size_c, pixels.size_z) == (6, 6, 6)
        places = {plane_key(series, one.coordinates): int(one.pixels[0, 0]) for one in image.planes(series)}
        content = ome_bytes(ome, source_name="a.ome.tif", plane_hashes=plane_digests(image))
        assert list(compare_sidecar(read_sidecar(content), records(image, ome))) == []
    assert places == {(t, c, z): 1 + c + 6 * (z + 6 * t) for t in range(6) for z in range(6) for c in range(6)}
    assert list(check_sidecar(content)) == []
    assert f"ModuloAlong{along}".encode() in content
    (made,) = convert_image(path, tmp_path / "out")
    with open_image(made.path) as copy:
        (again,) = copy.series
        assert dict(again.axes) == axes
        assert {plane_key(again, one.coordinates): int(one.pixels[0, 0]) for one in copy.planes(again)} == places
    with tifffile.TiffFile(made.path) as tiff:
        assert f"ModuloAlong{along}" in (tiff.ome_metadata or "")


def test_the_wavelengths_of_a_vendor_s_file_are_an_axis_of_its_copy_too(tmp_path: Path) -> None:
    """Plane by plane under the same coordinates, and ModuloAlongT for everybody else."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "LTYX", np.arange(3 * 2 * 6 * 5, dtype=np.uint16).reshape(3, 2, 6, 5))])
    (made,) = convert_image(path, tmp_path / "out")
    with open_image(path) as original, open_image(made.path) as copy:
        assert dict(copy.series[0].axes) == dict(original.series[0].axes)
        assert copy.series[0].axes["L"] == 3
        assert plane_digests(copy) == plane_digests(original)
    with tifffile.TiffFile(made.path) as tiff:
        (element,) = etree.fromstring((tiff.ome_metadata or "").encode()).iter("ModuloAlongT")
    assert element.get("Type") == "lambda"


def test_two_wavelengths_are_two_folded_axes(tmp_path: Path) -> None:
    """Emission by excitation, each with its own ModuloAlong, and both axes of the copy."""
    path = tmp_path / "a.lif"
    pixels = np.arange(3 * 2 * 6 * 5, dtype=np.uint16).reshape(3, 2, 6, 5)
    write_lif(path, [LifImage("a", "ELYX", pixels)])
    (made,) = convert_image(path, tmp_path / "out")
    with open_image(path) as original, open_image(made.path) as copy:
        assert dict(original.series[0].axes) == {"E": 3, "T": 1, "C": 1, "Z": 1, "L": 2, "Y": 6, "X": 5}
        assert list(copy.series[0].axes.items()) == list(original.series[0].axes.items())
        assert plane_digests(copy) == plane_digests(original)
        assert [int(plane.pixels[0, 0]) for plane in copy.planes(copy.series[0])] == list(pixels[..., 0, 0].ravel())
        assert list(check_sidecar(ome_bytes(describe_acquisition(copy), source_name="a"))) == []
    with tifffile.TiffFile(made.path) as tiff:
        (modulo,) = etree.fromstring((tiff.ome_metadata or "").encode()).iter("Modulo")
    assert [(one.tag, one.get("Type"), len(one)) for one in modulo] == [
        ("ModuloAlongT", "lambda", 3),
        ("ModuloAlongZ", "lambda", 2),
    ]


def test_a_layout_annotation_that_does_not_fit_the_sizes_is_not_believed(tmp_path: Path) -> None:
    """A document that was edited by another program keeps the axes that its sizes tell."""
    path = tmp_path / "a.ome.tif"
    layout = (
        '<AnnotationRef ID="Annotation:9"/></Image><StructuredAnnotations><MapAnnotation ID="Annotation:9" '
        'Namespace="https://example.org/confocal-bag/ns/layout/1"><Value><M K="Axes">L=5 T=1 C=1 Z=1 Y=3 X=4</M>'
        "</Value></MapAnnotation></StructuredAnnotations>"
    )
    text = ome_xml({"X": 4, "Y": 3, "Z": 1, "C": 1, "T": 4}, "<TiffData/>").replace("</Image>", layout)
    write_pages(path, planes_of(4), text)
    with open_image(path) as image:
        assert dict(image.series[0].axes) == {"T": 4, "C": 1, "Z": 1, "Y": 3, "X": 4}
