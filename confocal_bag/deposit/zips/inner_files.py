"""The images inside the zip files of a deposit: looked at one level deep, in a private folder, and never kept."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.inventory import FileRecord, Inventory, take_inventory
from confocal_bag.deposit.privacy.search import search_deposit
from confocal_bag.deposit.source import Deposit, EntryKind, SourceEntry, open_deposit
from confocal_bag.deposit.tiers import folded
from confocal_bag.deposit.zips.archive import DamagedZip, open_zip
from confocal_bag.deposit.zips.content import verify_member
from confocal_bag.deposit.zips.images import may_hold_images
from confocal_bag.deposit.zips.inner_paths import inner_path, member_path, safe_member
from confocal_bag.deposit.zips.members import read_members
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.format_table import Kind
from confocal_bag.image.privacy import Search
from confocal_bag.vocabulary import Tier

__all__ = ["InnerFiles", "look_inside", "unfit_names", "with_inner", "with_records"]

#: Names of files made from an image have a few more letters, and no file system takes more than 255 bytes.
_LONGEST_NAME_BYTES = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerFiles:
    """What one zip file of a deposit holds. `archive` is its path in the deposit.

    `images` are the files in it that are images, or should be, by paths like scans.zip!/day1/cell.lsm; `unreadable`
    its members that cannot be had; `nested` the archives in it, which are not opened; `personal` what its images record
    and their parts record of people. `unfit` are the images beside which a bag can have nothing, for their names, each
    with the reason. `problem` says why it could not be looked into at all: `is_damaged`, or too large for this machine.
    """

    archive: PurePosixPath
    images: tuple[FileRecord, ...] = ()
    unreadable: tuple[SourceEntry, ...] = ()
    nested: tuple[PurePosixPath, ...] = ()
    personal: Mapping[PurePosixPath, Search] = field(default_factory=dict)
    unfit: Mapping[PurePosixPath, str] = field(default_factory=dict)
    problem: str | None = None
    is_damaged: bool = False

    def complete_search(self, of_archive: Search) -> Search:
        """The search of the zip file itself for personal data, with what its images were found to record.

        Images that stand in the inventory on their own report their fields themselves.
        """
        own = {one.path for one in self.images}
        parts = {path: search for path, search in self.personal.items() if path not in own}
        fields = tuple(
            replace(one, where=f"{readable_path(member_path(self.archive, path))}, {one.where}")
            for path, search in parts.items()
            for one in search.fields
        )
        done = own | {path for path, search in parts.items() if search.gap is None}
        left = tuple(one for one in of_archive.unsearched if inner_path(self.archive, PurePosixPath(one)) not in done)
        return replace(of_archive, fields=of_archive.fields + fields, unsearched=left)

    @property
    def described(self) -> tuple[FileRecord, ...]:
        """The images that a bag describes beside the zip file: those that can be read, and have a fit name."""
        return tuple(one for one in self.images if one.images and one.path not in self.unfit)


def look_inside(deposit: Deposit, inventory: Inventory, *, jobs: int = 1) -> tuple[InnerFiles, ...]:
    """What the zip files of a deposit hold, in path order; `jobs` images are looked at at once."""
    archives = [record for record in inventory.files if record.format.id == "zip"]
    return tuple(_look(deposit.local(record.path), record, jobs) for record in archives)


def with_inner(inventory: Inventory, inner: Iterable[InnerFiles]) -> Inventory:
    """The inventory with the images inside the zip files, which the description speaks of as of any others."""
    return replace(inventory, inner=tuple(image for one in inner for image in one.images))


def with_records(inner: Iterable[InnerFiles], inventory: Inventory) -> tuple[InnerFiles, ...]:
    """What the zip files hold, with the records of their images as the inventory has them by now."""
    records = {one.path: one for one in inventory.inner}
    return tuple(replace(one, images=tuple(records[image.path] for image in one.images)) for one in inner)


def _look(local: Path, record: FileRecord, jobs: int) -> InnerFiles:
    archive = record.path
    try:
        if not may_hold_images(local):
            return _without_images(local, archive)
        inside = open_deposit(local)
        found = take_inventory(inside, with_digests=False, jobs=jobs)
    except CannotFinish as problem:
        shown = str(problem).replace(readable_path(local), readable_path(archive))
        return InnerFiles(archive=archive, problem=shown, is_damaged=isinstance(problem, DamagedZip))
    wanted = tuple(one for one in found.files if one.images or one.image_problem)
    # Planes and other parts of an image stand in no list, but their headers may name people, too.
    parts = (one for one in found.files if one.format.kind is Kind.IMAGE and one not in wanted)
    personal = search_deposit(inside, replace(found, files=(*wanted, *parts)), jobs=jobs)
    return InnerFiles(
        archive=archive,
        images=tuple(_of_archive(one, record) for one in wanted),
        personal={inner_path(archive, path): search for path, search in personal.items()},
        unfit={inner_path(archive, path): reason for path, reason in unfit_names([one.path for one in wanted]).items()},
        unreadable=_unreadable(inside.entries),
        nested=tuple(inner_path(archive, one.path) for one in found.files if one.format.id == "zip"),
    )


def unfit_names(paths: Iterable[PurePosixPath]) -> dict[PurePosixPath, str]:
    """The members beside which a bag can have no file of their name, and why."""
    found: dict[PurePosixPath, str] = {}
    seen: dict[str, PurePosixPath] = {}
    for path in paths:
        other = seen.setdefault(folded(safe_member(path)), path)
        if other != path:
            found[path] = f"some systems cannot tell it from {readable_path(other)}"
        elif ".." in re.split(r"[/\\]", str(path)):
            found[path] = "it climbs to a parent folder where a backslash separates folders"
        elif any(len(os.fsencode(part)) > _LONGEST_NAME_BYTES for part in path.parts):
            found[path] = f"it has more than {_LONGEST_NAME_BYTES} bytes"
    return found


def _of_archive(record: FileRecord, archive: FileRecord) -> FileRecord:
    """The record of an image under its whole path; what is in an archive that is not raw is not raw either."""
    return replace(
        record,
        path=inner_path(archive.path, record.path),
        tier=record.tier if archive.tier is Tier.RAW else archive.tier,
        tier_reason=record.tier_reason if archive.tier is Tier.RAW else f"{readable_path(archive.path)} has this tier",
        image_problem=_placed(record, archive.path),
        set_head=inner_path(archive.path, record.set_head) if record.set_head else None,
        archive=archive.path,
    )


def _placed(record: FileRecord, archive: PurePosixPath) -> str | None:
    """What is wrong with an inner file, with the whole path of it."""
    if record.image_problem is None:
        return None
    whole = readable_path(inner_path(archive, record.path))
    return record.image_problem.replace(readable_path(record.path), whole)


def _without_images(local: Path, archive: PurePosixPath) -> InnerFiles:
    with open_zip(local) as opened:
        members = read_members(local, opened)
        entries = tuple(
            verify_member(opened, one) if one.entry.kind is EntryKind.FILE else one.entry for one in members
        )
    nested = tuple(inner_path(archive, one.path) for one in entries if one.path.suffix.lower() == ".zip")
    return InnerFiles(archive=archive, unreadable=_unreadable(entries), nested=nested)


def _unreadable(entries: tuple[SourceEntry, ...]) -> tuple[SourceEntry, ...]:
    return tuple(one for one in entries if one.kind in (EntryKind.UNREADABLE, EntryKind.LINK, EntryKind.SPECIAL))
