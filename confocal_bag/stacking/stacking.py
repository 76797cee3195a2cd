"""Makes one image of each planned stack of a bag under way, proves it, and states which sequences the bag holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.bag.fixity import Fixity
from confocal_bag.counted import counted
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.sequence_channels import described_names
from confocal_bag.deposit.exports.events import EventObject, EventType
from confocal_bag.findings import readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.record import ImageRecord
from confocal_bag.image.worker import in_order
from confocal_bag.packing import Ledger, PackingTask, ProvenSeries, add_generated, add_made
from confocal_bag.progress import Progress
from confocal_bag.stacking.statement import state_sequences
from confocal_bag.stacks import RESULT_SUFFIX, LooseSequence, PlannedStack, check_stacks

if TYPE_CHECKING:
    from confocal_bag.image.companion_proof import ProvenCompanion
    from confocal_bag.image.conversion_note import ConversionNote
    from confocal_bag.image.convert import Conversion

__all__ = ["make_stacks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A planned stack, its files on this machine, and its compiled copy: `taken` over, or to be made at `target`.

    `channels` are the names that people gave its channels, by their values along C.
    """

    planned: PlannedStack
    files: Sequence[Path]
    channels: Mapping[int | str, str]
    made_from: str
    taken: "tuple[Fixity, ConversionNote] | None" = None
    target: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What was made of a stack, and why not all that was planned."""

    job: _Job
    compiled: "Conversion | None" = None
    companion: "ProvenCompanion | None" = None
    problem: UnreadableImage | None = None


def make_stacks(task: PackingTask, ledger: Ledger, progress: Progress) -> None:
    """Compile each planned stack, write its companion file, and write metadata/sequences.json.

    Every plane of a compiled stack is read again from the result and compared, as for vendor files; every plane of a
    companion file is read again by the file and page it names. A stack whose files turn out not to be planes of one
    image stays loose, which is a finding.
    """
    plan = task.plan.stacks
    progress.stage("Compiling stacks", len(plan.stacks))
    make = partial(_make, compression=task.compression, keep_personal=task.keep_personal)
    loose = list(plan.loose)
    for outcome in in_order(make, _jobs(task, ledger), jobs=task.jobs):
        _record(task, ledger, outcome)
        if outcome.problem is not None:
            loose.append(_left_loose(outcome, outcome.problem))
        progress.advance(1)
    checks, findings = check_stacks(replace(plan, loose=tuple(loose)))
    ledger.checks += checks
    ledger.findings += findings
    state_sequences(task, ledger)


def _jobs(task: PackingTask, ledger: Ledger) -> Iterator[_Job]:
    index = DescriptionIndex(task.description)
    records = {str(copy.record.path): copy.record for copy in task.plan.copies}
    for planned in task.plan.stacks.stacks:
        if any(path in ledger.unproven for path in planned.members):
            continue  # a finding says so already
        digests = [ledger.digests[path][task.algorithms[0]] for path in planned.members]
        coordinates = [sorted(file.coordinates.items()) for file in planned.sequence.files]
        channels = described_names(index, (records[file.path] for file in planned.sequence.files))
        named = sorted((str(value), name) for value, name in channels.items())
        made_of = [planned.name, named, *zip(coordinates, digests, strict=True)]
        made_from = sha256(repr(made_of).encode("utf-8")).hexdigest()
        files = [ledger.staged[path] for path in planned.members]
        taken = _take_over(task, planned.result, made_from)
        target = task.writer.place(f"data/{planned.result}") if planned.result and taken is None else None
        yield _Job(planned=planned, files=files, channels=channels, made_from=made_from, taken=taken, target=target)


def _take_over(
    task: PackingTask, result: PurePosixPath | None, made_from: str
) -> "tuple[Fixity, ConversionNote] | None":
    """The compiled copy that an earlier run had finished from the same bytes, if any."""
    from confocal_bag.image.conversion_note import ConversionNote

    found = task.writer.resumed(f"data/{result}") if result else None
    if found is None:
        return None
    note = ConversionNote.from_json(found[1])
    if note.made_from != made_from:
        task.writer.withdraw(f"data/{result}")
        return None
    return found[0], note


def _make(job: _Job, *, compression: str | None, keep_personal: bool) -> _Outcome:
    """Make what is planned of one stack; several threads do this at once."""
    from confocal_bag.image.companion_proof import make_companion
    from confocal_bag.image.convert import convert_sequence

    planned, compiled = job.planned, None
    files = [(file.coordinates, path) for file, path in zip(planned.sequence.files, job.files, strict=True)]
    try:
        if job.target is not None:
            compiled = convert_sequence(
                files,
                job.target.parent,
                name=planned.name,
                stem=job.target.name.removesuffix(RESULT_SUFFIX),
                compression=compression,
                keep_personal=keep_personal,
                channels=job.channels,
            )
        companion = None
        if planned.companion is not None:
            companion = make_companion(files, name=planned.name, folder=planned.way_to_members, channels=job.channels)
    except UnreadableImage as problem:
        return _Outcome(job=job, compiled=compiled, problem=problem)
    return _Outcome(job=job, compiled=compiled, companion=companion)


def _record(task: PackingTask, ledger: Ledger, outcome: _Outcome) -> None:
    from confocal_bag.image.conversion_note import ConversionNote

    job, planned = outcome.job, outcome.job.planned
    if outcome.compiled is not None:
        note = ConversionNote.of(outcome.compiled, job.made_from)
        _record_compiled(task, ledger, job, task.writer.adopt(f"data/{planned.result}", note=note.as_json()), note)
    elif job.taken is not None:
        _record_compiled(task, ledger, job, *job.taken)
    if outcome.companion is not None and planned.companion is not None:
        _record_companion(task, ledger, planned, planned.companion, outcome.companion)


def _record_compiled(task: PackingTask, ledger: Ledger, job: _Job, fixity: Fixity, note: "ConversionNote") -> None:
    planned, result, count = job.planned, job.planned.result, len(note.planes)
    if result is None:
        raise ValueError(f"{planned.name} was compiled without having been planned")
    ledger.hashes[result] = {0: note.planes}
    reason = f"compiled from {_files_of(planned)}; {counted(count, 'plane')} equal"
    ledger.enter_compiled(result, _record_of(planned, _sizes(note)), _origin(planned))
    add_made(task, ledger, result, fixity, reason)
    ledger.proven.append(ProvenSeries(source=planned.folder, result=result, series_name=note.series_name, planes=count))
    sources = [
        EventObject(path=f"data/{path}", role="source", digests=ledger.digests[path]) for path in planned.members
    ]
    ledger.enter_event(
        EventType.MIGRATION,
        f"{len(planned.members)} files of the sequence {readable_path(planned.name)} to one OME-TIFF"
        f" ({note.compression or 'uncompressed'})",
        note.outcome,
        objects=(*sources, EventObject(path=f"data/{result}", role="outcome", digests=fixity.digests)),
        time=note.made,
    )


def _record_companion(
    task: PackingTask, ledger: Ledger, planned: PlannedStack, place: PurePosixPath, companion: "ProvenCompanion"
) -> None:
    """Write the companion; one beside its planes is an image that readers open, and gets a sidecar of its own."""
    reason = f"opens {_files_of(planned)} as one image; all {len(companion.planes)} planes found"
    if planned.is_beside:
        ledger.hashes[place] = {0: companion.planes}
        ledger.enter_compiled(place, _record_of(planned, companion.sizes), _origin(planned))
    add_generated(task, ledger, place, companion.content, reason)


def _record_of(planned: PlannedStack, sizes: Mapping[str, int]) -> ImageRecord:
    """What is known of the image that the files are together: what the first records, with all the planes."""
    plane = {axis: size for axis, size in planned.first.axes.items() if axis not in sizes}
    return replace(planned.first, name=planned.name, axes={**sizes, **plane})


def _sizes(note: "ConversionNote") -> dict[str, int]:
    """The places along each axis that numbers planes."""
    return {axis: 1 + max(place[axis] for place, _ in note.planes) for axis in note.planes[0][0]}


def _origin(planned: PlannedStack) -> PurePosixPath:
    return PurePosixPath(planned.sequence.files[0].path)


def _files_of(planned: PlannedStack) -> str:
    first, last = planned.members[0], planned.members[-1]
    return f"{len(planned.members)} files, {first} to {last.name}"


def _left_loose(outcome: _Outcome, problem: UnreadableImage) -> LooseSequence:
    """A stack whose files are no planes of one image, told by the names they have in the deposit."""
    planned, reason = outcome.job.planned, str(problem).rstrip(".")
    if outcome.compiled is not None or outcome.job.taken is not None:
        reason = f"it was compiled, but its loose files have no companion file: {reason}"
    for path, file in zip(outcome.job.files, planned.sequence.files, strict=True):
        reason = reason.replace(readable_path(path), readable_path(file.path))
    return LooseSequence(name=planned.name, path=planned.sequence.files[0].path, reason=reason)
