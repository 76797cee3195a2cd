"""What the rules look at: a bag, its manifest lines matched to files, and the outcome of hashing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

from confocal_bag.bag.bag import Bag, ManifestFile, Match
from confocal_bag.bag.digester import OnBytes
from confocal_bag.bag.listed import Listed, read_listed
from confocal_bag.bag.paths import BAGIT_1_0
from confocal_bag.bag.rules.verification import Verification, verify
from confocal_bag.bag.tagtext import Fault, LineProblem
from confocal_bag.findings import Problem, Severity, Skipped, readable_path

__all__ = ["Depth", "Inspection"]


class Depth(StrEnum):
    """How far a check goes: every byte, every name, or only Payload-Oxum."""

    FULL = "full"
    COMPLETENESS = "completeness"
    FAST = "fast"


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
    def listed(self) -> dict[str, Listed]:
        """For each manifest, by its file name: what it lists."""
        return {one.name: read_listed(self.bag, one) for one in self.bag.all_manifests}

    def odd_lines(self) -> Iterator[tuple[ManifestFile, Match]]:
        """The lines of all manifests that name anything but a payload file under exactly its name."""
        for one in self.listed.values():
            yield from ((one.manifest, match) for match in one.odd)

    def verified(self, *, jobs: int, on_bytes: OnBytes | None = None) -> Self:
        """The same inspection, with every listed file hashed."""
        outcome = verify(self.bag, list(self.listed.values()), jobs=jobs, on_bytes=on_bytes)
        done = replace(self, verification=outcome)
        done.__dict__["listed"] = self.listed
        return done

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

    def need_whole_archive(self) -> None:
        """Skip the rule where an archive is cut short: what seems to be missing may have been in the rest of it."""
        if any(one.rule == "bag.archive-damaged" for one in self.bag.source.listing.faults):
            raise Skipped("the archive is damaged or cut short, so nobody can tell what was in it")

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
