"""Acquisitions that were done alike, put together: what they share is said once, then what is of each alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from confocal_bag.deposit.exports.method_model import MethodFacts
from confocal_bag.deposit.exports.methods import NOTHING, method_sections

__all__ = ["MethodGroup", "group_methods"]

#: So many sections of a paragraph may differ between acquisitions that share one, and no more than they share.
_MOST_APART = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodGroup:
    """One Methods paragraph: the acquisitions it is about, what is said of all, and what of some of them alone."""

    members: tuple[MethodFacts, ...]
    text: str
    apart: tuple[tuple[tuple[MethodFacts, ...], str], ...] = ()


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """Acquisitions with their sections, and the sections that all of them share."""

    members: list[tuple[MethodFacts, tuple[str, ...]]] = field(default_factory=list)
    shared: tuple[str, ...] = ()


def group_methods(found: Iterable[MethodFacts]) -> list[MethodGroup]:
    """The paragraphs, in the order of the first acquisition of each. Only whole sections are moved, none is changed."""
    groups: list[_Gathered] = []
    for facts in found:
        sections = method_sections(facts)
        group = next((one for one in groups if _fits(one, facts, sections)), None)
        if group is None:
            groups.append(_Gathered(members=[(facts, sections)], shared=sections))
        else:
            group.members.append((facts, sections))
            group.shared = _common(group.shared, sections)
    return [_finished(one) for one in groups]


def _common(shared: Sequence[str], sections: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in shared if one in sections)


def _fits(group: _Gathered, facts: MethodFacts, sections: Sequence[str]) -> bool:
    """Whether an acquisition says nearly the same; those that nobody described stay apart from those with names."""
    if (group.members[0][0].name is None) != (facts.name is None):
        return False
    shared = _common(group.shared, sections)
    most = max(len(one) - len(shared) for one in (*(known for _, known in group.members), sections))
    return most <= min(len(shared), _MOST_APART)


def _finished(group: _Gathered) -> MethodGroup:
    own: dict[str, list[MethodFacts]] = {}
    for facts, sections in group.members:
        own.setdefault(" ".join(one for one in sections if one not in group.shared), []).append(facts)
    apart = [(tuple(members), text) for text, members in own.items() if text]
    return MethodGroup(
        members=tuple(facts for facts, _ in group.members),
        text=" ".join(group.shared) or NOTHING,
        apart=tuple(apart),
    )
