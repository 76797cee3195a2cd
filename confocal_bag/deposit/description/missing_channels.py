"""Channels that image headers have and the acquisition in deposit.yaml does not list: proposed behind the others."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml.nodes import MappingNode, Node

from confocal_bag.deposit.description.blocks import acquisition_channels, channel_blocks, setting_facts
from confocal_bag.deposit.description.channel_ids import expanded_ids
from confocal_bag.deposit.description.edit import TextEditor
from confocal_bag.deposit.description.facts import Facts, agree_but_for_rounding
from confocal_bag.deposit.description.headers import HeaderImage
from confocal_bag.deposit.description.stock import Entry, Evidence, Plan, Stock, same_fact
from confocal_bag.deposit.description.text import Block, Value
from confocal_bag.deposit.description.whole_images import whole_images
from confocal_bag.deposit.description.written_entries import detector_ids, laser_ids, scalar

__all__ = ["ProposedChannel", "propose_channels", "proposed_channels"]

#: What tells channels apart, whatever people call them.
_WAVELENGTHS = ("excitation_nm", "emission_nm")
_EVIDENCE = (*_WAVELENGTHS, "fluor", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChannel:
    """A channel for an acquisition: its `position` in the images, and the entry of `channels` it is, new or known.

    `facts` are what the header of `source` says of it.
    """

    id: str
    position: int
    is_new: bool
    facts: Facts
    source: str


def proposed_channels(
    images: Sequence[HeaderImage], known: Stock, assigned: Mapping[str, Sequence[str | None]]
) -> Mapping[str, tuple[ProposedChannel, ...]]:
    """For each acquisition, by id, the channels to add behind those that it lists.

    Only where it lists some; where all images that name it have the same number, more than it lists; and where the
    first of these may be the ones that are listed. Elsewhere people have to say which channel is which.
    """
    members: dict[str, list[HeaderImage]] = defaultdict(list)
    for image in whole_images(images):
        name = _acquisition_of(assigned.get(image.path, ()), image.position)
        if name in known.acquisitions:
            members[name].append(image)
    taken = {one for identifier in known.channels for one in expanded_ids(identifier)}
    new: dict[object, str] = {}
    return {
        name: tuple(_channels(known.acquisitions[name], found[0], known, taken, new))
        for name, found in members.items()
        if _lacks_some(known.acquisitions[name], found, known)
    }


def _acquisition_of(named: Sequence[str | None], position: int) -> str:
    chosen = named[0] if len(named) == 1 else named[position] if position < len(named) else None
    return chosen or ""


def _lacks_some(entry: Entry, images: Sequence[HeaderImage], known: Stock) -> bool:
    counts = {len(image.channels) for image in images}
    listed = len(entry.channels)
    if len(counts) != 1 or not 0 < listed < counts.pop():
        return False
    return all(_may_be_first(entry, image, known) for image in images)


def _may_be_first(entry: Entry, image: HeaderImage, known: Stock) -> bool:
    """Whether the listed channels may be the first of the image, and none is rather one of those behind them."""
    for position, identifier in enumerate(entry.channels):
        said = known.channels[identifier].facts if identifier in known.channels else {}
        own = _likeness(said, image.channels[position])
        others = [_likeness(said, facts) for facts in image.channels[len(entry.channels) :]]
        if own is None or any(other is not None and other > own for other in others):
            return False
    return True


def _likeness(said: Facts, header: Facts) -> int | None:
    """How many facts are the same; None where a wavelength is another."""
    same = 0
    for name in _EVIDENCE:
        one, other = said.get(name), header.get(name)
        if name in _WAVELENGTHS and isinstance(one, float) and isinstance(other, float):
            if not agree_but_for_rounding(one, other):
                return None
            same += 1
        elif one is not None and other is not None and same_fact(one, other):
            same += 1
    return same


def _channels(
    entry: Entry, image: HeaderImage, known: Stock, taken: set[str], new: dict[object, str]
) -> Iterator[ProposedChannel]:
    """The channels behind the listed ones: an entry that says the same and is not used yet, else a new one."""
    used = set(entry.channels)
    for position in range(len(entry.channels), len(image.channels)):
        facts = image.channels[position]
        alike = next((one.id for one in known.channels.values() if one.id not in used and _says(one, facts)), None)
        key = tuple(sorted(facts.items())) or (entry.id, position)
        identifier = alike or new.get(key)
        if identifier is None or identifier in used:
            identifier = next(name for number in range(len(taken) + 1) if (name := f"c{number}") not in taken)
            taken.add(identifier)
            new[key] = identifier
        used.add(identifier)
        source = image.channel_source(position)
        yield ProposedChannel(id=identifier, position=position, is_new=alike is None, facts=facts, source=source)


def _says(entry: Entry, facts: Facts) -> bool:
    """Whether an entry says what the header does and nothing else of what both can say."""
    shared = [name for name in facts if name in entry.facts]
    return bool(shared) and all(same_fact(entry.facts[name], facts[name]) for name in shared)


def propose_channels(
    editor: TextEditor,
    root: MappingNode,
    items: Mapping[str, Mapping[str, Node]],
    plan: Plan,
    proposed: Mapping[str, Sequence[ProposedChannel]],
) -> None:
    """Write the proposals behind what is there: entries of `channels`, and their settings in each acquisition.

    `items` holds the nodes of the description by section and id; `plan` what headers say of the settings.
    """
    evidence: dict[str, Evidence] = {}
    for one in (one for channels in proposed.values() for one in channels if one.is_new):
        evidence.setdefault(one.id, Evidence()).facts.append((one.facts, one.source))
    sources = {one.id: one.source for channels in proposed.values() for one in channels}
    editor.add_items(root, "channels", _marked(channel_blocks(list(evidence), evidence), "id", sources))
    for name, channels in proposed.items():
        node = items["acquisitions"][name]
        instrument = items["instruments"].get(scalar(node, "instrument") or "")
        lasers, detectors = laser_ids(instrument), detector_ids(instrument)
        known = plan.acquisitions[name]
        settings = [setting_facts(known, one.position, lasers, detectors) for one in channels]
        blocks = acquisition_channels([one.id for one in channels], settings)
        if isinstance(node, MappingNode):
            editor.add_items(node, "channels", _marked(blocks, "channel", sources))


def _marked(blocks: "Sequence[Block | Value]", key: str, sources: Mapping[str, str]) -> "list[Block | Value]":
    """The entries with a remark on where the proposal comes from."""
    marked: list[Block | Value] = []
    for block in blocks:
        name = block[key] if not isinstance(block, Value) else None
        if isinstance(block, Value) or not isinstance(name, Value) or name.text not in sources:
            marked.append(block)
        else:
            told = Value(text=name.text, comment=f"proposed: {sources[name.text]} has this channel too")
            marked.append({**block, key: told})
    return marked
