"""Writes the sidecar of each image of a bag under way, with a digest of every plane."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.deposit.exports.events import EventObject, EventScope, EventType
from confocal_bag.deposit.exports.ome_notes import sequence_notes, sidecar_notes
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.findings import readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.worker import in_order
from confocal_bag.packing.at_hand import at_hand
from confocal_bag.packing.ledger import Ledger, PlaneHashes
from confocal_bag.packing.small_files import write_small
from confocal_bag.packing.task import PackingTask
from confocal_bag.plan import PlannedMember, sidecar_path
from confocal_bag.progress import Progress

if TYPE_CHECKING:
    from confocal_bag.image.sidecar import Note

__all__ = ["write_sidecars"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Image:
    """An image to describe, by its place below data/ and its path in the deposit.

    `position` is that of the one series of its source which it holds, None where it holds all. `record` is what is
    known of the file that it came from, None where that is several.
    """

    place: PurePosixPath
    origin: PurePosixPath
    position: int | None = None
    member: PlannedMember | None = None
    record: FileRecord | None = None

    @property
    def shown(self) -> str:
        """How its place is written for people."""
        return f"data/{readable_path(self.member.shown) if self.member else self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SidecarJob:
    """What one sidecar is made of, beside the image."""

    image: _Image
    plane_hashes: PlaneHashes | None
    notes: Sequence["Note"]


def write_sidecars(task: PackingTask, ledger: Ledger, progress: Progress) -> None:
    """Write one OME-XML file per image file, and per image in a zip file."""
    images = list(_images(task, ledger))
    progress.stage("Describing images", len(images))
    wanted = [one for one in images if _is_there(ledger, one)]
    progress.advance(len(images) - len(wanted))
    jobs = (_job(task, ledger, one) for one in wanted)
    for image, content in zip(wanted, in_order(partial(_render, task, ledger), jobs, jobs=task.jobs), strict=True):
        if not isinstance(content, UnreadableImage):
            reason = f"describes {readable_path(image.member.shown) if image.member else image.place}"
            write_small(task, ledger, sidecar_path(image.place), content, reason)
        elif image.member is not None:
            ledger.set_member_aside(image.member, content)
        else:
            ledger.set_aside(image.place, image.origin, content)
        progress.advance(1)
    count = len(images) - len(ledger.unproven)
    ledger.enter_event(EventType.EXTRACTION, f"headers of {count} image files", "see metadata/ome", EventScope.IMAGES)
    _enter_redaction(task, ledger)
    checked = "sidecars against the schema OME 2016-06"
    ledger.enter_event(EventType.VALIDATION, checked, "all valid", EventScope.SIDECARS)


def _images(task: PackingTask, ledger: Ledger) -> Iterator[_Image]:
    for copy in task.plan.copies:
        if copy.record.images:
            yield _Image(place=copy.target, origin=copy.record.path, record=copy.record)
    for member in task.plan.members:
        yield _Image(place=member.place, origin=member.record.path, member=member, record=member.record)
    for one in task.plan.conversions:
        for position, result in enumerate(one.results):
            yield _Image(place=result, origin=one.record.path, position=position, record=one.record)
    for made, origin in ledger.compiled.items():
        yield _Image(place=made, origin=origin)


def _is_there(ledger: Ledger, image: _Image) -> bool:
    return (image.member is not None or image.place in ledger.staged) and image.place not in ledger.unproven


def _job(task: PackingTask, ledger: Ledger, image: _Image) -> _SidecarJob:
    return _SidecarJob(
        image=image,
        plane_hashes=ledger.hashes.get(image.place),
        notes=[
            *sidecar_notes(
                task.description,
                task.entries,
                image.origin,
                position=image.position,
                record=image.record,
                is_compiled=image.record is None,
            ),
            *sequence_notes(ledger.statement, f"data/{image.place}"),
        ],
    )


def _render(task: PackingTask, ledger: Ledger, job: _SidecarJob) -> bytes | UnreadableImage:
    """The sidecar of one image; several threads do this at once."""
    from confocal_bag.image.guarded import render_sidecar

    try:
        with at_hand(task, ledger, job.image.place, job.image.member) as path:
            return render_sidecar(
                path,
                source_name=job.image.shown,
                plane_hashes=job.plane_hashes,
                notes=job.notes,
                keep_personal=task.keep_personal,
            )
    except UnreadableImage as problem:
        return problem


def _enter_redaction(task: PackingTask, ledger: Ledger) -> None:
    """Say which fields of which headers the sidecars and converted copies leave out."""
    if task.keep_personal:
        return
    files: list[tuple[PurePosixPath, PlannedMember | None]] = [(copy.target, None) for copy in task.plan.copies]
    files += [(one.archive, one) for one in task.plan.members]
    for record, (file, member) in zip(task.described, files, strict=True):
        fields = task.inspection.withheld(record)
        if fields and (member.place if member else file) not in ledger.unproven:
            inside = readable_path(member.path) if member else None
            ledger.enter_event(
                EventType.REDACTION,
                f"left out of the sidecar and of converted copies: {'; '.join(fields)}",
                "the file itself is unchanged",
                objects=(EventObject(path=f"data/{file}", role="source", member=inside),),
            )
