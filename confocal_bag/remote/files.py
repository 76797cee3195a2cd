"""A store that has folders and files, as SFTP has: reached through fsspec, nothing in it is followed."""

import posixpath
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, BinaryIO, cast

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.address import Address
from confocal_bag.remote.appending import append_file
from confocal_bag.remote.read_back import hash_object
from confocal_bag.remote.store import MAX_OBJECTS, PARTIAL, Entry, Sending, Sent, Store
from confocal_bag.remote.troubles import as_os_errors, cannot_finish

__all__ = ["FileStore"]

_REMEDY = "Check the address and that you may read and write there."
_SSH = ("sftp", "ssh")
_PATIENCE_S = 5
_KINDS = {"file": None, "directory": None, "link": "symbolic link"}


class FileStore(Store):
    """A folder, or a file, of a file system that fsspec reaches."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._connected: list[Any] = []
        self._connecting = Lock()
        self._no_links: set[str] = set()
        is_ssh = address.scheme in _SSH
        self._root = f"/{address.within}" if is_ssh else self._files._strip_protocol(str(address))

    @property
    def _files(self) -> Any:
        """The file system, connected when it is first asked for. Raises CannotFinish."""
        with self._connecting:
            if not self._connected:
                with cannot_finish(f"{readable_path(str(self.address))} cannot be reached", _REMEDY):
                    self._connected.append(_file_system(self.address))
            return self._connected[0]

    def close(self) -> None:
        """End the connection."""
        while self._connected:
            files = self._connected.pop()
            if self.address.scheme in _SSH:
                from fsspec.asyn import sync

                with suppress(OSError):  # a connection that is broken has ended too
                    sync(files.loop, _disconnect, files.client, timeout=_PATIENCE_S)

    def entries(self) -> Iterator[Entry]:
        """Everything below the folder; folders too."""
        waiting, number = [""], 0
        while waiting:
            folder = waiting.pop()
            with cannot_finish(f"{readable_path(str(self.address.below(folder)))} cannot be listed", _REMEDY):
                listed = self._list(folder)
            for one in listed:
                number += 1
                entry = _entry(one, folder)
                yield entry
                if entry.is_folder:
                    waiting.append(entry.name)
            if number > MAX_OBJECTS:
                raise CannotFinish(f"{self.address} holds more than the {MAX_OBJECTS:,} files that are listed of one.")

    def _list(self, folder: str) -> list[dict[str, Any]]:
        try:
            listed: list[dict[str, Any]] = self._files.ls(self._path(folder), detail=True)
        except FileNotFoundError:
            if folder:
                raise
            return []
        except NotADirectoryError:
            return []
        itself = self._path(folder).rstrip("/")
        return [one for one in listed if one["name"].rstrip("/") != itself]

    def find(self, name: str) -> Entry | None:
        """One file; a folder is none."""
        with cannot_finish(f"{readable_path(str(self.address.below(name)))} cannot be looked at", _REMEDY):
            try:
                found = self._files.info(self._path(name))
            except FileNotFoundError:
                return None
        return Entry(name=name, size=found["size"]) if found["type"] == "file" else None

    def open(self, entry: Entry) -> BinaryIO:
        """The bytes of one file."""
        with as_os_errors():
            return cast("BinaryIO", self._files.open(self._path(entry.name), "rb"))

    def vouched_sha256(self, entry: Entry) -> str | None:  # noqa: ARG002 - these stores vouch for nothing
        """None: such a store computes no checksums."""
        return None

    def send(self, sending: Sending) -> Sent:
        """Write the file under another name, read it back, and give it its name."""
        self._refuse_links(sending.name)
        target, shown = self._path(sending.name), readable_path(str(self.address.below(sending.name)))
        if not sending.replace and self.find(sending.name) is not None:
            raise CannotFinish(f"{shown} exists already and is never overwritten without --replace.")
        partial = f"{sending.name}{PARTIAL}"
        with cannot_finish(f"{shown} cannot be written", _REMEDY):
            self._files.makedirs(posixpath.dirname(target), exist_ok=True)
            there = self.find(partial)
            fixity = append_file(self._files, self._path(partial), sending, there.size if there else 0)
        written = hash_object(self, Entry(name=partial, size=fixity.size), ("sha256",))
        if written.size != fixity.size or written.digests["sha256"] != fixity.digests["sha256"]:
            self.remove(partial)
            raise CannotFinish(f"{shown} was not what was sent when it was read back, and was removed; start again.")
        with cannot_finish(f"{shown} cannot be given its name", _REMEDY):
            self._name(self._path(partial), target, sending)
        return Sent(size=fixity.size, digests=fixity.digests, proof="read back")

    def _name(self, partial: str, target: str, sending: Sending) -> None:
        """Give a file its name: over SSH never that of another; elsewhere what appears in this very moment is lost."""
        if sending.replace:
            self._files.mv(partial, target)
            return
        try:
            if self.find(sending.name) is not None:
                raise FileExistsError(target)
            if self.address.scheme in _SSH:
                from fsspec.asyn import sync

                with as_os_errors():
                    sync(self._files.loop, _rename, self._files, partial, target)
            else:
                self._files.mv(partial, target)
        except OSError as error:
            if not isinstance(error, FileExistsError) and self.find(sending.name) is None:
                raise
            shown = readable_path(str(self.address.below(sending.name)))
            raise CannotFinish(f"{shown} exists already and is never overwritten without --replace.") from error

    def remove(self, name: str) -> None:
        """Remove one file."""
        self._refuse_links(name)
        with cannot_finish(f"{readable_path(str(self.address.below(name)))} cannot be removed", _REMEDY):
            self._files.rm_file(self._path(name))

    def _refuse_links(self, name: str) -> None:
        """Refuse to change anything in a folder, the root or one below it, to which a link on the server leads."""
        if self.address.scheme not in _SSH:
            return
        from fsspec.asyn import sync

        for folder in ("", *map(str, reversed(PurePosixPath(name).parents[:-1]))):
            if folder in self._no_links:
                continue
            shown = readable_path(str(self.address.below(folder) if folder else self.address))
            with cannot_finish(f"{shown} cannot be looked at", _REMEDY):
                is_link = sync(self._files.loop, _is_link, self._files, self._path(folder))
            if is_link:
                raise CannotFinish(
                    f"{shown} is a symbolic link, which is not followed; name the folder that it leads to, "
                    "or remove the link."
                )
            self._no_links.add(folder)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}" if name else self._root


async def _rename(files: Any, old: str, new: str) -> None:
    """The renaming of SFTP itself, which refuses a name that is taken; that of the library would replace the file."""
    async with files._pool.get() as channel:
        await channel.rename(old, new)


async def _is_link(files: Any, path: str) -> bool:
    """Whether a link lies there; what is not there is none."""
    import asyncssh

    async with files._pool.get() as channel:
        try:
            found = await channel.lstat(path)
        except asyncssh.SFTPNoSuchFile:
            return False
    return stat.S_ISLNK(found.permissions or 0)


async def _disconnect(client: Any) -> None:
    client.close()
    await client.wait_closed()


def _file_system(address: Address) -> Any:
    if address.scheme not in _SSH:
        import fsspec

        return fsspec.filesystem(address.scheme)
    import sshfs

    user, _, host = address.host.rpartition("@")
    name, _, port = host.removeprefix("[").partition("]:" if host.startswith("[") else ":")
    name = name.removesuffix("]")
    options: dict[str, Any] = {"username": user} if user else {}
    if port:
        options["port"] = int(port) if port.isdigit() else 0
    # The library would trust any host; an empty tuple stands for the user's own list of known hosts.
    return sshfs.SSHFileSystem(name, known_hosts=(), skip_instance_cache=True, **options)


def _entry(listed: dict[str, Any], folder: str) -> Entry:
    base = listed["name"].rstrip("/").rpartition("/")[2]
    kind = listed["type"]
    return Entry(
        name=f"{folder}/{base}" if folder else base,
        size=listed["size"] or 0,
        is_folder=kind == "directory",
        kind=_KINDS.get(kind, "special file"),
    )
