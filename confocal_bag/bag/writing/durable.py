"""Make what was written durable: it is on the disk, and not only in the memory of the system, when a call returns."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from confocal_bag.bag.writing.folder_lock import UNSUPPORTED

__all__ = ["sync_file", "sync_files", "sync_folder", "sync_tree"]


def sync_tree(folder: Path, files: Iterable[Path]) -> None:
    """Make a folder durable with these files in it and all the folders. Raises OSError."""
    sync_files(files)
    for inside, _, _ in os.walk(folder, topdown=False):
        sync_folder(Path(inside))


def sync_files(paths: Iterable[Path]) -> None:
    """Make many files durable; several at once, because a disk takes their commits together."""
    waiting = iter(paths)
    pool = ThreadPoolExecutor(8, thread_name_prefix="sync")
    try:
        while batch := list(islice(waiting, 500)):
            for _ in pool.map(sync_file, batch):
                pass  # taking each result raises what went wrong
    finally:
        pool.shutdown(cancel_futures=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can do that."""
    if os.name == "nt":
        return
    sync_file(folder)


def sync_file(path: Path) -> None:
    """Make a file or folder durable. Raises OSError when the disk reports that it could not."""
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)
