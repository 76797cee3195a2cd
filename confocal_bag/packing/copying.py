"""Copies the files of a deposit into a bag, hashing on the way."""

from pathlib import PurePosixPath

from confocal_bag.bag.fixity import Fixity, hash_file
from confocal_bag.bag.holey.address import reference_url
from confocal_bag.deposit.exports.events import EventScope, EventType
from confocal_bag.deposit.exports.inventory_csv import sizes_cell
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.deposit.source import SourceEntry
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.packing.ledger import Ledger
from confocal_bag.packing.task import PackingTask
from confocal_bag.plan import DESCRIPTION, PlannedCopy
from confocal_bag.progress import Progress
from confocal_bag.vocabulary import Tier

__all__ = ["copy_files", "family"]


def copy_files(task: PackingTask, ledger: Ledger, progress: Progress) -> None:
    """Copy every planned file and enter what was received."""
    copies = task.plan.copies
    count, size = len(copies), sum(copy.record.bytes for copy in copies)
    progress.stage("Copying", size)
    entries = {entry.path: entry for entry in task.inspection.deposit.files}
    for copy in copies:
        fixity = _take_in(task, ledger, copy, entries[copy.record.path])
        ledger.families[family(copy.target)].append(f"{copy.target}\0{fixity.digests[task.algorithms[0]]}")
        progress.advance(fixity.size)
        record = copy.record
        ledger.dimensions[copy.target] = sizes_cell([summarize_dimensions(image) for image in record.images])
        ledger.enter_file(copy.target, record.format, fixity, reason=record.tier_reason, origin=str(record.path))
    _refuse_other_description(task, ledger)
    received = EventScope.RECEIVED
    ledger.enter_event(EventType.INGESTION, f"{count} files ({size} bytes) copied from the deposit", "copied", received)
    digests = ", ".join(task.algorithms)
    ledger.enter_event(EventType.DIGEST, f"while copying: {digests}", "recorded in the manifests", received)
    identified = f"{count} files identified by their bytes"
    ledger.enter_event(EventType.IDENTIFICATION, identified, "see metadata/inventory.csv", received)


def _take_in(task: PackingTask, ledger: Ledger, copy: PlannedCopy, entry: SourceEntry) -> Fixity:
    """Copy one file and hash it on the way; of a raw file that is kept elsewhere, hash it and say where."""
    source = task.inspection.deposit.local(copy.record.path)
    target = f"data/{copy.target}"
    if task.raw_url is None or copy.record.tier is not Tier.RAW:
        expected = (entry.bytes, entry.modified_ns)
        fixity = task.writer.copy(source, target, origin=str(copy.record.path), expected=expected)
        ledger.staged[copy.target] = task.writer.staged(target)
        return fixity
    try:
        fixity = hash_file(source, task.algorithms)
    except OSError as error:
        raise CannotFinish(f"{readable_path(source)} cannot be read: {error.strerror}.") from error
    url = reference_url(task.raw_url, copy.target.relative_to(Tier.RAW.value))
    task.writer.reference(target, url=url, fixity=fixity)
    ledger.elsewhere += 1
    ledger.staged[copy.target] = source
    return fixity


def _refuse_other_description(task: PackingTask, ledger: Ledger) -> None:
    """The description in the bag is the one that was judged, byte for byte."""
    described = task.inspection.described
    copied = ledger.staged.get(DESCRIPTION)
    if described and copied and copied.read_bytes() != described.content:
        raise CannotFinish(f"{described.path} changed while the bag was being built. Start again.")


def family(path: PurePosixPath) -> str:
    """What stands for an image with the files it keeps beside itself, as NAME.oif does in NAME.oif.files.

    Of an OME-Zarr that is the folder.
    """
    for parent in path.parents:
        name = parent.name.lower()
        if name.endswith(".files"):
            return str(parent)[: -len(".files")]
        if name.endswith(".zarr"):
            return str(parent)
    return str(path)
