"""The content of a member of a zip file: unpacked, or only read, and verified either way."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from confocal_bag.damage_words import damage_in_words
from confocal_bag.deposit.source_entry import EntryKind, SourceEntry
from confocal_bag.deposit.zips.members import ZipMember
from confocal_bag.zip_format import ZIP_DAMAGE

__all__ = ["NAME_ERRORS", "unpack_member", "verify_member"]

#: The errors of writing a file for which its name is to blame, and not the disk.
NAME_ERRORS = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
_PIECE = 1 << 20


def unpack_member(archive: ZipFile, member: ZipMember, folder: Path) -> SourceEntry:
    """Write one file below `folder` and verify its checksum; return its entry, unreadable where that failed.

    So it is where no file of its name can be made here. Never writes more than the size the zip declares. Raises
    OSError where the disk fails.
    """
    target = folder / member.entry.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        written = target.open("xb")
    except OSError as error:
        if error.errno not in NAME_ERRORS:
            raise
        return member.unreadable(f"this system cannot keep a file of its name ({error.strerror})").entry
    with written:
        entry = _read(archive, member, written.write)
    if entry.kind is EntryKind.FILE:
        os.utime(target, ns=(entry.modified_ns, entry.modified_ns))
    else:
        target.unlink()
    return entry


def verify_member(archive: ZipFile, member: ZipMember) -> SourceEntry:
    """The entry of a file after its checksum was verified, unreadable where that failed; nothing is written."""
    return _read(archive, member, len)


def _read(archive: ZipFile, member: ZipMember, take: Callable[[bytes], int]) -> SourceEntry:
    """Give `take` what a member holds, of which zipfile gives no more than the declared size, and verify it."""
    size = 0
    try:
        with archive.open(member.info) as source:
            while piece := source.read(_PIECE):
                size += take(piece)
    except (*ZIP_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of bzip2, damage is an OSError without a number
        note = f"it is damaged in the archive ({damage_in_words(error)})"
        return member.unreadable(note, is_lost=True).entry
    if size != member.info.file_size:
        note = f"the archive says {member.info.file_size} bytes, it holds {size}"
        return member.unreadable(note, is_lost=True).entry
    return member.entry
