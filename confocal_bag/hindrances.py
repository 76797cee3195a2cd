"""What keeps a build from beginning, or from being finished: said before any work is done, or before the seal."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.bag.writing.staging import staged_bytes
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.deposit.source import list_deposit
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.inspect import Inspection
from confocal_bag.plan import BagPlan
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["refuse_checksums", "refuse_little_room", "refuse_other_deposit", "refuse_places"]


def refuse_places(deposit: Path, destination: Path) -> None:
    """The bag needs a new name in an existing folder, outside the deposit and outside other bags."""
    shown = readable_path(destination)
    refuse_inside_deposit(destination)
    if os.path.lexists(destination):
        raise CannotFinish(f"{shown} already exists and is never overwritten. Choose another name for the bag.")
    source, target = deposit.resolve(), destination.resolve()
    if target.is_relative_to(source):
        raise CannotFinish(
            f"The bag {shown} would lie inside the deposit, which is never written to. Choose a place outside it."
        )
    if any((folder / "bagit.txt").is_file() for folder in target.parents):
        raise CannotFinish(f"The bag {shown} would lie inside another bag, which is never written to.")
    if not target.parent.is_dir():
        raise CannotFinish(f"The parent folder of {shown} does not exist. Make it first, or choose another place.")


def refuse_checksums(level: PracticeLevel, algorithms: Sequence[str]) -> None:
    """The manifests must be those that the profile of the level accepts."""
    profile = load_profile(f"confocal-{level}")
    missing = set(profile.manifests_required) - set(algorithms)
    strange = set(algorithms) - set(profile.manifests_allowed or algorithms)
    if missing or strange:
        raise CannotFinish(
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
