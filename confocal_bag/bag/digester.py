"""Digests of a stream of bytes, with several algorithms at once."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from confocal_bag.findings import CannotFinish

__all__ = [
    "ALGORITHMS",
    "CHUNK_BYTES",
    "THREADED_FROM_BYTES",
    "Digester",
    "Fixity",
    "OnBytes",
    "digest_length",
    "hash_bytes",
    "hash_stream",
    "known_algorithms",
    "normalise_algorithm",
]

OnBytes = Callable[[int], None]

CHUNK_BYTES = 1 << 20
#: A file at least this large is hashed by one thread per algorithm; below, starting threads costs more than
#: it saves.
THREADED_FROM_BYTES = 4 << 20


class Hash(Protocol):
    """What this module needs of a hashlib object."""

    @property
    def digest_size(self) -> int:
        """Bytes in the digest."""

    def update(self, data: bytes, /) -> None:
        """Take in the next bytes."""

    def hexdigest(self) -> str:
        """The digest in lower-case hexadecimal digits."""


def _constructor(name: str) -> Callable[[], Hash]:
    # MD5 and SHA-1 are asked for by old bags; they detect accidents, and a FIPS build allows that use only
    # when told.
    return partial(hashlib.new, name, usedforsecurity=False)


#: BagIt algorithm name (lower case, letters and digits only: RFC 8493 2.4) to a constructor.
ALGORITHMS: Mapping[str, Callable[[], Hash]] = {
    "md5": _constructor("md5"),
    "sha1": _constructor("sha1"),
    "sha224": _constructor("sha224"),
    "sha256": _constructor("sha256"),
    "sha384": _constructor("sha384"),
    "sha512": _constructor("sha512"),
    "sha3224": _constructor("sha3_224"),
    "sha3256": _constructor("sha3_256"),
    "sha3384": _constructor("sha3_384"),
    "sha3512": _constructor("sha3_512"),
    "blake2b": _constructor("blake2b"),
    "blake2b512": _constructor("blake2b"),
    "blake2s": _constructor("blake2s"),
    "blake2s256": _constructor("blake2s"),
}


class Fixity(NamedTuple):
    """Size in bytes and digests (algorithm name to lower-case hexadecimal) of one file, from one read."""

    size: int
    digests: Mapping[str, str]


def normalise_algorithm(name: str) -> str:
    """The BagIt spelling of an algorithm name: "SHA3-256" becomes "sha3256" (RFC 8493 2.4)."""
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())


def known_algorithms(names: Iterable[str]) -> tuple[str, ...]:
    """The algorithms in BagIt's spelling, each once. Raises CannotFinish for one that is not known."""
    spelled = tuple(dict.fromkeys(map(normalise_algorithm, names)))
    for name in spelled:
        if name not in ALGORITHMS:
            raise CannotFinish(f"The checksum algorithm {name} is not known; choose among {', '.join(ALGORITHMS)}.")
    return spelled


def digest_length(algorithm: str) -> int:
    """How many hexadecimal digits a digest of this algorithm has."""
    return ALGORITHMS[algorithm]().digest_size * 2


class Digester:
    """Feeds the same bytes to several algorithms.

    With `threaded`, they work side by side and while the caller reads the next chunk:
    hashlib releases the interpreter lock, so the threads really are parallel.
    """

    def __init__(self, algorithms: Iterable[str], *, threaded: bool) -> None:
        self._hashes = {name: _new_hash(name) for name in algorithms}
        threaded = threaded and bool(self._hashes)
        self._pool = ThreadPoolExecutor(len(self._hashes)) if threaded else None
        self._running: list[Future[None]] = []
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def update(self, chunk: bytes) -> None:
        """Take in the next bytes; they must not be changed by the caller afterwards."""
        self.size += len(chunk)
        if self._pool is None:
            for one in self._hashes.values():
                one.update(chunk)
            return
        self._wait()
        self._running = [self._pool.submit(one.update, chunk) for one in self._hashes.values()]

    def fixity(self) -> Fixity:
        """Size and digests of everything taken in."""
        self._wait()
        return Fixity(size=self.size, digests={name: one.hexdigest() for name, one in self._hashes.items()})

    def _wait(self) -> None:
        wait(self._running)
        for one in self._running:
            one.result()


def _new_hash(algorithm: str) -> Hash:
    try:
        return ALGORITHMS[algorithm]()
    except KeyError:
        known = ", ".join(ALGORITHMS)
        raise CannotFinish(f"The checksum algorithm {algorithm} is not known; choose one of {known}.") from None


def hash_bytes(content: bytes, algorithms: Iterable[str]) -> Fixity:
    """Digests of bytes that are in memory."""
    hashes = {name: _new_hash(name) for name in algorithms}
    for one in hashes.values():
        one.update(content)
    return Fixity(size=len(content), digests={name: one.hexdigest() for name, one in hashes.items()})


def hash_stream(
    read: Callable[[int], bytes], algorithms: Sequence[str], *, size: int, on_bytes: OnBytes | None = None
) -> Fixity:
    """Digests of what `read` gives, which should be `size` bytes.

    A stream that turns out longer is not read to its end, which a file somebody writes to may never reach; the
    size returned tells.
    """
    with Digester(algorithms, threaded=size >= THREADED_FROM_BYTES) as digester:
        # A little more than what is expected, so that one call both reads a small file and sees that it has ended.
        while digester.size <= size and (chunk := read(min(CHUNK_BYTES, size - digester.size + 1))):
            digester.update(chunk)
            if on_bytes:
                on_bytes(len(chunk))
        return digester.fixity()
