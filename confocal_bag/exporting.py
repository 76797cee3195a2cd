"""Gathers what a bag under way is known to hold into the facts that its metadata documents are written from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from uuid import UUID

from confocal_bag import __version__
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.events import Event
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, presentable
from confocal_bag.deposit.exports.inventory_csv import InventoryRow, sizes_cell
from confocal_bag.deposit.exports.method_facts import is_acquired
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.zips import member_path
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
    inner: Sequence[FileRecord] = (),
    compiled: Mapping[PurePosixPath, tuple[PurePosixPath, ImageRecord]] = MappingProxyType({}),
) -> ExportFacts:
    """What the documents of this bag say, as far as it has come.

    `inner` are the files inside zip files. `compiled` holds the images that were made of several files: for the place
    of each, below data/, the path in the deposit of the first of these, and what is known of the image.
    """
    said = presentable(description)
    index = DescriptionIndex(said)
    present = {row.path for row in rows}
    every = (*_received(plan, index), *_packed(plan, index, inner), *_made(plan, index, compiled))
    images = [one for one in every if one.path in present]
    entries = {row.path: index.file(row.origin) for row in rows if row.origin}
    entries |= {one.shown: index.of_image(one.described.header) for one in images if one.member is not None}
    return ExportFacts(
        description=said,
        files=tuple(_with_dimensions(rows, images)),
        images=tuple(images),
        descriptions={path: entry for path, entry in entries.items() if entry is not None},
        events=tuple(events),
        bag_uuid=bag_uuid,
        moment=moment,
        software="confocal-bag",
        software_version=__version__,
    )


def _with_dimensions(rows: Sequence[InventoryRow], images: Sequence[ExportedImage]) -> Iterator[InventoryRow]:
    """The rows with the sizes of the images in each file, and of a zip file with what the images in it are called."""
    of_file: defaultdict[str, list[str]] = defaultdict(list)
    for one in images:
        lead = "" if one.member is None else f"{shown_path(one.member)}: "
        of_file[one.path].append(f"{lead}{one.dimensions}")
    for row in rows:
        yield replace(row, dimensions=sizes_cell(of_file[row.path])) if row.path in of_file else row


def _image(
    index: DescriptionIndex, path: PurePosixPath, file: FileRecord, record: ImageRecord, position: int
) -> ExportedImage:
    described = index.image(file, record, position)
    return ExportedImage(
        path=f"data/{path}", record=record, described=described, acquired=is_acquired(index, file, described)
    )


def _received(plan: BagPlan, index: DescriptionIndex) -> Iterator[ExportedImage]:
    """Every image as it came."""
    for copy in plan.copies:
        for position, record in enumerate(copy.record.images):
            yield _image(index, copy.target, copy.record, record, position)


def _packed(plan: BagPlan, index: DescriptionIndex, inner: Sequence[FileRecord]) -> Iterator[ExportedImage]:
    """Every image inside a zip file as it came."""
    places = plan.places
    for file in inner:
        if file.archive is not None and file.archive in places:
            for position, record in enumerate(file.images):
                one = _image(index, places[file.archive], file, record, position)
                yield replace(one, member=member_path(file.archive, file.path))


def _made(
    plan: BagPlan, index: DescriptionIndex, compiled: Mapping[PurePosixPath, tuple[PurePosixPath, ImageRecord]]
) -> Iterator[ExportedImage]:
    """Every series that was to be converted, and every image made of several files."""
    for conversion in plan.conversions:
        for position, result in enumerate(conversion.results):
            yield _image(index, result, conversion.record, conversion.image(position), position)
    received = {copy.record.path: copy.record for copy in plan.copies}
    for place, (origin, record) in compiled.items():
        yield _image(index, place, received[origin], record, 0)
