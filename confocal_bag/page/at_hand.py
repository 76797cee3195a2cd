"""Where the files of a deposit or bag lie while a page is made: in their folder, or unpacked for the while."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.bag.archives.unpack import unpack_into
from confocal_bag.bag.source import open_source
from confocal_bag.deposit.source import open_deposit
from confocal_bag.findings import CannotFinish
from confocal_bag.private_folder import Purpose, private_folder
from confocal_bag.progress import Progress

__all__ = ["AtHand", "bag_at_hand", "deposit_at_hand"]

#: A larger bag in an archive is not unpacked for its pictures.
MOST_UNPACKED = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """The folder that paths begin in, or the reason for having none."""

    folder: Path | None = None
    note: str | None = None


@contextmanager
def deposit_at_hand(subject: Path | None) -> Iterator[AtHand]:
    """A deposit; one in a zip file is unpacked, and deleted again."""
    if subject is None:
        yield AtHand(note="The deposit is not at hand, so there are no pictures of its images.")
        return
    if subject.is_dir():
        yield AtHand(folder=subject)  # what a saved run names is not listed, only its images are opened
        return
    try:
        deposit = open_deposit(subject)
    except CannotFinish as problem:
        yield AtHand(note=f"There are no pictures of the images: {problem}")
        return
    yield AtHand(folder=deposit.folder)
    del deposit  # with it goes what was unpacked


@contextmanager
def bag_at_hand(subject: Path, progress: Progress) -> Iterator[AtHand]:
    """A bag; one in an archive that is sound and not very large is unpacked, and deleted again."""
    if subject.is_dir():
        yield AtHand(folder=subject)
        return
    with private_folder(Purpose.PAGE) as folder:
        yield _unpacked(subject, folder, progress)


def _unpacked(subject: Path, folder: Path, progress: Progress) -> AtHand:
    try:
        with open_source(subject) as source:
            size = sum(source.files.values())
            if size > MOST_UNPACKED:
                return AtHand(note=f"The bag is an archive of {size / 1e9:.1f} GB; unpack it to see its images.")
            progress.stage("Unpacking for the pictures", size)
            unpack_into(source, folder, on_bytes=progress.advance)
    except CannotFinish as problem:
        return AtHand(note=f"The bag is an archive, and its images are not shown: {problem}")
    return AtHand(folder=folder)
