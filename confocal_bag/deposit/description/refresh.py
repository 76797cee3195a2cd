"""Bring deposit.yaml up to date with its files, keeping every edit, comment and order."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node

from confocal_bag.deposit.description.blocks import header_values, part_lists, setting_facts, shared_settings
from confocal_bag.deposit.description.channel_ids import channel_slots, expanded_ids
from confocal_bag.deposit.description.collected import collected_dates
from confocal_bag.deposit.description.draft import new_blocks
from confocal_bag.deposit.description.edit import TextEditor
from confocal_bag.deposit.description.groups import file_block, group_files
from confocal_bag.deposit.description.headers import HeaderImage, header_images
from confocal_bag.deposit.description.missing_channels import propose_channels, proposed_channels
from confocal_bag.deposit.description.plan import plan_setups
from confocal_bag.deposit.description.stock import Evidence, Plan, agreed, common
from confocal_bag.deposit.description.text import Value, fact_text, yaml_text
from confocal_bag.deposit.description.written_entries import (
    detector_ids,
    entries_by_id,
    laser_ids,
    mappings,
    scalar,
    scalars,
    stock_of,
)
from confocal_bag.deposit.description.yaml import ParsedYaml, parse_yaml
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import FileRecord, Inventory
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
    items = {section: dict(entries_by_id(root, section)) for section in ("instruments", "channels", "acquisitions")}
    entries = list(mappings(root, "files"))
    found = FileEntries(str(scalar(entry, "path") or "") for entry in entries)
    acquisitions = [scalars(entry, "acquisition") for entry in entries]
    places = {readable_path(file.path): _place(file, found, acquisitions) for file in inventory.every}
    assigned = {
        path: acquisitions[index] for path, index in places.items() if index is not None and acquisitions[index]
    }
    stock = stock_of(items)
    plan = plan_setups(images, stock, assigned)
    editor = TextEditor(text, name)
    proposed = proposed_channels(images, stock, assigned)
    if root is not None and proposed:
        propose_channels(editor, root, items, plan, proposed)
        return _checked(editor, parsed, text, name)  # what else is new is added when these are read again
    dates = collected_dates(images)
    if root is not None and dates is not None:
        editor.fill(root, "dates.collected", Value(text=yaml_text(dates.period), comment=dates.source))
    _fill(editor, items, plan)
    _fill_files(editor, entries, places, plan)
    _add(editor, root, items, plan)
    unnamed = [file for file in inventory.every if places[readable_path(file.path)] is None]
    editor.add_items(root, "files", [file_block(one) for one in group_files(unnamed, plan)])
    return _checked(editor, parsed, text, name)


def _checked(editor: TextEditor, parsed: ParsedYaml, text: str, name: str) -> str:
    """The text with the changes made, if it says everything that it said before."""
    refreshed = editor.result()
    if refreshed != text and not _holds(parse_yaml(refreshed, name=name).data, parsed.data):
        raise CannotFinish(
            f"{name} is written in a way that cannot be added to without changing what it says; "
            "draft a new description and copy your answers into it."
        )
    return refreshed


def _place(file: FileRecord, entries: FileEntries, acquisitions: Sequence[Sequence[str | None]]) -> int | None:
    """The entry of a file; of an image in a zip file without one, that of the zip file if it names an acquisition."""
    index = entries.index_for(file.path)
    if index is not None or file.archive is None:
        return index
    of_archive = entries.index_for(file.archive)
    return of_archive if of_archive is not None and acquisitions[of_archive] else None


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
            instrument = items["instruments"].get(scalar(node, "instrument") or "")
            _fill_settings(editor, node, known, instrument)


def _fill_settings(editor: TextEditor, node: Node, evidence: Evidence, instrument: Node | None) -> None:
    lasers, detectors = laser_ids(instrument), detector_ids(instrument)
    entries = list(mappings(node, "channels"))
    slots = channel_slots([scalar(entry, "channel") for entry in entries])
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
    lasers = {name: laser_ids(node) for name, node in items["instruments"].items()}
    detectors = {name: detector_ids(node) for name, node in items["instruments"].items()}
    for section, blocks in new_blocks(plan, lasers, detectors).items():
        editor.add_items(root, section, blocks)


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
