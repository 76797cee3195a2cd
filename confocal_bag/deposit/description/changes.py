"""Say what a refresh of deposit.yaml changed, and which entries speak of files that are gone."""

from collections.abc import Iterator, Mapping
from typing import Any

from confocal_bag.deposit.description.yaml import FieldPath, ParsedYaml, parse_yaml
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import Inventory

__all__ = ["describe_changes"]

_SECTIONS = {
    "specimens": "specimen",
    "channels": "channel",
    "instruments": "instrument",
    "acquisitions": "acquisition",
    "files": "entry for",
}


def describe_changes(old_text: str, new_text: str, inventory: Inventory) -> list[str]:
    """One sentence for each thing that differs: entries added, fields filled in, entries whose files are gone.

    Nothing in a description is ever removed, so an entry whose files are gone is named for people to decide.
    Raises `CannotFinish` where a text is not a description.
    """
    old, new = (parse_yaml(text.removeprefix("\ufeff")) for text in (old_text, new_text))
    return [*_added(old, new), *_filled(old, new), *_gone(new, inventory)]


def _added(old: ParsedYaml, new: ParsedYaml) -> Iterator[str]:
    for section, word in _SECTIONS.items():
        known = {_name(section, entry) for _, entry in _entries(old, section)}
        for index, entry in _entries(new, section):
            name = _name(section, entry)
            if name and name not in known:
                yield f"Added {word} {name}{_line(new, (section, index))}."


def _filled(old: ParsedYaml, new: ParsedYaml) -> Iterator[str]:
    """Fields that were empty, of entries that were there; other fields of the file itself."""
    for section, word in _SECTIONS.items():
        before = {_name(section, entry): entry for _, entry in _entries(old, section)}
        for index, entry in _entries(new, section):
            name = _name(section, entry)
            if name in before:
                for path, value in _new_values(before[name], entry, ()):
                    where = _line(new, (section, index, *path))
                    yield f"Filled in {_field(path)} of {word} {name}{where}: {value}."
    before_all, after_all = ({k: v for k, v in one.data.items() if k not in _SECTIONS} for one in (old, new))
    for path, value in _new_values(before_all, after_all, ()):
        yield f"Filled in {_field(path)}{_line(new, path)}: {value}."


def _gone(new: ParsedYaml, inventory: Inventory) -> Iterator[str]:
    entries = [(index, str(entry.get("path") or "")) for index, entry in _entries(new, "files")]
    counts = FileEntries(path for _, path in entries).counts([file.path for file in inventory.every])
    for place, (index, path) in enumerate(entries):
        if path and not counts.get(place):
            where = _line(new, ("files", index))
            yield f"Kept the entry for {path}{where}, which no file fits; remove it if the file is gone for good."


def _entries(parsed: ParsedYaml, section: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    found = parsed.data.get(section)
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _name(section: str, entry: Mapping[str, Any]) -> str:
    return str(entry.get("path" if section == "files" else "id") or "")


def _new_values(old: Any, new: Any, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    """Values that are there now and were not, each field once."""
    if isinstance(new, dict) and (isinstance(old, dict) or not path):
        for key, value in new.items():
            yield from _new_values(old.get(key) if isinstance(old, dict) else None, value, (*path, key))
    elif isinstance(new, list) and isinstance(old, list) and old and len(new) >= len(old):
        for index, value in enumerate(new):
            yield from _new_values(old[index] if index < len(old) else None, value, (*path, index))
    elif old in (None, "", [], {}) and new not in (None, "", [], {}):
        yield path, _shown(new)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(one)}" for key, one in value.items() if one not in (None, "", [], {}))
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return str(getattr(value, "text", value))


def _field(path: FieldPath) -> str:
    return ".".join(str(step) for step in path if not isinstance(step, int))


def _line(parsed: ParsedYaml, path: FieldPath) -> str:
    while path and path not in parsed.lines:
        path = path[:-1]
    return f" (line {parsed.lines[path]})" if path else ""
