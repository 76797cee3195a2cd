"""What each channel shows, as a readme says it: each on its own, or many that share an entry together."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from confocal_bag.deposit.description.channel_ids import expanded_lists
from confocal_bag.deposit.description.model import ChannelDescription
from confocal_bag.deposit.exports.dimensions import short_number

__all__ = ["channel_texts"]


def channel_texts(channels: Sequence[ChannelDescription]) -> Iterator[Mapping[str, Any]]:
    """A title and lines for each entry; channels that the entry of a range speaks of are listed below it."""
    lists = expanded_lists(one.id for one in channels)
    range_of = {name: index for index, names in enumerate(lists) if len(names) > 1 for name in names}
    members: dict[int, list[ChannelDescription]] = {}
    for one, names in zip(channels, lists, strict=True):
        if len(names) < 2 and one.id in range_of:
            members.setdefault(range_of[one.id], []).append(one)
    for index, (one, names) in enumerate(zip(channels, lists, strict=True)):
        if len(names) > 1:
            yield _range(one, names, members.get(index, []))
        elif one.id not in range_of:
            title = ": ".join(filter(None, (f"Channel {one.id or index + 1}", one.name)))
            yield {"name": title, "pairs": _pairs(one)}


def _pairs(one: ChannelDescription) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = [
        ("Shows", one.target),
        ("Probe", one.probe or one.contrast),
        ("Fluorophore", one.fluor),
        ("Excitation", _nm(one.excitation_nm)),
        ("Emission", _nm(one.emission_nm)),
    ]
    return [*pairs, *([("Display colour", one.color)] if one.color else [])]


def _range(general: ChannelDescription, ids: Sequence[str], members: Sequence[ChannelDescription]) -> Mapping[str, Any]:
    """One entry for all, with a line for each channel of which more is said."""
    title = ": ".join(filter(None, (f"Channels {ids[0]} to {ids[-1]} ({len(ids)} channels)", general.name)))
    pairs = [(label, value) for label, value in _pairs(general) if value or not _all_say(label, members)]
    return {"name": title, "pairs": [*pairs, ("Each of them", [_line(one) for one in members])] if members else pairs}


def _all_say(label: str, members: Sequence[ChannelDescription]) -> bool:
    return bool(members) and all(dict(_pairs(one))[label] for one in members)


def _line(one: ChannelDescription) -> str:
    told = {
        "": one.name,
        "shows ": one.target,
        "probe ": one.probe or one.contrast,
        "fluorophore ": one.fluor,
        "excited at ": _nm(one.excitation_nm),
        "detected at ": _nm(one.emission_nm),
        "display colour ": one.color,
    }
    return f"{one.id}: {', '.join(f'{lead}{value}' for lead, value in told.items() if value)}"


def _nm(wavelength: float | None) -> str | None:
    return f"{short_number(wavelength)} nm" if wavelength is not None else None
