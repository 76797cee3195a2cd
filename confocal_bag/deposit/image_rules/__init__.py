"""What can be wrong with the images of a deposit."""

from confocal_bag.deposit.image_rules import composites, loss, meaning, tiffs
from confocal_bag.deposit.image_rules.meaning import difference_in
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.deposit.source import Deposit
from confocal_bag.findings import RULES, Check, Finding, run_rules

__all__ = ["check_images", "difference_in"]

_HOMES = tuple(home.__name__ for home in (loss, composites, tiffs, meaning))


def check_images(deposit: Deposit, inventory: Inventory) -> tuple[list[Check], list[Finding]]:
    """Run every rule about a deposit's images."""
    chosen = [one for one in RULES.values() if one.run.__module__ in _HOMES]
    return run_rules(chosen, DepositContext(deposit=deposit, inventory=inventory))
