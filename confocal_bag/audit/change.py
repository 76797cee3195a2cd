"""What happened to a bag between two checks: nothing, somebody's decision, or damage."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["NOTHING_LISTED", "Change", "Deviation", "Judgement", "Kind", "Means", "Seen", "what_happened"]

#: The digest of no manifest at all.
NOTHING_LISTED = hashlib.sha256().hexdigest()


class Change(StrEnum):
    """What a check found in comparison with the check before it."""

    FIRST = "first-check"
    UNCHANGED = "unchanged"
    DELIBERATE = "changed-deliberately"
    REPLACED = "replaced"
    TAG_MANIFESTS_LOST = "tag-manifests-lost"
    TAG_FILES = "tag-files-changed"
    REPAIRED = "repaired"
    BIT_ROT = "bit-rot"
    FILES_LOST = "files-lost"
    LIST_DAMAGED = "list-damaged"
    INCONSISTENT = "changed-inconsistently"
    DAMAGED_AT_FIRST = "damaged-at-first-check"
    STILL_DAMAGED = "still-damaged"
    UNKNOWN = "not-looked-at"


class Kind(StrEnum):
    """How a file deviates from what the manifests list."""

    CHANGED = "changed"
    MISSING = "missing"
    UNLISTED = "unlisted"
    UNREADABLE = "unreadable"


class Means(StrEnum):
    """What one deviation amounts to, in the light of what was listed at the check before."""

    FIRST = "first"
    KNOWN = "known"
    ROT = "rot"
    LOST = "lost"
    LIST = "list"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A file that is not as the manifests list it; the digests are None where there is none to compare."""

    path: str
    kind: Kind
    algorithm: str | None = None
    expected: str | None = None
    seen: str | None = None

    @property
    def in_payload(self) -> bool:
        """Whether a payload manifest lists the file, rather than a tag manifest."""
        return self.path.startswith("data/")

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What makes it the same at two checks. What was expected of a missing file is not always in the history."""
        if self.kind is Kind.CHANGED:
            return self.path, self.kind, self.algorithm, self.expected, self.seen
        return self.path, self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one finished check saw.

    `manifests` and `tag_manifests` are digests of what all payload and all tag manifests list, `tag_files` one of the
    tag files that no tag manifest lists (None where that is not recorded), `by_algorithm` digests of the lines of
    each payload manifest alone.
    """

    manifests: str
    tag_manifests: str
    tag_files: str | None = None
    by_algorithm: Mapping[str, str] = field(default_factory=dict)
    deviations: Sequence[Deviation] = ()
    is_valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The change from one check to the next, and what each deviation of the later one amounts to, in their order."""

    change: Change
    means: tuple[Means, ...] = ()


#: What a deviation amounts to, the worst first, and what a bag with such a one suffered.
_WORST_FIRST = (
    (Means.ROT, Change.BIT_ROT),
    (Means.LOST, Change.FILES_LOST),
    (Means.LIST, Change.LIST_DAMAGED),
    (Means.INCONSISTENT, Change.INCONSISTENT),
)


def what_happened(before: Seen | None, now: Seen, lines: Mapping[str, tuple[str, str]]) -> Judgement:
    """The change from one check to the next; `before` is None for the first.

    `lines` are algorithm and digest of the files that deviate, as the manifests listed them at the check before. A file
    that differs from a line which is the same as then was not changed by anybody who keeps the bag: that is bit-rot
    (or a lost file), whatever else was changed in the bag meanwhile. Where lists changed and everything agrees with
    them, somebody meant it; where it does not agree, somebody stopped halfway.
    """
    if before is None:
        means = (Means.FIRST,) * len(now.deviations)
        return Judgement(change=Change.DAMAGED_AT_FIRST if means else Change.FIRST, means=means)
    if not now.deviations:
        return Judgement(change=_undamaged(before, now))
    known = {one.identity for one in before.deviations}
    means = tuple(
        Means.KNOWN if one.identity in known else _meaning(one, before, now, lines.get(one.path))
        for one in now.deviations
    )
    worst = next((change for meaning, change in _WORST_FIRST if meaning in means), Change.STILL_DAMAGED)
    return Judgement(change=worst, means=means)


def _undamaged(before: Seen, now: Seen) -> Change:
    """The change to a bag all of whose files are as listed."""
    same_lists = (before.manifests, before.tag_manifests) == (now.manifests, now.tag_manifests)
    same_tags = before.tag_files is None or before.tag_files == now.tag_files
    if not now.is_valid:
        is_as_before = same_lists and same_tags and not before.is_valid
        return Change.STILL_DAMAGED if is_as_before else Change.INCONSISTENT
    if before.tag_manifests != NOTHING_LISTED and now.tag_manifests == NOTHING_LISTED:
        return Change.TAG_MANIFESTS_LOST
    if not same_lists:
        return Change.DELIBERATE
    if not same_tags:
        return Change.TAG_FILES
    return Change.UNCHANGED if before.is_valid and not before.deviations else Change.REPAIRED


def _meaning(one: Deviation, before: Seen, now: Seen, line: tuple[str, str] | None) -> Means:
    """What a new deviation amounts to; `line` is what the manifests listed for the file at the check before."""
    same_lists = before.manifests == now.manifests if one.in_payload else before.tag_manifests == now.tag_manifests
    is_same_line = same_lists or (one.expected is not None and line == (one.algorithm, one.expected))
    if one.kind is Kind.UNLISTED:
        return Means.INCONSISTENT
    if is_same_line:
        return Means.LOST if one.kind is Kind.MISSING else Means.ROT
    if one.seen is not None and line == (one.algorithm, one.seen):
        return Means.LIST
    return Means.INCONSISTENT
