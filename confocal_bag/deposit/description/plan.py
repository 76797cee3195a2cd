"""Decide what headers add to a description: which setups are new, and what they know of setups already there.

An image belongs to the acquisition that its file's entry names; else to the acquisition that says the same
of it; else to a new one. Facts that images of one acquisition disagree on are left for people to answer.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from confocal_bag.deposit.description.headers import Fact, Facts, HeaderImage

__all__ = ["Entry", "Evidence", "Plan", "Stock", "agreed", "partner_stem", "plan_setups", "stem_of"]


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
    """What headers say of one entry, each with the file that says so."""

    facts: list[tuple[Facts, str]] = field(default_factory=list)
    lasers: dict[float, str] = field(default_factory=dict)
    detectors: dict[str, str] = field(default_factory=dict)
    settings: dict[int, list[tuple[Facts, str]]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Plan:
    """New entries, what headers say of old and new ones, and the acquisitions of each file."""

    new: Stock = field(default_factory=Stock)
    instruments: dict[str, Evidence] = field(default_factory=dict)
    channels: dict[str, Evidence] = field(default_factory=dict)
    acquisitions: dict[str, Evidence] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    by_name: set[str] = field(default_factory=set)


def agreed(evidence: Iterable[tuple[Facts, str]]) -> dict[str, tuple[Fact, str]]:
    """The facts that nobody contradicts, each with the first file that says so."""
    said: dict[str, tuple[Fact, str]] = {}
    disputed: set[str] = set()
    for facts, source in evidence:
        for name, value in facts.items():
            if name not in said:
                said[name] = (value, source)
            elif not _same(said[name][0], value):
                disputed.add(name)
    return {name: pair for name, pair in said.items() if name not in disputed}


def plan_setups(images: Sequence[HeaderImage], known: Stock, assigned: Mapping[str, str]) -> Plan:
    """Place every image. `assigned` holds the acquisition that the description names for a file."""
    plan = Plan()
    places = _Places(known, plan)
    later: list[HeaderImage] = []
    for image in images:
        chosen = assigned.get(image.path)
        if chosen in known.acquisitions:
            places.take(image, known.acquisitions[chosen])
        elif image.tier.value == "transformed":
            later.append(image)
        else:
            places.find(image)
    partners = _partners(plan)
    for image in later:
        partner = partners.get(partner_stem(image.path, partners) or "")
        if partner is not None and places.fits(image, partner):
            places.take(image, places.acquisition(partner))
            plan.by_name.add(image.path)
        else:
            places.find(image)
    return plan


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-6 * max(abs(one), abs(other))
    return False


def _score(said: Facts, header: Facts) -> int | None:
    """How many facts are the same; None where any contradicts."""
    same = 0
    for name, value in header.items():
        if name in said:
            if not _same(said[name], value):
                return None
            same += 1
    return same


class _Places:
    """Where images go, while they are placed one after the other."""

    def __init__(self, known: Stock, plan: Plan) -> None:
        self._known = known
        self._plan = plan
        self._setups: dict[object, str] = {}
        self._recognized: dict[object, str | None] = {}
        self._numbers: dict[str, int] = {}

    def acquisition(self, identifier: str) -> Entry:
        return self._known.acquisitions.get(identifier) or self._plan.new.acquisitions[identifier]

    def fits(self, image: HeaderImage, identifier: str) -> bool:
        """Whether nothing recorded in the image contradicts an acquisition about which something is known."""
        return bool(self._acquisition_score(self.acquisition(identifier), image))

    def take(self, image: HeaderImage, entry: Entry) -> None:
        """Note what the image's header says of the acquisition, its instrument and its channels."""
        plan, source = self._plan, image.path
        evidence = plan.acquisitions.setdefault(entry.id, Evidence())
        evidence.facts.append((image.acquisition, source))
        for position, settings in enumerate(image.settings):
            evidence.settings.setdefault(position, []).append((settings, source))
        instrument = entry.instrument or self._only_instrument()
        if instrument is not None:
            of_instrument = plan.instruments.setdefault(instrument, Evidence())
            of_instrument.facts.append((image.instrument, source))
            for line in image.laser_lines_nm:
                of_instrument.lasers.setdefault(line, source)
            for model in image.detectors:
                of_instrument.detectors.setdefault(model, source)
        if len(entry.channels) == len(image.channels):
            for channel, facts in zip(entry.channels, image.channels, strict=True):
                plan.channels.setdefault(channel, Evidence()).facts.append((facts, source))
        acquisitions = plan.files.setdefault(source, [])
        if entry.id not in acquisitions:
            acquisitions.append(entry.id)

    def find(self, image: HeaderImage) -> None:
        """Place an image whose file names no acquisition."""
        key = _key(image)
        identifier = self._setups.get(key)
        if identifier is None:
            if key not in self._recognized:
                self._recognized[key] = self._best_known(image)
            known = self._recognized[key]
            if known is not None:
                # The description does not say so itself, so the header fills nothing in.
                acquisitions = self._plan.files.setdefault(image.path, [])
                if known not in acquisitions:
                    acquisitions.append(known)
                return
            identifier = self._new_acquisition(image)
            self._setups[key] = identifier
        self.take(image, self.acquisition(identifier))

    def _best_known(self, image: HeaderImage) -> str | None:
        facts = [image.acquisition, image.instrument, *image.channels]
        nothing_recorded = not any(facts)
        best, best_score = None, 0
        for entry in self._known.acquisitions.values():
            score = self._acquisition_score(entry, image)
            if score is not None and score > best_score:
                best, best_score = entry.id, score
            if nothing_recorded and best is None and not self._anything_said(entry):
                return entry.id
        return best

    def _anything_said(self, entry: Entry) -> bool:
        instrument = self._entry("instruments", entry.instrument)
        channels = [self._entry("channels", channel) for channel in entry.channels]
        return any(one is not None and one.facts for one in (entry, instrument, *channels))

    def _acquisition_score(self, entry: Entry, image: HeaderImage) -> int | None:
        pairs: list[tuple[Facts, Facts]] = [(entry.facts, image.acquisition)]
        instrument = self._entry("instruments", entry.instrument)
        if instrument is not None:
            pairs.append((instrument.facts, image.instrument))
        if entry.channels:
            if len(entry.channels) != len(image.channels):
                return None
            for identifier, facts in zip(entry.channels, image.channels, strict=True):
                channel = self._entry("channels", identifier)
                if channel is not None:
                    pairs.append((channel.facts, facts))
        scores = [_score(said, header) for said, header in pairs]
        return None if None in scores else sum(score or 0 for score in scores)

    def _only_instrument(self) -> str | None:
        known = self._known.instruments
        return next(iter(known)) if len(known) == 1 else None

    def _entry(self, section: str, identifier: str | None) -> Entry | None:
        known: dict[str, Entry] = getattr(self._known, section)
        new: dict[str, Entry] = getattr(self._plan.new, section)
        return known.get(identifier or "") or new.get(identifier or "")

    def _new_acquisition(self, image: HeaderImage) -> str:
        instrument = self._placed("instruments", "m", 1, image.instrument, ())
        channels = tuple(
            self._placed("channels", "c", 0, facts, () if facts else (_key(image), position))
            for position, facts in enumerate(image.channels)
        )
        identifier = self._next_id("acquisitions", "a", 1)
        self._plan.new.acquisitions[identifier] = Entry(
            id=identifier, facts=image.acquisition, instrument=instrument, channels=channels
        )
        return identifier

    def _placed(self, section: str, prefix: str, first: int, facts: Facts, apart: object) -> str:
        """The id of the instrument or channel that says the same, or of a new one."""
        key = (section, _frozen(facts), apart)
        identifier = self._setups.get(key)
        if identifier is None:
            known: dict[str, Entry] = getattr(self._known, section)
            scores = [(_score(entry.facts, facts) or 0, entry.id) for entry in known.values()]
            best, name = max(scores, key=lambda pair: pair[0], default=(0, ""))
            identifier = name
            if not best:
                identifier = self._next_id(section, prefix, first)
                getattr(self._plan.new, section)[identifier] = Entry(id=identifier, facts=facts)
            self._setups[key] = identifier
        return identifier

    def _next_id(self, section: str, prefix: str, first: int) -> str:
        number = self._numbers.get(section, first)
        while self._entry(section, f"{prefix}{number}") is not None:
            number += 1
        self._numbers[section] = number + 1
        return f"{prefix}{number}"


def _frozen(facts: Facts) -> tuple[tuple[str, Fact], ...]:
    return tuple(sorted(facts.items()))


def _key(image: HeaderImage) -> object:
    """Equal for images that were taken in the same way."""
    return (
        _frozen(image.instrument),
        _frozen(image.acquisition),
        tuple(_frozen(facts) for facts in image.channels),
        tuple(_frozen(facts) for facts in image.settings),
    )


def _partners(plan: Plan) -> dict[str, str | None]:
    """The one acquisition behind each file stem so far; None where there are several."""
    found: dict[str, str | None] = {}
    for path, acquisitions in plan.files.items():
        stem = stem_of(path)
        if stem:
            found[stem] = acquisitions[0] if len(acquisitions) == 1 and stem not in found else None
    return found


def partner_stem(path: str, stems: Container[str]) -> str | None:
    """The longest of the stems that begins this file's stem as a word: cell01 for cell01_s1.ome.tif."""
    name = stem_of(path)
    for length in range(len(name), 0, -1):
        if length < len(name) and name[length].isalnum():
            continue
        if name[:length] in stems:
            return name[:length]
    return None


def stem_of(path: str) -> str:
    """The name of a file without folder and ending."""
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", re.sub(r"\.ome\.\w{2,4}$", "", path.rpartition("/")[2]))
