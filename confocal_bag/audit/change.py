"""What happened to a bag between two checks: nothing, somebody's decision, or damage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Change", "Deviation", "Kind", "Seen", "what_happened"]


class Change(StrEnum):
    """What a check found in comparison with the check before it."""

    FIRST = "first-check"
    UNCHANGED = "unchanged"
    DELIBERATE = "changed-deliberately"
    REPAIRED = "repaired"
    BIT_ROT = "bit-rot"
    FILES_LOST = "files-lost"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one finished check saw: a digest of all payload manifests, one of all tag manifests, every deviation."""

    manifests: str
    tag_manifests: str
    deviations: Sequence[Deviation] = ()


def what_happened(before: Seen | None, now: Seen) -> Change:
    """The change from one check to the next; `before` is None for the first.

    A file that differs from a manifest which is the same as at the check before was not changed by anybody who keeps
    the bag: that is bit-rot (or a lost file). Where manifests changed and everything agrees with them, somebody meant
    it; where it does not agree, somebody stopped halfway.
    """
    if before is None:
        return Change.DAMAGED_AT_FIRST if now.deviations else Change.FIRST
    if not now.deviations:
        if (before.manifests, before.tag_manifests) != (now.manifests, now.tag_manifests):
            return Change.DELIBERATE
        return Change.REPAIRED if before.deviations else Change.UNCHANGED
    known = set(before.deviations)
    new = [one for one in now.deviations if one not in known]
    return _damage(new, before, now) if new else Change.STILL_DAMAGED


def _damage(new: Iterable[Deviation], before: Seen, now: Seen) -> Change:
    """What new deviations amount to; the worst counts."""
    kinds = {one.kind for one in new if _list_is_unchanged(one, before, now)}
    if kinds & {Kind.CHANGED, Kind.UNREADABLE}:
        return Change.BIT_ROT
    return Change.FILES_LOST if Kind.MISSING in kinds else Change.INCONSISTENT


def _list_is_unchanged(one: Deviation, before: Seen, now: Seen) -> bool:
    return before.manifests == now.manifests if one.in_payload else before.tag_manifests == now.tag_manifests
