"""Gathers what a bag under way is known to hold into the facts that its metadata documents are written from."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from confocal_bag import __version__
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.events import Event
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, presentable
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.plan import BagPlan

__all__ = ["export_facts"]


def export_facts(
    description: Description,
    plan: BagPlan,
    *,
    rows: Sequence[InventoryRow],
    events: Sequence[Event],
    bag_uuid: UUID,
    moment: datetime,
) -> ExportFacts:
    """What the documents of this bag say, as far as it has come."""
    said = presentable(description)
    index = DescriptionIndex(said)
    present = {row.path for row in rows}
    entries = {row.path: index.file(row.origin) for row in rows if row.origin}
    return ExportFacts(
        description=said,
        files=tuple(rows),
        images=tuple(one for one in _images(plan, index) if one.path in present),
        descriptions={path: entry for path, entry in entries.items() if entry is not None},
        events=tuple(events),
        bag_uuid=bag_uuid,
        moment=moment,
        software="confocal-bag",
        software_version=__version__,
    )


def _images(plan: BagPlan, index: DescriptionIndex) -> Iterator[ExportedImage]:
    """Every image as it came, then every series that was to be converted."""
    for copy in plan.copies:
        for position, record in enumerate(copy.record.images):
            described = index.image(copy.record, record, position)
            yield ExportedImage(path=f"data/{copy.target}", record=record, described=described)
    for conversion in plan.conversions:
        for position, result in enumerate(conversion.results):
            record = conversion.image(position)
            described = index.image(conversion.record, record, position)
            yield ExportedImage(path=f"data/{result}", record=record, described=described)
