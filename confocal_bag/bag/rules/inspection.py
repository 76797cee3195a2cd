"""What the rules look at: a bag, its manifest lines matched to files, and the outcome of hashing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from confocal_bag.bag.bag import Bag, ManifestFile, Match
from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.paths import BAGIT_1_0, unsafe_because
from confocal_bag.bag.tagtext import Fault, LineProblem
from confocal_bag.findings import Problem, Severity, Skipped, readable_path

__all__ = ["Depth", "Inspection", "Mismatch", "Verification", "verify"]


class Depth(StrEnum):
    """How far a check goes: every byte, every name, or only Payload-Oxum."""

    FULL = "full"
    COMPLETENESS = "completeness"
    FAST = "fast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A file whose digest is not the one a manifest lists."""

    file: str
    manifest: str
    expected: str
    seen: str


@dataclass(kw_only=True)
class Verification:
    """The outcome of hashing: every mismatch, every file that could not be read, and how much was read."""

    mismatches: list[Mismatch] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    resized: dict[str, int] = field(default_factory=dict)
    bytes_hashed: int = 0


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """The context every rule of this package gets; `verification` is None unless the depth is full."""

    bag: Bag
    depth: Depth
    strict: bool
    verification: Verification | None = None

    @property
    def is_1_0(self) -> bool:
        """Whether the rules of BagIt 1.0 hold, rather than those of its drafts."""
        return self.bag.version >= BAGIT_1_0

    @property
    def debatable(self) -> Severity:
        """The severity of what the letter of the standard forbids and common tools do all the same."""
        return Severity.ERROR if self.strict else Severity.WARNING

    @cached_property
    def matches(self) -> dict[str, tuple[Match, ...]]:
        """For each manifest, by its file name: its lines and the files they mean."""
        return {one.name: tuple(self.bag.matches(one)) for one in self.bag.all_manifests}

    @cached_property
    def hidden_below(self) -> dict[str, str]:
        """Names below which nothing can be seen, and why: unreadable folders and irregular files."""
        listing = self.bag.source.listing
        blocked = {one.path: f"a folder that cannot be read ({one.reason})" for one in listing.unreadable}
        return blocked | {one.path: f"a {one.kind}, which is never followed" for one in listing.irregular}

    def why_absent(self, path: str) -> str | None:
        """Why a listed file is not to be seen, where something stands in the way of looking."""
        if not self.hidden_below:
            return None
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            above = "/".join(parts[:end])
            if above in self.hidden_below:
                return f"'{readable_path(above)}' is {self.hidden_below[above]}"
        return None

    def need_manifests(self) -> None:
        """Skip the rule when manifests were not read."""
        if self.depth is Depth.FAST:
            raise Skipped("the fast check reads no manifests, only Payload-Oxum")

    def need_digests(self) -> Verification:
        """The outcome of hashing; skips the rule when nothing was hashed."""
        if self.verification is None:
            raise Skipped(f"the {self.depth} check computes no checksums")
        return self.verification

    def line_problems(self, *faults: Fault, debatable: Sequence[Fault] = ()) -> Iterator[Problem]:
        """The faults of these kinds in all tag files but bagit.txt, as problems.

        Skips the rule when none is found but the manifests were not read.
        """
        found = False
        for name, one in self.bag.line_problems():
            if one.fault in faults:
                found = True
                yield line_problem(name, one, severity=self.debatable if one.fault in debatable else None)
        if not found:
            self.need_manifests()


def line_problem(name: str, one: LineProblem, *, severity: Severity | None) -> Problem:
    """A problem with one line of a tag file; line 0 stands for the file as a whole."""
    where = f"Line {one.line} of {readable_path(name)}" if one.line else readable_path(name)
    return Problem(
        path=readable_path(name),
        message=f"{where} {one.message}.",
        detail={"line": one.line} if one.line else {},
        severity=severity,
    )


def verify(bag: Bag, matches: dict[str, tuple[Match, ...]], *, jobs: int, on_bytes: OnBytes | None) -> Verification:
    """Hash every listed file once for all the manifests that list it, and compare.

    In an archive the other files are read too, for they can be damaged in a way that only reading shows.
    """
    outcome = Verification()
    expected = _expected(bag, matches)
    wanted = {path: tuple(dict.fromkeys(one.algorithm for one, _ in lines)) for path, lines in expected.items()}
    if bag.source.is_archive:
        wanted |= dict.fromkeys(bag.source.files.keys() - expected.keys(), ())
    for path, fixity in bag.source.fixities(wanted, jobs=jobs, on_bytes=on_bytes):
        if isinstance(fixity, Fixity):
            _compare(bag, path, fixity, expected.get(path, []), outcome)
        else:
            outcome.unreadable[path] = fixity.strerror or str(fixity)
    return outcome


def _expected(bag: Bag, matches: dict[str, tuple[Match, ...]]) -> dict[str, list[tuple[ManifestFile, str]]]:
    """For each file that lies there: the manifests that list it, and the digests they give."""
    expected: dict[str, list[tuple[ManifestFile, str]]] = {}
    for one in bag.all_manifests:
        for match in matches[one.name] if one.is_verifiable else ():
            if match.file is not None and match.entry.digest and unsafe_because(match.entry.path) is None:
                expected.setdefault(match.file, []).append((one, match.entry.digest))
    return expected


def _compare(bag: Bag, path: str, fixity: Fixity, lines: list[tuple[ManifestFile, str]], outcome: Verification) -> None:
    outcome.bytes_hashed += fixity.size if lines else 0
    if fixity.size != bag.source.files[path]:
        outcome.resized[path] = fixity.size
    for one, digest in lines:
        seen = fixity.digests[one.algorithm]
        if seen != digest:
            outcome.mismatches.append(Mismatch(file=path, manifest=one.name, expected=digest, seen=seen))
