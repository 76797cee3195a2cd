"""A bag in a tar file, plain or compressed, read in stream."""

import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from confocal_bag.bag.archives.compression import Compression
from confocal_bag.bag.archives.guarded_tar import DAMAGE, GuardedHeader, GuardedStream, TooMuch
from confocal_bag.bag.archives.members import MAX_MEMBERS, Member, judge_members
from confocal_bag.bag.digester import CHUNK_BYTES, Fixity, OnBytes
from confocal_bag.bag.listing import SourceFault
from confocal_bag.bag.source import BagSource
from confocal_bag.damage_words import damage_in_words

__all__ = ["TarSource", "open_tar"]

#: Tag files kept from the walk through a compressed tar, where going back means unpacking again.
MAX_KEPT_BYTES = 512 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the content of a member begins in the unpacked tar, and how long it is."""

    offset: int
    size: int


@dataclass(frozen=True, kw_only=True)
class TarSource(BagSource):
    """A bag in a tar file; `places` says where each file lies, `kept` holds tag files read already."""

    compression: Compression
    places: Mapping[str, _Place] = field(repr=False)
    kept: Mapping[str, bytes] = field(repr=False)
    _opened: list[GuardedStream] = field(default_factory=list, repr=False)

    @property
    def is_archive(self) -> bool:
        """True: serialized."""
        return True

    def open(self, path: str) -> BinaryIO:
        """The bytes of one member. Raises OSError."""
        if path in self.kept:
            return io.BytesIO(self.kept[path])
        if path not in self.places:
            raise OSError("it is stored as a sparse file")
        if not self._opened:
            self._opened.append(GuardedStream(self.path, self.compression))
        return cast("BinaryIO", io.BufferedReader(_Member(self._opened[0], self.places[path])))

    def close(self) -> None:
        """Let go of the archive."""
        while self._opened:
            self._opened.pop().close()

    def fixities(
        self,
        wanted: Mapping[str, Sequence[str]],
        *,
        jobs: int,  # noqa: ARG002 - one stream is read by one reader
        on_bytes: OnBytes | None = None,
    ) -> Iterator[tuple[str, Fixity | OSError]]:
        """Hash the members in the order they lie in the archive, one at a time."""
        for path in self.in_order(wanted):
            yield path, self._hash(path, wanted[path], on_bytes)

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """The paths in the order in which they lie in the archive; going back is slow."""
        return sorted(paths, key=self._order)

    def _order(self, path: str) -> int:
        return self.places[path].offset if path in self.places else 0

    def _hash(self, path: str, algorithms: Sequence[str], on_bytes: OnBytes | None) -> Fixity | OSError:
        try:
            return self.hash_content(path, algorithms, on_bytes=on_bytes)
        except OSError as error:
            return error


class _Member(io.RawIOBase):
    """The content of one member; damage and a premature end are OSErrors."""

    def __init__(self, stream: GuardedStream, place: _Place) -> None:
        self._stream, self._next, self._end = stream, place.offset, place.offset + place.size

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """Read the next bytes into the buffer."""
        size = min(len(buffer), self._end - self._next, CHUNK_BYTES)
        if size <= 0:
            return 0
        try:
            if self._stream.tell() != self._next:
                self._stream.seek(self._next)
            chunk = self._stream.read(size)
        except TooMuch:
            raise
        except DAMAGE as error:
            raise OSError(f"the archive is damaged here: {damage_in_words(error)}") from error
        if not chunk:
            raise OSError("the archive ends in the middle of this file")
        buffer[: len(chunk)] = chunk
        self._next += len(chunk)
        return len(chunk)


@dataclass(kw_only=True)
class _Index:
    """What one walk through the headers has seen."""

    members: list[Member] = field(default_factory=list)
    places: dict[str, _Place] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    faults: list[SourceFault] = field(default_factory=list)


def open_tar(path: Path, compression: Compression) -> TarSource:
    """The bag in a tar file; if it is damaged or cut short, what came before and a fault that says so."""
    index = _Index()
    with GuardedStream(path, compression) as stream:
        try:
            _walk(stream, index, keep=compression is not Compression.NONE)
        except TooMuch:
            pass  # the fault below says so
        except DAMAGE as error:
            message = f"The tar file is damaged or cut short: {damage_in_words(error)}."
            index.faults.append(SourceFault(rule="bag.archive-damaged", message=message))
        if (suspect := stream.suspect()) is not None:
            index.faults.append(suspect)
    listing, top = judge_members(path, iter(index.members))
    return TarSource(
        path=path,
        listing=replace(listing, faults=(*index.faults, *listing.faults)),
        compression=compression,
        places={name: index.places[top + name] for name in listing.files if top + name in index.places},
        kept={name: index.kept[top + name] for name in listing.files if top + name in index.kept},
    )


def _walk(stream: GuardedStream, index: _Index, *, keep: bool) -> None:
    room = MAX_KEPT_BYTES
    with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r:", tarinfo=GuardedHeader) as archive:
        while (info := archive.next()) is not None:
            vars(archive)["members"] = []  # tarfile would keep every header in memory
            if len(index.members) >= MAX_MEMBERS:
                raise tarfile.ReadError(f"it has more than the {MAX_MEMBERS:,} members that are read of one")
            index.members.append(_member(info))
            name = info.name.removeprefix("./")
            if not info.isreg() or info.issparse():
                continue
            index.places.setdefault(name, _Place(offset=info.offset_data, size=info.size))
            if keep and "/data/" not in name and info.size <= room:
                index.kept.setdefault(name, _content(stream, info))
                room -= info.size
    if stream.last.strip(b"\0"):
        raise tarfile.ReadError("what follows the last member is no header")
    if keep:
        while stream.read(CHUNK_BYTES):
            pass  # the checksum of a compressed stream comes at its very end


def _content(stream: GuardedStream, info: tarfile.TarInfo) -> bytes:
    place = _Place(offset=info.offset_data, size=info.size)
    return io.BufferedReader(_Member(stream, place)).read()


def _member(info: tarfile.TarInfo) -> Member:
    return Member(
        name=info.name,
        size=info.size,
        is_folder=info.isdir(),
        kind=_kind(info),
        obstacle="is stored as a sparse file, which cannot be verified here" if info.issparse() else None,
    )


def _kind(info: tarfile.TarInfo) -> str | None:
    kinds = {
        tarfile.SYMTYPE: "symbolic link",
        tarfile.LNKTYPE: "hard link",
        tarfile.FIFOTYPE: "named pipe",
        tarfile.CHRTYPE: "character device",
        tarfile.BLKTYPE: "block device",
    }
    if info.isreg() or info.isdir():
        return None
    return kinds.get(info.type, "special file")
