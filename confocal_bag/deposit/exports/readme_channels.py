"""What each channel shows, as the rows of a readme's table; channels that share an entry stand below it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from confocal_bag.deposit.description.channel_ids import expanded_lists
from confocal_bag.deposit.description.model import ChannelDescription
from confocal_bag.deposit.exports.plain_text import Prepared
from confocal_bag.deposit.exports.readme_words import colour_in_words, joined, listed, measured
from confocal_bag.deposit.exports.text_table import table
from confocal_bag.deposit.placeholders import says_something

__all__ = ["channel_table", "shows_colours", "unexplained_channels"]

_HEAD = ("Id", "Name", "Shows", "Probe or dye", "Excited", "Emitted", "Colour")


def channel_table(channels: Sequence[ChannelDescription]) -> Prepared | None:
    """Colour, dye, target and wavelengths of each channel; None where no channel is described."""
    rows = list(_rows(channels))
    return table(_HEAD, rows) if rows else None


def unexplained_channels(channels: Sequence[ChannelDescription]) -> str | None:
    """The sentence about the channels of which nobody says what they show; None where there are none.

    A probe or a contrast says it too ("Alexa 488 anti tubulin", DIC), and the entry of a range says it for its members.
    """
    lists = expanded_lists(one.id for one in channels)
    told = {name for one, names in zip(channels, lists, strict=True) if _is_explained(one) for name in names}
    unknown = [
        one.id or str(number)
        for number, one in enumerate(channels, start=1)
        if not _is_explained(one) and one.id not in told
    ]
    if not unknown:
        return None
    if len(unknown) == len(channels):
        return "What the channels show (their targets) is not recorded."
    plural = "s" if len(unknown) > 1 else ""
    shows = "show" if plural else "shows"
    return f"What channel{plural} {listed(unknown)} {shows} (the target) is not recorded."


def _is_explained(one: ChannelDescription) -> bool:
    return any(map(says_something, (one.target, one.probe, one.contrast)))


def shows_colours(channels: Sequence[ChannelDescription]) -> bool:
    """Whether the table has a column of colours."""
    return any(says_something(one.color) for one in channels)


def _rows(channels: Sequence[ChannelDescription]) -> Iterator[tuple[str | None, ...]]:
    lists = expanded_lists(one.id for one in channels)
    range_of = {name: index for index, names in enumerate(lists) if len(names) > 1 for name in names}
    members: dict[int, list[ChannelDescription]] = {}
    for one, names in zip(channels, lists, strict=True):
        if len(names) < 2 and one.id in range_of:
            members.setdefault(range_of[one.id], []).append(one)
    for index, (one, names) in enumerate(zip(channels, lists, strict=True)):
        if len(names) > 1:
            yield from _range(one, names, members.get(index, []))
        elif one.id not in range_of:
            yield _row(one, one.id or str(index + 1))


def _range(
    one: ChannelDescription, names: Sequence[str], members: Sequence[ChannelDescription]
) -> Iterator[tuple[str | None, ...]]:
    """The row that speaks of all, and one for each of which more than a name is known."""
    rows = [_row(member, member.id) for member in members]
    told = [row[1] for row in rows if row[1]]
    span, *rest = _row(one, f"{names[0]} to {names[-1]}")
    if _are_steps(told) and len(told) == len(names) and not any(any(row[2:]) for row in rows):
        yield span, f"{told[0]} to {told[-1]}", *rest[1:]
    else:
        yield span, *rest
        yield from rows


def _are_steps(names: Sequence[str]) -> bool:
    """Whether names are whole numbers with the same step between them, as those of a spectrum are."""
    if not all(name.isascii() and name.isdigit() and len(name) < 6 for name in names):
        return False
    return len({int(after) - int(before) for before, after in pairwise(names)}) == 1


def _row(one: ChannelDescription, name: str | None) -> tuple[str | None, ...]:
    dye = one.fluor if one.fluor and one.fluor.casefold() not in (one.probe or "").casefold() else None
    probe = joined(_known(one.probe), _known(dye), _known(one.contrast), between="; ")
    light = (measured(one.excitation_nm, "nm"), measured(one.emission_nm, "nm"))
    return name, _known(one.name), _known(one.target), probe, *light, colour_in_words(_known(one.color))


def _known(text: str | None) -> str | None:
    return text if says_something(text) else None
