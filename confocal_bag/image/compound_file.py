"""Check the structure of an OLE2 compound file before any library follows it ([MS-CFB] 2).

A compound file is a file system in a file: tables say which sector follows which. A library that trusts them reads for
ever where a chain loops, and as often as it is told where chains cross. Here every chain is walked once, in numbers
alone: no chain has more sectors than the file, no sector belongs to two chains, every stream is as long as it says.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["CompoundFileError", "check_structure"]

_HEADER = struct.Struct("<8s16sHHHHHHIIIIIIIIII")
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
_LAST_SECTOR, _END, _NOTHING = 0xFFFFFFFA, 0xFFFFFFFE, 0xFFFFFFFF
_MINI_SECTOR = 64
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class CompoundFileError(ValueError):
    """The tables of a compound file leave the file, loop, cross or promise too much; the sentence says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Where the tables begin and how long they are said to be, in sectors."""

    shift: int
    fat_sectors: int
    directory_start: int
    cutoff: int
    mini_start: int
    mini_sectors: int
    difat_start: int
    difat_sectors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry of the directory: a stream, a storage or the root."""

    kind: int
    links: tuple[int, int, int]
    start: int
    size: int


def check_structure(stream: BinaryIO) -> None:
    """Walk every chain of the file once. Raises CompoundFileError where one is not as it must be.

    Memory and time are bounded by the size of the file, whatever its header declares.
    """
    header = _read_header(stream)
    end = stream.seek(0, 2)
    sectors = -(-(end - (1 << header.shift)) >> header.shift)
    # The last sector may be shorter than the others.
    short = -end % (1 << header.shift)
    fat = _Chains(_allocation_table(stream, header, sectors), "sector", 1 << header.shift, sectors, short=short)
    mini_table = fat.walk(header.mini_start, "the mini table") if header.mini_sectors else []
    entries = _directory(stream, header, fat.walk(header.directory_start, "the directory"))
    if not entries or entries[0].kind != _ROOT:
        raise CompoundFileError("its directory does not begin with a root")
    if entries[0].size:
        fat.check_length(fat.walk(entries[0].start, "the mini stream"), entries[0].size)
    numbers = [entry for sector in mini_table for entry in _numbers(stream, header, sector)]
    mini = _Chains(numbers, "mini sector", _MINI_SECTOR, entries[0].size // _MINI_SECTOR)
    for one in _reachable(entries):
        if one.size:
            chains = mini if one.size < header.cutoff else fat
            chains.check_length(chains.walk(one.start, "a stream"), one.size)


class _Chains:
    """A table of which sector follows which, and the sectors that belong to a chain already."""

    def __init__(self, following: Sequence[int], word: str, size: int, sectors: int, *, short: int = 0) -> None:
        self._following = following
        self._word = word
        self._size = size
        self._sectors = sectors
        self._short = short
        self._taken: set[int] = set()

    def walk(self, start: int, what: str) -> list[int]:
        """The sectors of a chain in order."""
        chain = []
        while start != _END:
            if start >= min(self._sectors, len(self._following)):
                raise CompoundFileError(f"{what} goes on at {self._word} {start}, the file has {self._sectors}")
            if start in self._taken:
                raise CompoundFileError(f"{what} comes to {self._word} {start}, which belongs to a chain already")
            self._taken.add(start)
            chain.append(start)
            start = self._following[start]
        return chain

    def check_length(self, chain: Sequence[int], size: int) -> None:
        """Raise CompoundFileError where a chain has fewer bytes than the stream in it is said to have."""
        length = len(chain) * self._size - (self._short if self._sectors - 1 in chain[-1:] else 0)
        if length < size:
            raise CompoundFileError(f"a stream of {size} bytes has {length} in the file")


def _read_header(stream: BinaryIO) -> _Header:
    stream.seek(0)
    raw = stream.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        raise CompoundFileError("the file ends inside its header")
    fields = _HEADER.unpack(raw)
    version, shift, mini_shift = fields[3], fields[5], fields[6]
    if (version, shift) not in ((3, 9), (4, 12)) or 1 << mini_shift != _MINI_SECTOR:
        raise CompoundFileError("its header makes no sense")
    return _Header(
        shift=shift,
        fat_sectors=fields[10],
        directory_start=fields[11],
        cutoff=fields[13],
        mini_start=fields[14],
        mini_sectors=fields[15],
        difat_start=fields[16],
        difat_sectors=fields[17],
    )


def _allocation_table(stream: BinaryIO, header: _Header, sectors: int) -> list[int]:
    """What follows each sector, read through the list of the table's own sectors."""
    if header.fat_sectors > sectors or header.difat_sectors > sectors or header.mini_sectors > sectors:
        raise CompoundFileError(f"its header claims tables of more sectors than the file has ({sectors})")
    stream.seek(_HEADER.size)
    raw = stream.read(436)
    if len(raw) < 436:
        raise CompoundFileError("the file ends inside its header")
    where = list(struct.unpack("<109I", raw))
    following = header.difat_start
    for _ in range(header.difat_sectors):
        entries = _numbers(stream, header, following)
        where += entries[:-1]
        following = entries[-1]
    where = where[: header.fat_sectors]
    if len(set(where)) < header.fat_sectors:
        raise CompoundFileError("its allocation table lists a sector twice, or too few")
    return [entry for sector in where for entry in _numbers(stream, header, sector)]


def _numbers(stream: BinaryIO, header: _Header, sector: int) -> tuple[int, ...]:
    """A sector as the numbers it holds."""
    size = 1 << header.shift
    stream.seek((sector + 1) << header.shift)
    raw = stream.read(size)
    if sector > _LAST_SECTOR or len(raw) < size:
        raise CompoundFileError(f"sector {sector} lies beyond the end of the file")
    return struct.unpack(f"<{size // 4}I", raw)


def _directory(stream: BinaryIO, header: _Header, sectors: Sequence[int]) -> list[_Entry]:
    entries = []
    for sector in sectors:
        stream.seek((sector + 1) << header.shift)
        raw = stream.read(1 << header.shift)
        if len(raw) < 1 << header.shift:
            raise CompoundFileError("its directory lies beyond the end of the file")
        entries += [_entry(fields, header) for fields in _ENTRY.iter_unpack(raw)]
    return entries


def _entry(fields: tuple[int, ...], header: _Header) -> _Entry:
    # Version 3 leaves the upper half of a size undefined ([MS-CFB] 2.6.1).
    size = fields[12] if header.shift == 12 else fields[12] & 0xFFFFFFFF
    return _Entry(kind=fields[2], links=(fields[4], fields[5], fields[6]), start=fields[11], size=size)


def _reachable(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """The streams that the tree of the directory leads to."""
    seen: set[int] = {0}
    waiting = [entries[0].links[2]]
    while waiting:
        number = waiting.pop()
        if number == _NOTHING or number in seen:
            continue
        if number >= len(entries):
            raise CompoundFileError(f"its directory speaks of entry {number}, it has {len(entries)}")
        seen.add(number)
        one = entries[number]
        waiting += one.links if one.kind == _STORAGE else one.links[:2]
        if one.kind == _STREAM:
            yield one
