"""Which members of a zip file look like images, told from their first bytes: nothing is unpacked for this."""

import io
import os
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from zipfile import ZipFile

from confocal_bag.deposit.source_entry import EntryKind
from confocal_bag.deposit.tiers import image_folder, litter_reason
from confocal_bag.deposit.zips.archive import open_zip
from confocal_bag.deposit.zips.members import ZipMember, read_members
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.formats import identify_stream
from confocal_bag.image.readers.plugins import is_readable
from confocal_bag.zip_format import ZIP_DAMAGE

__all__ = ["image_members", "may_hold_images"]

_HEAD = 8192


def may_hold_images(path: Path) -> bool:
    """Whether a member of a zip file looks like an image. Raises CannotFinish where it cannot be looked into."""
    with open_zip(path) as archive:
        return any(_looks_like_image(one, archive) for one in _files(path, archive))


def image_members(path: Path) -> tuple[PurePosixPath, ...]:
    """The members that look like images, in the byte order of their paths; each file of a set of OME-TIFFs is one.

    Litter and the parts of images that are folders are left out. Raises CannotFinish where the zip file cannot be
    looked into.
    """
    with open_zip(path) as archive:
        members = list(_files(path, archive))
        # An OME-Zarr without its folder (.ozx) lies in one as soon as it is unpacked.
        is_zarr = any(str(one.entry.path) in ZARR_TOPS for one in members)
        top = PurePosixPath("image.zarr" if is_zarr else "")
        found = [one for one in members if not image_folder(top / one.entry.path) and not litter_reason(one.entry.path)]
        return tuple(sorted((one.entry.path for one in found if _looks_like_image(one, archive)), key=os.fsencode))


def _files(path: Path, archive: ZipFile) -> Iterator[ZipMember]:
    return (one for one in read_members(path, archive) if one.entry.kind is EntryKind.FILE)


def _looks_like_image(member: ZipMember, archive: ZipFile) -> bool:
    name = PurePath(member.entry.path)
    try:
        with archive.open(member.info) as stream:
            found = identify_stream(io.BytesIO(stream.read(_HEAD)), name.name)
    except (*ZIP_DAMAGE, OSError):
        return False  # said when it is unpacked, or as an unreadable member
    return is_readable(name, found) or found.id == "ole2" or name.name in ZARR_TOPS
