"""What an audit says of one bag, in words."""

import re
from collections.abc import Sequence

from confocal_bag.audit.damage import KeptDamage
from confocal_bag.audit.history import BagState
from confocal_bag.audit.view import BagResult
from confocal_bag.counted import counted
from confocal_bag.findings import Finding, Problem, Severity, readable_path

__all__ = [
    "NAMED_FILES",
    "counted_files",
    "damage_detail",
    "damage_problem",
    "files_note",
    "held_by_another",
    "kept_problem",
    "named",
    "not_looked_at",
    "since_when",
    "unchanged_lists",
    "unreadable_folder",
]

_MANIFEST = re.compile(r"(tag)?manifest-[^/]+\.txt")
#: Files named in the detail of one finding.
NAMED_FILES = 100


def not_looked_at(one: BagState) -> Finding:
    """What is said of a bag that could not be looked at when it was tried last."""
    shown = readable_path(one.path)
    return Finding(
        rule="internal.cannot-finish",
        severity=Severity.ERROR,
        path=shown,
        message=f"{shown} could not be looked at on {(one.failed or '')[:10]}.",
        remedy="Run 'confocal-bag validate' on it to see why.",
    )


def held_by_another(one: BagState) -> Finding:
    """What is said of a bag that was to be checked at once and that another auditor has."""
    shown = readable_path(one.path)
    return Finding(
        rule="internal.cannot-finish",
        severity=Severity.ERROR,
        path=shown,
        message=f"{shown} was not checked: another auditor is at work on it.",
        remedy="Wait until that audit ends, and audit the bag again.",
    )


def unreadable_folder(folder: str, reason: str) -> Finding:
    """What is said of a folder that could not be looked into; an empty path is the shelf."""
    shown = readable_path(folder)
    return Finding(
        rule="internal.cannot-finish",
        severity=Severity.ERROR,
        path=shown or ".",
        message=f"The folder {shown or 'the shelf itself'} cannot be looked into: {reason}; there may be bags in it.",
    )


_KEPT = {
    "listed": "the manifests now list the damaged content of",
    "replaced": "the manifests list neither the former nor the damaged checksum of",
    "removed": "the manifests no longer list the damaged file",
}


def kept_problem(bag: str, state: str, files: Sequence[KeptDamage]) -> Problem:
    """That files of a bag which were found damaged are not as they were before."""
    is_error = state == "listed" and any(one.path.startswith("data/") for one in files)
    names = [*dict.fromkeys(one.path for one in files)]
    return Problem(
        path=bag,
        message=f"{bag}: {_KEPT[state]} {named(names)}, noticed on {min(one.noticed for one in files)[:10]}.",
        remedy="Restore what it was before from another copy, or say that it is meant as it is: "
        f"audit SHELF --accept {bag}",
        severity=Severity.ERROR if is_error else Severity.WARNING,
        detail={
            "state": state,
            "files": [
                {"path": one.path, "algorithm": one.algorithm, "expected": one.expected, "damaged": one.seen}
                for one in files[:NAMED_FILES]
            ],
        },
    )


def damage_problem(one: BagResult, said: str) -> Problem:
    """That so many files of a bag suffered something."""
    path = readable_path(one.path)
    return Problem(
        path=path,
        message=f"{path}: {counted_files(one)} {said}{files_note(one)}.",
        remedy="Restore what is damaged from another copy, and look at the disk it lies on.",
        detail=damage_detail(one),
    )


def unchanged_lists(one: BagResult) -> str:
    """What did not change when a file did: all the manifests, or only what they say of it."""
    if any(_MANIFEST.fullmatch(path) for path in one.files):
        return "the tag manifests are the ones"
    if not one.lists_changed:
        return "the manifests are the ones"
    if len(one.files) == 1:
        return "the line that lists it is still the one"
    return "the lines that list them are still those"


def counted_files(one: BagResult) -> str:
    """How many files a result is about."""
    return counted(len(one.files), "file")


def named(names: Sequence[str]) -> str:
    """The first three names, and how many more there are."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def files_note(one: BagResult) -> str:
    """The files a result is about, in parentheses."""
    return f" ({named(one.files)})" if one.files else ""


def since_when(one: BagResult) -> str:
    """Since when a bag is damaged, where that is known."""
    return f" ({one.since[0].value}, noticed on {one.since[1][:10]})" if one.since else ""


def damage_detail(one: BagResult) -> dict[str, object]:
    """The same for programs."""
    origin = {"noticed_as": one.since[0].value, "noticed": one.since[1]} if one.since else {}
    files = list(one.files[:NAMED_FILES])
    return {"change": one.change.value, **origin, "deviating": len(one.files), "files": files}
