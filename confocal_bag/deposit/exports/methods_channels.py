"""The sentences of a Methods paragraph about the channels: excitation, emission, detectors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.method_model import ChannelMethod, MethodFacts
from confocal_bag.deposit.exports.sentence_words import amount, article, in_brackets, listed, pinhole_size, word
from confocal_bag.image.acquisition.transmitted import is_transmitted, names_transmitted_light

__all__ = ["MOST_CHANNELS", "channel_sentences", "shared_pinhole"]

#: Types of detectors that are words and no names, as PMT and HyD are.
_PLAIN_WORDS = frozenset({"camera", "photodiode", "detector"})
#: Contrasts that are no fluorescence: of transmitted light, beyond what vendors write, and of reflected light.
_TRANSMITTED = re.compile(r"\b(?:nomarski|differential interference|phase|dark[- ]?field|polari[sz]\w*)\b", re.I)
_REFLECTED = re.compile(r"\breflect\w*", re.I)
#: So far apart, in nm, may bands lie that are as wide as each other and side by side, for headers are rounded.
_EVEN_NM = 0.2
#: So many channels have a sentence each.
MOST_CHANNELS = 8


def channel_sentences(facts: MethodFacts) -> Iterator[str]:
    """A sentence for each channel; of many, one for all where they differ in their bands only, else a count."""
    au, um = shared_pinhole(facts)
    own = [
        replace(one, pinhole_au=one.pinhole_au if au is None else None,
                pinhole_um=one.pinhole_um if um is None else None)
        for one in facts.channels
    ]  # fmt: skip
    spectral = _spectrum(own)
    if spectral is not None:
        yield f"For the {len(own)} channels, {listed(_clauses(spectral, seen=_side_by_side(own)))}."
        return
    told = [
        f"For {_channel_name(one, number)}, {listed(clauses)}."
        for number, one in enumerate(own, start=1)
        if (clauses := _clauses(one))
    ]
    yield from told[:MOST_CHANNELS]
    more = len(told) - MOST_CHANNELS
    if more > 0:
        yield f"The settings of {more} more {'channel' if more == 1 else 'channels'} are in the OME-XML."


def shared_pinhole(facts: MethodFacts) -> tuple[float | None, float | None]:
    """The pinhole of all channels in Airy units and in micrometres; None where they differ or none is recorded."""
    au, um = ({getattr(one, name) for one in facts.channels} for name in ("pinhole_au", "pinhole_um"))
    return (
        facts.pinhole_au or (next(iter(au)) if len(au) == 1 else None),
        facts.pinhole_um or (next(iter(um)) if len(um) == 1 else None),
    )


def _side_by_side(channels: Sequence[ChannelMethod]) -> str:
    """The bands of a spectrum in words: their number, their width where it is one, and where they begin and end."""
    bands = sorted({band for one in channels for band in one.bands})
    first, last = prose_number(min(low for low, _ in bands)), prose_number(max(high for _, high in bands))
    if len(bands) == 1:
        return f"at {first} to {last} nm"
    widths = [high - low for low, high in bands]
    gaps = [after[0] - before[1] for before, after in pairwise(bands)]
    joined = max(map(abs, gaps)) <= _EVEN_NM
    even = joined and max(widths) - min(widths) <= _EVEN_NM
    width = f" of {prose_number(round(sum(widths) / len(widths), 1))} nm" if even else ""
    place = f"from {first} to {last} nm" if joined else f"between {first} and {last} nm"
    return f"in {len(bands)} bands{width} {place}"


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


def _clauses(one: ChannelMethod, *, seen: str | None = None) -> list[str]:
    """What is known of a channel: its excitation, the power where no laser is named, its emission, its pinhole.

    `seen` says where the light was detected, in place of its own bands.
    """
    lines = [f"{prose_number(line)} nm{in_brackets(amount(power, '% laser power'))}" for line, power in one.lines]
    powers = listed([f"{prose_number(power)} %" for power in one.powers])
    bands = _bands(one.bands)
    seen = seen or (f"at {bands}" if bands else None)
    if not seen and one.emission_nm is not None and _light(one) is None:
        seen = f"around {prose_number(one.emission_nm)} nm"
    detected = " ".join(part for part in (seen, _detector(one)) if part)
    size = pinhole_size(one.pinhole_au, one.pinhole_um)
    light_seen = _light(one) or "the emission"
    clauses = [
        _lit(one, listed(lines)),
        f"the laser power was {powers}" if powers else None,
        f"{light_seen} was detected {detected}" if detected else None,
        f"the pinhole was set to {size}" if size else None,
    ]
    return [clause for clause in clauses if clause]


def _bands(bands: Sequence[tuple[float, float]]) -> str:
    return listed([f"{prose_number(low)} to {prose_number(high)} nm" for low, high in bands])


def _lit(one: ChannelMethod, lines: str) -> str | None:
    """The light that was sent: laser lines, else that of a lamp; of a dye alone what excites it, which is no light."""
    lit = "the excitation was" if _light(one) is None else "the illumination was"
    if lines:
        return f"{lit} at {lines}"
    if one.illumination:
        return f"{lit} with light of {_bands(one.illumination)}"
    if one.excitation_nm is None:
        return None
    excitation = f"{prose_number(one.excitation_nm)} nm"
    return f"the dye is excited at {excitation}" if one.excitation_of_dye else f"{lit} at {excitation}"


def _light(one: ChannelMethod) -> str | None:
    """The light that reached the detector where it was not emitted by the sample; None for fluorescence.

    Told from the contrast, else from a name or a dye that is nothing but the name of such light.
    """
    transmitted, reflected = "the transmitted light", "the reflected light"
    if one.contrast:
        if is_transmitted(one.contrast) or _TRANSMITTED.search(one.contrast):
            return transmitted
        return reflected if _REFLECTED.search(one.contrast) else None
    names = (one.label, one.name)
    if any(map(names_transmitted_light, names)):
        return transmitted
    alone = rf"(?:{_REFLECTED.pattern})\W*(?:image|channel|light|pmt)?"
    return reflected if any(re.fullmatch(alone, name or "", re.I) for name in names) else None


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
