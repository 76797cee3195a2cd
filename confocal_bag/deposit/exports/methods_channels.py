"""The sentences of a Methods paragraph about the channels: excitation, emission, detectors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.method_model import ChannelMethod, MethodFacts
from confocal_bag.deposit.exports.sentence_words import amount, article, in_brackets, listed, pinhole_size, word

__all__ = ["MOST_CHANNELS", "channel_sentences"]

#: Types of detectors that are words and no names, as PMT and HyD are.
_PLAIN_WORDS = frozenset({"camera", "photodiode", "detector"})
#: The names of contrasts that are no fluorescence, by the light that makes them.
_LIGHT = {
    "the transmitted light": r"\b(?:dic|nomarski|differential interference(?: contrast)?|bright[- ]?field|trans"
    r"(?:mitted|mission)?(?: light)?|t[- ]?pmt|phase(?:[- ]contrast)?|dark[- ]?field|polari[sz]\w*)\b",
    "the reflected light": r"\breflect\w*",
}
#: So many channels have a sentence each.
MOST_CHANNELS = 8


def channel_sentences(facts: MethodFacts) -> Iterator[str]:
    """A sentence for each channel; of many, one for all where they differ in their bands only, else a count."""
    differ = len({(one.pinhole_au, one.pinhole_um) for one in facts.channels}) > 1
    pinhole = differ and facts.pinhole_au is None and facts.pinhole_um is None
    spectral = _spectrum(facts.channels)
    if spectral is not None:
        clauses = _clauses(spectral, pinhole=False)
        if clauses:
            yield f"For each of the {len(facts.channels)} channels, {listed(clauses)}."
        return
    told = [
        f"For {_channel_name(one, number)}, {listed(clauses)}."
        for number, one in enumerate(facts.channels, start=1)
        if (clauses := _clauses(one, pinhole=pinhole))
    ]
    yield from told[:MOST_CHANNELS]
    more = len(told) - MOST_CHANNELS
    if more > 0:
        yield f"The settings of {more} more {'channel' if more == 1 else 'channels'} are in the OME-XML."


def _spectrum(channels: Sequence[ChannelMethod]) -> ChannelMethod | None:
    """What many channels share that differ in their bands only, with one band from the first to the last."""
    if len(channels) <= MOST_CHANNELS or not all(one.bands for one in channels):
        return None
    edges = [edge for one in channels for band in one.bands for edge in band]
    band = ((min(edges), max(edges)),)
    alike = {
        replace(one, name=None, target=None, label=None, emission_nm=None, excitation_nm=None, bands=band)
        for one in channels
    }
    return alike.pop() if len(alike) == 1 else None


def _clauses(one: ChannelMethod, *, pinhole: bool) -> list[str]:
    """What is known of a channel: its excitation, the power where no laser is named, its emission, its pinhole."""
    lines = [f"{prose_number(line)} nm{in_brackets(amount(power, '% laser power'))}" for line, power in one.lines]
    excited = listed(lines) or (f"{prose_number(one.excitation_nm)} nm" if one.excitation_nm is not None else "")
    powers = listed([f"{prose_number(power)} %" for power in one.powers])
    bands = listed([f"{prose_number(low)} to {prose_number(high)} nm" for low, high in one.bands])
    seen = f"at {bands}" if bands else None
    if not seen and one.emission_nm is not None and _light(one) is None:
        seen = f"around {prose_number(one.emission_nm)} nm"
    detected = " ".join(part for part in (seen, _detector(one)) if part)
    size = pinhole_size(one.pinhole_au, one.pinhole_um) if pinhole else None
    light = _light(one)
    lit, light_seen = ("the excitation was", "the emission") if light is None else ("the illumination was", light)
    clauses = [
        f"{lit} at {excited}" if excited else None,
        f"the laser power was {powers}" if powers else None,
        f"{light_seen} was detected {detected}" if detected else None,
        f"the pinhole was set to {size}" if size else None,
    ]
    return [clause for clause in clauses if clause]


def _light(one: ChannelMethod) -> str | None:
    """The light that reached the detector where it was not emitted by the sample; None for fluorescence.

    Told from the contrast, else from a name or a dye that is nothing but the name of such a contrast.
    """
    for kind, words in _LIGHT.items():
        if re.search(words, one.contrast or "", re.I):
            return kind
    if one.contrast:
        return None
    for kind, words in _LIGHT.items():
        if any(re.fullmatch(rf"(?:{words})\W*(?:image|channel|light|pmt)?", text or "", re.I)
               for text in (one.label, one.name)):  # fmt: skip
            return kind
    return None


def _detector(one: ChannelMethod) -> str | None:
    kind, name, gain = map(word, (one.detector_type, one.detector, one.gain))
    kind = kind.lower() if kind and kind.casefold() in _PLAIN_WORDS else kind
    strength = f"gain {gain}" if gain else None
    if kind:
        known = any(name in kind.casefold() for name in ("detector", "camera"))
        return f"with {article(kind if known else f'{kind} detector')}{in_brackets(strength)}"
    if name:
        return f"with the detector {name}{in_brackets(strength)}"
    return f"with a gain of {gain}" if gain else None


def _channel_name(one: ChannelMethod, number: int) -> str:
    return f"channel {word(one.name) or number}"
