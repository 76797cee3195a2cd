"""Bring deposit.yaml up to date with its files, keeping every edit, comment and order."""

from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.deposit.description.blocks import header_values, part_lists, setting_values
from confocal_bag.deposit.description.draft import new_blocks
from confocal_bag.deposit.description.edit import TextEditor, child, is_blank
from confocal_bag.deposit.description.groups import file_block, group_files
from confocal_bag.deposit.description.headers import (
    Fact,
    HeaderImage,
    collected_dates,
    header_images,
    rounded,
)
from confocal_bag.deposit.description.plan import Entry, Evidence, Plan, Stock, agreed, plan_setups
from confocal_bag.deposit.description.text import Value, yaml_text
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
    acquisitions = [_scalar(entry, "acquisition") for entry in entries]
    assigned = {
        path: acquisition
        for path, index in places.items()
        if index is not None and (acquisition := acquisitions[index]) is not None
    }
    plan = plan_setups(images, _stock(items), assigned)
    editor = TextEditor(text, name)
    dates = collected_dates(images)
    if root is not None and dates is not None:
        editor.fill(root, "dates.collected", Value(text=yaml_text(dates[0]), comment=f"from {dates[1].path}"))
    _fill(editor, items, plan)
    _add(editor, root, items, plan)
    unnamed = [file for file in inventory.files if places[readable_path(file.path)] is None]
    editor.add_items(root, "files", [file_block(one) for one in group_files(unnamed, plan.files, plan.by_name)])
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
            known = evidence.get(identifier)
            if known is not None:
                _fill_facts(editor, node, known)
                for field, values in part_lists(known).items():
                    editor.fill(node, field, values)
    for identifier, node in items["acquisitions"].items():
        known = plan.acquisitions.get(identifier)
        if known is not None:
            _fill_facts(editor, node, known)
            instrument = items["instruments"].get(_scalar(node, "instrument") or "")
            _fill_settings(editor, node, known, instrument)


def _fill_facts(editor: TextEditor, node: Node, evidence: Evidence) -> None:
    for field, value in header_values(agreed(evidence.facts)).items():
        editor.fill(node, field, value)


def _fill_settings(editor: TextEditor, node: Node, evidence: Evidence, instrument: Node | None) -> None:
    lasers, detectors = _laser_ids(instrument), _detector_ids(instrument)
    channels = list(_mappings(node, "channels"))
    if len(channels) != len(evidence.settings):
        return
    for position, channel in enumerate(channels):
        for field, value in setting_values(evidence.settings[position], lasers, detectors).items():
            editor.fill(channel, field, value)


def _add(editor: TextEditor, root: MappingNode | None, items: Mapping[str, Mapping[str, Node]], plan: Plan) -> None:
    lasers = {name: _laser_ids(node) for name, node in items["instruments"].items()}
    detectors = {name: _detector_ids(node) for name, node in items["instruments"].items()}
    for section, blocks in new_blocks(plan, lasers, detectors).items():
        editor.add_items(root, section, blocks)


def _laser_ids(instrument: Node | None) -> dict[float, str]:
    ids: dict[float, str] = {}
    for laser in _mappings(instrument, "lasers"):
        line, name = _number(_scalar(laser, "wavelength_nm")), _scalar(laser, "id")
        if line is not None and name is not None:
            ids.setdefault(rounded(line), name)
    return ids


def _detector_ids(instrument: Node | None) -> dict[str, str]:
    ids: dict[str, str] = {}
    for detector in _mappings(instrument, "detectors"):
        model, name = _scalar(detector, "model"), _scalar(detector, "id")
        if model is not None and name is not None:
            ids.setdefault(model, name)
    return ids


def _stock(items: Mapping[str, Mapping[str, Node]]) -> Stock:
    return Stock(
        instruments={name: _entry(name, node) for name, node in items["instruments"].items()},
        channels={name: _entry(name, node) for name, node in items["channels"].items()},
        acquisitions={name: _entry(name, node) for name, node in items["acquisitions"].items()},
    )


def _entry(name: str, node: Node) -> Entry:
    channels = [_scalar(channel, "channel") for channel in _mappings(node, "channels")]
    return Entry(
        id=name,
        facts=dict(_facts(node, "")),
        instrument=_scalar(node, "instrument"),
        channels=tuple(channel or "" for channel in channels),
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
            known = tuple(number for number in numbers if number is not None)
            if known and len(known) == len(value.value):
                yield name, known


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


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
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
