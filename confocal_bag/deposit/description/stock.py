"""The entries of a description, and what headers say of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from confocal_bag.deposit.description.facts import Fact, Facts
from confocal_bag.deposit.description.header_channels import HeaderDetector, HeaderLaser

__all__ = ["Entry", "Evidence", "Plan", "Stock", "agreed", "common", "same_fact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An instrument, channel or acquisition, with what is said of it so far."""

    id: str
    facts: Facts
    instrument: str | None = None
    channels: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Stock:
    """The entries of a description by id, in their order."""

    instruments: dict[str, Entry] = field(default_factory=dict)
    channels: dict[str, Entry] = field(default_factory=dict)
    acquisitions: dict[str, Entry] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Evidence:
    """What headers say of one entry, each with the file that says so; `example` is a file of a channel of its own."""

    facts: list[tuple[Facts, str]] = field(default_factory=list)
    lasers: dict[float, tuple[HeaderLaser, str]] = field(default_factory=dict)
    detectors: dict[HeaderDetector, str] = field(default_factory=dict)
    settings: dict[int, list[tuple[Facts, str]]] = field(default_factory=dict)
    channel_detectors: dict[int, list[tuple[HeaderDetector | None, str]]] = field(default_factory=dict)
    example: str | None = None


@dataclass(slots=True, kw_only=True)
class Plan:
    """New entries, what headers say of old and new ones, and for each file the acquisition of each of its images."""

    new: Stock = field(default_factory=Stock)
    instruments: dict[str, Evidence] = field(default_factory=dict)
    channels: dict[str, Evidence] = field(default_factory=dict)
    acquisitions: dict[str, Evidence] = field(default_factory=dict)
    files: dict[str, dict[int, str]] = field(default_factory=dict)
    by_name: set[str] = field(default_factory=set)

    def acquisitions_of(self, path: str) -> tuple[str, ...]:
        """The ids that an entry for a file names: one if all its images were taken alike, else one for each."""
        of_images = self.files.get(path, {})
        named = tuple(of_images[position] for position in sorted(of_images))
        return named[:1] if len(set(named)) == 1 else named


def agreed(evidence: Iterable[tuple[Facts, str]]) -> dict[str, tuple[Fact, str]]:
    """The facts that nobody contradicts, each with the first file that says so."""
    said: dict[str, tuple[Fact, str]] = {}
    disputed: set[str] = set()
    for facts, source in evidence:
        for name, value in facts.items():
            if name not in said:
                said[name] = (value, source)
            elif not same_fact(said[name][0], value):
                disputed.add(name)
    return {name: pair for name, pair in said.items() if name not in disputed}


def common(members: Sequence[Iterable[tuple[Facts, str]]]) -> dict[str, tuple[Fact, str]]:
    """The facts on which several entries agree, and which headers record of every one of them."""
    known = [agreed(evidence) for evidence in members]
    shared = agreed([({name: fact}, source) for facts in known for name, (fact, source) in facts.items()])
    return {name: pair for name, pair in shared.items() if all(name in facts for facts in known)}


def same_fact(one: object, other: object) -> bool:
    """Whether two facts are the same: words in any case, numbers to six digits."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same_fact(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-6 * max(abs(one), abs(other))
    return one is None and other is None
