"""Search what is packed: in zip and tar files, behind gzip, bzip2 and xz, in office documents and PDF.

Nothing is unpacked to disk. What is not looked into, because it is an image (whose header is read elsewhere), locked,
damaged, of an unknown kind or beyond the limits, is listed: nobody may take it for searched.
"""

import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast
from zipfile import ZipFile

from confocal_bag.deposit.privacy.packed_streams import STREAM_DAMAGE, STREAMS, open_stream, tar_members
from confocal_bag.deposit.source_entry import EntryKind
from confocal_bag.deposit.zips import open_zip, read_members
from confocal_bag.document_text import read_document
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.format_table import ZARR_TOPS, Format, Kind
from confocal_bag.image.formats import identify_stream
from confocal_bag.image.privacy import PersonalField, PersonalKind, Search
from confocal_bag.image.privacy.collected import Collected
from confocal_bag.image.privacy.content import PACKED, fields_in_content
from confocal_bag.image.privacy.document_fields import fields_in_document
from confocal_bag.image.privacy.office import OFFICE, fields_in_part, is_office, is_read, shared_strings
from confocal_bag.image.privacy.subjects import detect_subjects
from confocal_bag.image.regular_file import open_regular

__all__ = ["can_open", "search_packed"]

_HEAD = 8192
_PIECE = 1 << 20
#: Of one file of a deposit no more than this is unpacked for the search; a bomb ends here. To look through a text
#: takes as long as to unpack some times as much.
_MOST_UNPACKED = 2 << 30
_COST_OF_SEARCH = 8
#: An archive in an archive, and a part of a document, is taken into memory.
_LARGEST_NESTED = 64 << 20
_DEEPEST = 3
_PDF = "pdf"
_MOST_MEMBERS = 1_000_000
_CONTAINERS = frozenset({"zip", "tar"}) | STREAMS


class _Beyond(Exception):  # noqa: N818 - no error of the file
    """What is packed goes beyond the limits of a search."""


def can_open(known: Format) -> bool:
    """Whether the content of a file of this format can be searched here."""
    return known.id in _CONTAINERS | OFFICE | {_PDF}


def search_packed(path: Path, known: Format) -> Search:
    """What is packed in a file tells of people; in a guarded process, for what is packed may do anything."""
    hunt = _Hunt()
    try:
        if known.id == "zip" or known.id in OFFICE:
            with open_zip(path) as archive:
                hunt.search_zip(path, archive, known)
        else:
            with open_regular(path) as stream:
                hunt.search(path.stem, stream, known, depth=0)
    except CannotFinish as error:
        hunt.problem = str(error)
    except (*STREAM_DAMAGE, OSError) as error:
        hunt.problem = f"it is damaged ({str(error) or type(error).__name__})"
    except _Beyond:
        hunt.problem = "more is packed in it than is looked through"
    return Search(fields=hunt.found.fields, problem=hunt.problem, unsearched=tuple(hunt.unsearched))


class _Hunt:
    """The search of one file: what was found, what was left out, and how much may still be unpacked."""

    def __init__(self) -> None:
        self.found = Collected()
        self.unsearched: list[str] = []
        self.problem: str | None = None
        self._left = _MOST_UNPACKED

    def search_zip(self, path: Path, archive: ZipFile, known: Format) -> None:
        """Search a zip file or office document on disk, by its members as the deposit knows them."""
        members = read_members(path, archive)
        if known.id in OFFICE or is_office(archive.namelist()):
            self._office("", archive)
            return
        is_zarr = path.suffix.lower() == ".ozx" or any(str(one.entry.path) in ZARR_TOPS for one in members)
        for number, one in enumerate(members):
            name = readable_path(one.entry.path)
            if one.entry.kind is EntryKind.FILE:
                if _is_chunk(one.entry.path, is_zarr=is_zarr):
                    continue
                try:
                    with archive.open(one.info) as stream:
                        self._member(name, stream, depth=0)
                except (*STREAM_DAMAGE, OSError):
                    self.unsearched.append(name)
                except _Beyond:
                    self.unsearched += [readable_path(left.entry.path) for left in members[number:]]
                    raise
            elif one.entry.kind is not EntryKind.EMPTY_FOLDER:
                self.unsearched.append(name)

    def search(self, name: str, stream: BinaryIO, known: Format, *, depth: int, can_seek: bool = True) -> None:
        """Search a stream that is itself packed."""
        if known.id == "tar":
            for member, content in tar_members(stream, self._spend, can_seek=can_seek, most=_MOST_MEMBERS):
                whole = f"{name}!/{member}" if depth else member
                if content is None:
                    self.unsearched.append(whole)
                else:
                    self._member(whole, content, depth=depth)
        elif known.id in STREAMS:
            with open_stream(known.id, stream) as unpacked:
                buffered = io.BufferedReader(cast("io.RawIOBase", unpacked), _PIECE)
                inner = identify_stream(io.BytesIO(buffered.peek(_HEAD)[:_HEAD]), name)
                if inner.id == "tar":
                    self.search(name, cast("BinaryIO", buffered), inner, depth=depth, can_seek=False)
                else:
                    self._member(name, buffered, depth=depth)
        elif known.id in OFFICE | {"zip"}:
            with ZipFile(stream) as archive:
                if known.id in OFFICE or is_office(archive.namelist()):
                    self._office(f"{name}, ", archive)
                else:
                    self._inner_zip(name, archive, depth)
        elif known.id == _PDF:
            self._pdf(name, stream, depth)
        else:
            self.unsearched.append(name)

    def _pdf(self, name: str, stream: BinaryIO, depth: int) -> None:
        text = read_document(stream, _PDF)
        self._spend(_COST_OF_SEARCH * sum(len(line.text) for line in text.lines))
        fields = tuple(fields_in_document(text))
        self.found.take(_within(name, fields) if depth else fields)
        if text.gap and depth:
            self.unsearched.append(f"{name} ({text.gap})")
        elif text.gap:
            self.problem = text.gap

    def _inner_zip(self, name: str, archive: ZipFile, depth: int) -> None:
        for info in archive.infolist():
            if not info.is_dir():
                whole = f"{name}!/{info.filename}"
                try:
                    with archive.open(info) as stream:
                        self._member(whole, stream, depth=depth)
                except (*STREAM_DAMAGE, OSError):
                    self.unsearched.append(whole)

    def _member(self, name: str, stream: IO[bytes], *, depth: int) -> None:
        """Search one file in an archive: its name, and its beginning and end as those of any file."""
        worker.beat(0)
        self.found.take(_fields_in_name(name))
        head = stream.read(_HEAD)
        known = identify_stream(io.BytesIO(head), name)
        if known.kind is Kind.IMAGE or known.id == "ole2":
            self.unsearched.append(name)
            return
        if known.id in _CONTAINERS | {_PDF} or head.startswith(b"PK\3\4"):
            self._nested(name, head, stream, depth)
            return
        content, end = self._ends(head, stream)
        self._spend(_COST_OF_SEARCH * (len(content) + len(end)))
        known = identify_stream(io.BytesIO(content), name)
        self.found.take(_within(name, fields_in_content(content, known, end)))
        if known.id in PACKED or known.kind is Kind.ARCHIVE:
            self.unsearched.append(name)

    def _nested(self, name: str, head: bytes, stream: IO[bytes], depth: int) -> None:
        content = head + self._read(stream, _LARGEST_NESTED - len(head) + 1)
        known = identify_stream(io.BytesIO(content), name)
        if depth >= _DEEPEST or len(content) > _LARGEST_NESTED or not can_open(known):
            self.unsearched.append(name)
            return
        try:
            self.search(name, io.BytesIO(content), known, depth=depth + 1)
        except (*STREAM_DAMAGE, OSError):
            self.unsearched.append(name)

    def _ends(self, head: bytes, stream: IO[bytes]) -> tuple[bytes, bytes]:
        """The first and the last megabyte of a stream, which is read through."""
        content = head + self._read(stream, _PIECE - len(head))
        end = b""
        while piece := self._read(stream, _PIECE):
            end = (end + piece)[-_PIECE:]
        return content, end

    def _office(self, before: str, archive: ZipFile) -> None:
        """Search the parts of an office document; what else lies in it (pictures, other documents) is listed."""
        strings: list[str] = []
        parts = sorted(archive.infolist(), key=lambda info: info.filename != "xl/sharedStrings.xml")
        for info in parts:
            name = f"{before}{info.filename}"
            if info.is_dir() or not (is_read(info.filename) or "embed" in info.filename.casefold()):
                continue
            try:
                with archive.open(info) as stream:
                    content = self._read(stream, _LARGEST_NESTED + 1)
                if len(content) > _LARGEST_NESTED or not is_read(info.filename):
                    self.unsearched.append(name)
                    continue
                self._spend(_COST_OF_SEARCH * len(content))
                if info.filename == "xl/sharedStrings.xml":
                    strings = shared_strings(content)
                self.found.take(list(fields_in_part(name, content, strings)))
            except (*STREAM_DAMAGE, OSError):
                self.unsearched.append(name)

    def _read(self, stream: IO[bytes], size: int) -> bytes:
        """Up to `size` bytes, taken off what may still be unpacked."""
        pieces = []
        while size > 0 and (piece := stream.read(min(size, _PIECE))):
            self._spend(len(piece))
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _spend(self, size: int) -> None:
        worker.beat(size)
        self._left -= size
        if self._left < 0:
            raise _Beyond


def _is_chunk(path: PurePosixPath, *, is_zarr: bool) -> bool:
    """Whether a member is a chunk of samples of an OME-Zarr."""
    within = is_zarr or any(part.lower().endswith(".zarr") for part in path.parts[:-1])
    return within and path.name != "zarr.json" and not path.name.startswith(".z")


def _fields_in_name(name: str) -> Iterator[PersonalField]:
    for kind, value in detect_subjects(name):
        yield PersonalField(where=f"name of {name}", kind=kind, value=value)


def _within(name: str, fields: tuple[PersonalField, ...]) -> Iterator[PersonalField]:
    for one in fields:
        if one.kind is not PersonalKind.IDENTIFIER:
            yield PersonalField(where=f"{name}, {one.where}", kind=one.kind, value=one.value)
