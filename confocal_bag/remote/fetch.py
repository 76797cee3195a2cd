"""A deposit that lies in a store, brought to a private temporary folder for as long as it is looked at."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import gettempdir

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.private_folder import Purpose, private_folder
from confocal_bag.progress import SILENT, Progress
from confocal_bag.remote.address import Address, address_of
from confocal_bag.remote.store import Entry, Store, open_store
from confocal_bag.remote.troubles import as_os_errors, why

__all__ = ["fetched"]

_CHUNK_BYTES = 1 << 20
#: What a small file takes of a disk beyond its content.
_BLOCK_BYTES = 4096
_LONGEST_NAME = 255


@contextmanager
def fetched(path: Path, *, jobs: int = 2, progress: Progress = SILENT) -> Iterator[Path]:
    """The path itself, or for an address a folder (or file) of its name with everything that lies there.

    Image readers have to go back and forth in a file, so a deposit is not read where it lies. The copy is readable to
    nobody else and is gone when the block ends. Raises CannotFinish: too little room, a name that could lead out of
    the folder, a file that is not as large as the store had said.
    """
    address = address_of(path)
    if address is None:
        yield path
        return
    if not address.name or address.name in (".", ".."):
        raise CannotFinish(f"{address} names no folder or file; name the deposit itself.")
    with private_folder(Purpose.FETCHED) as folder, closing(open_store(address)) as store:
        target = folder / address.name
        entries = _wanted(store, address)
        _refuse_full_disk(address, sum(one.size + _BLOCK_BYTES for one in entries))
        progress.stage(f"Fetching {address.name}", sum(one.size for one in entries))
        _fetch_all(store, entries, target, jobs, progress)
        yield target


def _wanted(store: Store, address: Address) -> list[Entry]:
    """Every object of the deposit, or the one that it is; names and kinds are judged before anything is fetched."""
    entries = [one for one in store.entries() if one.name]
    if not entries:
        itself = store.find("")
        if itself is None:
            raise CannotFinish(f"There is nothing at {address}; check the address.")
        return [itself]
    for one in entries:
        because = one.kind or _unsafe_because(one)
        if because is not None:
            shown = readable_path(f"{address}/{one.name}")
            raise CannotFinish(f"{shown} cannot be fetched: {because}. Rename or remove it, or give a copy without it.")
    return entries


def _unsafe_because(entry: Entry) -> str | None:
    name = entry.name.removesuffix("/") if entry.is_folder or not entry.size else entry.name
    parts = name.split("/")
    dangers = (
        (any(part in ("", ".", "..") for part in parts), "its name has an empty, . or .. part"),
        ("\0" in name, "its name holds a NUL character"),
        (os.name == "nt" and any(letter in name for letter in '\\:*?"<>|'), "Windows knows no such name"),
        (any(len(os.fsencode(part)) > _LONGEST_NAME for part in parts), "its name is too long for a disk"),
    )
    return next((said for danger, said in dangers if danger), None)


def _refuse_full_disk(address: Address, size: int) -> None:
    free = shutil.disk_usage(gettempdir()).free
    if size > free:
        raise CannotFinish(
            f"{address} takes {size:,} bytes, and {gettempdir()} has {free:,} left; "
            "make room, or set TMPDIR to a folder on another disk."
        )


def _fetch_all(store: Store, entries: list[Entry], target: Path, jobs: int, progress: Progress) -> None:
    folders = {PurePosixPath(one.name) for one in entries if _is_folder(one)}
    files = [one for one in entries if not _is_folder(one)]
    try:
        for folder in folders:
            (target / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotFinish(f"{store.address} cannot be fetched to {readable_path(target)}: {why(error)}.") from error
    pool = ThreadPoolExecutor(max(1, jobs), thread_name_prefix="fetch")
    try:
        for size in pool.map(lambda one: _fetch(store, one, target / one.name if one.name else target), files):
            progress.advance(size)
    finally:
        pool.shutdown(cancel_futures=True)


def _is_folder(entry: Entry) -> bool:
    return entry.is_folder or (entry.name.endswith("/") and not entry.size)


def _fetch(store: Store, entry: Entry, target: Path) -> int:
    """Fetch one object into a new file; its size."""
    shown = readable_path(str(store.address.below(entry.name) if entry.name else store.address))
    size = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with as_os_errors(), store.open(entry) as stream, target.open("xb") as sink:
            while size <= entry.size and (chunk := stream.read(_CHUNK_BYTES)):
                sink.write(chunk)
                size += len(chunk)
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be fetched: {why(error)}. Check the address and try again.") from error
    if size != entry.size:
        raise CannotFinish(f"{shown} gave other than the {entry.size:,} bytes that the store had said; try again.")
    return size
