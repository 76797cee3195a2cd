"""inventory.csv: one row per payload file, for people with a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from confocal_bag.spreadsheet import as_csv_text

__all__ = ["InventoryRow", "render_inventory", "sizes_cell"]

#: Spreadsheets cut longer cells (Excel at 32,767 characters), and nobody reads so much in one.
_LONGEST_CELL = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """One payload file: where it lies in the bag, where it came from, what it is."""

    path: str
    tier: str
    origin: str
    bytes: int
    format: str
    puid: str | None
    mime: str
    digests: Mapping[str, str]
    dimensions: str
    reason: str


def render_inventory(rows: Iterable[InventoryRow], algorithms: Iterable[str]) -> str:
    """The rows as CSV, in path order, with a column for each digest algorithm."""
    names = tuple(algorithms)
    heading = ("path", "tier", "origin", "bytes", "format", "puid", "mime", *names, "dimensions", "reason")
    return as_csv_text(heading, (_cells(row, names) for row in sorted(rows, key=lambda one: one.path)))


def _cells(row: InventoryRow, names: Iterable[str]) -> tuple[object, ...]:
    digests = (row.digests.get(name) for name in names)
    known = (row.path, row.tier, row.origin, row.bytes, row.format, row.puid, row.mime)
    return (*known, *digests, row.dimensions, row.reason)


def sizes_cell(sizes: Sequence[str]) -> str:
    """What the sizes of the images in a file are, in one cell; of very many the first, and how many more there are."""
    length, shown = 0, 0
    for one in sizes:
        length += len(one) + 2
        if shown and length > _LONGEST_CELL:
            break
        shown += 1
    more = len(sizes) - shown
    return "; ".join([*sizes[:shown], *([f"and {more} more"] if more else [])])
