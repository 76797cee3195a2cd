"""What REMBI is told of a channel: a dye is no mechanism, and a name no content."""

from confocal_bag.deposit.description.model import ChannelDescription
from confocal_bag.deposit.exports.rembi import _channel


def test_a_dye_is_no_mechanism_and_a_name_no_content() -> None:
    """Nobody said what the channel shows, or how."""
    told = _channel(ChannelDescription(name="423", fluor="Leica/FITC"))
    assert (told["signal_contrast_mechanism"], told["channel_content"]) == (None, None)
    assert (told["name"], told["fluorophore"]) == ("423", "Leica/FITC")


def test_a_contrast_is_the_mechanism_and_a_target_the_content() -> None:
    """As people, or the header, said."""
    told = _channel(ChannelDescription(name="423", contrast="DIC", target="outline"))
    assert (told["signal_contrast_mechanism"], told["channel_content"]) == ("DIC", "outline")
