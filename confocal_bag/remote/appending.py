"""A file written to the end of what a killed run left of it."""

import os
from typing import Any

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.read_back import StoredFixity
from confocal_bag.remote.store import Sending

__all__ = ["append_file"]

_CHUNK_BYTES = 1 << 20


def append_file(files: Any, target: str, sending: Sending, there: int) -> StoredFixity:
    """Write what is missing of a file after the `there` bytes that are written; digests of the whole file.

    What is there is not compared here: the whole is read back afterwards. Raises OSError.
    """
    hashes = sending.hashes()
    size = 0
    with sending.path.open("rb") as stream:
        before = os.fstat(stream.fileno())
        if there > before.st_size:
            there = 0
        with files.open(target, "ab" if there else "wb") as sink:
            while chunk := stream.read(min(_CHUNK_BYTES, there - size if size < there else _CHUNK_BYTES)):
                for one in hashes.values():
                    one.update(chunk)
                if size >= there:
                    sink.write(chunk)
                size += len(chunk)
                if sending.on_bytes:
                    sending.on_bytes(len(chunk))
        after = os.fstat(stream.fileno())
    if size != before.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise CannotFinish(
            f"{readable_path(sending.path)} changed while it was being sent; "
            "wait until nothing writes to it any more and start again."
        )
    return StoredFixity(size=size, digests={name: one.hexdigest() for name, one in hashes.items()})
