"""The images in zip files of a bag that no sidecar describes: what a bag keeps silent about proves nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.zips import safe_member
from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import Format, identify

__all__ = ["Undescribed", "undescribed_members"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undescribed:
    """The images in zip files without a sidecar, by the place they would have were the zip file a folder.

    `images` are those that this program reads, with their formats; `problems` says of the others, and of zip files,
    why they could not be looked at. `holders` names the zip file of each member.
    """

    images: Mapping[PurePosixPath, Format] = field(default_factory=dict)
    problems: Mapping[PurePosixPath, str] = field(default_factory=dict)
    holders: Mapping[PurePosixPath, PurePosixPath] = field(default_factory=dict)


def undescribed_members(archives: Mapping[PurePosixPath, Path], described: Collection[PurePosixPath]) -> Undescribed:
    """Look into zip files, by their places below data/, for images that are not among those `described`.

    Members with names for which no bag has sidecars are passed over; the first bytes tell images from other members,
    and only the images without a sidecar are unpacked.
    """
    from confocal_bag.deposit.zips.images import image_members
    from confocal_bag.deposit.zips.inner_files import unfit_names

    images: dict[PurePosixPath, Format] = {}
    problems: dict[PurePosixPath, str] = {}
    holders: dict[PurePosixPath, PurePosixPath] = {}
    with Unpacking() as unpacking:
        for archive, local in archives.items():
            try:
                members = image_members(local)
            except CannotFinish as problem:
                problems[archive] = _told(problem, local, archive)
                continue
            unfit = unfit_names(members)
            for member in members:
                place = archive / safe_member(member)
                # Sidecars of bags of earlier versions have the names of the members as they are.
                if member in unfit or place in described or archive / member in described:
                    continue
                try:
                    found = _format(unpacking, local, member)
                except CannotFinish as problem:
                    problems[place] = _told(problem, local, archive)
                    holders[place] = archive
                else:
                    if found is not None:
                        images[place], holders[place] = found, archive
    return Undescribed(images=images, problems=problems, holders=holders)


def _format(unpacking: Unpacking, local: Path, member: PurePosixPath) -> Format | None:
    """The format of an image in a zip file; None for what is none, and for a file for which another one stands."""
    from confocal_bag.image.guarded import read_set_head
    from confocal_bag.image.readers.choice import READERS

    with unpacking.image(local, member) as path:
        known = identify(path)
        if known.id not in READERS or read_set_head(path, known) not in (None, member.name):
            return None
        return known


def _told(problem: CannotFinish, local: Path, archive: PurePosixPath) -> str:
    return str(problem).replace(readable_path(local), f"data/{readable_path(archive)}")
