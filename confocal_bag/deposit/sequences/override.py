"""Read names by a pattern that the curator gives."""

import re

from confocal_bag.deposit.sequences.filenames import FileName, Kind
from confocal_bag.deposit.sequences.groups import Axis, Group
from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.findings import CannotFinish

__all__ = ["group_by_pattern", "names_counter"]

# {Z}, {z:03d}, {C*}, {sample} or *; the width after a colon is for people, any padding is read.
_FIELD = re.compile(r"\{(?P<word>[A-Za-z]\w*)(?::[^{}]*)?(?P<label>\*?)\}|\*")
_EXTENSION = re.compile(r"(?i)\.(?:ome\.)?tiff?$|\.(?:png|jpe?g|bmp)$")
_AXIS_WORDS = {"slice": "Z", "plane": "Z", "depth": "Z", "channel": "C", "ch": "C", "time": "T", "frame": "T"}


def group_by_pattern(names: list[FileName], pattern: str) -> tuple[list[Group], list[FileName]]:
    """Group the files whose stem (without extension) fits `pattern`; return the groups and the other names.

    `{Z}` or `{z:03d}` stands for the number of an axis, `{C*}` for any text as its label, `{sample}` or `*` for text
    that names the sequence. An extension in the pattern is not compared.
    A pattern with `/` is compared with the folders too. Raises `CannotFinish` when the pattern has no axis.
    """
    expression = _expression(pattern)
    groups: dict[tuple[str, ...], list[tuple[FileName, dict[str, str]]]] = {}
    rest = []
    for name in names:
        text = f"{name.folder}/{name.stem}" if "/" in pattern and name.folder else name.stem
        found = expression.fullmatch(text) if name.kind not in (Kind.SIDECAR, Kind.JUNK) else None
        if found is None:
            rest.append(name)
            continue
        axes = {axis: value for axis, value in found.groupdict().items() if len(axis) == 1}
        others = tuple(value for axis, value in found.groupdict().items() if len(axis) > 1)
        folder = "" if "/" in pattern else name.folder
        groups.setdefault((folder, *others), []).append((name, axes))
    return [_group(members) for members in groups.values()], rest


def _expression(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: list[str] = []
    at = 0
    pattern = _EXTENSION.sub("", pattern)
    for number, found in enumerate(_FIELD.finditer(pattern)):
        parts.append(re.escape(pattern[at : found.start()]))
        word, label = found["word"], bool(found["label"])
        axis = _axis(word)
        if axis is None:
            parts.append(f"(?P<key{number}>[^/]*?)")
        elif axis in seen:
            parts.append(f"(?P={axis})")
        else:
            parts.append(f"(?P<{axis}>[^/]+?)" if label else f"(?P<{axis}>[0-9]+)")
            seen.append(axis)
        at = found.end()
    if not seen:
        raise CannotFinish(
            f"The pattern {pattern} names no axis; write the place of a number as {{Z}}, {{C}} or {{T}}, "
            "for example scan_{Z}_{C}."
        )
    return re.compile("".join(parts) + re.escape(pattern[at:]), re.DOTALL)


def names_counter(pattern: str) -> bool:
    """Whether a pattern says itself that a number is a plain counter (`{N}`)."""
    return any((_axis(found["word"]) or "").startswith("N") for found in _FIELD.finditer(pattern))


def _axis(word: str | None) -> str | None:
    """The axis letter a field stands for; None for a field or star that stands for text naming the sequence."""
    if word is None:
        return None
    return word.upper() if len(word) == 1 else _AXIS_WORDS.get(word.lower())


def _group(members: list[tuple[FileName, dict[str, str]]]) -> Group:
    entries = [Entry(name, name.stem, "", [], (), (), None, ()) for name, _ in members]
    axes = {
        axis: Axis([axis.lower()] * len(members), [values[axis] for _, values in members]) for axis in members[0][1]
    }
    return Group(entries, axes, Confidence.MARKER)
