"""Check one bag for the history: the report, what the manifests list, and every file that deviates."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.audit.change import Deviation, Kind, Seen
from confocal_bag.bag.bag import Bag, ManifestFile
from confocal_bag.bag.digester import ALGORITHMS, normalise_algorithm
from confocal_bag.bag.source import open_source
from confocal_bag.findings import Finding, Report, Verdict
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
    """One bag to be checked.

    `known` are the digests of its payload manifests, its tag manifests and its unlisted tag files at the last check,
    `algorithms` those by which the history has its payload and its tag files, which is what can be compared.
    """

    bag_id: int
    path: Path
    size: int
    known: tuple[str, str, str] | None
    algorithms: tuple[str | None, str | None] = (None, None)
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
    manifests, by_algorithm = _digests(bag.manifests.values())
    tag_manifests, _ = _digests(bag.tag_manifests.values())
    unlisted = _unlisted_tag_files(bag, task.algorithms[1])
    tag_files = hashlib.sha256("".join(f"{digest} {path}\n" for path, _, digest in unlisted).encode()).hexdigest()
    seen = Seen(
        manifests=manifests,
        tag_manifests=tag_manifests,
        tag_files=tag_files,
        by_algorithm=by_algorithm,
        deviations=tuple(_deviations(checked[0].findings, bag, task.algorithms)),
        is_valid=report.verdict is not Verdict.INVALID,
    )
    lines = chain(_lines(bag, task.algorithms), unlisted)
    return Examined(
        report=report,
        seen=seen,
        files=len(bag.source.files),
        size=sum(bag.source.files.values()),
        started=started,
        ended=datetime.now(UTC),
        listing=None if task.known == (manifests, tag_manifests, tag_files) else tuple(_packed(lines)),
    )


def _digests(manifests: Iterable[ManifestFile]) -> tuple[str, dict[str, str]]:
    """A digest of what manifests list, the same for the same lines, and one for each algorithm alone."""
    together = hashlib.sha256()
    alone: dict[str, str] = {}
    for one in sorted(manifests, key=lambda manifest: manifest.name):
        together.update(f"{readable(one.name)}\n".encode())
        this = hashlib.sha256()
        for entry in one.manifest.entries:
            line = f"{entry.digest} {entry.path}\n".encode("utf-8", "surrogatepass")
            together.update(line)
            this.update(line)
        alone[one.algorithm] = this.hexdigest()
    return together.hexdigest(), alone


def _unlisted_tag_files(bag: Bag, algorithm: str | None) -> list[ListedFile]:
    """The tag files that no tag manifest lists, digested here so that a change of theirs is noticed at all.

    Tag manifests are none of them: what those list is digested anyway.
    """
    listed = {match.file for one in bag.tag_manifests.values() for match in bag.matches(one)}
    skipped = {one.name for one in bag.tag_manifests.values()}
    names = sorted(path for path in bag.tag_files if path not in listed and path not in skipped)
    if not names:
        return []
    chosen = algorithm if algorithm is not None and algorithm in ALGORITHMS else "sha512"
    with open_source(bag.source.path) as source:
        wanted = {name: (chosen,) for name in names if name in source.files}
        read = [(name, seen) for name, seen in source.fixities(wanted, jobs=1) if not isinstance(seen, OSError)]
    return sorted((readable(name), chosen, seen.digests[chosen]) for name, seen in read)


def _deviations(
    findings: Iterable[Finding], bag: Bag, algorithms: tuple[str | None, str | None]
) -> Iterator[Deviation]:
    """The files that are not as listed, from what the rules said of them; each once."""
    said: dict[tuple[str, Kind], Deviation] = {}
    for finding in findings:
        if finding.path is None:
            continue
        if finding.rule == "bag.file-changed":
            one = _changed(finding.path, finding.detail, algorithms)
        elif finding.rule in _KINDS:
            one = Deviation(path=finding.path, kind=_KINDS[finding.rule])
        else:
            continue
        said.setdefault((one.path, one.kind), one)
    absent = {one.path for one in said.values() if one.kind in (Kind.MISSING, Kind.UNREADABLE)}
    listed = {path: line for path, *line in _lines(bag, algorithms) if path in absent} if absent else {}
    for one in said.values():
        algorithm, digest = listed.get(one.path, (one.algorithm, one.expected))
        yield replace(one, algorithm=algorithm, expected=digest) if one.path in listed else one


def _changed(
    path: str, detail: Mapping[str, Mapping[str, str]], algorithms: tuple[str | None, str | None]
) -> Deviation:
    """A file with another content, by the algorithm that the history has it by, else by the longest digest."""
    known = algorithms[0 if path.startswith("data/") else 1]
    by_algorithm = {
        normalise_algorithm(name.removeprefix("tag").removeprefix("manifest-").removesuffix(".txt")): digests
        for name, digests in detail.items()
    }
    chosen = max(by_algorithm, key=lambda name: (name == known, len(by_algorithm[name]["expected"]), name))
    digests = by_algorithm[chosen]
    return Deviation(path=path, kind=Kind.CHANGED, algorithm=chosen, expected=digests["expected"], seen=digests["seen"])


def _lines(bag: Bag, algorithms: tuple[str | None, str | None]) -> Iterator[ListedFile]:
    """Each listed file once, with the digest that the history can compare, else the longest any manifest lists."""
    for group, known in zip((bag.manifests.values(), bag.tag_manifests.values()), algorithms, strict=True):
        best_first = sorted(group, key=lambda one: (one.algorithm == known, _digest_length(one)), reverse=True)
        before: set[str] = set()
        for number, one in enumerate(best_first, start=1):
            for entry in one.manifest.entries:
                if entry.path not in before:
                    yield readable(entry.path), one.algorithm, entry.digest
            if number < len(best_first):
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
