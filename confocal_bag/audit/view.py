"""What the rules of an audit look at: the last checks of bags, and what else is known of the shelf."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from confocal_bag.audit.change import Change, Means
from confocal_bag.audit.damage import KeptDamage
from confocal_bag.audit.history import BagState
from confocal_bag.audit.listings import FileChanges
from confocal_bag.audit.shelf import Unread
from confocal_bag.findings import Verdict, readable_path

__all__ = ["BagResult", "ShelfView", "files_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BagResult:
    """What the last check of one bag found; `files` are those that deviate, `first` the worst finding's sentence.

    Of a bag that is still damaged, `since` says what the damage was when it was noticed, and when that was.
    `lists_changed` says that its manifests are not all as they were at the check before.
    """

    path: str
    verdict: Verdict
    change: Change
    files: Sequence[str] = ()
    first: str | None = None
    changes: FileChanges | None = None
    lists_changed: bool = False
    since: tuple[Change, str] | None = None

    @property
    def is_invalid(self) -> bool:
        """Whether the bag was looked at and is not valid."""
        return self.verdict is Verdict.INVALID

    def as_record(self) -> dict[str, object]:
        """The bag in the report."""
        return {
            "path": readable_path(self.path),
            "verdict": self.verdict.value,
            "change": self.change.value,
            "deviating_files": len(self.files),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfView:
    """What the rules look at. `appeared` and `overdue` are None where the command does not look for such bags.

    `waiting` are bags that their last check found damaged and that were not checked to their end now, `suspects` those
    that do not look like bags any more and were not checked either. `moved` are the paths of bags that lie elsewhere
    than before, now and then. `why_waiting` says why bags were not checked, `unreadable` what folders could
    not be looked into.
    """

    results: Sequence[BagResult] = ()
    vanished: Sequence[BagState] = ()
    waiting: Sequence[BagState] = ()
    suspects: Sequence[BagState] = ()
    damage: Sequence[KeptDamage] = ()
    unread: Mapping[str, Unread] = field(default_factory=dict)
    appeared: Sequence[str] | None = None
    returned: Sequence[str] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    why_waiting: Mapping[str, str] = field(default_factory=dict)
    moved: Sequence[tuple[str, str]] = ()
    overdue: Sequence[BagState] | None = None
    limit: str = ""


def files_of(change: Change, deviations: Iterable[tuple[str, str | None]]) -> list[str]:
    """The files that a change is about, of all that deviate and what each means: not those that only lie beside it."""
    about = {Change.BIT_ROT: Means.ROT, Change.FILES_LOST: Means.LOST, Change.LIST_DAMAGED: Means.LIST}.get(change)
    deviations = list(deviations)
    return [path for path, means in deviations if means == about] or [path for path, _ in deviations]
