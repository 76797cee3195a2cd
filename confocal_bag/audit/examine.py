"""Check one bag for the history: the report, what the manifests list, and every file that deviates."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.audit.change import Deviation, Kind, Seen
from confocal_bag.bag.bag import Bag, ManifestFile
from confocal_bag.findings import Finding, Report
from confocal_bag.findings import readable_path as readable
from confocal_bag.validate import validate_bag

if TYPE_CHECKING:
    from confocal_bag.bag.rules import BagCheck

__all__ = ["Examined", "ListedFile", "Task", "examine", "listed_files"]

#: Path, algorithm and digest of a file as a manifest lists it.
ListedFile = tuple[str, str, str]

_ROWS_AT_ONCE = 10_000
_KINDS = {
    "bag.file-missing": Kind.MISSING,
    "bag.file-unlisted": Kind.UNLISTED,
    "bag.file-unreadable": Kind.UNREADABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One bag to be checked. `known` are the digests of its manifests at the last check, of payload and tag files."""

    bag_id: int
    path: Path
    size: int
    known: tuple[str, str] | None
    jobs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What became of it. `listing` is None where the manifests are the ones known, else their lines, packed."""

    report: Report
    seen: Seen
    files: int
    size: int
    started: datetime
    ended: datetime
    listing: tuple[bytes, ...] | None

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended - self.started).total_seconds()


def examine(task: Task) -> Examined:
    """Check every byte of the bag. Raises what `validate_bag` raises."""
    started = datetime.now(UTC)
    checked: list[BagCheck] = []
    report = validate_bag(task.path, jobs=task.jobs, on_checked=checked.append)
    bag = checked[0].bag
    manifests, tag_manifests = _digest(bag.manifests.values()), _digest(bag.tag_manifests.values())
    return Examined(
        report=report,
        seen=Seen(manifests=manifests, tag_manifests=tag_manifests, deviations=tuple(_deviations(checked[0].findings))),
        files=len(bag.source.files),
        size=sum(bag.source.files.values()),
        started=started,
        ended=datetime.now(UTC),
        listing=None if task.known == (manifests, tag_manifests) else tuple(_packed(_lines(bag))),
    )


def _digest(manifests: Iterable[ManifestFile]) -> str:
    """A digest of what manifests list, the same for the same lines."""
    digest = hashlib.sha256()
    for one in sorted(manifests, key=lambda manifest: manifest.name):
        digest.update(f"{readable(one.name)}\n".encode())
        for entry in one.manifest.entries:
            digest.update(f"{entry.digest} {entry.path}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _deviations(findings: Iterable[Finding]) -> Iterator[Deviation]:
    """The files that are not as listed, from what the rules said of them; each once."""
    said: dict[tuple[str, Kind], Deviation] = {}
    for finding in findings:
        if finding.path is None:
            continue
        if finding.rule == "bag.file-changed":
            manifest, first = next(iter(finding.detail.items()))
            one = Deviation(
                path=finding.path,
                kind=Kind.CHANGED,
                algorithm=manifest.removeprefix("tag").removeprefix("manifest-").removesuffix(".txt"),
                expected=first["expected"],
                seen=first["seen"],
            )
        elif finding.rule in _KINDS:
            one = Deviation(path=finding.path, kind=_KINDS[finding.rule])
        else:
            continue
        said.setdefault((one.path, one.kind), one)
    yield from said.values()


def _lines(bag: Bag) -> Iterator[ListedFile]:
    """Each listed file once, with the longest digest any manifest lists for it."""
    for group in (bag.manifests.values(), bag.tag_manifests.values()):
        longest_first = sorted(group, key=_digest_length, reverse=True)
        before: set[str] = set()
        for number, one in enumerate(longest_first, start=1):
            for entry in one.manifest.entries:
                if entry.path not in before:
                    yield readable(entry.path), one.algorithm, entry.digest
            if number < len(longest_first):
                before.update(entry.path for entry in one.manifest.entries)


def _digest_length(one: ManifestFile) -> tuple[int, str]:
    return max((len(entry.digest) for entry in one.manifest.entries[:1]), default=0), one.algorithm


def _packed(lines: Iterator[ListedFile]) -> Iterator[bytes]:
    """Lines in packets small enough to be unpacked one at a time: a bag may list a million files."""
    while packet := list(islice(lines, _ROWS_AT_ONCE)):
        yield zlib.compress(json.dumps(packet).encode("ascii"), 1)


def listed_files(listing: Sequence[bytes]) -> Iterator[list[ListedFile]]:
    """The lines of a packed listing, a packet at a time."""
    for packet in listing:
        yield [(path, algorithm, digest) for path, algorithm, digest in json.loads(zlib.decompress(packet))]
