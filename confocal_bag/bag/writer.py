"""Write a bag that is either complete at its destination or not there at all (RFC 8493, version 1.0)."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from confocal_bag.bag.fixity import (
    ALGORITHMS,
    Fixity,
    NotARegularFile,
    copy_and_hash,
    hash_file,
    hash_stream,
    normalise_algorithm,
)
from confocal_bag.bag.manifest import ManifestEntry, format_manifest
from confocal_bag.bag.staging import Staging, cannot_write, sync_files, sync_folder
from confocal_bag.bag.tagfiles import format_bag_info, format_bagit_txt
from confocal_bag.bag.targets import refuse_unfit_target, target_keys
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["BagWriter"]

OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A finished file in the staging folder; the time of its last change tells a later change."""

    fixity: Fixity
    changed_ns: int


class BagWriter:
    """Makes one bag in a hidden folder beside its destination and gives it its name when it is complete.

        with BagWriter(Path("bag-1")) as writer:
            writer.copy(Path("scan.czi"), "data/raw/scan.czi")
            writer.write("data/readme/README.txt", text)
            writer.seal([("Source-Organization", "...")])

    Leaving the block without `seal`, for whatever reason, leaves nothing behind. Targets are paths inside
    the bag, with slashes. A target that no bag may hold is a ValueError; one that this deposit cannot have
    beside its other files is a CannotFinish. `copy`, `place`, `adopt` and `write` may be called from
    several threads.
    """

    def __init__(
        self,
        destination: Path,
        *,
        algorithms: Sequence[str] = ("sha256", "sha512"),
        on_bytes: OnBytes | None = None,
    ) -> None:
        self._algorithms = _known(algorithms)
        self._staging = Staging(destination)
        self._on_bytes = on_bytes
        self._claimed: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._written: dict[str, _Written] = {}
        self._placed: set[str] = set()
        self._lock = Lock()
        self._sealing = False

    def __enter__(self) -> Self:
        self._staging.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._staging.remove()
        except CannotFinish as left:
            if error is None:
                raise
            error.add_note(str(left))

    def copy(self, source: Path, target: str) -> Fixity:
        """Copy a file into the bag and hash it in the same read."""
        path = self._claim(target)
        try:
            fixity = copy_and_hash(source, path, self._algorithms, on_bytes=self._on_bytes)
            return self._keep(target, path, fixity)
        except BaseException:
            self._release(target)
            raise

    def place(self, target: str) -> Path:
        """Where to write a generated file; `adopt` it when it is finished, or leave it unwritten."""
        path = self._claim(target)
        self._placed.add(target)
        return path

    def staged(self, target: str) -> Path:
        """Where a finished file of the bag lies until the bag is sealed; it is not to be changed there."""
        if target not in self._written:
            raise ValueError(f"{target!r} is not in the bag")
        return self._path(target)

    def adopt(self, target: str) -> Fixity:
        """Hash a file written to the path that `place` gave."""
        if target not in self._placed:
            raise ValueError(f"{target!r} was not placed, or was adopted before")
        path = self._path(target)
        try:
            fixity = hash_file(path, self._algorithms, on_bytes=self._on_bytes)
        except NotARegularFile:
            raise CannotFinish(
                f"{readable_path(target)} is not a regular file, and a bag holds nothing else."
            ) from None
        except OSError as error:
            raise CannotFinish(f"{readable_path(path)} cannot be read back ({error.strerror}).") from error
        self._placed.discard(target)
        return self._keep(target, path, fixity)

    def write(self, target: str, content: bytes) -> Fixity:
        """Write a small generated file."""
        path = self._claim(target)
        try:
            return self._write(target, path, content, on_bytes=self._on_bytes)
        except BaseException:
            self._release(target)
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
            self._compare_with_disk()
            self._write_tag_files(bag_info)
            self._sync()
        except OSError as error:
            raise cannot_write(error.filename or self._staging.bag, error) from error
        if check is not None:
            check(self._staging.bag)
        self._staging.publish()
        return self._staging.destination

    def _claim(self, target: str) -> Path:
        """Reserve a target, make its folders and return its path."""
        refuse_unfit_target(target)
        if self._sealing:
            raise ValueError(f"{target!r} comes after the bag was sealed")
        key, *parents = target_keys(target)
        with self._lock:
            if self._claimed.get(key) == target:
                raise ValueError(f"{target!r} is in the bag already")
            rival = self._claimed.get(key) or self._folders.get(key)
            rival = rival or next((self._claimed[one] for one in parents if one in self._claimed), None)
            if rival is not None:
                raise CannotFinish(
                    f"{readable_path(target)} and {readable_path(rival)} would be one name on some systems; "
                    "rename one of them."
                )
            self._claimed[key] = target
            self._folders.update(dict.fromkeys(parents, target))
        path = self._path(target)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._release(target)
            raise cannot_write(target, error) from error
        return path

    def _release(self, target: str) -> None:
        with self._lock:
            self._claimed.pop(target_keys(target)[0], None)

    def _path(self, target: str) -> Path:
        return self._staging.bag.joinpath(*target.split("/"))

    def _keep(self, target: str, path: Path, fixity: Fixity) -> Fixity:
        with self._lock:
            self._written[target] = _Written(fixity=fixity, changed_ns=path.lstat().st_mtime_ns)
        return fixity

    def _write(self, target: str, path: Path, content: bytes, *, on_bytes: OnBytes | None = None) -> Fixity:
        try:
            with path.open("xb") as stream:
                try:
                    stream.write(content)
                    stream.flush()
                except BaseException:
                    path.unlink()
                    raise
        except OSError as error:
            raise cannot_write(target, error) from error
        fixity = hash_stream(BytesIO(content).read, self._algorithms, size=len(content), on_bytes=on_bytes)
        return self._keep(target, path, fixity)

    def _compare_with_disk(self) -> None:
        """What lies in the staging folder is exactly what was hashed; folders without files are removed."""
        seen = set()
        for path in _files(self._staging.bag):
            target = path.relative_to(self._staging.bag).as_posix()
            known, now = self._written.get(target), path.lstat()
            if target in self._placed:
                raise ValueError(f"{target!r} was placed and written, but not adopted")
            if known is None:
                raise CannotFinish(
                    f"{readable_path(target)} lies in the unfinished bag, but nobody announced it; "
                    "remove what writes there and start again."
                )
            if now.st_mtime_ns != known.changed_ns or now.st_size != known.fixity.size:
                self._hash_again(target, path)
            seen.add(target)
        for target in self._written.keys() - seen:
            raise _changed(target)
        for folder, _, _ in os.walk(self._staging.bag, topdown=False):
            if folder != os.fspath(self._staging.bag) and not any(Path(folder).iterdir()):
                Path(folder).rmdir()
        (self._staging.bag / "data").mkdir(exist_ok=True)

    def _hash_again(self, target: str, path: Path) -> None:
        """A new time of change may be a network disk's doing; only other bytes are a reason to stop."""
        try:
            fixity = hash_file(path, self._algorithms)
        except NotARegularFile:
            raise _changed(target) from None
        if fixity != self._written[target].fixity:
            raise _changed(target)

    def _write_tag_files(self, bag_info: Sequence[tuple[str, str]]) -> None:
        payload = {target: one for target, one in self._written.items() if target.startswith("data/")}
        sizes = [one.fixity.size for one in payload.values()]
        self._write_tag_file("bagit.txt", format_bagit_txt())
        self._write_tag_file("bag-info.txt", format_bag_info(_completed(bag_info, sizes)))
        for algorithm in self._algorithms:
            self._write_tag_file(f"manifest-{algorithm}.txt", _manifest(payload, algorithm))
        tag_files = {target: one for target, one in self._written.items() if target not in payload}
        for algorithm in self._algorithms:
            self._write_tag_file(f"tagmanifest-{algorithm}.txt", _manifest(tag_files, algorithm))

    def _write_tag_file(self, name: str, content: bytes) -> None:
        self._write(name, self._path(name), content)

    def _sync(self) -> None:
        sync_files(self._path(target) for target in self._written)
        for folder, _, _ in os.walk(self._staging.bag, topdown=False):
            sync_folder(Path(folder))


def _known(algorithms: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(normalise_algorithm(name) for name in algorithms))
    if not names:
        raise ValueError("a bag needs at least one checksum algorithm")
    for name in names:
        if name not in ALGORITHMS:
            raise CannotFinish(f"The checksum algorithm {name} is not known; choose among {', '.join(ALGORITHMS)}.")
    return names


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, links and other special files included, none of them followed."""

    def stop(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, onerror=stop):
        for name in (*names, *folders):
            path = Path(parent, name)
            if not stat.S_ISDIR(path.lstat().st_mode):
                yield path


def _changed(target: str) -> CannotFinish:
    return CannotFinish(
        f"{readable_path(target)} was changed in the unfinished bag after it was hashed; "
        "find what writes there and start again."
    )


def _manifest(files: dict[str, _Written], algorithm: str) -> bytes:
    return format_manifest(
        ManifestEntry(path=target, digest=one.fixity.digests[algorithm]) for target, one in files.items()
    )


def _completed(bag_info: Sequence[tuple[str, str]], sizes: Sequence[int]) -> list[tuple[str, str]]:
    """The bag-info fields with those that follow from the payload."""
    given = {label.strip().casefold(): value.strip() for label, value in bag_info}
    oxum = f"{sum(sizes)}.{len(sizes)}"
    if given.get("payload-oxum", oxum) != oxum:
        raise ValueError(f"Payload-Oxum is given as {given['payload-oxum']}, but the payload has {oxum}")
    computed = {
        "Bagging-Date": datetime.now().astimezone().date().isoformat(),
        "Payload-Oxum": oxum,
        "Bag-Size": _readable_size(sum(sizes)),
    }
    return [
        *bag_info,
        *((label, value) for label, value in computed.items() if label.casefold() not in given),
    ]


def _readable_size(size: int) -> str:
    """A size as RFC 8493 2.2.2 shows it, in powers of ten: "260 B", "12.4 GB"."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 999.5 or (unit == "B" and size < 1000):
            return f"{size} B" if unit == "B" else f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} PB"
