"""Put the files of a deposit into groups: similar names, divided by what their parts mean, joined by channel words."""

from collections import Counter
from collections.abc import Iterable

from confocal_bag.deposit.sequences.channels import join_channels
from confocal_bag.deposit.sequences.filenames import FileName, Kind
from confocal_bag.deposit.sequences.groups import Group, Value
from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry, read_names, spaced_words
from confocal_bag.deposit.sequences.roles import divide
from confocal_bag.deposit.sequences.stems import shared_stem

__all__ = ["coordinates_of", "group_names"]

#: Two formats are two sequences when they share at least this part of their planes.
_LEAST_REPEATED = 0.5
#: With more extensions than this they are part of the names and not formats.
_MOST_FORMATS = 16


def group_names(names: Iterable[FileName]) -> tuple[list[Group], list[Entry]]:
    """Return the groups that are sequences, and the entries that belong to none."""
    buckets: dict[tuple[object, ...], list[Entry]] = {}
    for entry in read_names(name for name in names if name.kind not in (Kind.SIDECAR, Kind.JUNK)):
        buckets.setdefault(entry.key, []).append(entry)
    divided = [part for bucket in buckets.values() for group in divide(bucket) for part in _by_format(group)]
    sequences, alone = [], []
    for group in _without_parents(join_channels(divided)):
        if _is_sequence(group):
            sequences.append(group)
        else:
            alone.extend(group.entries)
    return sequences, alone


def _without_parents(groups: list[Group]) -> list[Group]:
    """Take files out of guessed groups that are named like a whole other sequence (11414-3 beside 11414-3-1, -2)."""
    parents = {_parent(group) for group in groups if group.varying}
    crowd = Counter(group.entries[0].name.folder for group in groups)
    kept = []
    for group in groups:
        if group.confidence is not Confidence.GUESS or crowd[group.entries[0].name.folder] == 1:
            kept.append(group)
            continue
        lonely = [row for row, entry in enumerate(group.entries) if _own(entry) in parents]
        others = [row for row in range(len(group.entries)) if row not in set(lonely)]
        kept.extend(group.part(rows) for rows in ([others] if others else []) + [[row] for row in lonely])
    return kept


def _parent(group: Group) -> tuple[str, tuple[str, ...]]:
    words = [word.casefold() for word in spaced_words(shared_stem(group))]
    return group.entries[0].name.folder, tuple(words)


def _own(entry: Entry) -> tuple[str, tuple[str, ...]]:
    return entry.name.folder, tuple(word.casefold() for word in spaced_words(entry.stem))


def coordinates_of(group: Group) -> list[tuple[Value, ...]]:
    """Where each entry stands on the group's axes, in the order of `group.axes`."""
    return list(zip(*(axis.values for axis in group.axes.values()), strict=True)) or [()] * len(group.entries)


def _names_plane(group: Group) -> bool:
    """Whether the file name itself, not its folder, says which plane, time point or channel it is."""
    named = {axis for axis, word in group.entries[0].pattern if word}
    return any(axis in named and axis in group.axes for axis in ("Z", "T", "C"))


def _is_sequence(group: Group) -> bool:
    kinds = {entry.name.kind for entry in group.entries}
    unknown = kinds == {Kind.UNKNOWN} and any(entry.name.extension for entry in group.entries)
    if unknown and not [axis for axis in group.varying if not axis.startswith("N")]:
        return False
    if group.varying:
        return True
    lone = len(group.entries) == 1
    return _names_plane(group) and (not lone or kinds == {Kind.IMAGE})


def _by_format(group: Group) -> list[Group]:
    """Split a group that holds the same planes in several formats; formats that share the planes stay together."""
    rows: dict[str, list[int]] = {}
    for row, entry in enumerate(group.entries):
        rows.setdefault(entry.name.extension.lower(), []).append(row)
    if not 1 < len(rows) <= _MOST_FORMATS:
        return [group]
    places = coordinates_of(group)
    parts: list[tuple[list[int], set[tuple[Value, ...]]]] = []
    for _, members in sorted(rows.items(), key=lambda item: (-len(item[1]), item[0])):
        own = {places[row] for row in members}
        kind = group.entries[members[0]].name.kind
        alike = (part for part in parts if group.entries[part[0][0]].name.kind is kind)
        home = next((part for part in alike if not _repeats(own, part[1])), None)
        if home is None:
            parts.append((members, own))
        else:
            home[0].extend(members)
            home[1].update(own)
    return [group] if len(parts) == 1 else [group.part(sorted(members)) for members, _ in parts]


def _repeats(own: set[tuple[Value, ...]], other: set[tuple[Value, ...]]) -> bool:
    """Whether most planes of each of two formats are there in the other one too."""
    return len(own & other) >= _LEAST_REPEATED * max(len(own), len(other))
