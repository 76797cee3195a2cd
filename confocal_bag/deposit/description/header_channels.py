"""What image headers say of channels: what they show, what lit them, and how they were detected."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confocal_bag.deposit.description.facts import Facts, facts_of, is_positive, rounded, safe_text
from confocal_bag.image.record import ChannelRecord, InstrumentRecord

__all__ = ["HeaderDetector", "HeaderLaser", "channel_facts", "detector_of", "lasers_of", "settings_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderLaser:
    """One laser line of an instrument, and what the header calls the laser."""

    wavelength_nm: float
    type: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderDetector:
    """One kind of detector of an instrument."""

    model: str | None = None
    type: str | None = None
    manufacturer: str | None = None


def lasers_of(channels: Iterable[ChannelRecord], instrument: InstrumentRecord) -> Iterator[HeaderLaser]:
    """The laser lines that lit any channel, by wavelength."""
    named = {rounded(laser.wavelength_nm): laser for laser in instrument.lasers if is_positive(laser.wavelength_nm)}
    lines = {rounded(line) for channel in channels for line in channel.laser_lines_nm if is_positive(line)}
    for line in sorted(lines | set(named)):
        known = named.get(line)
        yield HeaderLaser(
            wavelength_nm=line,
            type=safe_text(known.type) if known else None,
            model=safe_text(known.model) if known else None,
        )


def detector_of(channel: ChannelRecord) -> HeaderDetector | None:
    """The detector of a channel; None where nothing is known of it."""
    said = HeaderDetector(
        model=safe_text(channel.detector),
        type=safe_text(channel.detector_type),
        manufacturer=safe_text(channel.detector_manufacturer),
    )
    return None if said == HeaderDetector() else said


def channel_facts(channel: ChannelRecord) -> Facts:
    """What a channel shows."""
    return facts_of(
        {
            "name": channel.name,
            "fluor": channel.fluor,
            "excitation_nm": channel.excitation_nm,
            "emission_nm": channel.emission_nm,
            "color": channel.color,
            "contrast": channel.contrast,
        }
    )


def settings_facts(channel: ChannelRecord, instrument: InstrumentRecord, *, pinhole: bool) -> Facts:
    """The settings of one channel, its pinhole only where the channels of the image differ in it."""
    lines = tuple(rounded(line) for line in channel.laser_lines_nm if is_positive(line))
    powers = _powers(channel, instrument)
    bands = channel.emission_bands_nm
    return {
        **facts_of(
            {
                **_gain(channel),
                "emission_band_nm": tuple(edge for band in bands for edge in band) or None,
                "pinhole_um": channel.pinhole_um if pinhole else None,
                "pinhole_au": channel.pinhole_au if pinhole else None,
            }
        ),
        **({"laser": lines} if lines else {}),
        **({"laser_power_percent": powers} if powers else {}),
    }


def _powers(channel: ChannelRecord, instrument: InstrumentRecord) -> tuple[float, ...]:
    """The power of each line; nothing where that of any is not recorded.

    Where the header gives the channel none of its own, that of the image counts, which all lit by a line share.
    """
    lines = [rounded(line) for line in channel.laser_lines_nm if is_positive(line)]
    known = {rounded(laser.wavelength_nm): laser.power_percent for laser in instrument.lasers}
    if channel.laser_powers_percent:
        own = zip(channel.laser_lines_nm, channel.laser_powers_percent, strict=False)
        known = {rounded(line): power for line, power in own}
    powers = [known.get(line) for line in lines]
    return tuple(rounded(power) for power in powers if power is not None) if None not in powers else ()


def _gain(channel: ChannelRecord) -> dict[str, str | float | None]:
    """The gain in volts and in the instrument's own unit, once where both are the same number."""
    written = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(V?)\s*", channel.gain or "")
    if written is None:
        return {"gain_v": channel.voltage_v, "gain": channel.gain}
    number = float(written[1])
    if written[2] or number == channel.voltage_v:
        return {"gain_v": channel.voltage_v or number}
    return {"gain_v": channel.voltage_v, "gain": number}
