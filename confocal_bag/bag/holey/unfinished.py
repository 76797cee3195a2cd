"""One unfinished file: it grows while it is fetched, and gets its name in the bag when it is whole and verified.

It is linked to its name under data/: it appears whole, and never in place of something else.
"""

import errno
import json
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from confocal_bag.bag.digester import Fixity, hash_stream
from confocal_bag.bag.holey.open_folders import CannotPlace, open_folder, state_of, sync_open_folder

__all__ = ["Download"]

_FILE = os.O_RDWR | os.O_CREAT
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    _FILE |= getattr(os, _name, 0)
#: What a file system says that has no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_MOST_NOTE_BYTES = 16 << 10


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
        with open_folder(bag, folders, create=True) as parent:
            try:
                self._link(parent, name)
            except FileExistsError:
                raise CannotPlace("something else has taken its name in the meantime") from None
            sync_open_folder(parent)
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
            if state_of(parent, name) is not None:
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
