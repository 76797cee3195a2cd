"""Where the images of a bag under way lie on this machine, those in its zip files unpacked for the while."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from confocal_bag.findings import readable_path
from confocal_bag.image.model import UnreadableImage
from confocal_bag.packing.ledger import Ledger
from confocal_bag.packing.task import PackingTask
from confocal_bag.plan import PlannedMember

__all__ = ["at_hand"]


@contextmanager
def at_hand(task: PackingTask, ledger: Ledger, place: PurePosixPath, member: PlannedMember | None) -> Iterator[Path]:
    """The path of an image for as long as it is read.

    Raises UnreadableImage where a zip file does not give its member; what is said against that, here or in the block,
    names it as the depositor knows it.
    """
    if member is None:
        yield ledger.staged[place]
        return
    archive, path = ledger.staged[member.archive], None
    try:
        with task.unpacking.image(archive, member.path) as path:
            yield path
    except UnreadableImage as problem:
        told = str(problem)
        if path is not None:
            told = told.replace(readable_path(path), readable_path(member.record.path))
        raise type(problem)(told.replace(readable_path(archive), readable_path(member.origin))) from problem
