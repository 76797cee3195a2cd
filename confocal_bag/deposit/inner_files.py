"""The images inside the zip files of a deposit: looked at one level deep, in a private folder, and never kept."""

import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath, PurePosixPath
from zipfile import ZipFile

from confocal_bag.deposit.inventory import FileRecord, Inventory, take_inventory
from confocal_bag.deposit.privacy.search import search_deposit
from confocal_bag.deposit.source import Deposit, EntryKind, SourceEntry, open_deposit
from confocal_bag.deposit.tiers import folded
from confocal_bag.deposit.zip_members import ZIP_DAMAGE, ZipMember, open_zip, read_members
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.formats import identify_stream
from confocal_bag.image.privacy import Search
from confocal_bag.image.readers.plugins import is_readable

__all__ = ["InnerFiles", "inner_path", "look_inside", "may_hold_images", "member_path"]

_HEAD = 8192
#: Names of files made from an image have a few more letters, and no file system takes more than 255 bytes.
_LONGEST_NAME_BYTES = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerFiles:
    """What one zip file of a deposit holds. `archive` is its path in the deposit.

    `images` are the files in it that are images, or should be, by paths like scans.zip!/day1/cell.lsm; `unreadable`
    its members that cannot be had; `nested` the archives in it, which are not opened; `personal` what its images record
    of people. `unfit` are the images beside which a bag can have nothing, for their names, each with the reason.
    `problem` says why it could not be looked into at all.
    """

    archive: PurePosixPath
    images: tuple[FileRecord, ...] = ()
    unreadable: tuple[SourceEntry, ...] = ()
    nested: tuple[PurePosixPath, ...] = ()
    personal: Mapping[PurePosixPath, Search] = field(default_factory=dict)
    unfit: Mapping[PurePosixPath, str] = field(default_factory=dict)
    problem: str | None = None

    @property
    def described(self) -> tuple[FileRecord, ...]:
        """The images that a bag describes beside the zip file: those that can be read, and have a fit name."""
        return tuple(one for one in self.images if one.images and one.path not in self.unfit)


def inner_path(archive: PurePosixPath, member: PurePosixPath) -> PurePosixPath:
    """How a member of a zip file is written: scans.zip!/day1/cell.lsm."""
    return archive.with_name(f"{archive.name}!") / member


def member_path(archive: PurePosixPath, inner: PurePosixPath) -> PurePosixPath:
    """The path inside the zip file of what `inner_path` gave."""
    return inner.relative_to(archive.with_name(f"{archive.name}!"))


def look_inside(deposit: Deposit, inventory: Inventory, *, jobs: int = 1) -> tuple[InnerFiles, ...]:
    """What the zip files of a deposit hold, in path order; `jobs` images are looked at at once."""
    archives = [record.path for record in inventory.files if record.format.id == "zip"]
    return tuple(_look(deposit.local(path), path, jobs) for path in archives)


def _look(local: Path, archive: PurePosixPath, jobs: int) -> InnerFiles:
    try:
        if not may_hold_images(local):
            return _without_images(local, archive)
        inside = open_deposit(local)
        found = take_inventory(inside, with_digests=False, jobs=jobs)
    except CannotFinish as problem:
        shown = str(problem).replace(readable_path(local), readable_path(archive))
        return InnerFiles(archive=archive, problem=shown)
    wanted = tuple(one for one in found.files if one.images or one.image_problem)
    personal = search_deposit(inside, replace(found, files=wanted), jobs=jobs)
    return InnerFiles(
        archive=archive,
        images=tuple(
            replace(one, path=inner_path(archive, one.path), image_problem=_placed(one, archive)) for one in wanted
        ),
        personal={inner_path(archive, path): search for path, search in personal.items()},
        unfit={inner_path(archive, path): reason for path, reason in _unfit([one.path for one in wanted]).items()},
        unreadable=_unreadable(inside.entries),
        nested=tuple(inner_path(archive, one.path) for one in found.files if one.format.id == "zip"),
    )


def _unfit(paths: list[PurePosixPath]) -> dict[PurePosixPath, str]:
    """The members beside which a bag can have no file of their name, and why."""
    found: dict[PurePosixPath, str] = {}
    seen: dict[str, PurePosixPath] = {}
    for path in paths:
        other = seen.setdefault(folded(path), path)
        if other != path:
            found[path] = f"some systems cannot tell it from {readable_path(other)}"
        elif ".." in re.split(r"[/\\]", str(path)):
            found[path] = "it climbs to a parent folder where a backslash separates folders"
        elif any(len(os.fsencode(part)) > _LONGEST_NAME_BYTES for part in path.parts):
            found[path] = f"it has more than {_LONGEST_NAME_BYTES} bytes"
    return found


def _placed(record: FileRecord, archive: PurePosixPath) -> str | None:
    """What is wrong with an inner file, with the whole path of it."""
    if record.image_problem is None:
        return None
    whole = readable_path(inner_path(archive, record.path))
    return record.image_problem.replace(readable_path(record.path), whole)


def _without_images(local: Path, archive: PurePosixPath) -> InnerFiles:
    with open_zip(local) as opened:
        entries = tuple(one.entry for one in read_members(local, opened))
    nested = tuple(inner_path(archive, one.path) for one in entries if one.path.suffix.lower() == ".zip")
    return InnerFiles(archive=archive, unreadable=_unreadable(entries), nested=nested)


def _unreadable(entries: tuple[SourceEntry, ...]) -> tuple[SourceEntry, ...]:
    return tuple(one for one in entries if one.kind in (EntryKind.UNREADABLE, EntryKind.LINK, EntryKind.SPECIAL))


def may_hold_images(path: Path) -> bool:
    """Whether a member of a zip file looks like an image by its first bytes; nothing is unpacked for this."""
    with open_zip(path) as archive:
        members = [one for one in read_members(path, archive) if one.entry.kind is EntryKind.FILE]
        return any(_looks_like_image(one, archive) for one in members)


def _looks_like_image(member: ZipMember, archive: ZipFile) -> bool:
    name = PurePath(member.entry.path)
    try:
        with archive.open(member.info) as stream:
            found = identify_stream(io.BytesIO(stream.read(_HEAD)), name.name)
    except ZIP_DAMAGE:
        return False  # said when it is unpacked, or as an unreadable member
    return is_readable(name, found) or found.id == "ole2" or name.name in ZARR_TOPS
