"""A bag written into one file: .zip, .tar, .tar.gz or .tar.zst. The same bag always gives the same bytes.

The archive holds one folder, called as the bag's, and in it bagit.txt, then the other tag files, then the payload,
each in the order of the bytes of their names, so that a reader of the stream knows the manifests before the payload.
Times, owners and permissions are fixed: they differ between two copies of one bag, and no manifest speaks of them.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from confocal_bag.bag.archives.compression import Compression, check_library
from confocal_bag.bag.archives.members import Member, judge_members
from confocal_bag.bag.archives.obstacles import refuse, serious, serious_faults
from confocal_bag.bag.archives.writer import Packed, write_tar, write_zip
from confocal_bag.bag.digester import CHUNK_BYTES, Digester, Fixity, OnBytes
from confocal_bag.bag.fixity import open_for_reading
from confocal_bag.bag.listing import Listing, list_folder, name_order
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.writing.durable import sync_file, sync_folder
from confocal_bag.bag.writing.staging import Staging, cannot_write
from confocal_bag.containment import lies_in
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["check_packable", "serialize_bag"]

Write = Callable[[BinaryIO, Iterable[Packed]], None]

_WRITERS: dict[str, Write] = {
    ".zip": write_zip,
    ".tar.gz": partial(write_tar, compression=Compression.GZIP),
    ".tgz": partial(write_tar, compression=Compression.GZIP),
    ".tar.zst": partial(write_tar, compression=Compression.ZSTD),
    ".tar": partial(write_tar, compression=Compression.NONE),
}
_ALGORITHMS = ("sha256", "sha512")


def serialize_bag(bag: Path, archive: Path, *, verify: bool = True, on_bytes: OnBytes | None = None) -> Fixity:
    """Write the bag folder into an archive whose name tells its format; size and digests of the archive.

    Before the archive gets its name it is read back and checked in full, unless `verify` is false: it holds the
    files of the folder and is a valid bag, or one that lacks nothing but what its fetch.txt names. An archive of
    that name is never replaced. Raises CannotFinish; then nothing is left of the archive.
    """
    write, listing, top = _writer(archive), check_packable(bag, archive), bag.resolve().name
    staging = Staging(archive)
    staging.open()
    try:
        unfinished = staging.bag / archive.name
        fixity = _write(unfinished, write, (_packed(bag, top, name, listing, on_bytes) for name in _order(listing)))
        if verify:
            _read_back(unfinished, archive, listing, on_bytes)
        _publish(unfinished, archive)
    finally:
        staging.remove()
    return fixity


def check_packable(bag: Path, archive: Path) -> Listing:
    """Everything in the bag folder, by name. Raises CannotFinish where names and kinds alone forbid the archive."""
    _writer(archive)
    if os.path.lexists(archive):
        raise _exists(archive)
    listing = _listed(bag, archive)
    _refuse_unfit(archive, bag.resolve().name, listing)
    return listing


def _writer(archive: Path) -> Write:
    ending = next((one for one in _WRITERS if archive.name.lower().endswith(one)), None)
    if ending is None:
        raise CannotFinish(
            f"{readable_path(archive)} does not say which archive is wanted; "
            "give it a name that ends in .zip, .tar, .tar.gz or .tar.zst."
        )
    if ending == ".tar.zst":
        check_library()
    return _WRITERS[ending]


def _listed(bag: Path, archive: Path) -> Listing:
    """Everything in the folder; refused if it holds what no archive of a bag may hold."""
    if not bag.is_dir():
        raise CannotFinish(f"{readable_path(bag)} is not a folder; name the folder of a bag.")
    if lies_in(archive, bag):
        raise CannotFinish(f"{readable_path(archive)} would lie in the bag itself; choose a place outside of it.")
    listing = list_folder(bag)
    for irregular in listing.irregular:
        raise CannotFinish(
            f"{readable_path(bag / irregular.path)} is a {irregular.kind}, and a bag holds files only; "
            "replace it by the file itself or remove it."
        )
    for unreadable in listing.unreadable:
        raise CannotFinish(
            f"{readable_path(bag / unreadable.path)} cannot be read ({unreadable.reason}); make it readable."
        )
    if "bagit.txt" not in listing.files:
        raise CannotFinish(f"{readable_path(bag)} has no bagit.txt, so it is no bag; build one from it first.")
    return listing


def _order(listing: Listing) -> list[str]:
    """Files and empty folders as they come in the archive; folders end in a slash."""
    names = (*listing.files, *(f"{folder}/" for folder in listing.empty_folders))
    return sorted(names, key=lambda name: (name != "bagit.txt", name.startswith("data/"), name_order(name)))


def _refuse_unfit(archive: Path, top: str, listing: Listing) -> None:
    """Refuse names that a reader of the archive would have to refuse."""
    if archive.name.lower().endswith(".zip"):
        for name in (top, *listing.files, *listing.folders):
            if not name.isascii() and _is_not_unicode(name):
                raise CannotFinish(f"The name {readable_path(name)} is not Unicode, which a zip cannot hold; use .tar.")
    members = (Member(name=f"{top}/{name}", size=size) for name, size in listing.files.items())
    judged, _ = judge_members(archive, members)
    refuse(f"{readable_path(archive)} cannot hold this bag", serious_faults(judged))


def _is_not_unicode(name: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in name)


def _packed(bag: Path, top: str, name: str, listing: Listing, on_bytes: OnBytes | None) -> Packed:
    if name.endswith("/"):
        return Packed(name=f"{top}/{name}", size=0, chunks=iter(()), is_folder=True)
    size = listing.files[name]
    return Packed(name=f"{top}/{name}", size=size, chunks=_chunks(bag / name, size, on_bytes))


def _chunks(path: Path, size: int, on_bytes: OnBytes | None) -> Iterator[bytes]:
    """The content of one file of the bag, which must be what it was when the bag was listed."""
    try:
        with os.fdopen(open_for_reading(path), "rb", buffering=0) as stream:
            before, left = os.fstat(stream.fileno()), size
            while left and (chunk := stream.read(min(left, CHUNK_BYTES))):
                left -= len(chunk)
                yield chunk
                if on_bytes:
                    on_bytes(len(chunk))
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read ({error.strerror or error}).") from error
    if left or after.st_size != size or after.st_mtime_ns != before.st_mtime_ns:
        raise CannotFinish(
            f"{readable_path(path)} changed while it was being packed; "
            "wait until nothing writes to the bag any more and start again."
        )


class _Hashed:
    """The file of the archive as the writers see it: it can only be written to, and is hashed on the way."""

    def __init__(self, path: Path, digester: Digester) -> None:
        self._path, self._digester = path, digester
        self._stream = path.open("xb", buffering=0)
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        """Take in the next bytes."""
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Nothing: `finish` does."""

    def _pass_on(self) -> None:
        chunk, self._waiting = bytes(self._waiting), bytearray()
        self._digester.update(chunk)
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[self._stream.write(rest) or 0 :]
        except OSError as error:
            raise cannot_write(self._path.name, error) from error

    def finish(self) -> Fixity:
        """Write what is waiting, make it durable; size and digests of everything."""
        self._pass_on()
        self.close()
        sync_file(self._path)
        return self._digester.fixity()

    def close(self) -> None:
        """Close the file; network file systems report a full disk only here."""
        try:
            self._stream.close()
        except OSError as error:
            raise cannot_write(self._path.name, error) from error


def _write(unfinished: Path, write: Write, members: Iterable[Packed]) -> Fixity:
    try:
        with Digester(_ALGORITHMS, threaded=True) as digester:
            hashed = _Hashed(unfinished, digester)
            try:
                write(cast("BinaryIO", hashed), members)
                return hashed.finish()
            finally:
                hashed.close()
    except OSError as error:
        raise cannot_write(unfinished.name, error) from error


def _read_back(unfinished: Path, archive: Path, listing: Listing, on_bytes: OnBytes | None) -> None:
    checked = check_bag(unfinished, on_bytes=on_bytes)
    refuse(
        f"{readable_path(archive)} was not made, because what it would hold is no valid bag", serious(checked.findings)
    )
    if checked.bag.source.files != listing.files:
        raise CannotFinish(
            f"{readable_path(archive)} was not made: read back, it does not hold the files of the bag; "
            "check the disk and start again."
        )


def _publish(unfinished: Path, archive: Path) -> None:
    """Give the archive its name, never in place of another file."""
    try:
        os.link(unfinished, archive)
    except FileExistsError:
        raise _exists(archive) from None
    except OSError:  # a file system without hard links; its rename would replace, so look first
        if os.path.lexists(archive):
            raise _exists(archive) from None
        try:
            unfinished.rename(archive)
        except OSError as error:
            raise cannot_write(archive, error) from error
    try:
        sync_folder(archive.parent)
    except OSError as error:
        raise cannot_write(archive, error) from error


def _exists(archive: Path) -> CannotFinish:
    return CannotFinish(f"{readable_path(archive)} exists already and is never overwritten; choose another name.")
