"""What a store can be asked: what it holds, the bytes of one object, to take a file."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from confocal_bag.findings import CannotFinish
from confocal_bag.remote.address import LOCAL, Address

__all__ = ["MAX_OBJECTS", "PARTIAL", "Entry", "Sending", "Sent", "Store", "open_store"]

OnBytes = Callable[[int], None]

#: Objects listed of one bag, so that a hostile listing cannot fill the memory.
MAX_OBJECTS = 5_000_000
#: The ending of a file that is not all there yet, in stores that show such files.
PARTIAL = ".confocal-bag-partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object as the store lists it.

    `name` is relative to the address, as the store spells it, and may be hostile. `kind` says what is neither file
    nor folder; `version` is the store's mark of this content, None where it has none.
    """

    name: str
    size: int = 0
    is_folder: bool = False
    kind: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A file to be sent under a name; without `replace` an object of that name is never overwritten.

    `algorithms` are those whose digests are wanted of what was sent, beside SHA-256, with what makes a hash of each;
    `on_bytes` is told of every part.
    """

    path: Path
    name: str
    algorithms: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    replace: bool = False
    read_back: bool = False
    on_bytes: OnBytes | None = None

    def hashes(self) -> dict[str, Any]:
        """A hash for each algorithm, which has taken in nothing yet."""
        return {name: make() for name, make in {**self.algorithms, "sha256": hashlib.sha256}.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that was sent: its size, its digests, and `proof`, how the store's copy was found to be equal."""

    size: int
    digests: dict[str, str]
    proof: str


class Store(ABC):
    """A place with objects in it; `address` is that of the bag, or of the folder things are sent to."""

    address: Address

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """Everything below the address, in any order. Raises CannotFinish when the store cannot be asked."""

    @abstractmethod
    def find(self, name: str) -> Entry | None:
        """One object as it is now, for an empty name the one at the address itself; None where there is none.

        Raises CannotFinish when the store cannot be asked.
        """

    @abstractmethod
    def open(self, entry: Entry) -> BinaryIO:
        """The bytes of one object, which can be sought. Raises OSError."""

    @abstractmethod
    def vouched_sha256(self, entry: Entry) -> str | None:
        """The SHA-256 of the whole object that the store computed itself; None where it has none."""

    @abstractmethod
    def send(self, sending: Sending) -> Sent:
        """Send a file and prove the store's copy equal; what an earlier, killed run sent of it is not sent again.

        Raises CannotFinish.
        """

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove one object. Raises CannotFinish."""

    def close(self) -> None:  # noqa: B027 - not every store holds a connection
        """End the connection; it is taken up again when the store is asked for more."""


def open_store(address: Address) -> Store:
    """The store of an address. Raises CannotFinish where a library for it is missing or it cannot be reached."""
    try:
        if address.scheme == LOCAL:
            from confocal_bag.remote.local import LocalStore

            return LocalStore(address)
        if address.scheme == "s3":
            from confocal_bag.remote.s3 import S3Store

            return S3Store(address)
        from confocal_bag.remote.files import FileStore

        return FileStore(address)
    except ImportError as error:
        if error.name is None:  # fsspec says what a store needs that we do not install
            raise CannotFinish(f"{address} needs a library that is not installed here: {error}.") from error
        raise CannotFinish(
            f"{address} needs a library that is not installed here ({error.name}); install "
            "confocal-bag with its extra for stores: pip install 'confocal-bag[cloud]'."
        ) from error
