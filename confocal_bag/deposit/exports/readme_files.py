"""The files of a deposit as a readme lists them, those left out, and those that lost something."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import FileDescription
from confocal_bag.deposit.exports.plain_text import (
    NOT_RECORDED,
    Prepared,
    cleaned,
    paragraph,
    path_line,
    row,
    shown_path,
)
from confocal_bag.deposit.exports.readme import ReadmeFacts
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import Tier

__all__ = ["file_table", "left_out_lines", "loss_warnings", "place_of"]

_TIERS = list(Tier)
_WIDTHS = [36, 11, 12, 13]
_LOSSY_FORMATS = frozenset({"jpeg"})


def place_of(facts: ReadmeFacts, file: FileRecord) -> str:
    """Where a file lies: below data/ where that is known, else in the deposit; not yet fit to print."""
    place = facts.places.get(file.path)
    return f"data/{place}" if place is not None else str(file.path)


def file_table(facts: ReadmeFacts) -> Mapping[str, Any]:
    """The lines of the file table, and its totals."""
    index = DescriptionIndex(facts.description)
    lines: list[Prepared] = []
    by_tier = sorted(facts.inventory.files, key=_tier)
    for file in by_tier:
        lines.extend(_file_lines(facts, file, index.file(file.path)))
    tiers = [(tier, [file.bytes for file in files]) for tier, files in groupby(by_tier, key=_tier)]
    return {
        "head": row(["Path", "Tier", "Format", "Bytes"], _WIDTHS),
        "rule": row(["-" * width for width in _WIDTHS], _WIDTHS),
        "lines": lines,
        "totals": [
            *((_TIERS[tier].value, _total(sizes)) for tier, sizes in tiers),
            ("together", _total([file.bytes for file in by_tier])),
        ],
    }


def _tier(file: FileRecord) -> int:
    return _TIERS.index(file.tier)


def _total(sizes: Sequence[int]) -> str:
    return f"{len(sizes):,} {'file' if len(sizes) == 1 else 'files'}, {sum(sizes):,} bytes"


def _file_lines(facts: ReadmeFacts, file: FileRecord, entry: FileDescription | None) -> list[Prepared]:
    cells = [shown_path(place_of(facts, file)), file.tier.value, cleaned(file.format.name), f"{file.bytes:,}"]
    if len(cells[0]) > _WIDTHS[0]:
        lines = [Prepared(f"  {cells[0]}"), row(["", *cells[1:]], _WIDTHS)]
    else:
        lines = [row(cells, _WIDTHS)]
    lines.append(paragraph(_contents(file, entry), 6))
    if entry and entry.derived_from:
        lines.append(paragraph(f"made from: {', '.join(map(shown_path, entry.derived_from))}", 6))
    if entry and entry.tool.name:
        made = " ".join(filter(None, (entry.tool.name, entry.tool.version, entry.tool.command)))
        lines.append(paragraph(f"made with: {made}", 6))
    if entry and entry.created:
        lines.append(paragraph(f"created: {entry.created}", 6))
    return lines


def _contents(file: FileRecord, entry: FileDescription | None) -> str:
    if entry is not None and entry.description is not None and says_something(entry.description):
        return entry.description
    if file.tier in (Tier.README, Tier.METADATA):
        return file.tier_reason
    return f"contents {NOT_RECORDED}"


def left_out_lines(inventory: Inventory) -> Sequence[Prepared]:
    """What was received and did not go into the bag, and why."""
    return [path_line(one.path, one.reason) for one in inventory.left_out]


def loss_warnings(facts: ReadmeFacts) -> Sequence[Prepared]:
    """The files whose pixels were compressed with loss before they were received."""
    lossy = [
        place_of(facts, file)
        for file in facts.inventory.files
        if file.format.id in _LOSSY_FORMATS or any(image.lossy for image in file.images)
    ]
    return [path_line(path) for path in lossy]
