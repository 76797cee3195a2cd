"""One shipment under way: what is there already is compared, the rest sent, every file proven to have arrived."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from threading import Lock
from typing import TypeVar

from confocal_bag.bag.fixity import ALGORITHMS, hash_file
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.progress import Progress
from confocal_bag.remote.address import LOCAL
from confocal_bag.remote.read_back import hash_object
from confocal_bag.remote.store import PARTIAL, Entry, Sending, Store
from confocal_bag.ship.cargo import Cargo, Item
from confocal_bag.ship.order import Order
from confocal_bag.ship.receipt import Shipped
from confocal_bag.side_by_side import side_by_side

__all__ = ["Voyage"]

_SHOWN = 5
_DECLARATION = "bagit.txt"
Result = TypeVar("Result")


@dataclass(kw_only=True)
class Voyage:
    """What travels, where to, and how."""

    store: Store
    cargo: Cargo
    order: Order
    progress: Progress

    def __post_init__(self) -> None:
        self._lock = Lock()

    def make(self) -> tuple[list[Shipped], list[str]]:
        """Send what is missing; every file of the cargo as it arrived, and what was removed."""
        self._refuse_names()
        there = self._look()
        strangers = self._refuse_strangers(there)
        blocking = self._in_the_way(strangers)
        same = self._compare(there)
        missing = [item for item in self.cargo.items if item.name not in same]
        replacing = bool(strangers or any(item.name in there for item in missing))
        if replacing and _DECLARATION in there:
            self.store.remove(_DECLARATION)  # until the new bag is whole, nobody is to take it for one
            missing = [item for item in self.cargo.items if item.name not in same or item.name == _DECLARATION]
        for name in blocking:
            self.store.remove(name)
        self.progress.stage("Sending", sum(item.size for item in missing))
        last = [item for item in missing if item.name == _DECLARATION]
        sent = self._each(self._send, [item for item in missing if item not in last])
        for name in strangers:
            if name not in blocking:
                self.store.remove(name)
        sent |= self._each(self._send, last)
        arrived = same | sent
        return [arrived[item.name] for item in self.cargo.items], strangers

    def _refuse_names(self) -> None:
        names = {item.name for item in self.cargo.items}
        if taken := sorted(name for name in names if f"{name}{PARTIAL}" in names):
            raise CannotFinish(
                f"The bag has {readable_path(taken[0])} and beside it the name that this file bears while it is sent, "
                f"with {PARTIAL} at its end; send the bag as an archive, with --as tar."
            )
        if self.store.address.scheme == LOCAL:
            return
        for item in self.cargo.items:
            if readable_path(item.name) != item.name:
                raise CannotFinish(
                    f"The name {readable_path(item.name)} is not Unicode, which the store cannot hold; "
                    "send the bag as an archive, with --as tar."
                )

    def _look(self) -> dict[str, Entry]:
        """What lies at the destination by name, but for what an unfinished shipment left."""
        if self.cargo.folder is None:
            found = [self.store.find(item.name) for item in self.cargo.items]
            return {one.name: one for one in found if one is not None}
        ours = {item.name for item in self.cargo.items}
        return {
            one.name: one
            for one in self.store.entries()
            if not one.is_folder
            and (one.name in ours or not one.name.endswith(PARTIAL))
            and not (one.name.endswith("/") and not one.size)
            and one.name
        }

    def _in_the_way(self, strangers: Sequence[str]) -> list[str]:
        """Files and links that stand where the bag has a folder."""
        folders = {str(one) for item in self.cargo.items for one in PurePosixPath(item.name).parents}
        return [name for name in strangers if name in folders]

    def _refuse_strangers(self, there: Mapping[str, Entry]) -> list[str]:
        """The names there that the bag does not have; refused, unless a bag is to be replaced."""
        sizes = {item.name: item.size for item in self.cargo.items}
        others = [name for name, one in there.items() if one.kind or sizes.get(name) != one.size]
        if not others:
            return []
        shown = ", ".join(readable_path(name) for name in sorted(others)[:_SHOWN])
        where = readable_path(str(self.store.address))
        if not self.order.replace:
            raise CannotFinish(
                f"{where} holds something else already ({shown}), and nothing is overwritten; "
                "choose another destination, or replace it with --replace."
            )
        if self.cargo.folder is not None and not any(_is_tag_file(name) for name in there):
            raise CannotFinish(f"{where} holds {shown} and is no bag; --replace replaces a bag only.")
        return sorted(name for name in others if name not in sizes)

    def _compare(self, there: Mapping[str, Entry]) -> dict[str, Shipped]:
        """The files that are there already and the same."""
        sizes = [item for item in self.cargo.items if item.name in there and there[item.name].size == item.size]
        if not sizes:
            return {}
        self.progress.stage("Comparing with what is there", sum(item.size for item in sizes))
        found = self._each(partial(self._compare_one, there), sizes)
        return {name: one for name, one in found.items() if one is not None}

    def _compare_one(self, there: Mapping[str, Entry], item: Item) -> Shipped | None:
        fixity = self._hash(item)
        entry, proof = there[item.name], "checksum of the store"
        seen = None if self.order.read_back else self.store.vouched_sha256(entry)
        if seen != fixity["sha256"]:  # of some stores a checksum of the parts looks like one of the whole
            seen, proof = hash_object(self.store, entry, ("sha256",)).digests["sha256"], "read back"
        self._advance(item.size)
        if seen == fixity["sha256"]:
            return Shipped(name=item.name, size=item.size, digests=fixity, sent=False, proof=proof)
        if not self.order.replace:
            shown = readable_path(str(self.store.address.below(item.name)))
            raise CannotFinish(
                f"{shown} is not the file of this bag, and nothing is overwritten; "
                "choose another destination, or replace it with --replace."
            )
        return None

    def _hash(self, item: Item) -> Mapping[str, str]:
        try:
            fixity = hash_file(item.path, _algorithms(item))
        except OSError as error:
            raise CannotFinish(f"{readable_path(item.path)} cannot be read ({error.strerror}).") from error
        _refuse_change(item, fixity.digests)
        return fixity.digests

    def _send(self, item: Item) -> Shipped:
        sending = Sending(
            path=item.path,
            name=item.name,
            algorithms={name: ALGORITHMS[name] for name in _algorithms(item)},
            replace=self.order.replace,
            read_back=self.order.read_back,
            on_bytes=self._advance,
        )
        sent = self.store.send(sending)
        try:
            _refuse_change(item, sent.digests)
        except CannotFinish:
            self.store.remove(item.name)
            raise
        return Shipped(name=item.name, size=sent.size, digests=sent.digests, sent=True, proof=sent.proof)

    def _advance(self, amount: int) -> None:
        with self._lock:
            self.progress.advance(amount)

    def _each(self, function: Callable[[Item], Result], items: Sequence[Item]) -> dict[str, Result]:
        """The result for each item by its name, several at once; the first failure ends it."""
        return dict(self._results(function, items))

    def _results(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[str, Result]]:
        pool = ThreadPoolExecutor(max(1, self.order.jobs), thread_name_prefix="ship")
        try:
            for item, future in side_by_side(function, items, jobs=self.order.jobs, executor=pool):
                yield item.name, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _algorithms(item: Item) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("sha256", *item.expected)))


def _refuse_change(item: Item, digests: Mapping[str, str]) -> None:
    """Refuse a file that is no longer what the check before the journey saw."""
    if any(digests[algorithm] != digest for algorithm, digest in item.expected.items()):
        raise CannotFinish(
            f"{readable_path(item.path)} is no longer what it was when the bag was checked; validate the bag again."
        )


def _is_tag_file(name: str) -> bool:
    return name == _DECLARATION or name.startswith(("manifest-", "tagmanifest-"))
