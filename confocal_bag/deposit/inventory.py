"""Every file of a deposit: identity, size, digest, image facts, tier."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.source import Deposit, EntryKind, SourceEntry
from confocal_bag.deposit.tiers import TierEntries, choose_tier, image_folder, litter_reason
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import Format, extension_disagrees, identify
from confocal_bag.image.readers.choice import READERS
from confocal_bag.image.record import ImageRecord
from confocal_bag.vocabulary import Tier

__all__ = ["FileRecord", "Inventory", "LeftOut", "take_inventory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of a deposit. `path` is relative to the deposit; `image_problem` says why images could not be read."""

    path: PurePosixPath
    bytes: int
    digests: Mapping[str, str]
    format: Format
    extension_disagrees: bool = False
    tier: Tier
    tier_reason: str
    images: tuple[ImageRecord, ...] = ()
    image_problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something in the deposit that does not go into the bag, and why."""

    path: PurePosixPath
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a deposit holds, in path order."""

    root: Path
    files: tuple[FileRecord, ...]
    left_out: tuple[LeftOut, ...] = field(default=())


def take_inventory(
    deposit: Deposit,
    *,
    tier_entries: TierEntries | None = None,
    with_digests: bool = True,
    on_bytes: Callable[[int], None] | None = None,
) -> Inventory:
    """Identify, describe and sort every file of a deposit.

    `with_digests` adds each file's SHA-256; a build leaves it out, for it hashes while it copies.
    `on_bytes` is told the size of each file when it is done.
    """
    files: list[FileRecord] = []
    left_out: list[LeftOut] = []
    for entry in deposit.entries:
        reason = _left_out_reason(entry)
        if reason:
            left_out.append(LeftOut(path=entry.path, reason=reason))
            continue
        files.append(_file_record(deposit.local(entry.path), entry, tier_entries, with_digests=with_digests))
        if on_bytes:
            on_bytes(entry.bytes)
    return Inventory(root=deposit.root, files=tuple(files), left_out=tuple(left_out))


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
    choice = choose_tier(entry.path, file_format, tier_entries)
    images, problem = ((), None) if image_folder(entry.path) else _read_images(path, entry.path, file_format)
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
    )


def _read_images(path: Path, place: PurePosixPath, file_format: Format) -> tuple[tuple[ImageRecord, ...], str | None]:
    if file_format.id not in READERS:
        return (), None
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image

    try:
        with open_image(path, format=file_format) as image:
            return records(image, describe_acquisition(image)), None
    except CannotFinish as problem:
        # What is kept in the bag names the file as the depositor knows it, not where it lies on this machine.
        return (), str(problem).replace(readable_path(path), readable_path(place))


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise CannotFinish(f"{path} cannot be read: {error.strerror}. Check its permissions and the disk.") from error
