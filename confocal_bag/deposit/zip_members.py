"""The members of a zip file that holds a deposit: listed as a folder's entries are, unpacked one by one and verified.

A name that leads out of the folder, an encrypted member, a link: each is an entry of its kind, and never unpacked.
"""

import calendar
import errno
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from confocal_bag.deposit.source_entry import EntryKind, SourceEntry
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import open_regular

__all__ = [
    "NAME_ERRORS",
    "ZIP_DAMAGE",
    "DamagedZip",
    "ZipMember",
    "open_zip",
    "read_members",
    "unpack_member",
    "verify_member",
]

#: What zipfile and the decompressors below it raise for damaged or unsupported data.
ZIP_DAMAGE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    ValueError, struct.error, MemoryError,
)  # fmt: skip
#: The errors of writing a file for which its name is to blame, and not the disk.
NAME_ERRORS = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
#: A larger list of members is not read, so that it cannot fill the memory.
_MOST_MEMBERS = 1_000_000
_LARGEST_DIRECTORY = 256 << 20
#: Images of mostly background stay far below this many bytes unpacked for one packed; smaller zips may do as they like.
_SUSPECT_RATIO = 200
_SUSPECT_FROM = 1 << 30
#: A member packed by LZMA says how much memory unpacking it takes; packers offer up to 256 MiB by default.
_LARGEST_DICTIONARY = 256 << 20
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
#: Systems whose tools may write "\\" between folders.
_WINDOWS = {0, 10, 11}
_PIECE = 1 << 20


class DamagedZip(CannotFinish):
    """A zip file is damaged as a whole: nothing in it can be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipMember:
    """One member as the entry of a deposit, and where the zip has it."""

    entry: SourceEntry
    info: zipfile.ZipInfo


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file for reading. Raises DamagedZip for one that is damaged, CannotFinish for one not to be read."""
    shown = readable_path(path)
    try:
        stream = open_regular(path.resolve())
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be read: {error.strerror}. Check its permissions.") from error
    with stream:
        try:
            _refuse_huge_directory(stream)
            archive = zipfile.ZipFile(stream)
        except ZIP_DAMAGE as error:
            raise DamagedZip(
                f"{shown} is a damaged zip file ({str(error) or type(error).__name__}); ask for it again, or unpack it "
                "with a tool that repairs archives and give the folder."
            ) from error
        with archive:
            yield archive


def read_members(path: Path, archive: zipfile.ZipFile) -> tuple[ZipMember, ...]:
    """Every member as an entry, folders only where nothing lies in them.

    Raises CannotFinish for a zip of too many members, or of members that unpack to suspiciously much.
    """
    infos = archive.infolist()
    _refuse_too_much(path, infos)
    members: list[ZipMember] = []
    seen: set[PurePosixPath] = set()
    for info in infos:
        member = _member(archive, info)
        if member.entry.path in seen and member.entry.kind is not EntryKind.EMPTY_FOLDER:
            member = _unreadable(member, "the archive holds this name more than once")
        seen.add(member.entry.path)
        members.append(member)
    occupied = {parent for one in members for parent in one.entry.path.parents}
    return tuple(_settled(one, occupied) for one in members if not _is_occupied_folder(one, occupied))


def _is_occupied_folder(member: ZipMember, occupied: set[PurePosixPath]) -> bool:
    return member.entry.kind is EntryKind.EMPTY_FOLDER and member.entry.path in occupied | {PurePosixPath()}


def _settled(member: ZipMember, occupied: set[PurePosixPath]) -> ZipMember:
    if member.entry.kind is EntryKind.FILE and member.entry.path in occupied:
        return _unreadable(member, "the archive holds a file and a folder of this name")
    return member


def _refuse_too_much(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    shown = readable_path(path)
    if len(infos) > _MOST_MEMBERS:
        raise CannotFinish(f"{shown} lists {len(infos):,} members, more than the {_MOST_MEMBERS:,} that are read.")
    unpacked, packed = sum(one.file_size for one in infos), path.stat().st_size
    if unpacked > _SUSPECT_FROM and unpacked > packed * _SUSPECT_RATIO:
        raise CannotFinish(
            f"{shown} has {packed:,} bytes and would unpack to {unpacked:,}, which images never do; it was not "
            "unpacked. Ask the depositor what it holds; if that is right, unpack it by hand and give the folder."
        )


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ZipMember:
    name = _name(info)
    path = PurePosixPath(name.removeprefix("./"))
    entry = SourceEntry(path=path, kind=EntryKind.FILE, bytes=info.file_size, modified_ns=_modified_ns(info))
    member = ZipMember(entry=entry, info=info)
    mode = info.external_attr >> 16
    if _leads_out(name):
        # One name without folders, so that nobody who joins it to a folder leaves that folder.
        harmless = PurePosixPath(name.replace("/", "\\").replace("\0", "?") or "(no name)")
        note = f"called '{readable_path(name)}' in the archive, which leads out of the folder it is unpacked to"
        return _unreadable(replace(member, entry=replace(entry, path=harmless)), note)
    obstacle = _obstacle(archive, info)
    if obstacle is not None:
        return _unreadable(member, obstacle, is_lost=bool(info.flag_bits & _ENCRYPTED))
    if name.endswith("/"):
        return replace(member, entry=SourceEntry(path=path, kind=EntryKind.EMPTY_FOLDER))
    if stat.S_ISLNK(mode):
        return replace(member, entry=SourceEntry(path=path, kind=EntryKind.LINK, note=_link_target(archive, info)))
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return replace(member, entry=SourceEntry(path=path, kind=EntryKind.SPECIAL, note="special file"))
    return member


def _unreadable(member: ZipMember, note: str, *, is_lost: bool = False) -> ZipMember:
    entry = SourceEntry(
        path=member.entry.path, kind=EntryKind.UNREADABLE, bytes=member.entry.bytes, note=note, is_lost=is_lost
    )
    return replace(member, entry=entry)


def _leads_out(name: str) -> bool:
    nothing = not name.strip("/.") and name != "./"
    return nothing or name.startswith("/") or ".." in name.split("/") or "\0" in name or name[1:3] == ":/"


def _obstacle(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted in the archive"
    if info.compress_type not in _METHODS:
        return f"it is packed by method {info.compress_type}, which cannot be read here"
    memory = _dictionary_bytes(archive, info) if info.compress_type == zipfile.ZIP_LZMA else 0
    if memory > _LARGEST_DICTIONARY:
        return f"to unpack it takes {memory:,} bytes of memory, more than the {_LARGEST_DICTIONARY:,} that it may have"
    return None


def _dictionary_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """The size of the dictionary that a member packed by LZMA declares (APPNOTE 5.8.8); 0 where it declares none."""
    if archive.fp is None:
        return 0
    archive.fp.seek(info.header_offset)
    local = archive.fp.read(30)
    if len(local) < 30:
        return 0
    archive.fp.seek(sum(struct.unpack_from("<HH", local, 26)), os.SEEK_CUR)
    settings = archive.fp.read(9)
    return int(struct.unpack_from("<I", settings, 5)[0]) if len(settings) == 9 else 0


def _link_target(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    try:
        with archive.open(info) as stream:
            return readable_path(stream.read(4096).decode("utf-8", "replace"))
    except (*ZIP_DAMAGE, OSError):
        return "a place that cannot be read"


def _name(info: zipfile.ZipInfo) -> str:
    """The member's whole name; zipfile reads an unmarked name as code page 437, though most are UTF-8."""
    name = info.orig_filename
    if info.create_system in _WINDOWS and "/" not in name:
        name = name.replace("\\", "/")
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _modified_ns(info: zipfile.ZipInfo) -> int:
    """The time of a member, taken for UTC: a zip does not say in which zone it was packed."""
    try:
        when = datetime(*info.date_time)  # noqa: DTZ001 - a zip has no zone
    except ValueError:
        when = datetime(1980, 1, 1)  # noqa: DTZ001
    return calendar.timegm(when.timetuple()) * 1_000_000_000


def unpack_member(archive: zipfile.ZipFile, member: ZipMember, folder: Path) -> SourceEntry:
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
        return _unreadable(member, f"this system cannot keep a file of its name ({error.strerror})").entry
    with written:
        entry = _read(archive, member, written.write)
    if entry.kind is EntryKind.FILE:
        os.utime(target, ns=(entry.modified_ns, entry.modified_ns))
    else:
        target.unlink()
    return entry


def verify_member(archive: zipfile.ZipFile, member: ZipMember) -> SourceEntry:
    """The entry of a file after its checksum was verified, unreadable where that failed; nothing is written."""
    return _read(archive, member, len)


def _read(archive: zipfile.ZipFile, member: ZipMember, take: Callable[[bytes], int]) -> SourceEntry:
    """Give `take` what a member holds, of which zipfile gives no more than the declared size, and verify it."""
    size = 0
    try:
        with archive.open(member.info) as source:
            while piece := source.read(_PIECE):
                size += take(piece)
    except (*ZIP_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of bzip2, damage is an OSError without a number
        note = f"it is damaged in the archive ({str(error) or type(error).__name__})"
        return _unreadable(member, note, is_lost=True).entry
    if size != member.info.file_size:
        note = f"the archive says {member.info.file_size} bytes, it holds {size}"
        return _unreadable(member, note, is_lost=True).entry
    return member.entry


def _refuse_huge_directory(stream: BinaryIO) -> None:
    """Raise BadZipFile where the end record announces a list of members too large to take into memory."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - (1 << 16) - 98))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        return  # zipfile says what is wrong
    listed: int = struct.unpack_from("<I", tail, end + 12)[0]
    larger = tail.rfind(b"PK\6\6", 0, end)
    if listed == 0xFFFFFFFF and 0 <= larger <= len(tail) - 48:
        listed = struct.unpack_from("<Q", tail, larger + 40)[0]
    if listed > _LARGEST_DIRECTORY:
        raise zipfile.BadZipFile(f"its list of members has {listed:,} bytes, too many to be read")
