"""Gathers what a bag under way is known to hold into the facts that its metadata documents are written from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from uuid import UUID

from confocal_bag import __version__
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.events import Event
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, presentable
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.image.record import ImageRecord
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
    compiled: Mapping[PurePosixPath, tuple[PurePosixPath, ImageRecord]] = MappingProxyType({}),
) -> ExportFacts:
    """What the documents of this bag say, as far as it has come.

    `compiled` holds the images that were made of several files: for the place of each, below data/, the path in the
    deposit of the first of these, and what is known of the image.
    """
    said = presentable(description)
    index = DescriptionIndex(said)
    present = {row.path for row in rows}
    entries = {row.path: index.file(row.origin) for row in rows if row.origin}
    return ExportFacts(
        description=said,
        files=tuple(rows),
        images=tuple(one for one in _images(plan, index, compiled) if one.path in present),
        descriptions={path: entry for path, entry in entries.items() if entry is not None},
        events=tuple(events),
        bag_uuid=bag_uuid,
        moment=moment,
        software="confocal-bag",
        software_version=__version__,
    )


def _images(
    plan: BagPlan, index: DescriptionIndex, compiled: Mapping[PurePosixPath, tuple[PurePosixPath, ImageRecord]]
) -> Iterator[ExportedImage]:
    """Every image as it came, every series that was to be converted, and every image made of several files."""
    for copy in plan.copies:
        for position, record in enumerate(copy.record.images):
            described = index.image(copy.record, record, position)
            yield ExportedImage(path=f"data/{copy.target}", record=record, described=described)
    for conversion in plan.conversions:
        for position, result in enumerate(conversion.results):
            record = conversion.image(position)
            described = index.image(conversion.record, record, position)
            yield ExportedImage(path=f"data/{result}", record=record, described=described)
    received = {copy.record.path: copy.record for copy in plan.copies}
    for place, (origin, record) in compiled.items():
        yield ExportedImage(
            path=f"data/{place}", record=record, described=index.image(received[origin], record, position=0)
        )
