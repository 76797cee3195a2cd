"""Name many files with few entries: one pattern for the files of a folder that belong together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.stock import Plan
from confocal_bag.deposit.description.text import Block, Value, fact_text, yaml_text
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.findings import readable_path
from confocal_bag.vocabulary import Tier

__all__ = ["FileGroup", "file_block", "group_files"]

#: Files that differ are named one by one up to this number of them, and up to this number beside a pattern.
_FEW, _MANY = 20, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGroup:
    """Files that one entry names: its path or pattern, their tier and acquisition where they share one.

    `acquisition` holds one id for all images of a file, or one for each. Files that are packed in a zip file have no
    tier of their own: they stay in it.
    """

    pattern: str
    count: int
    tier: Tier | None
    tier_reason: str | None
    acquisition: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    is_image: bool = False
    by_name: bool = False
    is_packed: bool = False


def group_files(files: Iterable[FileRecord], plan: Plan) -> list[FileGroup]:
    """Entries that together name every file, in path order; a file that differs from its pattern has its own."""
    groups: list[FileGroup] = []
    for folder, members in _by_folder(files).items():
        for suffix, alike in _by_suffix(members).items():
            shares = defaultdict(list)
            for file in alike:
                shares[(file.tier, plan.acquisitions_of(readable_path(file.path)))].append(file)
            named_by_pattern = [file for file in members if file.path.name.endswith(suffix)]
            clean = len(named_by_pattern) == len(alike) and bool(suffix)
            most = max(shares.values(), key=len)
            paths = {file.path for file in most}
            others = [file for file in alike if file.path not in paths] if len(shares) > 1 else []
            if len(alike) > 1 and clean and (not others or (len(alike) > _FEW and len(others) <= _MANY)):
                # an entry for one file goes before a pattern that names it too
                groups.append(_group(_pattern(folder, suffix), most, plan))
                groups.extend(_group(readable_path(f.path), [f], plan) for f in others)
            elif len(alike) > _FEW and clean:
                groups.append(_group(_pattern(folder, suffix), alike, plan))
            else:
                groups.extend(_group(readable_path(f.path), [f], plan) for f in alike)
    return groups


def file_block(group: FileGroup) -> Block:
    """One entry of `files`."""
    block: dict[str, Value | None] = {"path": Value(text=yaml_text(group.pattern))}
    if group.count > 1:
        block["path"] = Value(text=yaml_text(group.pattern), comment=f"{group.count} files")
    if not group.is_packed:
        block["tier"] = Value(text=group.tier, comment=group.tier_reason) if group.tier else None
    if group.acquisition:
        reason = "by its name; correct it if this is another image" if group.by_name else None
        ordered = "one for each image of the file, in their order" if len(group.acquisition) > 1 else None
        block["acquisition"] = Value(text=fact_text(group.acquisition), comment=ordered or reason)
    elif group.several:
        block["acquisition"] = Value(text="", comment=f"several: {', '.join(group.several[:12])}")
    elif group.is_image:
        block["acquisition"] = None
    block["description"] = None
    return block


def _by_folder(files: Iterable[FileRecord]) -> dict[str, list[FileRecord]]:
    folders: dict[str, list[FileRecord]] = defaultdict(list)
    for file in sorted(files, key=lambda file: readable_path(file.path)):
        folders[readable_path(file.path).rpartition("/")[0]].append(file)
    return folders


def _by_suffix(files: Iterable[FileRecord]) -> dict[str, list[FileRecord]]:
    """Files by their ending; the same ending in other letter case is another ending."""
    kinds: dict[str, list[FileRecord]] = defaultdict(list)
    for file in files:
        kinds[_suffix(file.path.name)].append(file)
    return kinds


def _suffix(name: str) -> str:
    found = re.search(r"(?:\.ome)?\.[A-Za-z0-9]{1,8}$", name)
    return found[0] if found is not None and found.start() > 0 else ""


def _pattern(folder: str, suffix: str) -> str:
    return f"{folder}/*{suffix}" if folder else f"*{suffix}"


def _group(pattern: str, files: Sequence[FileRecord], plan: Plan) -> FileGroup:
    tiers = {file.tier for file in files}
    reasons = {file.tier_reason for file in files}
    paths = [readable_path(file.path) for file in files]
    taken_as = {plan.acquisitions_of(path) for path in paths}
    several = list(dict.fromkeys(name for path in paths for name in plan.acquisitions_of(path)))
    return FileGroup(
        pattern=pattern,
        count=len(files),
        tier=tiers.pop() if len(tiers) == 1 else None,
        tier_reason=reasons.pop() if len(reasons) == 1 else None,
        acquisition=taken_as.pop() if len(taken_as) == 1 else (),
        several=tuple(several),
        is_image=any(file.images for file in files),
        by_name=any(path in plan.by_name for path in paths),
        is_packed=any(file.archive for file in files),
    )
