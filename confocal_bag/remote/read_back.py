"""What a store holds, read again and hashed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.store import Entry, Store
from confocal_bag.remote.troubles import as_os_errors, why

__all__ = ["StoredFixity", "hash_object"]

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFixity:
    """Size and digests of what was read."""

    size: int
    digests: dict[str, str]


def hash_object(
    store: Store, entry: Entry, algorithms: Sequence[str], on_bytes: Callable[[int], None] | None = None
) -> StoredFixity:
    """Read one object once. Raises CannotFinish."""
    import hashlib

    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    size = 0
    try:
        with as_os_errors(), store.open(entry) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                size += len(chunk)
                for one in hashes.values():
                    one.update(chunk)
                if on_bytes:
                    on_bytes(len(chunk))
    except OSError as error:
        shown = readable_path(str(store.address.below(entry.name)))
        raise CannotFinish(f"{shown} cannot be read back: {why(error)}. Start again.") from error
    return StoredFixity(size=size, digests={name: one.hexdigest() for name, one in hashes.items()})
