"""The path patterns of BagIt Profiles: what `*` covers.

BagIt Profiles 1.4.0 lets an asterisk stand for zero or more characters and points to glob(7), where no
wildcard matches a slash. So `*` stays within one folder. Two exceptions come from the same text: the lone
`*`, which is the default of Tag-Files-Allowed, allows everything; and `data/folder/*` in
Payload-Files-Allowed permits the folder, with all that lies in it at any depth. Nothing but the asterisk is
special: `?`, `[` and a leading dot are ordinary characters.
"""

from collections.abc import Iterable

from confocal_bag.bag.paths import nfc

__all__ = ["allows", "covers_folder"]


def allows(patterns: Iterable[str], path: str, *, whole_folders: bool) -> bool:
    """Whether any pattern matches the path; with `whole_folders` a final `/*` reaches every depth."""
    names = _names(path)
    return any(_matches(_names(pattern), names, whole_folders=whole_folders) for pattern in patterns)


def covers_folder(patterns: Iterable[str], folder: str) -> bool:
    """Whether the Payload-Files-Allowed patterns let the folder hold at least one file."""
    inside = _names(folder.rstrip("/"))
    for pattern in map(_names, patterns):
        if pattern == ["*"]:
            return True
        if len(pattern) > len(inside) and _each_matches(pattern[: len(inside)], inside):
            return True
        if _matches(pattern, [*inside, "file"], whole_folders=True):
            return True
    return False


def _names(path: str) -> list[str]:
    return nfc(path).split("/")


def _matches(pattern: list[str], names: list[str], *, whole_folders: bool) -> bool:
    if pattern == ["*"]:
        return True
    if whole_folders and not pattern[-1].strip("*") and pattern[-1] and len(names) > len(pattern):
        return _each_matches(pattern[:-1], names[: len(pattern) - 1])
    return len(pattern) == len(names) and _each_matches(pattern, names)


def _each_matches(patterns: list[str], names: list[str]) -> bool:
    return all(_name_matches(pattern, name) for pattern, name in zip(patterns, names, strict=True))


def _name_matches(pattern: str, name: str) -> bool:
    """Match one file or folder name, in time that a hostile pattern cannot blow up."""
    first, *others = pattern.split("*")
    if not others:
        return pattern == name
    *between, last = others
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    position, end = len(first), len(name) - len(last)
    for part in between:
        position = name.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return True
