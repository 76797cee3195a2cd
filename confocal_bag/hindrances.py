"""What keeps a build from beginning, or from being finished: said before any work is done, or before the seal."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.writing.staging import staged_bytes
from confocal_bag.containment import folders_around, lies_in
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.deposit.privacy import GATE_RULES
from confocal_bag.deposit.privacy.reasons import is_reason
from confocal_bag.deposit.source import list_deposit
from confocal_bag.findings import CannotFinish, Finding, Severity, UsageProblem, readable_path
from confocal_bag.inspect import Inspection
from confocal_bag.plan import BagPlan
from confocal_bag.progress import Progress
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel

__all__ = [
    "blocking_findings",
    "overriding_reason",
    "refuse_checksums",
    "refuse_invalid",
    "refuse_little_room",
    "refuse_other_deposit",
    "refuse_places",
]

#: What even a draft cannot hold: a manifest cannot name the file, or its bytes cannot be had.
_NEVER_BAGGED = ("deposit.name-not-utf8", "deposit.name-unsafe", "deposit.unreadable")


def refuse_places(deposit: Path, destination: Path) -> None:
    """The bag needs a new name in an existing folder, outside the deposit and outside other bags."""
    shown = readable_path(destination)
    refuse_inside_deposit(destination)
    if os.path.lexists(destination):
        raise CannotFinish(f"{shown} already exists and is never overwritten. Choose another name for the bag.")
    if lies_in(destination, deposit):
        raise CannotFinish(
            f"The bag {shown} would lie inside the deposit, which is never written to. Choose a place outside it."
        )
    if any((folder / "bagit.txt").is_file() for folder in folders_around(destination)):
        raise CannotFinish(f"The bag {shown} would lie inside another bag, which is never written to.")
    if not destination.resolve().parent.is_dir():
        raise CannotFinish(f"The parent folder of {shown} does not exist. Make it first, or choose another place.")


def refuse_checksums(level: PracticeLevel, algorithms: Sequence[str]) -> None:
    """The manifests must be those that the profile of the level accepts."""
    profile = load_profile(f"confocal-{level}")
    missing = set(profile.manifests_required) - set(algorithms)
    strange = set(algorithms) - set(profile.manifests_allowed or algorithms)
    if missing or strange:
        raise UsageProblem(
            f"The checksums {', '.join(algorithms)} do not fit the profile {profile.name}, which needs "
            f"{', '.join(profile.manifests_required)} and allows {', '.join(profile.manifests_allowed or ('any',))}."
        )


def refuse_little_room(destination: Path, plan: BagPlan) -> None:
    """Copies need their own size, uncompressed conversions about as much again; be sure of the first at least."""
    needed = sum(copy.record.bytes for copy in plan.copies) - staged_bytes(destination)
    free = shutil.disk_usage(destination.resolve().parent).free
    if needed > free:
        raise CannotFinish(
            f"The disk of {readable_path(destination)} has {free:,} bytes of space left; the copies alone need "
            f"{needed:,}. Free some space or choose another destination."
        )


def refuse_other_deposit(inspection: Inspection) -> None:
    """Nothing came, went or changed in the deposit while the bag was being built."""
    now = {entry.path: entry for entry in list_deposit(inspection.deposit.root)}
    then = {entry.path: entry for entry in inspection.deposit.entries}
    changed = [path for path in now.keys() | then.keys() if now.get(path) != then.get(path)]
    if changed:
        raise CannotFinish(
            f"{readable_path(min(changed))} came, went or changed in the deposit while the bag was being built. "
            "Wait until nobody writes there and start again."
        )


def refuse_invalid(staging: Path, *, is_holey: bool, jobs: int, progress: Progress) -> None:
    """The staged bag is what its receiver will accept, and a second implementation agrees; a holey one lacks files."""
    report = validate_bag(staging, jobs=jobs, progress=progress)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if is_holey:
        errors = [finding for finding in errors if not finding.detail.get("fetchable")]
    if errors:
        first = errors[0]
        raise CannotFinish(
            f"The bag was written but does not validate ({len(errors)} errors; first: {first.rule}: {first.message}) "
            "and has no name yet. Mend what it names, or try another disk."
        )
    if is_holey:
        return  # the reference implementation judges a bag only when everything was fetched
    opinion = ask_bagit(staging)
    if opinion.outcome is OpinionOutcome.DISAGREES:
        raise CannotFinish(
            f"The reference implementation of BagIt does not accept the bag: {opinion.reason}. It has no name yet; "
            "report this as a bug of confocal-bag."
        )


def blocking_findings(inspection: Inspection, *, draft: bool, override_privacy: str | None = None) -> list[Finding]:
    """The findings that keep a bag from being built: with `draft` only those that no draft overrules.

    With a reason in `override_privacy`, unanswered personal data are none of them; "ok" is no reason.
    """
    errors = [finding for finding in inspection.findings if finding.severity is Severity.ERROR]
    if is_reason(override_privacy):
        errors = [finding for finding in errors if finding.rule not in GATE_RULES]
    return [finding for finding in errors if finding.rule in (*_NEVER_BAGGED, *GATE_RULES)] if draft else errors


def overriding_reason(inspection: Inspection, override_privacy: str | None) -> str | None:
    """The reason given for packing personal data, where there is any to be overruled by it."""
    stopped = any(one.rule in GATE_RULES and one.severity is Severity.ERROR for one in inspection.findings)
    return " ".join((override_privacy or "").split()) or None if stopped else None
