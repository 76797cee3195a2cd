"""What a build finds out about a deposit that its inspection could not know: images that turn out to be unreadable."""

from dataclasses import replace

from confocal_bag.deposit.levels.assess import lowered
from confocal_bag.inspect import Inspection
from confocal_bag.packing.ledger import Ledger
from confocal_bag.packing.task import PackingTask
from confocal_bag.vocabulary import Tier

__all__ = ["found_out"]

_UNREADABLE = ("image.unreadable", "image.unreadable-in-archive")


def found_out(task: PackingTask, ledger: Ledger) -> Inspection:
    """The inspection, with a practice level that counts the images of which not every plane could be read."""
    tiers = {path.parts[0] for path in ledger.unproven}
    if tiers.isdisjoint((Tier.RAW, Tier.TRANSFORMED)):
        return task.inspection
    unread = {one.path: one.message for one in ledger.findings if one.rule in _UNREADABLE and one.path}
    return replace(task.inspection, level=lowered(task.inspection.level, unread))
