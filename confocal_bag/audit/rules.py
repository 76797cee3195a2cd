"""What an audit says of a shelf: one finding a bag, and none of those that are as they were."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from confocal_bag.audit.change import Change
from confocal_bag.audit.checks import FileChanges
from confocal_bag.audit.history import BagState
from confocal_bag.findings import RULES, NotApplicable, Problem, Rule, Severity, Verdict, readable_path, rule

__all__ = ["AUDIT_RULES", "BagResult", "ShelfView"]

_NAMED_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BagResult:
    """What the last check of one bag found; `files` are those that deviate, `first` the worst finding's sentence.

    Of a bag that is still damaged, `since` says what the damage was when it was noticed, and when that was.
    """

    path: str
    verdict: Verdict
    change: Change
    files: Sequence[str] = ()
    first: str | None = None
    changes: FileChanges | None = None
    since: tuple[Change, str] | None = None

    @property
    def is_invalid(self) -> bool:
        """Whether the bag was looked at and is not valid."""
        return self.verdict is Verdict.INVALID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfView:
    """What the rules look at. `appeared` and `overdue` are None where the command does not look for such bags.

    `waiting` are bags that their last check found damaged and that were not due now.
    """

    results: Sequence[BagResult] = ()
    vanished: Sequence[BagState] = ()
    waiting: Sequence[BagState] = ()
    appeared: Sequence[str] | None = None
    overdue: Sequence[BagState] | None = None
    limit: str = ""


@rule("audit.bit-rot", severity=Severity.ERROR)
def bit_rot(view: ShelfView) -> Iterator[Problem]:
    """No file of a bag changed while the manifest that lists it stayed as it was at the check before.

    Whoever changes a bag on purpose changes its manifests too. A file that changed alone was changed by the disk, by a
    transfer, or by somebody who does not know what a bag is.
    """
    for one in _with(view, Change.BIT_ROT):
        yield _damage(one, "changed although the manifests are the ones of the last check")


@rule("audit.files-lost", severity=Severity.ERROR)
def files_lost(view: ShelfView) -> Iterator[Problem]:
    """No file of a bag went missing while the manifest that lists it stayed as it was at the check before."""
    for one in _with(view, Change.FILES_LOST):
        yield _damage(one, "missing although the manifests are the ones of the last check")


@rule("audit.invalid", severity=Severity.ERROR)
def invalid(view: ShelfView) -> Iterator[Problem]:
    """Every bag is valid.

    This is about bags that were damaged before their first check, are still damaged, whose manifests were changed
    without everything agreeing with them, or that are no valid bags for another reason than a damaged file.
    """
    said = {
        Change.DAMAGED_AT_FIRST: "was damaged already when it was checked first",
        Change.STILL_DAMAGED: "is still damaged as it was at the last check",
        Change.INCONSISTENT: "was changed since the last check, but its files and manifests do not agree",
    }
    for one in view.results:
        if one.is_invalid and one.change not in (Change.BIT_ROT, Change.FILES_LOST):
            yield Problem(
                path=readable_path(one.path),
                message=f"{readable_path(one.path)} {said.get(one.change, 'is not valid')}{_since(one)}: "
                f"{one.first or 'see confocal-bag validate'}",
                remedy=f"Run 'confocal-bag validate' on it; compare with another copy.{_files_note(one)}",
                detail=_detail(one),
            )


@rule("audit.not-repaired", severity=Severity.ERROR)
def not_repaired(view: ShelfView) -> Iterator[Problem]:
    """No bag was found damaged by its last check and left so; it is told again at every audit until a check finds it
    whole, also while it is not due.
    """
    for one in view.waiting:
        path = readable_path(one.path)
        yield Problem(
            path=path,
            message=f"{path} was found damaged on {(one.checked or '')[:10]}, and was not due to be checked again.",
            remedy="Restore it from another copy; audit with --older-than 0d checks it at once.",
            detail={"last_checked": one.checked, "bytes": one.bytes},
        )


@rule("audit.vanished", severity=Severity.ERROR)
def vanished(view: ShelfView) -> Iterator[Problem]:
    """Every bag that was ever seen on the shelf is still there, unless somebody said that it was taken away."""
    for one in view.vanished:
        path = readable_path(one.path)
        yield Problem(
            path=path,
            message=f"{path} is not on the shelf any more; it was noticed on {(one.vanished or '')[:10]}.",
            remedy=f"Find it, or say that it was taken away on purpose: audit SHELF --forget {path}",
            detail={"last_checked": one.checked, "last_verdict": one.verdict, "bytes": one.bytes},
        )


@rule("audit.overdue", severity=Severity.WARNING)
def overdue(view: ShelfView) -> Iterator[Problem]:
    """Every bag was checked to its end within the time that --older-than allows."""
    if view.overdue is None:
        raise NotApplicable("only audit --status looks for overdue bags")
    for one in view.overdue:
        path = readable_path(one.path)
        said = f"was last checked on {one.checked[:10]}" if one.checked else "was never checked to its end"
        yield Problem(
            path=path,
            message=f"{path} {said}; a check every {view.limit} is expected.",
            remedy="Run the audit, with a larger budget if it never gets so far.",
            detail={"last_checked": one.checked, "appeared": one.appeared},
        )


@rule("audit.changed", severity=Severity.ADVICE)
def changed(view: ShelfView) -> Iterator[Problem]:
    """No bag was changed on purpose since its last check.

    Its manifests changed and everything agrees with them. That is no fault; whoever keeps the bags should know of it.
    """
    for one in _with(view, Change.DELIBERATE):
        counts = one.changes._asdict() if one.changes else {}
        words = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        path = readable_path(one.path)
        files = f" (files: {words})" if words else ""
        yield Problem(
            path=path,
            message=f"{path} was changed since its last check, manifests and all{files}.",
            remedy="Make sure that somebody meant it.",
            detail=counts,
        )


@rule("audit.repaired", severity=Severity.INFO)
def repaired(view: ShelfView) -> Iterator[Problem]:
    """No bag that was damaged at its last check is whole again; where one is, somebody restored it."""
    for one in _with(view, Change.REPAIRED):
        path = readable_path(one.path)
        yield Problem(path=path, message=f"{path} was damaged at its last check and is whole again.")


@rule("audit.appeared", severity=Severity.INFO)
def appeared(view: ShelfView) -> Iterator[Problem]:
    """No bag is new on the shelf, or back on it, since the audit before."""
    if view.appeared is None:
        raise NotApplicable("only an audit after the first sees new bags")
    for one in view.appeared:
        yield Problem(path=readable_path(one), message=f"{readable_path(one)} is new on the shelf.")


def _with(view: ShelfView, change: Change) -> Iterable[BagResult]:
    return (one for one in view.results if one.change is change)


def _damage(one: BagResult, said: str) -> Problem:
    path = readable_path(one.path)
    number = len(one.files)
    return Problem(
        path=path,
        message=f"{path}: {number} file{'' if number == 1 else 's'} {said}{_files_note(one)}.",
        remedy="Restore what is damaged from another copy, and look at the disk it lies on.",
        detail=_detail(one),
    )


def _files_note(one: BagResult) -> str:
    if not one.files:
        return ""
    more = f" and {len(one.files) - 3} more" if len(one.files) > 3 else ""
    return f" ({', '.join(one.files[:3])}{more})"


def _since(one: BagResult) -> str:
    return f" ({one.since[0].value}, noticed on {one.since[1][:10]})" if one.since else ""


def _detail(one: BagResult) -> dict[str, object]:
    origin = {"noticed_as": one.since[0].value, "noticed": one.since[1]} if one.since else {}
    files = list(one.files[:_NAMED_FILES])
    return {"change": one.change.value, **origin, "deviating": len(one.files), "files": files}


#: Every rule of this family, the worst first.
AUDIT_RULES: tuple[Rule, ...] = tuple(one for one in RULES.values() if one.run.__module__ == __name__)
