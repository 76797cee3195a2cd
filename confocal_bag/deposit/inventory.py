"""Every file of a deposit: identity, size, digest, image facts, tier."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.named_channels import NamedChannel
from confocal_bag.deposit.source import Deposit, EntryKind, SourceEntry
from confocal_bag.deposit.tiers import TierEntries, choose_tier, image_folder, litter_reason
from confocal_bag.elsewhere import chosen, run_elsewhere
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import FORMATS, Format, extension_disagrees, identify
from confocal_bag.image.guarded import read_records, read_set_head
from confocal_bag.image.readers.plugins import is_readable
from confocal_bag.image.record import ImageRecord
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.worker import in_order
from confocal_bag.vocabulary import Tier

__all__ = ["FileRecord", "Inventory", "LeftOut", "take_inventory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of a deposit. `path` is relative to the deposit; `image_problem` says why images could not be read.

    `type_not_in_ome` where that is only that OME has no name for the type of its samples; the file is sound.
    `set_head` is the file that stands for the set of OME-TIFFs this one belongs to, if any: only that has `images`.
    `archive` is the zip file of the deposit that holds this one, None for a file of its own. `named_channel` says
    which channel of a sequence its one channel is, where only the names of the files tell.
    """

    path: PurePosixPath
    bytes: int
    digests: Mapping[str, str]
    format: Format
    extension_disagrees: bool = False
    tier: Tier
    tier_reason: str
    images: tuple[ImageRecord, ...] = ()
    image_problem: str | None = None
    type_not_in_ome: bool = False
    set_head: PurePosixPath | None = None
    archive: PurePosixPath | None = None
    named_channel: NamedChannel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something in the deposit that does not go into the bag, and why."""

    path: PurePosixPath
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a deposit holds, in path order. `inner` are the images inside its zip files, once these were looked into."""

    root: Path
    files: tuple[FileRecord, ...]
    left_out: tuple[LeftOut, ...] = field(default=())
    inner: tuple[FileRecord, ...] = ()

    @property
    def every(self) -> tuple[FileRecord, ...]:
        """The files, and the images inside zip files: all that can hold an image."""
        return (*self.files, *self.inner)


def take_inventory(
    deposit: Deposit,
    *,
    tier_entries: TierEntries | None = None,
    with_digests: bool = True,
    jobs: int = 1,
    on_bytes: Callable[[int], None] | None = None,
) -> Inventory:
    """Identify, describe and sort every file of a deposit.

    `with_digests` adds each file's SHA-256; a build leaves it out, for it hashes while it copies.
    `jobs` files are looked at at once, images in guarded processes: one that crashes its reader is an image problem.
    `on_bytes` is told the size of each file when it is done, in path order.
    """
    reasons = {entry.path: reason for entry in deposit.entries if (reason := _left_out_reason(entry))}
    kept = [entry for entry in deposit.entries if entry.path not in reasons]
    executor = chosen()

    def look(entry: SourceEntry) -> FileRecord:
        path = deposit.local(entry.path)
        if executor is None:
            return _file_record(path, entry, tier_entries, with_digests=with_digests)
        there = path.absolute()
        return run_elsewhere(executor, path, _file_record, there, entry, tier_entries, with_digests=with_digests)

    files: list[FileRecord] = []
    for record in in_order(look, kept, jobs=jobs):
        files.append(record)
        if on_bytes:
            on_bytes(record.bytes)
    left_out = tuple(LeftOut(path=path, reason=reason) for path, reason in reasons.items())
    return Inventory(root=deposit.root, files=tuple(files), left_out=left_out)


def _left_out_reason(entry: SourceEntry) -> str | None:
    if entry.kind is EntryKind.LINK:
        return f"a symbolic link (to {entry.note}); links are not followed"
    if entry.kind is EntryKind.EMPTY_FOLDER:
        return "an empty folder; BagIt lists files only"
    if entry.kind is EntryKind.SPECIAL:
        return f"not a file but a {entry.note}"
    if entry.kind is EntryKind.UNREADABLE:
        return f"it cannot be read: {entry.note}"
    litter = litter_reason(entry.path)
    return f"operating-system litter ({litter})" if litter else None


def _file_record(path: Path, entry: SourceEntry, tier_entries: TierEntries | None, *, with_digests: bool) -> FileRecord:
    file_format = identify(path)
    head = _set_head(path, entry.path, file_format)
    # The files of a set stay together: apart they are no image.
    choice = choose_tier(head or entry.path, FORMATS["ome-tiff"] if head else file_format, tier_entries)
    is_part = image_folder(entry.path) or head not in (None, entry.path)
    images, problem, is_sound = ((), None, True) if is_part else _read_images(path, entry.path, file_format)
    return FileRecord(
        path=entry.path,
        bytes=entry.bytes,
        digests={"sha256": _sha256(path)} if with_digests else {},
        format=file_format,
        extension_disagrees=extension_disagrees(path, file_format),
        tier=choice.tier,
        tier_reason=choice.reason,
        images=images,
        image_problem=problem,
        type_not_in_ome=is_sound and problem is not None,
        set_head=head,
    )


def _set_head(path: Path, place: PurePosixPath, file_format: Format) -> PurePosixPath | None:
    try:
        head = read_set_head(path, file_format)
    except CannotFinish:
        return None  # reading the image will say what is wrong
    return place.with_name(head) if head else None


def _read_images(
    path: Path, place: PurePosixPath, file_format: Format
) -> tuple[tuple[ImageRecord, ...], str | None, bool]:
    """The images, why there are none, and whether the file itself is sound."""
    if not is_readable(place, file_format):
        return (), None, True
    from confocal_bag.image.acquisition.describe import TypeNotInOmeError
    from confocal_bag.image.open import NoReaderError

    try:
        return read_records(path, file_format, examine=True), None, True
    except NoReaderError:
        return (), None, True  # a plugin claims the extension, but not this file
    except CannotFinish as problem:
        # What is kept in the bag names the file as the depositor knows it, not where it lies on this machine.
        said = str(problem).replace(readable_path(path), readable_path(place))
        return (), said, isinstance(problem, TypeNotInOmeError)


def _sha256(path: Path) -> str:
    try:
        with open_regular(path) as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise CannotFinish(f"{path} cannot be read: {error.strerror}. Check its permissions and the disk.") from error
