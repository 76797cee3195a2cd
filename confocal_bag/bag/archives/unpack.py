"""A bag taken out of its archive, after the list of its members was judged; complete, or not there at all."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from confocal_bag.bag.archives.obstacles import refuse, serious, serious_faults
from confocal_bag.bag.bag import read_bag
from confocal_bag.bag.digester import CHUNK_BYTES, OnBytes
from confocal_bag.bag.paths import plain_path
from confocal_bag.bag.rules import BAG_RULES, check_bag
from confocal_bag.bag.rules.inspection import Depth, Inspection
from confocal_bag.bag.source import BagSource, open_source
from confocal_bag.bag.writing.durable import sync_tree
from confocal_bag.bag.writing.staging import Staging, cannot_write
from confocal_bag.findings import CannotFinish, readable_path, run_rules

__all__ = ["unpack_bag", "unpack_into"]

#: What a small file takes of a disk beyond its content.
_BLOCK_BYTES = 4096


def unpack_bag(archive: Path, folder: Path, *, on_bytes: OnBytes | None = None) -> Path:
    """Unpack the bag into a new folder below `folder`, called as in the archive, and return that folder.

    Nothing is written unless the member list is sound and the bag complete (or to be completed from fetch.txt);
    nothing gets its name unless every checksum is right. Only regular files and folders are made; times, owners
    and permissions in the archive are ignored. Raises CannotFinish; then nothing is left of the bag.
    """
    with open_source(archive) as source:
        _refuse_unsound(source)
        _refuse_incomplete(source)
        staging = Staging(folder / source.listing.top)
        staging.open()
        try:
            unpack_into(source, staging.bag, on_bytes=on_bytes)
            refuse(
                f"{readable_path(archive)} was not unpacked, because its bag is not valid",
                serious(check_bag(staging.bag, on_bytes=on_bytes).findings),
            )
            _sync(source, staging.bag)
            staging.publish()
        finally:
            staging.remove()
    return staging.destination


def unpack_into(source: BagSource, folder: Path, *, on_bytes: OnBytes | None = None) -> None:
    """Write the files and folders of a bag in an archive into a folder that is there and empty; check nothing else.

    Raises CannotFinish for a member list that is not sound, for too little space, and for damage.
    """
    _refuse_unsound(source)
    _refuse_lack_of_space(source, folder)
    for name in sorted(source.listing.folders):
        _make_folder(folder, name)
    for path in source.in_order(source.files):
        _unpack(source, path, folder / path, on_bytes)


def _refuse_unsound(source: BagSource) -> None:
    """Refuse an archive by its member list alone."""
    shown = readable_path(source.path)
    if source.is_local_folder:
        raise CannotFinish(f"{shown} is a folder already; name an archive.")
    refuse(f"{shown} is not unpacked", [*serious_faults(source.listing), *_odd_names(source)])


def _refuse_incomplete(source: BagSource) -> None:
    """Refuse an archive whose bag cannot be valid, before anything large is read or written."""
    inspection = Inspection(bag=read_bag(source), depth=Depth.COMPLETENESS, strict=False)
    _, findings = run_rules(BAG_RULES, inspection)
    refuse(f"{readable_path(source.path)} is not unpacked, because its bag is not valid", serious(findings))


def _odd_names(source: BagSource) -> Iterator[str]:
    """Names that a file system would take for other names than they are."""
    if source.is_archive and not source.listing.top:
        yield "The archive holds no folder with a bag in it."
    for name in (source.listing.top, *source.files, *source.listing.folders):
        if name and plain_path(name) != name:
            yield f"The name '{readable_path(name)}' has an empty component or a dot as one."


def _refuse_lack_of_space(source: BagSource, folder: Path) -> None:
    needed = sum(source.files.values()) + _BLOCK_BYTES * len(source.files)
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise cannot_write(folder, error) from error
    if needed > free:
        raise CannotFinish(
            f"{readable_path(source.path)} unpacks to {needed:,} bytes, but there are only {free:,} free in "
            f"{readable_path(folder)}; free some space or choose another disk."
        )


def _make_folder(root: Path, name: str) -> None:
    try:
        (root / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(root / name, error) from error


def _unpack(source: BagSource, path: str, target: Path, on_bytes: OnBytes | None) -> None:
    """Write one file of exactly the size that the member list has."""
    try:
        descriptor = os.open(
            target,
            os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0),
            0o666,
        )
    except FileExistsError:
        raise CannotFinish(
            f"'{readable_path(path)}' and another name in {readable_path(source.path)} are one name on this disk; "
            "unpack to a disk that tells them apart."
        ) from None
    except OSError as error:
        raise cannot_write(target, error) from error
    with os.fdopen(descriptor, "wb", buffering=0) as stream:
        for chunk in _content(source, path):
            try:
                _write_all(stream.fileno(), chunk)
            except OSError as error:
                raise cannot_write(target, error) from error
            if on_bytes:
                on_bytes(len(chunk))


def _content(source: BagSource, path: str) -> Iterator[bytes]:
    declared = left = source.files[path]
    try:
        with source.open(path) as stream:
            while chunk := stream.read(min(left, CHUNK_BYTES - 1) + 1):
                left -= len(chunk)
                if left < 0:
                    break
                yield chunk
    except OSError as error:
        raise CannotFinish(
            f"'{readable_path(path)}' in {readable_path(source.path)} cannot be unpacked: "
            f"{error.strerror or error}; ask for the archive again."
        ) from error
    if left:
        raise CannotFinish(
            f"'{readable_path(path)}' in {readable_path(source.path)} does not have the {declared:,} bytes that the "
            "member list says; ask for the archive again."
        )


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync(source: BagSource, bag: Path) -> None:
    try:
        sync_tree(bag, (bag / path for path in source.files))
    except OSError as error:
        raise cannot_write(error.filename or bag, error) from error
