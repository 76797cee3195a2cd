"""The settings of the channels of an acquisition as lines of a readme; a whole spectrum is one line."""

from collections.abc import Sequence
from itertools import pairwise

from confocal_bag.deposit.description.model import AcquisitionChannel, Description
from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.readme_words import joined, listed, measured

__all__ = ["airy_in_words", "bands_in_words", "channel_settings"]

#: So many channels of a spectrum are put together, where their steps differ by no more than this part.
_FEWEST_OF_SPECTRUM = 5
_NEARLY = 0.1


def channel_settings(settings: Sequence[AcquisitionChannel], said: Description) -> list[str]:
    """A line for each channel; one for all those of a spectrum, which differ in nothing but evenly spaced bands."""
    spectrum = _spectrum(settings)
    if spectrum is None:
        return [text for setting in settings if (text := _setting(setting, said))]
    first, last = settings[0], settings[-1]
    plain = first.model_copy(update={"channel": f"{first.channel} to {last.channel}", "emission_band_nm": ()})
    shared = _setting(plain, said)
    return [f"{shared}, {spectrum}" if shared else f"{plain.channel}: {spectrum}"]


def _spectrum(settings: Sequence[AcquisitionChannel]) -> str | None:
    """The bands of many channels in words, where each has one and these are the same width apart."""
    bands = [one.emission_band_nm for one in settings]
    alike = {one.model_copy(update={"channel": None, "emission_band_nm": ()}).model_dump_json() for one in settings}
    if len(settings) < _FEWEST_OF_SPECTRUM or len(alike) > 1 or any(len(band) != 2 for band in bands):
        return None
    steps = [after[0] - before[0] for before, after in pairwise(bands)]
    if max(steps) - min(steps) > _NEARLY * abs(steps[0]) or not steps[0]:
        return None
    edges = [edge for band in bands for edge in band]
    low, high, step = (prose_number(value) for value in (min(edges), max(edges), abs(sum(steps) / len(steps))))
    return f"detected in {len(bands)} bands from {low} to {high} nm, {step} nm apart"


def _setting(setting: AcquisitionChannel, said: Description) -> str | None:
    named = next((one.name for one in said.channels if one.id == setting.channel and one.name), None)
    power = listed([f"{prose_number(one)} %" for one in setting.laser_power_percent])
    own = prose_number(setting.gain) if isinstance(setting.gain, float) else setting.gain
    volts = measured(setting.gain_v, "V")
    gain = f"{volts} ({own} in the instrument's own unit)" if volts and own else volts or own
    parts = joined(
        joined(f"laser {listed(list(setting.laser))}" if setting.laser else None, power and f"at {power}", between=" "),
        f"detector {setting.detector}" if setting.detector else None,
        f"gain {gain}" if gain else None,
        f"detected {bands_in_words(setting.emission_band_nm)}" if setting.emission_band_nm else None,
        f"pinhole {size}"
        if (size := joined(airy_in_words(setting.pinhole_au), measured(setting.pinhole_um, "µm")))
        else None,
    )
    title = joined(setting.channel, f"({named})" if named else None, between=" ")
    return f"{title or 'channel'}: {parts}" if parts else None


def bands_in_words(band: Sequence[float]) -> str | None:
    """One band or several, each with its two ends."""
    edges = list(map(prose_number, band))
    if len(edges) % 2:
        return f"{', '.join(edges)} nm"
    return listed([f"{low} to {high} nm" for low, high in zip(edges[::2], edges[1::2], strict=True)])


def airy_in_words(size: float | None) -> str | None:
    """A pinhole in Airy units."""
    return measured(size, "Airy unit" if size == 1 else "Airy units")
