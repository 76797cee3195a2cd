"""Images inside zip files, unpacked one at a time for as long as they are read, each with the files it is made of."""

import errno
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from types import TracebackType
from typing import Self
from zipfile import ZipFile

from confocal_bag.deposit.source_entry import EntryKind
from confocal_bag.deposit.zips.archive import open_zip
from confocal_bag.deposit.zips.content import NAME_ERRORS, unpack_member
from confocal_bag.deposit.zips.inner_paths import safe_member
from confocal_bag.deposit.zips.members import ZipMember, read_members
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.formats import identify
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.readers.choice import READERS
from confocal_bag.private_folder import PrivateFolder, Purpose, sweep

__all__ = ["Unpacking"]

#: What must stay free on the disk that is unpacked to.
_RESERVE = 64 << 20
_SETS = ("ome-tiff", "ome-companion")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """An opened zip file: its regular members, those that have other safe names, and the folders with something."""

    path: Path
    zip: ZipFile
    members: Mapping[PurePosixPath, ZipMember]
    safe_names: Mapping[PurePosixPath, PurePosixPath]
    folders: frozenset[PurePosixPath]


class Unpacking:
    """A folder for images from zip files, made when the first is asked for and gone at the end of the block.

        with Unpacking(folder) as unpacking, unpacking.image(Path("scans.zip"), PurePosixPath("day1/cell.oif")) as path:
            ...

    Several threads may ask at once; what each asked for lies on the disk no longer than its block. The zip file last
    asked for stays open. Without a `folder` to make, one is made among the temporary files. A folder of that name
    that is there already is what a run that was killed has left, and is deleted.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._wanted = folder
        self._private: PrivateFolder | None = None
        self._lock = Lock()
        self._opened = ExitStack()
        self._archive: _Archive | None = None
        self._is_over = False

    def __enter__(self) -> Self:
        if self._wanted is not None and not _remove(self._wanted):
            raise CannotFinish(
                f"Images that an earlier run has left in {readable_path(self._wanted)} cannot be deleted. Delete that "
                "folder and start again."
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Threads that nobody waits for any more may still be at it.
        with self._lock:
            self._is_over = True
            self._opened.close()
            left = [] if self._wanted is None or _remove(self._wanted) else [self._wanted]
            if self._private is not None and not self._private.remove():
                left.append(self._private.path)
        if left and error is None:
            raise CannotFinish(
                f"Images that were unpacked to {readable_path(left[0])} could not be deleted. Delete that folder; all "
                "else was done."
            )

    @contextmanager
    def image(self, archive: Path, member: PurePosixPath) -> Iterator[Path]:
        """Where the image that a member of a zip file stands for lies for the while.

        The member is named by its path, or by the safe form of it, as sidecars are.

        Raises UnreadableImage where the archive does not give it whole, CannotFinish where the disk is at fault.
        """
        with self._lock:
            if self._is_over:
                raise CannotFinish("Unpacking images was stopped.")
            folder = self._make_room()
            try:
                path = self._unpack(archive, member, folder)
            except BaseException:
                _remove(folder)
                raise
        try:
            yield path
        finally:
            _remove(folder)

    def _make_room(self) -> Path:
        """A new folder for one image."""
        try:
            return Path(tempfile.mkdtemp(dir=self._place()))
        except OSError as error:
            raise CannotFinish(f"No folder for unpacked images can be made ({error.strerror}).") from error

    def _place(self) -> Path:
        """The folder for all images, made when the first is asked for."""
        if self._wanted is not None:
            self._wanted.mkdir(mode=0o700, exist_ok=True)
            return self._wanted
        if self._private is None:
            sweep()
            self._private = PrivateFolder(Purpose.MEMBERS)
        return self._private.path

    def _unpack(self, path: Path, member: PurePosixPath, folder: Path) -> Path:
        archive = self._open(path)
        member = archive.safe_names.get(member, member)
        if member not in archive.members:
            raise UnreadableImage(f"{readable_path(path)} has no member {readable_path(member)} that can be unpacked.")
        # An OME-Zarr without its folder (.ozx) is known by the folder that it lies in here.
        place = folder / "image.zarr" if str(member) in ZARR_TOPS else folder
        _write(archive, [member, *_parts_by_name(archive, member)], place)
        known = identify(place / member)
        if known.id in _SETS:
            _write_set(archive, member, place)
        elif known.id not in READERS:
            _write(archive, _below(archive, member.parent), place)  # what else a plugin reads nobody knows
        return place / member

    def _open(self, path: Path) -> _Archive:
        if self._archive is None or self._archive.path != path:
            self._opened.close()
            self._archive = None
            try:
                opened = self._opened.enter_context(open_zip(path))
                found = read_members(path, opened)
            except CannotFinish as problem:
                raise UnreadableImage(str(problem)) from problem
            members = {one.entry.path: one for one in found if one.entry.kind is EntryKind.FILE}
            safe_names = {safe: one for one in members if (safe := safe_member(one)) not in members}
            folders = frozenset(parent for one in members for parent in one.parents)
            self._archive = _Archive(path=path, zip=opened, members=members, safe_names=safe_names, folders=folders)
        return self._archive


def _parts_by_name(archive: _Archive, member: PurePosixPath) -> list[PurePosixPath]:
    """The other members of an OME-Zarr, or those in the folder NAME.files of an OIF."""
    if member.name in ZARR_TOPS:
        return _below(archive, member.parent)
    beside = member.with_name(f"{member.name}.files")
    return _below(archive, beside) if beside in archive.folders else []


def _below(archive: _Archive, folder: PurePosixPath) -> list[PurePosixPath]:
    return [one for one in archive.members if one.is_relative_to(folder)]


def _write_set(archive: _Archive, member: PurePosixPath, place: Path) -> None:
    """Add the files that an OME-TIFF or companion file names."""
    names = worker.run(_named_files, place / member)
    if names is None:
        # The document lies in a companion file, which is called so (OME-TIFF specification 6).
        _write(archive, [one for one in _siblings(archive, member) if one.suffix.lower() == ".ome"], place)
        names = worker.run(_named_files, place / member)
    named = [member.with_name(name) for name in names or ()]
    _write(archive, [one for one in named if one in archive.members], place)


def _siblings(archive: _Archive, member: PurePosixPath) -> list[PurePosixPath]:
    return [one for one in archive.members if one.parent == member.parent]


def _named_files(path: Path) -> tuple[str, ...] | None:
    """The names of the files beside it that an OME-TIFF is made of; None where its document cannot be read."""
    from confocal_bag.image.ome_document import is_plain_name, read_document
    from confocal_bag.image.tiff_directory import TiffDamagedError

    try:
        return tuple(name for name in read_document(path).members if is_plain_name(name))
    except (TiffDamagedError, OSError):
        return None


def _write(archive: _Archive, wanted: Iterable[PurePosixPath], place: Path) -> None:
    """Unpack members that are not there yet, and verify them."""
    try:
        place.mkdir(exist_ok=True)
        new = [archive.members[one] for one in dict.fromkeys(wanted) if not (place / one).exists()]
        needed, free = sum(one.entry.bytes for one in new), shutil.disk_usage(place).free
        if needed + _RESERVE > free:
            raise CannotFinish(_no_room(archive, place, f"{free:,} bytes are free, {needed:,} are needed"))
        for one in new:
            entry = unpack_member(archive.zip, one, place)
            if entry.kind is not EntryKind.FILE:
                raise UnreadableImage(f"{readable_path(archive.path)}!/{readable_path(entry.path)}: {entry.note}.")
    except OSError as error:
        if error.errno in NAME_ERRORS:
            raise UnreadableImage(
                f"{readable_path(archive.path)} holds a name that this system cannot keep ({error.strerror})."
            ) from error
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise CannotFinish(_no_room(archive, place, "the disk is full" if full else f"{error.strerror}")) from error


def _no_room(archive: _Archive, place: Path, why: str) -> str:
    shown = readable_path(place.parent)
    return f"An image of {readable_path(archive.path)} cannot be unpacked to {shown}: {why}. Make room and start again."


def _remove(folder: Path) -> bool:
    """Remove a folder with all that is in it, and say whether it is gone; what is no folder is not ours."""
    if folder.is_symlink() or not folder.is_dir():
        return True
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
