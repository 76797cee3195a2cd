"""What the entries of a description say already, read from the nodes of its text."""

from collections.abc import Iterator, Mapping

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.deposit.description.blocks import DetectorIds, LaserIds
from confocal_bag.deposit.description.channel_ids import channel_slots, expanded_ids
from confocal_bag.deposit.description.edit import child, is_blank
from confocal_bag.deposit.description.facts import Fact, rounded
from confocal_bag.deposit.description.header_channels import HeaderDetector
from confocal_bag.deposit.description.stock import Entry, Stock

__all__ = ["detector_ids", "entries_by_id", "laser_ids", "mappings", "scalar", "scalars", "stock_of"]


def stock_of(items: Mapping[str, Mapping[str, Node]]) -> Stock:
    """The instruments, channels and acquisitions of a description, from its nodes by section and id."""
    return Stock(
        instruments={name: _entry(name, node) for name, node in items["instruments"].items()},
        channels=_channels(items["channels"]),
        acquisitions={name: _entry(name, node) for name, node in items["acquisitions"].items()},
    )


def _channels(nodes: Mapping[str, Node]) -> dict[str, Entry]:
    """The channels by their own ids: what their own entry says, and for the rest the entry of a range."""
    found: dict[str, Entry] = {}
    for name, node in sorted(nodes.items(), key=lambda pair: len(expanded_ids(pair[0])) > 1):
        facts = dict(_facts(node, ""))
        for one in expanded_ids(name):
            known = found[one].facts if one in found else {}
            found[one] = Entry(id=one, facts={**facts, **known})
    return found


def _entry(name: str, node: Node) -> Entry:
    listed = channel_slots(list(_listed_channels(node)))
    return Entry(
        id=name,
        facts=dict(_facts(node, "")),
        instrument=scalar(node, "instrument"),
        channels=tuple(channel or "" for channel, _ in listed),
    )


def _listed_channels(node: Node) -> Iterator[str | None]:
    """The channels that an acquisition lists; one of which no more is said is written as its id alone."""
    found = child(node, "channels")
    for one in found[1].value if found is not None and isinstance(found[1], SequenceNode) else ():
        yield str(one.value).strip() if isinstance(one, ScalarNode) else scalar(one, "channel")


def _facts(node: Node, path: str) -> Iterator[tuple[str, Fact]]:
    """What is written, by field; names that refer to other entries are not facts."""
    if not isinstance(node, MappingNode):
        return
    for key, value in node.value:
        name = f"{path}{key.value}"
        if name in ("id", "instrument", "specimen") or is_blank(value):
            continue
        if isinstance(value, MappingNode):
            yield from _facts(value, f"{name}.")
        elif isinstance(value, ScalarNode):
            number = _number(str(value.value)) if value.style is None else None
            yield name, (number if number is not None else str(value.value).strip())
        elif isinstance(value, SequenceNode):
            numbers = [_number(str(one.value)) for one in value.value if isinstance(one, ScalarNode)]
            readable = len(numbers) == len(value.value) and any(number is not None for number in numbers)
            if readable and all(n is not None or is_blank(one) for n, one in zip(numbers, value.value, strict=True)):
                yield name, tuple(numbers)


def laser_ids(instrument: Node | None) -> LaserIds:
    """The ids of the lasers of an instrument, by their lines in nanometres."""
    ids: dict[float, str] = {}
    for laser in mappings(instrument, "lasers"):
        line, name = _number(scalar(laser, "wavelength_nm")), scalar(laser, "id")
        if line is not None and name is not None:
            ids.setdefault(rounded(line), name)
    return ids


def detector_ids(instrument: Node | None) -> DetectorIds:
    """The ids of the detectors of an instrument, by what is said of each."""
    ids: dict[HeaderDetector, str] = {}
    for detector in mappings(instrument, "detectors"):
        name = scalar(detector, "id")
        said = HeaderDetector(
            model=scalar(detector, "model"),
            type=scalar(detector, "type"),
            manufacturer=scalar(detector, "manufacturer"),
        )
        if name is not None:
            ids.setdefault(said, name)
    return ids


def entries_by_id(root: Node | None, section: str) -> Iterator[tuple[str, Node]]:
    """The entries of a section that have an id, by id; the first wins where an id is used twice."""
    seen: set[str] = set()
    for node in mappings(root, section):
        name = scalar(node, "id")
        if name is not None and name not in seen:
            seen.add(name)
            yield name, node


def mappings(node: Node | None, section: str) -> Iterator[MappingNode]:
    """The entries of a list, as far as they have fields."""
    found = child(node, section)
    if found is not None and isinstance(found[1], SequenceNode):
        yield from (one for one in found[1].value if isinstance(one, MappingNode))


def scalar(node: Node, field: str) -> str | None:
    """The text of a field; None where it is empty or more than a text."""
    found = child(node, field)
    if found is None or is_blank(found[1]) or not isinstance(found[1], ScalarNode):
        return None
    return str(found[1].value).strip()


def scalars(node: Node, field: str) -> tuple[str | None, ...]:
    """One text, or those of a list with None for what is empty."""
    found = child(node, field)
    if found is None or is_blank(found[1]):
        return ()
    if isinstance(found[1], SequenceNode):
        return tuple(None if is_blank(one) else str(one.value).strip() for one in found[1].value)
    only = scalar(node, field)
    return (only,) if only is not None else ()


def _number(text: str | None) -> float | None:
    """The number, to as many digits as facts from headers have."""
    try:
        return rounded(float(text or ""))
    except ValueError:
        return None
