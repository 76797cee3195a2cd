"""Converts the raw images of a bag under way to OME-TIFF, and proves every plane."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING

from confocal_bag.bag.fixity import Fixity
from confocal_bag.counted import counted
from confocal_bag.deposit.exports.events import EventObject, EventType
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.numbering import image_number
from confocal_bag.image.worker import in_order
from confocal_bag.packing.at_hand import at_hand
from confocal_bag.packing.copying import family
from confocal_bag.packing.ledger import Ledger, ProvenSeries
from confocal_bag.packing.task import PackingTask
from confocal_bag.plan import PlannedConversion
from confocal_bag.progress import Progress

if TYPE_CHECKING:
    from confocal_bag.image.conversion_note import ConversionNote
    from confocal_bag.image.convert import Conversion

__all__ = ["convert_images"]

#: What a conversion gave: the fixity and the note of each result, by its place below data/.
Converted = Mapping[PurePosixPath, tuple[Fixity, "ConversionNote"]]

#: The writer takes one file at a time.
_writing = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beginning:
    """A planned conversion: `taken` over from an earlier run, or to be made at `places`."""

    planned: PlannedConversion
    made_from: str
    taken: Converted | None
    places: Sequence[Path]


def convert_images(task: PackingTask, ledger: Ledger, progress: Progress) -> None:
    """Convert each planned raw image from its copy in the bag, several at once, and prove every plane.

    An image of which not every plane can be read is a finding, and keeps nothing from being converted but itself.
    """
    progress.stage("Converting", sum(one.record.bytes for one in task.plan.conversions))
    for planned, outcome in in_order(partial(_convert, task, ledger), _beginnings(task, ledger), jobs=task.jobs):
        if not isinstance(outcome, UnreadableImage):
            for result, made in outcome.items():
                _enter(task, ledger, planned, result, made)
        elif planned.member is not None:
            ledger.set_member_aside(planned.member, outcome)
        else:
            ledger.set_aside(planned.source, planned.record.path, outcome)
        progress.advance(planned.record.bytes)


def _beginnings(task: PackingTask, ledger: Ledger) -> Iterator[_Beginning]:
    """Each planned conversion: finished by an earlier run, or with the places of its results."""
    for planned in task.plan.conversions:
        made_from = _made_from(ledger, planned)
        with _writing:
            taken = _take_over(task, planned, made_from)
            places = [] if taken else [task.writer.place(f"data/{result}") for result in planned.results]
        yield _Beginning(planned=planned, made_from=made_from, taken=taken, places=places)


def _made_from(ledger: Ledger, planned: PlannedConversion) -> str:
    """What identifies the bytes that a conversion is made from."""
    parts = [*ledger.families[family(planned.file)], *([str(planned.member.path)] if planned.member else [])]
    return sha256("\n".join(parts).encode()).hexdigest()


def _take_over(task: PackingTask, planned: PlannedConversion, made_from: str) -> Converted | None:
    """The conversions that an earlier run had finished; all series of a file, from the same bytes, or none."""
    from confocal_bag.image.conversion_note import ConversionNote

    found = {result: task.writer.resumed(f"data/{result}") for result in planned.results}
    taken = {result: (one[0], ConversionNote.from_json(one[1])) for result, one in found.items() if one is not None}
    if len(taken) < len(found) or any(note.made_from != made_from for _, note in taken.values()):
        for result in taken:
            task.writer.withdraw(f"data/{result}")
        return None
    return taken


def _convert(
    task: PackingTask, ledger: Ledger, begun: _Beginning
) -> tuple[PlannedConversion, Converted | UnreadableImage]:
    """Convert one image, unless that is done; several threads do this at once."""
    from confocal_bag.image.conversion_note import ConversionNote

    planned = begun.planned
    if begun.taken:
        return planned, begun.taken
    try:
        made = _write(task, ledger, begun)
    except UnreadableImage as problem:
        return planned, problem
    if [one.path for one in made] != begun.places:
        raise CannotFinish(
            f"{readable_path(planned.record.path)} gave {len(made)} series, but its header had declared "
            f"{len(begun.places)}. It may have changed while it was read; start again."
        )
    adopted = {}
    for result, one in zip(planned.results, made, strict=True):
        note = ConversionNote.of(one, begun.made_from)
        with _writing:
            adopted[result] = (task.writer.adopt(f"data/{result}", note=note.as_json()), note)
    return planned, adopted


def _write(task: PackingTask, ledger: Ledger, begun: _Beginning) -> "list[Conversion]":
    from confocal_bag.image.convert import convert_image
    from confocal_bag.image.readers.second import confirm

    planned = begun.planned
    with at_hand(task, ledger, planned.source, planned.member) as path:
        if task.second_reader:
            confirm(path)
        return convert_image(
            path,
            begun.places[0].parent,
            stem=planned.stem,
            compression=task.compression,
            keep_personal=task.keep_personal,
        )


def _enter(
    task: PackingTask,
    ledger: Ledger,
    planned: PlannedConversion,
    result: PurePosixPath,
    finished: "tuple[Fixity, ConversionNote]",
) -> None:
    """Remember a proven series."""
    from confocal_bag.image.formats import identify

    fixity, made = finished
    ledger.staged[result] = task.writer.staged(f"data/{result}")
    ledger.hashes[result] = {0: made.planes}
    ledger.hashes[planned.source] = {**ledger.hashes.get(planned.source, {}), made.series_index: made.planes}
    ledger.dimensions[result] = summarize_dimensions(planned.image(made.series_index))
    reason = f"converted from {planned.shown}; {counted(len(made.planes), 'plane')} equal"
    ledger.enter_file(result, identify(ledger.staged[result]), fixity, reason=reason)
    ledger.proven.append(
        ProvenSeries(
            source=planned.file,
            result=result,
            series_name=made.series_name,
            planes=len(made.planes),
            member=planned.member.path if planned.member else None,
        )
    )
    inside = f" ({readable_path(planned.member.path)} in a zip file)" if planned.member else ""
    ledger.enter_event(
        EventType.MIGRATION,
        f"{image_number(made.series_index)} of {planned.record.format.name}{inside} to OME-TIFF"
        f" ({made.compression or 'uncompressed'})",
        made.outcome,
        objects=(
            ledger.source(planned.file, planned.member),
            EventObject(path=f"data/{result}", role="outcome", digests=fixity.digests),
        ),
        time=made.made,
    )
