"""A bag in a zip file, read in stream."""

import io
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from confocal_bag.bag.archives.members import MAX_MEMBERS, Member, judge_members, ratio_fault
from confocal_bag.bag.archives.packed import open_packed
from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.listing import Listing, SourceFault, kind_of
from confocal_bag.bag.source import BagSource
from confocal_bag.damage_words import damage_in_words
from confocal_bag.findings import Severity
from confocal_bag.zip_format import ZIP_DAMAGE, is_encrypted, is_of_unknown_method, member_name, refuse_huge_directory

__all__ = ["ZipSource", "open_zip"]


@dataclass(frozen=True, kw_only=True)
class ZipSource(BagSource):
    """A bag in a zip file; `members` maps each file of the bag to its entry."""

    members: Mapping[str, zipfile.ZipInfo] = field(repr=False)
    _opened: list[zipfile.ZipFile] = field(default_factory=list, repr=False)

    @property
    def is_archive(self) -> bool:
        """True: serialized."""
        return True

    def open(self, path: str) -> BinaryIO:
        """The unpacked bytes of one member, never more than its declared size. Raises OSError."""
        try:
            if not self._opened:
                self._opened.append(_open(self.path))
            member = self._opened[0].open(self.members[path])
        except ZIP_DAMAGE as error:
            raise OSError(f"the archive is damaged here: {damage_in_words(error)}") from error
        return cast("BinaryIO", io.BufferedReader(_Member(member)))

    def close(self) -> None:
        """Let go of the archive."""
        while self._opened:
            _close(self._opened.pop())

    def fixities(
        self,
        wanted: Mapping[str, Sequence[str]],
        *,
        jobs: int,  # noqa: ARG002 - one stream is read by one reader
        on_bytes: OnBytes | None = None,
    ) -> Iterator[tuple[str, Fixity | OSError]]:
        """Hash the members in the order they lie in the archive, one at a time."""
        if any(fault.severity is Severity.ERROR for fault in self.listing.faults if fault.rule == "bag.archive-ratio"):
            yield from ((path, OSError("the archive unpacks to too much")) for path in wanted)
            return
        for path in self.in_order(wanted):
            yield path, self._hash(path, wanted[path], on_bytes)

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """The paths in the order in which they lie in the archive."""
        return sorted(paths, key=lambda one: self.members[one].header_offset)

    def _hash(self, path: str, algorithms: Sequence[str], on_bytes: OnBytes | None) -> Fixity | OSError:
        try:
            return self.hash_content(path, algorithms, on_bytes=on_bytes)
        except OSError as error:
            return error


class _Member(io.RawIOBase):
    """A member whose damage is an OSError like that of any other file."""

    def __init__(self, stream: "zipfile.ZipExtFile | object") -> None:
        self._stream = cast("BinaryIO", stream)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """Read the next bytes into the buffer."""
        try:
            chunk = self._stream.read(len(buffer))
        except ZIP_DAMAGE as error:
            raise OSError(f"the archive is damaged here: {damage_in_words(error)}") from error
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the member too."""
        self._stream.close()
        super().close()


def _reason(error: Exception) -> str:
    """What is wrong with the list of members, in words that do not deny that the file is a zip file."""
    said = str(error)
    return "the list of members, which ends it, is not there" if said == "File is not a zip file" else said


def open_zip(path: Path) -> ZipSource:
    """The bag in a zip file; one whose list of members cannot be read is empty, with a fault that says so."""
    try:
        archive = _open(path)
    except (*ZIP_DAMAGE, OSError) as error:
        return _unreadable(path, f"The zip file is damaged or cut short: {_reason(error)}.")
    infos = archive.infolist()
    packed_size = _size(archive)
    _close(archive)
    if len(infos) > MAX_MEMBERS:
        return _unreadable(path, f"The zip file has more than the {MAX_MEMBERS:,} members that are read of one.")
    by_name = {member_name(info): info for info in infos}
    listing, top = judge_members(path, (_member(info) for info in infos))
    suspect = ratio_fault(packed_size, sum(info.file_size for info in infos))
    if suspect is not None:
        listing = replace(listing, faults=(*listing.faults, suspect))
    members = {name: by_name.get(top + name) or by_name[f"./{top}{name}"] for name in listing.files}
    return ZipSource(path=path, listing=listing, members=members)


def _open(path: Path) -> zipfile.ZipFile:
    stream = open_packed(path)
    try:
        refuse_huge_directory(stream)
        return zipfile.ZipFile(stream)
    except BaseException:
        stream.close()
        raise


def _size(archive: zipfile.ZipFile) -> int:
    """The bytes of the archive itself."""
    assert archive.fp is not None, "just opened"
    return archive.fp.seek(0, os.SEEK_END)


def _close(archive: zipfile.ZipFile) -> None:
    """Close the archive and the file below it, which zipfile leaves open because it did not open it."""
    stream = archive.fp
    archive.close()
    if stream is not None:
        stream.close()


def _unreadable(path: Path, message: str) -> ZipSource:
    fault = SourceFault(rule="bag.archive-damaged", message=message)
    listing = Listing(files={}, folders=frozenset(), faults=(fault,))
    return ZipSource(path=path, listing=listing, members={})


def _member(info: zipfile.ZipInfo) -> Member:
    name = member_name(info)
    mode = info.external_attr >> 16
    file_type = stat.S_IFMT(mode)
    is_folder = name.endswith("/")
    odd = file_type not in (0, stat.S_IFREG, stat.S_IFDIR)
    return Member(
        name=name,
        size=info.file_size,
        is_folder=is_folder and not odd,
        kind=kind_of(mode) if odd else None,
        obstacle=_obstacle(info),
    )


def _obstacle(info: zipfile.ZipInfo) -> str | None:
    if is_encrypted(info):
        return "is encrypted and cannot be verified"
    if is_of_unknown_method(info):
        return f"is packed by method {info.compress_type}, which cannot be read here"
    return None
