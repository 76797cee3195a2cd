"""The bytes of an archive, on this machine or in a store."""

import os
from pathlib import Path
from typing import BinaryIO

from confocal_bag.bag.fixity import open_for_reading
from confocal_bag.findings import CannotFinish
from confocal_bag.remote.address import address_of

__all__ = ["open_packed"]


def open_packed(path: Path) -> BinaryIO:
    """A stream that can be sought; of an archive in a store, only the blocks that are read are asked for.

    Raises OSError, and CannotFinish where a store cannot be asked.
    """
    address = address_of(path)
    if address is None:
        return os.fdopen(open_for_reading(path.resolve()), "rb")
    from confocal_bag.remote.store import open_store

    store = open_store(address)
    entry = store.find("")
    if entry is None:
        raise CannotFinish(f"There is nothing at {address} any more; check the address.")
    return store.open(entry)
