"""Decide what headers add to a description: which setups are new, and what they know of setups already there.

An image belongs to the acquisition that its file's entry names; else to the acquisition that says the same
of it; else to a new one. Facts that images of one acquisition disagree on are left for people to answer.
"""

import re
from collections.abc import Collection, Container, Mapping, Sequence

from confocal_bag.deposit.description.facts import Fact, Facts
from confocal_bag.deposit.description.headers import HeaderImage
from confocal_bag.deposit.description.stock import Entry, Evidence, Plan, Stock, same_fact
from confocal_bag.deposit.description.whole_images import whole_images

__all__ = ["partner_stem", "plan_setups", "stem_of"]

#: People say these more precisely than headers do; other words are no contradiction.
_IN_OTHER_WORDS = frozenset({"method.name"})
#: How the ids of new entries begin, and the first number.
_FIRST_IDS = {"instruments": ("m", 1), "channels": ("c", 0), "acquisitions": ("a", 1)}


def plan_setups(images: Sequence[HeaderImage], known: Stock, assigned: Mapping[str, Sequence[str | None]]) -> Plan:
    """Place every image. `assigned` holds what the description names for a file: one acquisition, or one per image."""
    plan = Plan()
    places = _Places(known, plan)
    later: list[HeaderImage] = []
    for image in whole_images(images):
        chosen = _chosen(assigned.get(image.path, ()), image.position)
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


def _chosen(named: Sequence[str | None], position: int) -> str:
    if len(named) == 1:
        return named[0] or ""
    return (named[position] or "") if position < len(named) else ""


def _score(said: Facts, header: Facts) -> int | None:
    """How many facts are the same; None where any contradicts."""
    same = 0
    for name, value in header.items():
        if name in said and name not in _IN_OTHER_WORDS:
            if not same_fact(said[name], value):
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
            evidence.settings.setdefault(position, []).append((settings, image.channel_source(position)))
        for position, detector in enumerate(image.channel_detectors):
            evidence.channel_detectors.setdefault(position, []).append((detector, image.channel_source(position)))
        instrument = entry.instrument or self._only_instrument()
        if instrument is not None:
            of_instrument = plan.instruments.setdefault(instrument, Evidence())
            of_instrument.facts.append((image.instrument, source))
            for laser in image.lasers:
                known = of_instrument.lasers.get(laser.wavelength_nm)
                if known is None or (known[0].model is None and laser.model is not None):
                    of_instrument.lasers[laser.wavelength_nm] = (laser, source)
            for detector in filter(None, image.channel_detectors):
                of_instrument.detectors.setdefault(detector, source)
        if len(entry.channels) == len(image.channels):
            for position, (channel, facts) in enumerate(zip(entry.channels, image.channels, strict=True)):
                _note_channel(plan.channels.setdefault(channel, Evidence()), facts, image, position)
        self._name(image, entry.id)

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
                self._name(image, known)
                return
            identifier = self._new_acquisition(image)
            self._setups[key] = identifier
        self.take(image, self.acquisition(identifier))

    def _name(self, image: HeaderImage, identifier: str) -> None:
        self._plan.files.setdefault(image.path, {})[image.position] = identifier

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
        total = 0
        for said, header in pairs:
            score = _score(said, header)
            if score is None:
                return None
            total += score
        return total

    def _only_instrument(self) -> str | None:
        known = self._known.instruments
        return next(iter(known)) if len(known) == 1 else None

    def _entry(self, section: str, identifier: str | None) -> Entry | None:
        known: dict[str, Entry] = getattr(self._known, section)
        new: dict[str, Entry] = getattr(self._plan.new, section)
        return known.get(identifier or "") or new.get(identifier or "")

    def _new_acquisition(self, image: HeaderImage) -> str:
        instrument = self._placed("instruments", image.instrument, ())
        channels: list[str] = []
        for position, facts in enumerate(image.channels):
            # two channels of one image are two, even where the header says the same of both
            alike = image.channels[:position].count(facts)
            apart = (alike,) if facts else (_key(image), position)
            channels.append(self._placed("channels", facts, apart, channels))
        identifier = self._next_id("acquisitions")
        self._plan.new.acquisitions[identifier] = Entry(
            id=identifier, facts=image.acquisition, instrument=instrument, channels=tuple(channels)
        )
        return identifier

    def _placed(self, section: str, facts: Facts, apart: object, taken: Collection[str] = ()) -> str:
        """The id of the instrument or channel that says the same, or of a new one."""
        key = (section, _frozen(facts), apart)
        identifier = self._setups.get(key)
        if identifier is None or identifier in taken:
            known: dict[str, Entry] = getattr(self._known, section)
            scores = [(_score(entry.facts, facts) or 0, entry.id) for entry in known.values() if entry.id not in taken]
            best, name = max(scores, key=lambda pair: pair[0], default=(0, ""))
            identifier = name
            if not best:
                identifier = self._next_id(section)
                getattr(self._plan.new, section)[identifier] = Entry(id=identifier, facts=facts)
            self._setups[key] = identifier
        return identifier

    def _next_id(self, section: str) -> str:
        prefix, first = _FIRST_IDS[section]
        number = self._numbers.get(section, first)
        while self._entry(section, f"{prefix}{number}") is not None:
            number += 1
        self._numbers[section] = number + 1
        return f"{prefix}{number}"


def _note_channel(evidence: Evidence, facts: Facts, image: HeaderImage, position: int) -> None:
    """Note what is known of a channel: from the header, or from the name of its files where these are its own."""
    source = image.channel_source(position)
    if image.named is not None:
        evidence.example = evidence.example or source
        if facts.get("name") == image.named.names[position]:
            evidence.facts.append(({"name": facts["name"]} if "name" in facts else {}, f"the name of {source}"))
    evidence.facts.append((facts, source))


def _frozen(facts: Facts) -> tuple[tuple[str, Fact], ...]:
    return tuple(sorted(facts.items()))


def _key(image: HeaderImage) -> object:
    """Equal for images that were taken in the same way."""
    return (
        _frozen(image.instrument),
        _frozen(image.acquisition),
        tuple(_frozen(facts) for facts in image.channels),
        tuple(_frozen(facts) for facts in image.settings),
        image.channel_detectors,
        image.named.values if image.named else None,
    )


def _partners(plan: Plan) -> dict[str, str | None]:
    """The one acquisition behind each file stem so far; None where there are several."""
    found: dict[str, str | None] = {}
    for path in plan.files:
        stem, acquisitions = stem_of(path), plan.acquisitions_of(path)
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
