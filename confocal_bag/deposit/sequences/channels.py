"""Find channels that only a word names: groups whose names are equal but for one word, at least one of them a stain."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from confocal_bag.deposit.sequences.groups import Axis, Group
from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry, spaced_words
from confocal_bag.deposit.sequences.tokens import Meaning
from confocal_bag.deposit.sequences.words import CHANNEL_LETTER_SETS, NOT_A_CHANNEL

__all__ = ["join_channels"]

_LEAST_AGREEMENT = 0.5
_LONGEST = 64


class _Place(NamedTuple):
    """Where a word stands in otherwise equal names: the folder, the number of words before it, and all other words."""

    folder: str
    at: int
    others: tuple[str, ...]


class _Signed(NamedTuple):
    """A group with the words its names share; words that differ inside the group are empty."""

    group: Group
    words: tuple[str, ...]
    spelt: tuple[str, ...]
    stains: frozenset[int]


_Families = Iterable[tuple[_Place, list[_Signed]]]


def join_channels(groups: list[Group]) -> list[Group]:
    """Join groups that are channels of one acquisition; the others come back as they are."""
    signed: dict[int, _Signed | None] = {}
    by_stain = _join(groups, _stain_families, signed)
    return _join(by_stain, _letter_families, signed)


def _join(
    groups: list[Group], families_of: Callable[[list[_Signed]], _Families], known: dict[int, _Signed | None]
) -> list[Group]:
    """Join groups; `known` are the signs of groups by their identity, new ones are added."""
    # Only groups of one folder are joined, so a group that has its folder to itself need not be looked at.
    crowd = Counter(group.entries[0].name.folder for group in groups)
    crowded = [group for group in groups if crowd[group.entries[0].name.folder] > 1]
    known.update((id(group), _sign(group)) for group in crowded if id(group) not in known)
    signed = [sign for group in crowded if (sign := known[id(group)]) is not None]
    joined: dict[int, Group] = {}
    taken: set[int] = set()
    for place, family in families_of(signed):
        best = max((s for s in family if id(s.group) not in taken), key=lambda s: len(s.group.entries), default=None)
        if best is None:
            continue
        members, labels, planes = [best], set(_labels(best, place.at)), _planes(best.group)
        for sign in family:
            own = set(_labels(sign, place.at))
            free = sign is not best and id(sign.group) not in taken and not own & labels
            if free and _same_planes(planes, _planes(sign.group)):
                members.append(sign)
                labels |= own
        if len(members) > 1:
            joined[id(best.group)] = _merge(members, place.at)
            taken.update(id(sign.group) for sign in members)
    kept = [group for group in groups if id(group) not in taken]
    return kept + list(joined.values())


def _sign(group: Group) -> _Signed | None:
    """The shared words of a group's names, None when they cannot be lined up or a marked channel varies."""
    channel = group.axes.get("C")
    if channel is not None and len(set(channel.values)) > 1 and group.confidence is not Confidence.STRUCTURE:
        return None
    if len(group.entries) == 1:
        return _sign_of_one(group)
    rows = [spaced_words(entry.stem) for entry in group.entries]
    if len({len(row) for row in rows}) != 1 or not 0 < len(rows[0]) <= _LONGEST:
        return None
    columns = [[word.casefold() for word in column] for column in zip(*rows, strict=True)]
    stained = [_stains(entry) for entry in group.entries]
    return _Signed(
        group,
        tuple(column[0] if len(set(column)) == 1 else "" for column in columns),
        tuple(rows[0]),
        frozenset(
            at
            for at, column in enumerate(columns)
            if (channel is not None or len(set(column)) == 1)
            and all(word in stains for word, stains in zip(column, stained, strict=True))
        ),
    )


def _sign_of_one(group: Group) -> _Signed | None:
    """The same for a group of one file: every word is shared."""
    (entry,) = group.entries
    spelt = tuple(spaced_words(entry.stem))
    if not 0 < len(spelt) <= _LONGEST:
        return None
    words = tuple(word.casefold() for word in spelt)
    stains = _stains(entry)
    return _Signed(group, words, spelt, frozenset(at for at, word in enumerate(words) if word in stains))


def _stains(entry: Entry) -> set[str]:
    return {token.text.casefold() for token in entry.tokens if token.meaning is Meaning.CHANNEL}


def _place(sign: _Signed, at: int) -> _Place:
    return _Place(sign.group.entries[0].name.folder, at, (*sign.words[:at], "", *sign.words[at + 1 :]))


def _stain_families(signed: list[_Signed]) -> _Families:
    """Groups that differ in one word where at least one of them names a stain."""
    families: dict[_Place, list[_Signed]] = {_place(sign, at): [] for sign in signed for at in sign.stains}
    if not families:
        return []
    # Most words stand where no stain does: that is sooner seen than the words around them.
    where = {(place.at, len(place.others)) for place in families}
    for sign in signed:
        for at, word in enumerate(sign.words):
            may_be = at in sign.stains or (word and word not in NOT_A_CHANNEL and not word.isdigit())
            if may_be and (at, len(sign.words)) in where and (place := _place(sign, at)) in families:
                families[place].append(sign)
    return families.items()


def _letter_families(signed: list[_Signed]) -> _Families:
    """Groups that differ in a single letter, when the letters are a set of channels and every plane is there."""
    families: dict[_Place, list[_Signed]] = {}
    for sign in signed:
        for at, word in enumerate(sign.words):
            if len(word) == 1 and word in "rgbdfcy":
                families.setdefault(_place(sign, at), []).append(sign)
    complete = []
    for place, family in families.items():
        letters = {sign.words[place.at] for sign in family}
        planes = {frozenset(_planes(sign.group)) for sign in family}
        if len(planes) == 1 < len(letters) and any(letters <= known for known in CHANNEL_LETTER_SETS):
            complete.append((place, family))
    return complete


def _planes(group: Group) -> set[tuple[object, ...]]:
    """Where the files of a group stand, channels apart."""
    names = [name for name in group.varying if name != "C"]
    columns = [[(name, value) for value in group.axes[name].values] for name in names]
    return set(zip(*columns, strict=True)) if columns else {()}


def _same_planes(one: set[tuple[object, ...]], other: set[tuple[object, ...]]) -> bool:
    return len(one & other) >= _LEAST_AGREEMENT * max(len(one), len(other)) > 0


def _merge(family: list[_Signed], at: int) -> Group:
    """One group with the differing word as channel."""
    family = sorted(family, key=lambda sign: sign.words)
    groups = [sign.group for sign in family]
    names = set.intersection(*(set(group.axes) for group in groups)) - {"C"}
    axes = {
        name: Axis(
            [word for group in groups for word in group.axes[name].words],
            [text for group in groups for text in group.axes[name].texts],
            groups[0].axes[name].ambiguous,
        )
        for name in sorted(names)
    }
    labels = [label for sign in family for label in _labels(sign, at)]
    axes["C"] = Axis([label.casefold() for label in labels], labels)
    entries = [entry for group in groups for entry in group.entries]
    guess = any(group.confidence is Confidence.GUESS for group in groups)
    return Group(entries, axes, Confidence.GUESS if guess else Confidence.STRUCTURE)


def _labels(sign: _Signed, at: int) -> list[str]:
    """The channel of each file: the word in question, or the axis that stains already gave the group."""
    if at in sign.stains and not sign.words[at]:
        return list(sign.group.axes["C"].texts)
    return [sign.spelt[at]] * len(sign.group.entries)
