"""A bag that lies in a store, read where it lies: every object once, nothing kept on this machine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.fixity import hash_each
from confocal_bag.bag.listing import Irregular, Listing, name_order
from confocal_bag.bag.paths import is_plain_path, unsafe_because
from confocal_bag.bag.source import BagSource
from confocal_bag.findings import CannotFinish
from confocal_bag.remote.address import Address
from confocal_bag.remote.store import Entry, Store, open_store
from confocal_bag.remote.troubles import as_os_errors, why

__all__ = ["RemoteSource", "list_store", "open_remote"]


@dataclass(frozen=True, kw_only=True)
class RemoteSource(BagSource):
    """A bag whose files are objects of a store; `entries` maps each file to its object."""

    store: Store = field(repr=False)
    entries: Mapping[str, Entry] = field(repr=False)

    @property
    def is_archive(self) -> bool:
        """False: as many objects as files."""
        return False

    def close(self) -> None:
        """End the connection to the store."""
        self.store.close()

    def open(self, path: str) -> BinaryIO:
        """The bytes of one object."""
        return self.store.open(self.entries[path])

    def fixities(
        self, wanted: Mapping[str, Sequence[str]], *, jobs: int, on_bytes: OnBytes | None = None
    ) -> Iterator[tuple[str, Fixity | OSError]]:
        """Hash `jobs` objects at a time; each is asked for once and goes by in blocks."""

        def hash_one(path: str, count: OnBytes) -> Fixity:
            try:
                with as_os_errors():
                    return self.hash_content(path, wanted[path], on_bytes=count)
            except OSError as error:
                raise OSError(why(error)) from error

        return hash_each(wanted, hash_one, jobs=jobs, ahead=4, on_bytes=on_bytes)


def open_remote(path: Path, address: Address) -> BagSource:
    """The bag at an address: as objects below it, else as an archive that is the object itself.

    Raises CannotFinish when there is neither.
    """
    store = open_store(address)
    entries = list(store.entries())
    if not entries:
        found = store.find("")
        store.close()
        if found is None:
            raise CannotFinish(f"There is nothing at {address}; check the address.")
        from confocal_bag.bag.archives.members import open_archive

        return open_archive(path)
    listing, kept = list_store(entries)
    return RemoteSource(path=path, listing=listing, store=store, entries=kept)


def list_store(entries: Sequence[Entry]) -> tuple[Listing, dict[str, Entry]]:
    """The listing of a bag among the objects of a store, and the objects of its files by name.

    A name that no file in a folder can have is irregular, and its object is never read.
    """
    entries = [one for one in entries if one.name or one.size]  # what some consoles make for the bag's own folder
    folders = {one.name.rstrip("/") for one in entries if one.is_folder or (one.name.endswith("/") and not one.size)}
    files: dict[str, Entry] = {}
    irregular: list[Irregular] = []
    for one in entries:
        if one.name.rstrip("/") in folders and (one.is_folder or one.name.endswith("/")):
            continue
        kind = one.kind or _oddity(one)
        if kind is not None:
            irregular.append(Irregular(path=one.name, kind=kind))
        else:
            files[one.name] = one
    occupied = {parent for name in (*files, *folders) for parent in _parents(name)}
    for name in sorted(files.keys() & (occupied | folders), key=name_order):
        irregular.append(Irregular(path=name, kind="object that has the name of a folder"))
        del files[name]
    unsafe = {name for name in folders if _is_odd_name(name)}
    irregular += [Irregular(path=name, kind="folder with an unsafe name") for name in unsafe]
    listing = Listing(
        files={name: files[name].size for name in sorted(files, key=name_order)},
        folders=frozenset((folders | occupied) - unsafe),
        empty_folders=tuple(sorted(folders - occupied - unsafe, key=name_order)),
        irregular=tuple(sorted(irregular, key=lambda one: name_order(one.path))),
    )
    return listing, files


def _oddity(entry: Entry) -> str | None:
    """Why an object can be no file of a bag, in words; None where it can."""
    if entry.name.endswith("/"):
        return "object whose name ends in a slash, with content"
    if (because := unsafe_because(entry.name)) is not None:
        return f"object whose name is not safe ({because})"
    return "object whose name has an empty, . or .. part" if _is_odd_name(entry.name) else None


def _is_odd_name(name: str) -> bool:
    if is_plain_path(name) and ".." not in name and not name.startswith("/"):
        return False
    return any(part in ("", ".", "..") for part in name.split("/"))


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name
