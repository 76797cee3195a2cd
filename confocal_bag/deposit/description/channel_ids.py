"""Entries that speak of many channels at once: the id c0..c27 stands for c0, c1 and so on to c27."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from confocal_bag.deposit.description.microscope import AcquisitionChannel
from confocal_bag.deposit.description.sample import ChannelDescription
from confocal_bag.deposit.description.values import Part

__all__ = ["channel_range", "channel_slots", "described_channels", "expanded_ids", "expanded_lists", "settings_of"]

_MOST_CHANNELS = 4096
_MOST_TOGETHER = 20_000


@lru_cache(maxsize=4096)
def expanded_ids(identifier: str | None) -> tuple[str, ...]:
    """The ids that an id stands for: itself alone unless it is a range such as c0..c27; none for None."""
    if identifier is None:
        return ()
    found = re.fullmatch(r"(.*?)(\d{1,6})\s*\.\.\s*(.*?)(\d{1,6})", identifier)
    if found is None or found[3] not in ("", found[1]):
        return (identifier,)
    first, last = int(found[2]), int(found[4])
    if not first < last < first + _MOST_CHANNELS:
        return (identifier,)
    return tuple(f"{found[1]}{number}" for number in range(first, last + 1))


def channel_range(identifiers: Sequence[str]) -> str | None:
    """The range that stands for these ids in this order; None where they do not follow on each other."""
    if len(identifiers) < 2:
        return None
    written = f"{identifiers[0]}..{identifiers[-1]}"
    return written if expanded_ids(written) == tuple(identifiers) else None


def expanded_lists(identifiers: Iterable[str | None]) -> list[tuple[str, ...]]:
    """What each of many ids stands for; beyond 20,000 channels together, a range is an id like any other."""
    lists: list[tuple[str, ...]] = []
    left = _MOST_TOGETHER
    for identifier in identifiers:
        names = expanded_ids(identifier)
        if len(names) > 1:
            left -= len(names)
        lists.append(names if left >= 0 or len(names) < 2 else (identifier or "",))
    return lists


def described_channels(channels: Sequence[ChannelDescription]) -> dict[str, ChannelDescription]:
    """Every channel by its own id: what its own entry says, and for the rest what the entry of a range says."""
    lists = expanded_lists(entry.id for entry in channels)
    found: dict[str, ChannelDescription] = {}
    for entry, names in zip(channels, lists, strict=True):
        if names == (entry.id,):
            found.setdefault(names[0], entry)
    for entry, names in zip(channels, lists, strict=True):
        for identifier in names if len(names) > 1 else ():
            own = found.get(identifier, ChannelDescription(id=identifier))
            found[identifier] = own.model_copy(update=_missing(own, entry))
    return found


def channel_slots(listed: Sequence[str | None]) -> list[tuple[str | None, tuple[int, ...]]]:
    """For each channel that a list of entries names: its id, and which entries speak of it, its own before ranges.

    Channels stand in the order in which they are first named.
    """
    slots: list[tuple[str | None, int | None]] = []
    known: set[str | None] = set()
    waiting: dict[str, int] = {}
    of_ranges: dict[str | None, list[int]] = {}
    for index, (name, names) in enumerate(zip(listed, expanded_lists(listed), strict=True)):
        if len(names) > 1:
            for one in names:
                of_ranges.setdefault(one, []).append(index)
                if one not in known:
                    waiting[one] = len(slots)
                    slots.append((one, None))
            known.update(names)
        elif name in waiting:
            slots[waiting.pop(name)] = (name, index)
        else:
            slots.append((name, index))
            known.add(name)
    return [(name, (*(() if own is None else (own,)), *of_ranges.get(name, ()))) for name, own in slots]


def settings_of(channels: Sequence[AcquisitionChannel]) -> tuple[AcquisitionChannel, ...]:
    """The settings of every channel that an acquisition lists, in the order in which they are first named."""
    settings: list[AcquisitionChannel] = []
    for name, places in channel_slots([entry.channel for entry in channels]):
        one = channels[places[0]]
        for place in places[1:]:
            one = one.model_copy(update=_missing(one, channels[place]))
        settings.append(one if one.channel == name else one.model_copy(update={"channel": name}))
    return tuple(settings)


def _missing(own: Part, general: Part) -> dict[str, object]:
    """What the general entry says and the own entry does not."""
    return {name: getattr(general, name) for name in type(own).model_fields if getattr(own, name) in (None, ())}
