"""The members of a zip file as the entries of a deposit: listed as a folder's entries are, before any is unpacked.

A name that leads out of the folder, an encrypted member, a link: each is an entry of its kind, and never unpacked.
"""

import calendar
import os
import stat
import struct
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.source_entry import EntryKind, SourceEntry
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.zip_format import ZIP_DAMAGE, is_encrypted, is_of_unknown_method, member_name

__all__ = ["ZipMember", "read_members"]

#: A larger list of members is not read, so that it cannot fill the memory.
_MOST_MEMBERS = 1_000_000
#: Images of mostly background stay far below this many bytes unpacked for one packed; smaller zips may do as they like.
_SUSPECT_RATIO = 200
_SUSPECT_FROM = 1 << 30
#: A member packed by LZMA says how much memory unpacking it takes; packers offer up to 256 MiB by default.
_LARGEST_DICTIONARY = 256 << 20
#: Systems whose tools may write "\\" between folders.
_WINDOWS = {0, 10, 11}


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipMember:
    """One member as the entry of a deposit, and where the zip has it."""

    entry: SourceEntry
    info: zipfile.ZipInfo

    def unreadable(self, note: str, *, is_lost: bool = False) -> "ZipMember":
        """The member as one that cannot be had, and why."""
        entry = SourceEntry(
            path=self.entry.path, kind=EntryKind.UNREADABLE, bytes=self.entry.bytes, note=note, is_lost=is_lost
        )
        return replace(self, entry=entry)


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
            member = member.unreadable("the archive holds this name more than once")
        seen.add(member.entry.path)
        members.append(member)
    occupied = {parent for one in members for parent in one.entry.path.parents}
    return tuple(_settled(one, occupied) for one in members if not _is_occupied_folder(one, occupied))


def _is_occupied_folder(member: ZipMember, occupied: set[PurePosixPath]) -> bool:
    return member.entry.kind is EntryKind.EMPTY_FOLDER and member.entry.path in occupied | {PurePosixPath()}


def _settled(member: ZipMember, occupied: set[PurePosixPath]) -> ZipMember:
    if member.entry.kind is EntryKind.FILE and member.entry.path in occupied:
        return member.unreadable("the archive holds a file and a folder of this name")
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
        return replace(member, entry=replace(entry, path=harmless)).unreadable(note)
    obstacle = _obstacle(archive, info)
    if obstacle is not None:
        return member.unreadable(obstacle, is_lost=is_encrypted(info))
    if name.endswith("/"):
        return replace(member, entry=SourceEntry(path=path, kind=EntryKind.EMPTY_FOLDER))
    if stat.S_ISLNK(mode):
        return replace(member, entry=SourceEntry(path=path, kind=EntryKind.LINK, note=_link_target(archive, info)))
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return replace(member, entry=SourceEntry(path=path, kind=EntryKind.SPECIAL, note="special file"))
    return member


def _leads_out(name: str) -> bool:
    nothing = not name.strip("/.") and name != "./"
    return nothing or name.startswith("/") or ".." in name.split("/") or "\0" in name or name[1:3] == ":/"


def _obstacle(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str | None:
    if is_encrypted(info):
        return "it is encrypted in the archive"
    if is_of_unknown_method(info):
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
    """The member's whole name, with "/" between folders also where a Windows tool wrote something else."""
    name = member_name(info)
    # Only here: in a bag, whose manifests list each name, a backslash makes a member unsafe.
    if info.create_system in _WINDOWS and "/" not in name:
        name = name.replace("\\", "/")
    return name


def _modified_ns(info: zipfile.ZipInfo) -> int:
    """The time of a member, taken for UTC: a zip does not say in which zone it was packed."""
    try:
        when = datetime(*info.date_time)  # noqa: DTZ001 - a zip has no zone
    except ValueError:
        when = datetime(1980, 1, 1)  # noqa: DTZ001
    return calendar.timegm(when.timetuple()) * 1_000_000_000
