"""What TIFF tags and ImageJ's description record, and what only says how to print."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.acquisition.tiff import read_tiff, tiff_facts
from confocal_bag.image.model import Series


def _series(**sizes: int) -> Series:
    axes = {"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 4} | sizes
    return Series(index=0, name="x", axes=axes, dtype=np.dtype("uint8"))


@pytest.mark.parametrize("unit", ["um", "micron", "µm", "\\u00B5m"])
def test_an_imagej_resolution_with_a_unit_of_length_is_a_pixel_size(unit: str) -> None:
    """However ImageJ spells the micrometre."""
    size = tiff_facts({282: (1000, 130), 283: (1000, 130)}, {"unit": unit}, _series()).pixel_size_um
    assert [size.x, size.y] == pytest.approx([0.13, 0.13])


def test_nanometres_are_not_micrometres() -> None:
    """65 nm a pixel is 0.065 µm."""
    size = tiff_facts({282: (1, 65), 296: 1}, {"unit": "nm"}, _series()).pixel_size_um
    assert size.x == pytest.approx(0.065)


@pytest.mark.parametrize("unit", ["", " ", "pixel", "pixels", "inch"])
def test_an_imagej_resolution_without_a_unit_of_length_is_no_pixel_size(unit: str) -> None:
    """1.0 per " " is how an uncalibrated image looks; 72 per inch is for the printer."""
    facts = tiff_facts({282: (72, 1), 283: (72, 1), 296: 2}, {"unit": unit, "spacing": 1.0}, _series(Z=5))
    assert (facts.pixel_size_um.x, facts.pixel_size_um.z) == (None, None)


def test_a_print_resolution_is_no_pixel_size() -> None:
    """72 dots per inch would be 352.8 µm."""
    assert tiff_facts({282: (72, 1), 283: (72, 1), 296: 2}, None, _series()).pixel_size_um.x is None
    assert tiff_facts({282: (300, 1), 283: (300, 1), 296: 2}, None, _series()).pixel_size_um.x is None


def test_a_resolution_without_a_unit_tag_is_no_pixel_size() -> None:
    """ResolutionUnit absent or 1 gives only the ratio of the sides."""
    assert tiff_facts({282: (337000, 10000)}, None, _series()).pixel_size_um.x is None
    assert tiff_facts({282: (337000, 10000), 296: 1}, None, _series()).pixel_size_um.x is None


def test_a_resolution_no_printer_has_is_a_pixel_size() -> None:
    """98 000 pixels a centimetre are a microscope's."""
    size = tiff_facts({282: (98000, 1), 283: (98000, 1), 296: 3}, None, _series()).pixel_size_um
    assert size.x == pytest.approx(10000 / 98000)


def test_a_spacing_backwards_counts_as_its_size_and_one_plane_has_none() -> None:
    """Negative steps are stacks taken downwards."""
    known = {"unit": "micron", "spacing": -0.52}
    assert tiff_facts({}, known, _series(Z=7)).pixel_size_um.z == pytest.approx(0.52)
    assert tiff_facts({}, known, _series(Z=1)).pixel_size_um.z is None


def test_the_frame_interval_is_in_seconds() -> None:
    """0 is none, and one frame has none."""
    assert tiff_facts({}, {"finterval": 2.5}, _series(T=3)).time_increment_s == 2.5
    assert tiff_facts({}, {"finterval": 500, "tunit": "msec"}, _series(T=3)).time_increment_s == 0.5
    assert tiff_facts({}, {"finterval": 0.0}, _series(T=3)).time_increment_s is None
    assert tiff_facts({}, {"finterval": 2.5}, _series(T=1)).time_increment_s is None


def test_who_wrote_the_file_is_told_by_its_tag_else_by_imagej() -> None:
    """The description of ImageJ holds its version."""
    facts = tiff_facts({305: None}, {"ImageJ": "1.53q"}, _series())
    assert (facts.software, facts.software_version) == ("ImageJ", "1.53q")
    assert tiff_facts({305: "tifffile.py"}, {"ImageJ": "1.11a"}, _series()).software == "tifffile.py"
    assert tiff_facts({}, None, _series()).software is None


def test_a_file_of_imagej_tells_its_facts(tmp_path: Path) -> None:
    """From the file's bytes, through tifffile."""
    path = tmp_path / "stack.tif"
    ramp = np.zeros((3, 256), np.uint8)
    ramp[1] = np.arange(256)
    stack = np.zeros((5, 1, 8, 8), np.uint16)
    metadata = {"axes": "ZCYX", "unit": "um", "spacing": 0.3, "LUTs": [ramp]}
    tifffile.imwrite(path, stack, imagej=True, resolution=(5.0, 5.0), metadata=metadata)
    facts = read_tiff(path, [_series(Z=5)]).series[0]
    assert facts.pixel_size_um.x == pytest.approx(0.2)
    assert facts.pixel_size_um.z == pytest.approx(0.3)
    assert facts.channels[0].color == (0, 255, 0)
    assert facts.acquired is None


def test_an_axis_with_a_unit_of_its_own_is_measured_in_it() -> None:
    """ImageJ writes yunit and zunit where they are not the unit of x; rows in seconds have no size."""
    known = {"unit": "µm", "yunit": "sec", "zunit": "nm", "spacing": 300.0}
    size = tiff_facts({282: (5, 1), 283: (5, 1)}, known, _series(Z=3)).pixel_size_um
    assert size.x == pytest.approx(0.2)
    assert size.y is None
    assert size.z == pytest.approx(0.3)


@pytest.mark.parametrize("unit", [None, 0, 1, 9, "2", (2, 3), float("nan")])
def test_a_unit_tag_of_another_kind_is_none(unit: object) -> None:
    """Whatever a damaged tag holds."""
    size = tiff_facts({282: (98000, 1), 296: unit}, None, _series()).pixel_size_um.x
    assert size == (pytest.approx(25400 / 98000) if unit == "2" else None)


def test_micrometres_by_a_unit_that_programs_of_microscopes_added() -> None:
    """5 is a micrometre, 4 a millimetre."""
    assert tiff_facts({282: (10, 1), 296: 5}, None, _series()).pixel_size_um.x == pytest.approx(0.1)
    assert tiff_facts({282: (1000, 1), 296: 4}, None, _series()).pixel_size_um.x == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("2012:07:26 15:13:35", "2012-07-26T15:13:35"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("26.07.2012", None),
        (None, None),
    ],
)
def test_the_date_of_the_tag_is_that_of_the_file(tag: str | None, expected: str | None) -> None:
    """The tag says when the file was written, so it is no date of acquisition."""
    facts = tiff_facts({306: tag}, None, _series())
    assert (facts.created, facts.acquired) == (expected, None)
