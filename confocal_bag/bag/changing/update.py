"""Change a bag so that at every moment it is the old one or the new one, both complete and valid.

The new bag is made beside the old one (see `replacement`). Files that stay are linked into it, so that no
payload is copied where the file system has hard links; elsewhere they are copied and compared. The old bag is
not touched before the new one is complete, verified and durable.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.bag.changing.changes import Changes, UpdatePlan, plan_changes
from confocal_bag.bag.changing.replacement import Replacement, describe_interruption
from confocal_bag.bag.changing.successor import Successor
from confocal_bag.bag.changing.verified import open_folder_bag, refuse_old_forms, verify_bag
from confocal_bag.bag.digester import OnBytes
from confocal_bag.bag.writing.staging import cannot_write
from confocal_bag.counted import counted
from confocal_bag.findings import RULES, CannotFinish, NotApplicable, Problem, Rule, Severity, readable_path, rule
from confocal_bag.vocabulary import Tier

__all__ = ["UPDATE_RULES", "Changes", "UpdateResult", "plan_update", "update_bag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateResult:
    """What an update did. `copied` counts files that stayed and had to be copied for want of hard links.

    `recovered` says what was done about an update that had been interrupted before.
    """

    bag: Path
    plan: UpdatePlan
    payload_files: int
    payload_bytes: int
    linked: int = 0
    copied: int = 0
    recovered: str | None = None
    is_confocal: bool = False


def plan_update(
    bag: Path, changes: Changes, *, add_algorithms: Sequence[str] = (), drop_algorithms: Sequence[str] = ()
) -> UpdatePlan:
    """What `update_bag` would do, without reading any payload. Raises CannotFinish when it could not begin."""
    opened = open_folder_bag(bag)
    refuse_old_forms(opened)
    return plan_changes(opened, changes, add_algorithms=add_algorithms, drop_algorithms=drop_algorithms)


def update_bag(
    bag: Path,
    changes: Changes,
    *,
    add_algorithms: Sequence[str] = (),
    drop_algorithms: Sequence[str] = (),
    jobs: int = 2,
    on_bytes: OnBytes | None = None,
    check: Callable[[Path], None] | None = None,
) -> UpdateResult:
    """Change a valid bag folder of version 0.97 or 1.0; the bag keeps its version and its name.

    Every file is read once, to verify it and for the added algorithms. Bagging-Date stays unless it is set;
    Payload-Oxum and Bag-Size follow the payload where the bag states them. `check` gets the finished new bag before it
    takes the name of the old one, and refuses it by raising. An update that was interrupted is
    finished or undone first. Raises CannotFinish, with the bag as it was, when it is not valid or the change
    cannot be made.
    """
    if not os.path.lexists(bag) and describe_interruption(bag) is None:
        raise CannotFinish(f"There is no bag at {readable_path(bag)}; check the path.")
    with Replacement(bag) as replacement:
        old = open_folder_bag(replacement.destination)
        refuse_old_forms(old)
        plan = plan_changes(old, changes, add_algorithms=add_algorithms, drop_algorithms=drop_algorithms)
        known = verify_bag(old, further_algorithms=plan.algorithms, jobs=jobs, on_bytes=on_bytes)
        new = Successor(old=old, plan=plan, changes=changes, known=known, folder=replacement.new)
        if any(plan.steps()):
            _make(new, jobs=jobs, on_bytes=on_bytes)
            if check is not None:
                check(replacement.new)
            replacement.commit()
        sizes = [one.size for one in new.payload.values()]
        return UpdateResult(
            bag=bag,
            plan=plan,
            payload_files=len(sizes),
            payload_bytes=sum(sizes),
            linked=new.linked,
            copied=new.copied,
            recovered=replacement.recovered,
            is_confocal=any(label.casefold().startswith("confocal-") for label, _ in old.bag_info),
        )


def _make(new: Successor, *, jobs: int, on_bytes: OnBytes | None) -> None:
    try:
        new.make(on_bytes)
        new.prove(jobs)
        new.sync()
        new.refuse_late_changes()
    except OSError as error:
        raise cannot_write(error.filename or new.folder, error) from error


@rule("bag.description-outdated", severity=Severity.ADVICE, reference="primer, readme and metadata")
def description_outdated(result: UpdateResult) -> Iterator[Problem]:
    """Files of the bag that describe its images still fit them after an update.

    An update changes what it is told to change. The readme, the inventory, the events and the OME-XML sidecars of a
    confocal bag are not written anew when images come or go.
    """
    if not result.is_confocal:
        raise NotApplicable("the bag does not say that it holds confocal images")
    images = {f"data/{tier}/" for tier in (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)}
    plan = result.plan
    changed = [path for path in (*plan.added, *plan.replaced, *plan.removed) if path.startswith(tuple(images))]
    if changed:
        yield Problem(
            path=readable_path(changed[0]),
            message=f"Added, replaced or removed: {counted(len(changed), 'file')} of the image tiers (first: "
            f"'{readable_path(changed[0])}'); the readme, data/metadata/inventory.csv and the sidecars in "
            "data/metadata/ome speak of the bag as it was.",
            remedy="Update those files too, or build the bag anew from the deposit.",
            detail={"files": len(changed)},
        )


#: The rule about what an update leaves to do; run them on an UpdateResult.
UPDATE_RULES: tuple[Rule, ...] = (RULES["bag.description-outdated"],)
