"""Read names by a pattern that the curator gives."""

import re

from confocal_bag.deposit.sequences.filenames import FileName, Kind
from confocal_bag.deposit.sequences.groups import Axis, Group
from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.findings import CannotFinish

__all__ = ["group_by_pattern"]

_FIELD = re.compile(r"\{([A-Z])(\*?)\}|(\*)")


def group_by_pattern(names: list[FileName], pattern: str) -> tuple[list[Group], list[FileName]]:
    """Group the files whose stem (without extension) fits `pattern`; return the groups and the other names.

    `{Z}` stands for the number of an axis, `{C*}` for any text as its label, `*` for text that names the sequence.
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
    for number, found in enumerate(_FIELD.finditer(pattern)):
        parts.append(re.escape(pattern[at : found.start()]))
        axis, label, anything = found.groups()
        if anything:
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


def _group(members: list[tuple[FileName, dict[str, str]]]) -> Group:
    entries = [Entry(name, name.stem, "", [], (), (), None, ()) for name, _ in members]
    axes = {
        axis: Axis([axis.lower()] * len(members), [values[axis] for _, values in members]) for axis in members[0][1]
    }
    return Group(entries, axes, Confidence.MARKER)
