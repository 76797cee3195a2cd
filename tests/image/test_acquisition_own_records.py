"""What a channel alone has of light and mode, from the facts through OME-XML to the records."""

from collections.abc import Sequence

import numpy as np
import pytest

from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, Laser, SeriesFacts
from confocal_bag.image.acquisition.records import _maps, _record
from confocal_bag.image.model import Series
from confocal_bag.image.record import ImageRecord


def recorded(channels: Sequence[ChannelFacts], **facts: object) -> ImageRecord:
    """The record of an image of these channels."""
    series = Series(index=0, name="x", axes={"C": len(channels), "Y": 4, "X": 4}, dtype=np.dtype("uint8"))
    known = SeriesFacts(channels=tuple(channels), **facts)  # type: ignore[arg-type]
    ome = build_ome([series], FileFacts(series=(known,)))
    return _record(series, ome.images[0], _maps(ome), {one.id: one for one in ome.instruments})


def test_each_channel_keeps_its_own_power_of_a_line() -> None:
    """The image has the line, and no power that both share."""
    first, second = recorded(
        [
            ChannelFacts(laser_lines_nm=(488.0, 561.0), laser_powers={561.0: "82.5 %"}),
            ChannelFacts(laser_lines_nm=(561.0,), laser_powers={561.0: "33.5 %"}),
        ],
        lasers=(Laser(wavelength_nm=488.0), Laser(wavelength_nm=561.0)),
    ).channels
    assert first.laser_powers_percent == (None, 82.5)
    assert second.laser_powers_percent == (33.5,)
    assert recorded([ChannelFacts(laser_lines_nm=(488.0,))]).channels[0].laser_powers_percent == ()


def test_an_excitation_that_no_laser_had_is_none() -> None:
    """OME-XML keeps the number, with the words that no light of it was on."""
    lit, dark = recorded(
        [ChannelFacts(excitation_nm=488.0), ChannelFacts(excitation_nm=543.0, excitation_unlit=True)]
    ).channels
    assert (lit.excitation_nm, dark.excitation_nm) == (488, None)


@pytest.mark.parametrize(
    ("modes", "method"),
    [
        (("SpinningDiskConfocal", None), "spinning disk confocal"),
        (("SpinningDiskConfocal", "WideField"), None),
        (("LaserScanningConfocalMicroscopy", None), None),
        (("WideField", "WideField"), "wide field"),
        ((None, None), None),
    ],
)
def test_a_disk_that_one_channel_names_is_that_of_the_image(modes: tuple[str | None, ...], method: str | None) -> None:
    """It is part of the stand; a laser scan may stand beside another way to look."""
    assert recorded([ChannelFacts(acquisition_mode=mode) for mode in modes]).instrument.method == method
