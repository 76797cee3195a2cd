"""Which file of a bag goes into which part, when it is split by size.

Files that belong together stay together as long as a part has room for them all. What belongs together is told by
names alone: the same folder in every tier (raw/day-1, transformed/day-1, metadata/ome/raw/day-1), then the planes
of one stack (names that differ only in numbers), then the files of one image (scan.czi, scan.czi.ome.tiff). A
group that is larger than a part is taken apart by the next of these measures; a single file is never cut.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from confocal_bag.bag.listing import name_order
from confocal_bag.vocabulary import Tier

__all__ = ["Part", "partition"]

_NUMBER = re.compile(rb"[0-9]+")
#: Folders that are one image, or the rest of one: the planes of scan.oif lie in scan.oif.files.
_IMAGE_FOLDER = re.compile(r"(.+\.(?:oif|oib))\.files|(.+\.zarr)", re.IGNORECASE)
#: Folders are taken apart down to this depth; below it, names decide.
_DEEPEST = 16
_TIERS = frozenset(tier.value for tier in Tier)


@dataclass(slots=True, kw_only=True)
class Part:
    """The payload files of one part and what they cost, in bytes; `is_too_large` for a single file beyond the limit."""

    files: list[str] = field(default_factory=list)
    cost: int = 0
    is_too_large: bool = False


def partition(costs: Mapping[str, int], room: int, *, reserved: int = 0) -> list[Part]:
    """Spread payload files over parts of at most `room` bytes each: first fit, in the order of their paths.

    `costs` are the bytes that each file takes in a part, `reserved` those that are taken in the first part. What
    describes the whole (readme, metadata, files at the top of the payload) comes first, so that it is in the first
    part. The same files always give the same parts.
    """
    homes = {path: _home(path) for path in costs}
    depth = max((len(home.folders) for home in homes.values()), default=0)
    ordered = sorted(costs, key=lambda path: (homes[path], name_order(path)))
    parts = [Part(cost=reserved)]
    for group in _groups(ordered, homes, costs, room, depth=min(max(1, depth), _DEEPEST), level=0):
        cost = sum(costs[path] for path in group)
        part = next((one for one in parts if one.cost + cost <= room), None)
        if part is None:
            part = Part(is_too_large=cost > room)
            parts.append(part)
        part.files += group
        part.cost += cost
    return parts if parts[0].files else _without_empty_first(parts, room)


def _without_empty_first(parts: Sequence[Part], room: int) -> list[Part]:
    """No file had room beside what is reserved, so that goes with the next part."""
    empty, *others = parts
    for part in others[:1]:
        part.cost += empty.cost
        part.is_too_large = part.cost > room
    return others


class _Home(NamedTuple):
    """Where a file belongs, whatever its tier: sorts what describes the whole first."""

    is_of_images: bool
    folders: tuple[bytes, ...]
    name: bytes


def _home(path: str) -> _Home:
    """The folder and the image a payload file belongs to; data/, the tier and metadata/ome are left out."""
    _, *folders, name = path.split("/")
    if not folders or (folders[0] in (Tier.README, Tier.METADATA) and folders[1:2] != ["ome"]):
        return _Home(is_of_images=False, folders=tuple(map(name_order, folders)), name=name_order(name))
    if folders[0] == Tier.METADATA:
        folders = folders[2:]
    if folders and folders[0] in _TIERS:
        folders = folders[1:]
    for place, folder in enumerate(folders):
        if match := _IMAGE_FOLDER.fullmatch(folder):
            folders, name = folders[:place], match[1] or match[2]
            break
    return _Home(is_of_images=True, folders=tuple(map(name_order, folders)), name=name_order(name))


def _groups(
    paths: Sequence[str], homes: Mapping[str, _Home], costs: Mapping[str, int], room: int, *, depth: int, level: int
) -> Iterator[Sequence[str]]:
    """The largest groups that belong together and fit into one part, in order."""
    if len(paths) == 1 or (level and sum(costs[path] for path in paths) <= room):
        yield paths
        return
    together: dict[object, list[str]] = {}
    for path in paths:
        together.setdefault(_key(path, homes[path], depth, level), []).append(path)
    for group in together.values():
        yield from _groups(group, homes, costs, room, depth=depth, level=level + 1)


def _key(path: str, home: _Home, depth: int, level: int) -> object:
    """What the files of one group have in common at this level; at the last, only themselves."""
    if level < depth:
        return home.is_of_images, home.folders[: level + 1]
    stem = home.name.partition(b".")[0] or home.name
    if level == depth:
        return home.folders, _NUMBER.sub(b"#", stem)
    return (home.folders, stem) if level == depth + 1 else path
