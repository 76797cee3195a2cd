"""Write a bag that is either complete at its destination or not there at all (RFC 8493, version 1.0)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from confocal_bag.bag.copying import copy_and_hash
from confocal_bag.bag.digester import Fixity, OnBytes, known_algorithms
from confocal_bag.bag.writing.closing import Reference, write_tag_files
from confocal_bag.bag.writing.contents import Contents
from confocal_bag.bag.writing.durable import sync_tree
from confocal_bag.bag.writing.journal import Journal, JournalEntry
from confocal_bag.bag.writing.leftovers import Leftovers
from confocal_bag.bag.writing.original import Original, has_changed, look_at
from confocal_bag.bag.writing.staging import JOURNAL, Staging, cannot_write
from confocal_bag.bag.writing.targets import Claims, refuse_unfit_target
from confocal_bag.findings import CannotFinish

__all__ = ["BagWriter"]


class BagWriter:
    """Makes one bag in a hidden folder beside its destination and gives it its name when it is complete.

        with BagWriter(Path("bag-1")) as writer:
            writer.copy(Path("scan.czi"), "data/raw/scan.czi")
            writer.write("data/readme/README.txt", text)
            writer.seal([("Source-Organization", "...")])

    Leaving the block without `seal`, for whatever reason, leaves nothing at the destination. Targets are paths inside
    the bag, with slashes. A target that no bag may hold is a ValueError; one that this deposit cannot have
    beside its other files is a CannotFinish. `copy`, `place`, `adopt`, `resumed` and `write` may be called from
    several threads.

    With a `key` the work is journaled, and what an earlier run with the same key and algorithms had finished is taken
    over: everything that decides what the bag holds belongs into the key. With `keep`, an error that leaves the block
    leaves the finished files for such a later run, and its sentence says so. `discard` starts anew in any case.
    """

    def __init__(
        self,
        destination: Path,
        *,
        algorithms: Sequence[str] = ("sha256", "sha512"),
        key: str | None = None,
        keep: bool = False,
        discard: bool = False,
        on_bytes: OnBytes | None = None,
    ) -> None:
        if keep and key is None:
            raise ValueError("what is kept needs a key, or no later run could tell whether it is its own")
        self._algorithms = known_algorithms(algorithms)
        if not self._algorithms:
            raise ValueError("a bag needs at least one checksum algorithm")
        self._staging = Staging(destination)
        path = self._staging.folder / JOURNAL
        self._journal = None if key is None else Journal(path, key=key, algorithms=self._algorithms)
        self._leftovers = Leftovers(self._staging.bag)
        self._keep = keep
        self._discard = discard
        self._on_bytes = on_bytes
        self._claims = Claims()
        self._contents = Contents(self._staging.bag, self._algorithms)
        self._placed: set[str] = set()
        self._references: dict[str, Reference] = {}
        self._sealing = False

    def __enter__(self) -> Self:
        try:
            if self._staging.open(self._journal, discard=self._discard) and self._journal:
                self._leftovers.collect(self._journal)
        except BaseException as error:
            self._staging.leave()
            if isinstance(error, OSError):
                raise cannot_write(error.filename or self._staging.folder, error) from error
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._is_worth_keeping():
            self._staging.leave()
            if isinstance(error, CannotFinish):
                raise CannotFinish(f"{error} {self._staging.kept}") from error
            error.add_note(self._staging.kept)
            return
        try:
            self._staging.remove()
        except CannotFinish as left:
            if error is None:
                raise
            error.add_note(str(left))

    def copy(
        self, source: Path, target: str, *, origin: str | None = None, expected: tuple[int, int] | None = None
    ) -> Fixity:
        """Copy a file into the bag and hash it in the same read, or take over the finished copy of an earlier run.

        `origin` is the name of the source in the journal, by default its absolute path. `expected` is the size in
        bytes and the modification time in nanoseconds that it had when the copy was planned. Raises CannotFinish when
        they differ now, and when the source changes while it is copied.
        """
        self._claim(target)
        try:
            seen = look_at(source, name=origin, expected=expected)
            entry = self._take(target, seen) if seen else None
            if entry:
                return self._contents.add(target, entry.fixity)
            return self._copy_anew(source, target, seen)
        except BaseException:
            self._claims.release(target)
            raise

    def place(self, target: str) -> Path:
        """Where to write a generated file; `adopt` it when it is finished, or leave it unwritten."""
        path = self._claim(target)
        self._leftovers.drop(target)
        self._placed.add(target)
        return path

    def staged(self, target: str) -> Path:
        """Where a finished file of the bag lies until the bag is sealed; it is not to be changed there."""
        if target not in self._contents:
            raise ValueError(f"{target!r} is not in the bag")
        return self._contents.path(target)

    def adopt(self, target: str, *, note: Mapping[str, Any] | None = None) -> Fixity:
        """Hash a file written to the path that `place` gave.

        `note` holds small values that JSON can hold; a later run gets it from `resumed` with the file.
        """
        if target not in self._placed:
            raise ValueError(f"{target!r} was not placed, or was adopted before")
        fixity = self._contents.read_back(target, on_bytes=self._on_bytes)
        self._placed.discard(target)
        return self._finish(JournalEntry(target=target, fixity=fixity, note=note))

    def resumed(self, target: str) -> tuple[Fixity, Mapping[str, Any]] | None:
        """Take over a file that an earlier run had adopted, with its note; None when it has to be made again.

        Its bytes are hashed again and have the digests that the journal holds.
        """
        refuse_unfit_target(target)
        entry = self._take(target, None)
        if entry is None:
            return None
        self._claim(target)
        return self._contents.add(target, entry.fixity), entry.note or {}

    def withdraw(self, target: str) -> None:
        """Take a finished file out of the bag again, so that it can be made anew."""
        if target not in self._contents:
            raise ValueError(f"{target!r} is not in the bag")
        self._contents.remove(target)
        self._claims.release(target)

    def reference(self, target: str, *, url: str, fixity: Fixity) -> None:
        """Name a payload file kept elsewhere: manifests list it, fetch.txt says where it is (RFC 8493 2.2.3)."""
        refuse_unfit_target(target)
        if self._sealing or not target.startswith("data/"):
            raise ValueError(f"{target!r} cannot be fetched: only payload files can, and before the bag is sealed")
        self._claims.add(target)
        self._references[target] = Reference(url=url, fixity=fixity)

    def write(self, target: str, content: bytes) -> Fixity:
        """Write a small generated file."""
        self._claim(target)
        try:
            self._leftovers.drop(target)
            return self._contents.write(target, content, on_bytes=self._on_bytes)
        except BaseException:
            self._claims.release(target)
            raise

    def seal(self, bag_info: Sequence[tuple[str, str]], *, check: Callable[[Path], None] | None = None) -> Path:
        """Write tag files and manifests, make all durable, and give the bag its name, which is returned.

        `bag_info` keeps its order and repeats; Bagging-Date, Payload-Oxum and Bag-Size are added where
        absent. `check` gets the finished bag under its temporary path and refuses it by raising.
        """
        if self._sealing:
            raise ValueError("a bag is sealed once")
        self._sealing = True
        try:
            self._leftovers.drop_all()
            self._contents.compare_with_disk(self._placed)
            write_tag_files(self._contents, bag_info, self._references)
        except OSError as error:
            raise cannot_write(error.filename or self._staging.bag, error) from error
        self._sync()
        if check is not None:
            check(self._staging.bag)
        self._staging.publish()
        return self._staging.destination

    def _is_worth_keeping(self) -> bool:
        return bool(self._keep and self._journal and self._journal.targets) and self._staging.bag.is_dir()

    def _claim(self, target: str) -> Path:
        """Reserve a target, make its folders and return its path."""
        refuse_unfit_target(target)
        if self._sealing:
            raise ValueError(f"{target!r} comes after the bag was sealed")
        self._claims.add(target)
        try:
            return self._contents.make_room(target)
        except CannotFinish:
            self._claims.release(target)
            raise

    def _copy_anew(self, source: Path, target: str, seen: Original | None) -> Fixity:
        self._leftovers.drop(target)
        path = self._contents.path(target)
        fixity = copy_and_hash(source, path, self._algorithms, on_bytes=self._on_bytes)
        if seen is None or seen != look_at(source, name=seen.name):
            path.unlink(missing_ok=True)
            raise has_changed(source)
        return self._finish(JournalEntry(target=target, fixity=fixity, source=seen))

    def _take(self, target: str, source: Original | None) -> JournalEntry | None:
        """The entry of a finished file of an earlier run, if it can stay."""
        entry = self._leftovers.take(target, source)
        if entry and self._on_bytes:
            self._on_bytes(entry.fixity.size)
        return entry

    def _finish(self, entry: JournalEntry) -> Fixity:
        """Record a file that is complete, here and in the journal."""
        if self._journal:
            try:
                self._journal.add(entry)
            except OSError as error:
                self._contents.path(entry.target).unlink(missing_ok=True)
                raise cannot_write(self._staging.folder / JOURNAL, error) from error
        return self._contents.add(entry.target, entry.fixity)

    def _sync(self) -> None:
        """Make the whole bag durable. When the disk fails here, nothing is kept for a later run: the system may go on
        to show from memory what never reached the disk, so that hashing the files again would prove nothing."""
        try:
            sync_tree(self._staging.bag, self._contents.paths())
        except OSError as error:
            self._keep = False
            raise cannot_write(error.filename or self._staging.bag, error) from error
