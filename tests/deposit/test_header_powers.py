"""The power of a channel's lines, in what headers say for a description."""

from confocal_bag.deposit.description.header_channels import settings_facts
from confocal_bag.image.record import ChannelRecord, InstrumentRecord, LaserRecord

_IMAGE = InstrumentRecord(lasers=(LaserRecord(wavelength_nm=488.0, power_percent=2.0),))


def powers(lines: tuple[float, ...], own: tuple[float | None, ...]) -> object:
    """The powers that are told of a channel with these lines."""
    channel = ChannelRecord(laser_lines_nm=lines, laser_powers_percent=own)
    return settings_facts(channel, _IMAGE, pinhole=False).get("laser_power_percent")


def test_a_channel_has_its_own_power() -> None:
    """It counts before that of the image, and alone: what its own record leaves open the image does not know."""
    assert powers((488.0,), (33.5,)) == (33.5,)
    assert powers((488.0, 561.0), (None, 33.5)) is None
    assert powers((561.0, 640.0), (33.5, 5.0)) == (33.5, 5.0)


def test_the_power_of_the_image_is_that_of_every_channel() -> None:
    """Where the channel has none of its own, and the image has one of each line."""
    assert powers((488.0,), ()) == (2.0,)
    assert powers((488.0, 561.0), ()) is None
