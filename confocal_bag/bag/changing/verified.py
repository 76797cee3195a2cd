"""A bag checked in full, with the digests of its files kept, so that no file is read a second time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from confocal_bag.bag.bag import Bag, read_bag
from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.folder_source import FolderSource
from confocal_bag.bag.rules import BAG_RULES, Depth
from confocal_bag.bag.rules.inspection import Inspection
from confocal_bag.bag.source import open_source
from confocal_bag.bag.tagtext import is_utf8
from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, Finding, Severity, readable_path, run_rules

__all__ = ["Known", "open_folder_bag", "refuse_errors", "refuse_old_forms", "verify_bag"]

_OLDEST_VERSION = (0, 97)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What reading a file told: its fixity, and the time of its last change, by which a later one is noticed."""

    fixity: Fixity
    changed_ns: int


@dataclass(frozen=True, kw_only=True)
class _RememberingSource(FolderSource):
    """A bag folder that hashes payload files by further algorithms too and keeps what it has seen."""

    further: Sequence[str] = ()
    known: dict[str, Known] = field(default_factory=dict, repr=False)

    def fixities(
        self, wanted: Mapping[str, Sequence[str]], *, jobs: int, on_bytes: OnBytes | None = None
    ) -> Iterator[tuple[str, Fixity | OSError]]:
        """Hash each file once, by the algorithms that are wanted and by the further ones."""
        times = {path: self._changed_ns(path) for path in wanted}
        more = {path: self._extended(path, algorithms) for path, algorithms in wanted.items()}
        for path, fixity in super().fixities(more, jobs=jobs, on_bytes=on_bytes):
            if isinstance(fixity, Fixity):
                self.known[path] = Known(fixity=fixity, changed_ns=times[path])
            yield path, fixity

    def _changed_ns(self, path: str) -> int:
        try:
            return (self.path / path).lstat().st_mtime_ns
        except OSError:
            return -1  # hashing it will say what is wrong with it

    def _extended(self, path: str, algorithms: Sequence[str]) -> tuple[str, ...]:
        further = self.further if path.startswith("data/") else ()
        return tuple(dict.fromkeys((*algorithms, *further)))


def open_folder_bag(path: Path) -> Bag:
    """The bag in this folder, read but not judged. Raises CannotFinish for an archive and for what is no bag."""
    source = open_source(path)
    if source.is_archive:
        raise CannotFinish(f"{readable_path(path)} is an archive; unpack it, and work on the folder.")
    bag = read_bag(source)
    if bag.declaration is None or bag.declaration.version is None:
        raise CannotFinish(f"{readable_path(path)} has no bagit.txt that can be read, so it is no bag.")
    return bag


def refuse_old_forms(bag: Bag) -> None:
    """Refuse a bag whose tag files this package does not write in their own form. Raises CannotFinish."""
    shown = readable_path(bag.source.path)
    if bag.version < _OLDEST_VERSION:
        raise CannotFinish(
            f"{shown} is a BagIt {bag.version[0]}.{bag.version[1]} bag; only bags of version 0.97 and 1.0 are changed. "
            "Make a new bag of its payload."
        )
    if bag.encoding.upper() != "US-ASCII" and not is_utf8(bag.encoding):
        raise CannotFinish(
            f"The tag files of {shown} are in {bag.encoding}; only bags with UTF-8 tag files are changed. "
            "Make a new bag of its payload."
        )


def verify_bag(
    bag: Bag, *, further_algorithms: Sequence[str] = (), jobs: int = 2, on_bytes: OnBytes | None = None
) -> dict[str, Known]:
    """Check every rule and every checksum; what each listed file was found to be, by its path in the bag.

    Payload files are hashed by the further algorithms in the same read. Raises CannotFinish unless the bag is
    valid (warnings are no hindrance).
    """
    listing, path = bag.source.listing, bag.source.path
    source = _RememberingSource(path=path, listing=listing, further=tuple(further_algorithms))
    bag = replace(bag, source=source)
    inspection = Inspection(bag=bag, depth=Depth.FULL, strict=False).verified(jobs=jobs, on_bytes=on_bytes)
    _, findings = run_rules(BAG_RULES, inspection)
    refuse_errors(findings, f"{readable_path(path)} is not valid and was left as it is")
    return source.known


def refuse_errors(findings: Sequence[Finding], said: str) -> None:
    """Raise CannotFinish with the first of the errors, if there are any."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        raise CannotFinish(
            f"{said} ({counted(len(errors), 'error')}; first: {first.rule}: {first.message}) "
            "Validate it to see all that is wrong, and mend it first."
        )
