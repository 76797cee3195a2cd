"""Where files lie while they are fetched, and how they get their names in a bag.

The hidden folder `.NAME.confocal-bag-fetch` beside the bag holds one unfinished file for each address, so that the
next run goes on where this one stopped. A finished and verified file is linked to its name under data/: it appears
whole, and never in place of something else. Folders are opened one inside the other and no link is followed, so that
nobody can lead a write out of the bag, not even by exchanging a folder for a link in between.
"""

import errno
import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from confocal_bag.bag.digester import Fixity, hash_stream
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["CannotPlace", "Download", "FetchStaging", "fetch_staging_path", "size_in_bag"]

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE = os.O_RDWR | os.O_CREAT
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    _FILE |= getattr(os, _name, 0)
#: What a file system says that has no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
#: What a file system says that has no locks, or that cannot sync a folder.
_UNSUPPORTED = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOLCK, errno.EINVAL}
_MOST_NOTE_BYTES = 16 << 10


class CannotPlace(Exception):  # noqa: N818 - says what was seen
    """A file cannot get its name in the bag; the text says why."""


def fetch_staging_path(bag: Path) -> Path:
    """Where the unfinished files of that bag lie."""
    return bag.parent / f".{bag.name}.confocal-bag-fetch"


class Download:
    """One file being fetched; `validator` is what the server calls this version of it, None where it says nothing."""

    def __init__(self, folder: int, key: str) -> None:
        self._folder = folder
        self.name = f"{key}.part"
        self._note = f"{key}.json"
        self._file = self._open()
        self.size = os.fstat(self._file).st_size
        self.validator = self._read_note() if self.size else None

    def _open(self) -> int:
        descriptor = os.open(self.name, _FILE, 0o666, dir_fd=self._folder)
        state = os.fstat(descriptor)
        if stat.S_ISREG(state.st_mode) and state.st_nlink == 1:
            return descriptor
        # It has a name elsewhere too (a run was killed while it placed the file), so it must not be written to.
        os.close(descriptor)
        os.unlink(self.name, dir_fd=self._folder)
        return os.open(self.name, _FILE | os.O_EXCL, 0o666, dir_fd=self._folder)

    def _read_note(self) -> str | None:
        try:
            descriptor = os.open(self._note, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0), dir_fd=self._folder)
            with os.fdopen(descriptor, "rb") as stream:
                note = json.loads(stream.read(_MOST_NOTE_BYTES))
        except (OSError, ValueError):
            return None  # the file is fetched all the same, and its digests tell
        value = note.get("validator") if isinstance(note, dict) else None
        return value if isinstance(value, str) else None

    def restart(self, validator: str | None = None) -> None:
        """Forget what was fetched, and note which version the server is about to send. Raises OSError."""
        os.ftruncate(self._file, 0)
        self.size, self.validator = 0, validator
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(self._note, flags, 0o666, dir_fd=self._folder), "wb") as stream:
            stream.write(json.dumps({"validator": validator}).encode())

    def append(self, chunk: bytes) -> None:
        """Add what came next. Raises OSError."""
        os.lseek(self._file, self.size, os.SEEK_SET)
        rest = memoryview(chunk)
        while rest:
            written = os.write(self._file, rest)
            self.size += written
            rest = rest[written:]

    def fixity(self, algorithms: Sequence[str]) -> Fixity:
        """Size and digests of what lies on the disk now."""
        os.lseek(self._file, 0, os.SEEK_SET)
        return hash_stream(partial(os.read, self._file), algorithms, size=self.size)

    def place(self, bag: int, path: str) -> None:
        """Give the file its name in the bag, whose folder is open as `bag`. Raises CannotPlace and OSError."""
        os.fsync(self._file)
        *folders, name = path.split("/")
        with _open_folder(bag, folders, create=True) as parent:
            try:
                self._link(parent, name)
            except FileExistsError:
                raise CannotPlace("something else has taken its name in the meantime") from None
            _sync_folder(parent)
        self.remove()

    def _link(self, parent: int, name: str) -> None:
        places = {"src_dir_fd": self._folder, "dst_dir_fd": parent}
        try:
            os.link(self.name, name, **places, follow_symlinks=False)
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise CannotPlace("the bag and the folder it lies in are on different disks") from error
            if error.errno not in _NO_LINKS:
                raise
            if _state(parent, name) is not None:
                raise FileExistsError from None
            os.rename(self.name, name, **places)  # noqa: PTH104 - between open folders, which Path cannot do

    def remove(self) -> None:
        """Remove the unfinished file; what was placed stays. Raises OSError."""
        for name in (self.name, self._note):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self._folder)

    def close(self) -> None:
        """Let go of the file; what was fetched stays for the next run."""
        os.close(self._file)


class FetchStaging:
    """The locked folder of unfinished files, and the open folder of the bag (`bag`)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = fetch_staging_path(root)
        self.bag = -1
        self._folder = -1

    def __enter__(self) -> Self:
        if not {os.open, os.link, os.mkdir, os.unlink, os.stat} <= os.supports_dir_fd:
            raise CannotFinish("This system cannot open a folder inside another; complete the bag on Linux or macOS.")
        try:
            self.bag = os.open(self.root, _FOLDER)
            with suppress(FileExistsError):
                self.path.mkdir(mode=0o700)
            self._folder = os.open(self.path, _FOLDER)
            self._lock()
        except OSError as error:
            self._close()
            raise CannotFinish(
                f"{readable_path(self.path)} cannot be used for unfinished files ({error.strerror}); "
                "make the folder of the bag writable, or remove what has this name."
            ) from error
        except CannotFinish:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with suppress(OSError):  # unfinished files stay for the next run
                self.path.rmdir()
        finally:
            self._close()

    def _lock(self) -> None:
        """Refuse a folder that others can write to when they cannot write to the bag, and one already in use."""
        import fcntl

        state, bag = os.fstat(self._folder), os.fstat(self.bag)
        is_foreign = state.st_uid not in (os.geteuid(), bag.st_uid)
        if is_foreign or (state.st_mode & ~bag.st_mode & 0o022):
            raise CannotFinish(
                f"{readable_path(self.path)} belongs to somebody else or others can write to it; "
                "remove it, after a look at what it holds."
            )
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _UNSUPPORTED:
                return
            raise CannotFinish(
                f"{readable_path(self.root)} is being completed by another run; wait for it to end."
            ) from error
        if not os.path.samestat(state, self.path.lstat()):
            raise CannotFinish(f"{readable_path(self.root)} was being completed by another run; start again.")

    def _close(self) -> None:
        for descriptor in (self._folder, self.bag):
            if descriptor >= 0:
                os.close(descriptor)
        self._folder = self.bag = -1

    @contextmanager
    def download(self, key: str) -> Iterator[Download]:
        """The unfinished file of that key, new or as the last run left it. Raises OSError."""
        download = Download(self._folder, key)
        try:
            yield download
        finally:
            download.close()

    def clear(self) -> None:
        """Remove unfinished files of earlier runs, once nothing is missing any more."""
        for name in os.listdir(self._folder):  # noqa: PTH208 - of an open folder
            if name.endswith((".part", ".json")):
                with suppress(OSError):
                    os.unlink(name, dir_fd=self._folder)

    def free_bytes(self) -> int:
        """How much more fits on the disk."""
        state = os.fstatvfs(self._folder)
        return state.f_bavail * state.f_frsize


def _sync_folder(folder: int) -> None:
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:  # some file systems cannot sync a folder, and lose nothing by it
            raise


def size_in_bag(bag: int, path: str) -> int | None:
    """The size of a file in the bag that is open as `bag`, None where the name is free.

    Raises CannotPlace where a parent is a link or no folder, or something that is no file has the name; and OSError.
    """
    *folders, name = path.split("/")
    try:
        with _open_folder(bag, folders, create=False) as parent:
            state = _state(parent, name)
    except FileNotFoundError:
        return None
    if state is None:
        return None
    if not stat.S_ISREG(state.st_mode):
        raise CannotPlace("a folder, link or device has its name")
    return state.st_size


def _state(parent: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


@contextmanager
def _open_folder(bag: int, folders: Sequence[str], *, create: bool) -> Iterator[int]:
    """The folder at that path inside the bag, opened name by name without following a link."""
    now = os.dup(bag)
    try:
        for depth, name in enumerate(folders, 1):
            inside = _open_inside(now, name, "/".join(folders[:depth]), create=create)
            os.close(now)
            now = inside
        yield now
    finally:
        os.close(now)


def _open_inside(parent: int, name: str, shown: str, *, create: bool) -> int:
    if create:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=parent)
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise CannotPlace(f"{readable_path(shown)} is a link or no folder") from error
        raise
