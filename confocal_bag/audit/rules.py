"""What an audit says of a shelf: one finding a bag, and none of those that are as they were."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from confocal_bag.audit.change import Change
from confocal_bag.audit.history import BagState
from confocal_bag.audit.shelf import Unread
from confocal_bag.audit.view import BagResult, ShelfView
from confocal_bag.audit.wording import (
    NAMED_FILES,
    counted_files,
    damage_detail,
    damage_problem,
    files_note,
    kept_problem,
    named,
    since_when,
    unchanged_lists,
)
from confocal_bag.findings import RULES, NotApplicable, Problem, Rule, Severity, readable_path, rule

__all__ = ["AUDIT_RULES"]


@rule("audit.bit-rot", severity=Severity.ERROR)
def bit_rot(view: ShelfView) -> Iterator[Problem]:
    """No file of a bag changed while the line that lists it stayed as it was at the check before, nor a line alone.

    Whoever changes a bag on purpose changes its manifests too. A file that changed alone was changed by the disk, by a
    transfer, or by somebody who does not know what a bag is.
    """
    for one in _with(view, Change.BIT_ROT):
        yield damage_problem(one, f"changed although {unchanged_lists(one)} of the last check")
    for one in _with(view, Change.LIST_DAMAGED):
        path = readable_path(one.path)
        yield Problem(
            path=path,
            message=f"{path}: a manifest lists another checksum than at the last check for {counted_files(one)}, and "
            f"{'that is' if len(one.files) == 1 else 'those are'} as before{files_note(one)}.",
            remedy="Restore the manifest from another copy, and look at the disk it lies on.",
            detail=damage_detail(one),
        )


@rule("audit.files-lost", severity=Severity.ERROR)
def files_lost(view: ShelfView) -> Iterator[Problem]:
    """No file of a bag went missing while the line that lists it stayed as it was at the check before."""
    for one in _with(view, Change.FILES_LOST):
        yield damage_problem(one, f"missing although {unchanged_lists(one)} of the last check")


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
        if one.is_invalid and one.change not in (Change.BIT_ROT, Change.FILES_LOST, Change.LIST_DAMAGED):
            yield Problem(
                path=readable_path(one.path),
                message=f"{readable_path(one.path)} {said.get(one.change, 'is not valid')}{since_when(one)}: "
                f"{one.first or 'see confocal-bag validate'}",
                remedy=f"Run 'confocal-bag validate' on it; compare with another copy.{files_note(one)}",
                detail=damage_detail(one),
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
            message=f"{path} was found damaged on {(one.checked or '')[:10]}, and was not checked to its end "
            f"since{f': {why}' if (why := view.why_waiting.get(one.path)) else ''}.",
            remedy=f"Restore it from another copy, and check it at once: audit SHELF --bag {path}",
            detail={"last_checked": one.checked, "bytes": one.bytes},
        )


@rule("audit.not-restored", severity=Severity.ERROR)
def not_restored(view: ShelfView) -> Iterator[Problem]:
    """Every file that was found damaged is as it was before, or somebody said that it is meant as it is now.

    New manifests over a damaged file make its bag valid, and the file stays damaged. That is an error; a payload file
    that was replaced by a third one or taken out of the bag after it was damaged, and a tag file, is a warning. It is
    told at every audit until the file is back with the checksum it had, or until `audit SHELF --accept BAG`.
    """
    for (bag, state), files in groupby(view.damage, key=lambda one: (one.bag, one.state)):
        yield kept_problem(readable_path(bag), state, list(files))


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
    for one in view.suspects:
        path = readable_path(one.path)
        yield Problem(
            path=path,
            message=f"{path} does not look like a bag any more, and was not checked since that was noticed on "
            f"{(one.suspect or '')[:10]}.",
            remedy=f"Check it at once: audit SHELF --bag {path}",
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
            remedy=_why_overdue(view, one),
            detail={"last_checked": one.checked, "appeared": one.appeared},
        )


def _why_overdue(view: ShelfView, one: BagState) -> str:
    """What to do for a bag that is overdue: a larger budget helps no bag that cannot be read."""
    if one.failed or any(not folder or one.path.startswith(f"{folder}/") for folder in view.unreadable):
        return "It could not be looked at: see that the auditor may read it, then audit again."
    return "Run the audit, with a larger budget if it never gets so far."


_CHANGED = {
    Change.DELIBERATE: "was changed since its last check, manifests and all",
    Change.REPLACED: "holds another payload than at its last check: none of its former files is left",
    Change.TAG_MANIFESTS_LOST: "has no tag manifest any more, so that nothing in it tells whether its tag files and "
    "manifests are the right ones",
    Change.TAG_FILES: "has other tag files than at its last check, which no tag manifest lists",
}


@rule("audit.changed", severity=Severity.ADVICE)
def changed(view: ShelfView) -> Iterator[Problem]:
    """No bag was changed on purpose since its last check.

    Its manifests changed and everything agrees with them. That is no fault; whoever keeps the bags should know of it.
    It is a warning where none of the former payload is left, as when another bag took the place of this one, where the
    tag manifests are gone, and where tag files changed that no tag manifest lists.
    """
    for one in (one for one in view.results if one.change in _CHANGED):
        found = {name: value for name, value in asdict(one.changes).items() if value} if one.changes else {}
        names = [readable_path(name) for name in found.pop("names", ())]
        words = _counts_in_words(found, names)
        path = readable_path(one.path)
        files = f" ({words})" if words else ""
        yield Problem(
            path=path,
            message=f"{path} {_CHANGED[one.change]}{files}.",
            remedy="Make sure that somebody meant it.",
            severity=None if one.change is Change.DELIBERATE else Severity.WARNING,
            detail={**found, "names": names} if names else found,
        )


def _counts_in_words(counts: Mapping[str, int], names: Sequence[str]) -> str:
    """Payload files and tag files apart, and the first few by name."""
    said = {"relisted": "listed by another algorithm, which cannot be compared"}
    payload = ", ".join(f"{count} {said.get(name, name)}" for name, count in counts.items() if name != "tag_files")
    tag_files = counts.get("tag_files", 0)
    parts = [f"files: {payload}"] if payload else []
    parts += [f"tag files: {tag_files}"] if tag_files else []
    more = sum(counts.values()) - counts.get("relisted", 0) > len(names)
    parts += [f"{', '.join(names)}{' and more' if more else ''}"] if names else []
    return "; ".join(parts)


@rule("audit.repaired", severity=Severity.INFO)
def repaired(view: ShelfView) -> Iterator[Problem]:
    """No bag that was damaged at its last check is whole again; where one is, somebody restored it."""
    for one in _with(view, Change.REPAIRED):
        path = readable_path(one.path)
        yield Problem(path=path, message=f"{path} was damaged at its last check and is whole again.")


@rule("audit.appeared", severity=Severity.INFO)
def appeared(view: ShelfView) -> Iterator[Problem]:
    """No bag is new on the shelf, back on it, or under another path, since the audit before."""
    if view.appeared is None:
        raise NotApplicable("only an audit after the first sees new bags")
    for one in view.appeared:
        yield Problem(path=readable_path(one), message=f"{readable_path(one)} is new on the shelf.")
    for one in view.returned:
        yield Problem(path=readable_path(one), message=f"{readable_path(one)} is back on the shelf.")
    for now, former in view.moved:
        yield Problem(
            path=readable_path(now),
            message=f"{readable_path(now)} is the bag that was {readable_path(former)}; its history goes on.",
        )


@rule("audit.not-read", severity=Severity.INFO)
def not_read(view: ShelfView) -> Iterator[Problem]:
    """Nothing on the shelf was left out that may hold bags: links are not followed, and some archives are not read."""
    for why in Unread:
        names = [readable_path(path) for path, reason in view.unread.items() if reason is why]
        if names:
            yield Problem(
                message=f"Not looked into, each {why.value}: {len(names)} ({named(names)}).",
                detail={"number": len(names), "paths": names[:NAMED_FILES]},
            )


def _with(view: ShelfView, change: Change) -> Iterable[BagResult]:
    return (one for one in view.results if one.change is change)


#: Every rule of this family, the worst first.
AUDIT_RULES: tuple[Rule, ...] = tuple(one for one in RULES.values() if one.run.__module__ == __name__)
