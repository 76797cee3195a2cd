"""Three real files whose headers tell planes, lasers and averaging apart."""

from pathlib import Path

import pytest

from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.acquisition.records import records
from confocal_bag.image.open import open_image
from confocal_bag.image.record import ImageRecord

_SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"


def recorded(name: str) -> ImageRecord:
    """The record of the first image of a sample."""
    path = _SAMPLES / name
    if not path.is_file():
        pytest.skip(f"needs the shared sample {name}")
    with open_image(path) as image:
        return records(image, describe_acquisition(image))[0]


def test_each_plane_of_a_real_nd2_has_its_own_light() -> None:
    """561 nm: 82.5 % for the plane that a lamp lit, too, and 33.5 % for the one that emits; a camera behind a disk."""
    image = recorded("nd2/example-multichannel.nd2")
    assert [one.laser_powers_percent for one in image.channels] == [(), (84,), (95.7,), (33.5,)]
    assert [one.laser_lines_nm for one in image.channels] == [(), (405,), (488,), (561,)]
    assert [one.power_percent for one in image.instrument.lasers] == [84, 95.7, None]
    assert (image.instrument.method, image.instrument.zoom) == ("spinning disk confocal", None)
    assert {one.detector_type for one in image.channels} == {"Camera"}


def test_no_line_average_of_a_real_nd2_is_told_in_its_own_words() -> None:
    """The mode is None and the count 0."""
    image = recorded("nd2/cluster.nd2")
    assert (image.instrument.averaging, image.instrument.averaging_number) == ("none (Line Average Mode: None)", None)
    assert image.instrument.zoom == 2.469


def test_a_laser_that_was_off_excites_nothing_in_a_real_oib() -> None:
    """One laser was in use; two channels were set for another."""
    image = recorded("oib/test.oib")
    assert [one.excitation_nm for one in image.channels] == [488, None, None]
    assert [one.laser_lines_nm for one in image.channels] == [(488,), (), ()]
