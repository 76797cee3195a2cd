"""Bring deposit.yaml up to date with its files, keeping every edit, comment and order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.deposit.description.blocks import (
    DetectorIds,
    LaserIds,
    header_values,
    part_lists,
    setting_facts,
    shared_settings,
)
from confocal_bag.deposit.description.channel_ids import channel_slots, expanded_ids
from confocal_bag.deposit.description.collected import collected_dates
from confocal_bag.deposit.description.draft import new_blocks
from confocal_bag.deposit.description.edit import TextEditor, child, is_blank
from confocal_bag.deposit.description.facts import Fact, rounded
from confocal_bag.deposit.description.groups import file_block, group_files
from confocal_bag.deposit.description.header_channels import HeaderDetector
from confocal_bag.deposit.description.headers import HeaderImage, header_images
from confocal_bag.deposit.description.plan import plan_setups
from confocal_bag.deposit.description.stock import Entry, Evidence, Plan, Stock, agreed, common
from confocal_bag.deposit.description.text import Value, fact_text, yaml_text
from confocal_bag.deposit.description.yaml import parse_yaml
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["refresh_description"]

_BYTE_ORDER_MARK = "\ufeff"
_MOST_ROUNDS = 8


def refresh_description(text: str, inventory: Inventory, *, name: str = "deposit.yaml") -> str:
    """The text with empty fields filled from headers, and entries added for new files and setups.

    Refreshing again changes nothing. Raises `CannotFinish` where the text is not a description.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    body = text.removeprefix(mark)
    images = header_images(inventory)
    for _ in range(_MOST_ROUNDS):
        refreshed = _refresh_once(body, inventory, images, name)
        if refreshed == body:
            break
        body = refreshed
    return mark + body


def _refresh_once(text: str, inventory: Inventory, images: list[HeaderImage], name: str) -> str:
    parsed = parse_yaml(text, name=name)
    root = parsed.root
    items = {section: dict(_items(root, section)) for section in ("instruments", "channels", "acquisitions")}
    entries = list(_mappings(root, "files"))
    found = FileEntries(str(_scalar(entry, "path") or "") for entry in entries)
    places = {readable_path(file.path): found.index_for(file.path) for file in inventory.files}
    acquisitions = [_scalars(entry, "acquisition") for entry in entries]
    assigned = {
        path: acquisitions[index] for path, index in places.items() if index is not None and acquisitions[index]
    }
    plan = plan_setups(images, _stock(items), assigned)
    editor = TextEditor(text, name)
    dates = collected_dates(images)
    if root is not None and dates is not None:
        editor.fill(root, "dates.collected", Value(text=yaml_text(dates.period), comment=dates.source))
    _fill(editor, items, plan)
    _fill_files(editor, entries, places, plan)
    _add(editor, root, items, plan)
    unnamed = [file for file in inventory.files if places[readable_path(file.path)] is None]
    editor.add_items(root, "files", [file_block(one) for one in group_files(unnamed, plan)])
    refreshed = editor.result()
    if refreshed != text and not _holds(parse_yaml(refreshed, name=name).data, parsed.data):
        raise CannotFinish(
            f"{name} is written in a way that cannot be added to without changing what it says; "
            "draft a new description and copy your answers into it."
        )
    return refreshed


def _fill(editor: TextEditor, items: Mapping[str, Mapping[str, Node]], plan: Plan) -> None:
    for section, evidence in (("instruments", plan.instruments), ("channels", plan.channels)):
        for identifier, node in items[section].items():
            members = [evidence[name].facts for name in expanded_ids(identifier) if name in evidence]
            if members and len(members) == len(expanded_ids(identifier)):
                for field, value in header_values(common(members)).items():
                    editor.fill(node, field, value)
            if section == "instruments" and identifier in evidence:
                for field, values in part_lists(evidence[identifier]).items():
                    editor.fill(node, field, values)
    for identifier, node in items["acquisitions"].items():
        known = plan.acquisitions.get(identifier)
        if known is not None:
            for field, value in header_values(agreed(known.facts)).items():
                editor.fill(node, field, value)
            instrument = items["instruments"].get(_scalar(node, "instrument") or "")
            _fill_settings(editor, node, known, instrument)


def _fill_settings(editor: TextEditor, node: Node, evidence: Evidence, instrument: Node | None) -> None:
    lasers, detectors = _laser_ids(instrument), _detector_ids(instrument)
    entries = list(_mappings(node, "channels"))
    slots = channel_slots([_scalar(entry, "channel") for entry in entries])
    if len(slots) != len(evidence.settings):
        return
    settings = [setting_facts(evidence, position, lasers, detectors) for position in range(len(slots))]
    for index, entry in enumerate(entries):
        its = [one for one, (_, places) in zip(settings, slots, strict=True) if index in places]
        for field, value in header_values(shared_settings(its)).items():
            editor.fill(entry, field, value)


def _fill_files(
    editor: TextEditor, entries: Sequence[MappingNode], places: Mapping[str, int | None], plan: Plan
) -> None:
    """Name the acquisition where an entry left it empty and all its files were taken alike."""
    named: dict[int, set[tuple[str, ...]]] = {}
    for path, index in places.items():
        if index is not None:
            named.setdefault(index, set()).add(plan.acquisitions_of(path))
    for index, acquisitions in named.items():
        (first, *others) = acquisitions
        if first and not others:
            editor.fill(entries[index], "acquisition", Value(text=fact_text(first)))


def _add(editor: TextEditor, root: MappingNode | None, items: Mapping[str, Mapping[str, Node]], plan: Plan) -> None:
    lasers = {name: _laser_ids(node) for name, node in items["instruments"].items()}
    detectors = {name: _detector_ids(node) for name, node in items["instruments"].items()}
    for section, blocks in new_blocks(plan, lasers, detectors).items():
        editor.add_items(root, section, blocks)


def _laser_ids(instrument: Node | None) -> LaserIds:
    ids: dict[float, str] = {}
    for laser in _mappings(instrument, "lasers"):
        line, name = _number(_scalar(laser, "wavelength_nm")), _scalar(laser, "id")
        if line is not None and name is not None:
            ids.setdefault(rounded(line), name)
    return ids


def _detector_ids(instrument: Node | None) -> DetectorIds:
    ids: dict[HeaderDetector, str] = {}
    for detector in _mappings(instrument, "detectors"):
        name = _scalar(detector, "id")
        said = HeaderDetector(
            model=_scalar(detector, "model"),
            type=_scalar(detector, "type"),
            manufacturer=_scalar(detector, "manufacturer"),
        )
        if name is not None:
            ids.setdefault(said, name)
    return ids


def _stock(items: Mapping[str, Mapping[str, Node]]) -> Stock:
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
    listed = channel_slots([_scalar(channel, "channel") for channel in _mappings(node, "channels")])
    return Entry(
        id=name,
        facts=dict(_facts(node, "")),
        instrument=_scalar(node, "instrument"),
        channels=tuple(channel or "" for channel, _ in listed),
    )


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


def _items(root: Node | None, section: str) -> Iterator[tuple[str, Node]]:
    """The entries of a section that have an id, by id; the first wins where an id is used twice."""
    seen: set[str] = set()
    for node in _mappings(root, section):
        name = _scalar(node, "id")
        if name is not None and name not in seen:
            seen.add(name)
            yield name, node


def _mappings(node: Node | None, section: str) -> Iterator[MappingNode]:
    found = child(node, section)
    if found is not None and isinstance(found[1], SequenceNode):
        yield from (one for one in found[1].value if isinstance(one, MappingNode))


def _scalar(node: Node, field: str) -> str | None:
    found = child(node, field)
    if found is None or is_blank(found[1]) or not isinstance(found[1], ScalarNode):
        return None
    return str(found[1].value).strip()


def _scalars(node: Node, field: str) -> tuple[str | None, ...]:
    """One text, or those of a list with None for what is empty."""
    found = child(node, field)
    if found is None or is_blank(found[1]):
        return ()
    if isinstance(found[1], SequenceNode):
        return tuple(None if is_blank(one) else str(one.value).strip() for one in found[1].value)
    only = _scalar(node, field)
    return (only,) if only is not None else ()


def _number(text: str | None) -> float | None:
    """The number, to as many digits as facts from headers have."""
    try:
        return rounded(float(text or ""))
    except ValueError:
        return None


def _holds(new: Any, old: Any) -> bool:
    """Whether everything that was said is still said, in the same order."""
    if old in (None, "", [], {}):
        return True
    if isinstance(old, dict):
        return isinstance(new, dict) and all(_holds(new.get(key), value) for key, value in old.items())
    if isinstance(old, list):
        if not isinstance(new, list):
            return False
        rest = iter(new)
        return all(any(_holds(one, wanted) for one in rest) for wanted in old)
    return bool(new == old)
