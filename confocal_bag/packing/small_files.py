"""Writes small generated files into a bag under way, and enters files that were made otherwise."""

from pathlib import PurePosixPath

from confocal_bag.bag.fixity import Fixity
from confocal_bag.packing.ledger import Ledger
from confocal_bag.packing.task import PackingTask

__all__ = ["add_generated", "add_made", "write_small"]


def write_small(task: PackingTask, ledger: Ledger, target: PurePosixPath, content: bytes, reason: str | None) -> None:
    """Write a file; without a `reason` it is not in the inventory."""
    from confocal_bag.image.formats import identify

    fixity = task.writer.write(f"data/{target}", content)
    if reason:
        ledger.enter_file(target, identify(task.writer.staged(f"data/{target}")), fixity, reason=reason)


def add_generated(task: PackingTask, ledger: Ledger, target: PurePosixPath, content: bytes, reason: str) -> None:
    """Write a small file that later steps read, such as a companion file."""
    write_small(task, ledger, target, content, reason)
    ledger.staged[target] = task.writer.staged(f"data/{target}")


def add_made(task: PackingTask, ledger: Ledger, target: PurePosixPath, fixity: Fixity, reason: str) -> None:
    """Enter a file that was made and adopted; `reason` is for the inventory."""
    from confocal_bag.image.formats import identify

    ledger.staged[target] = task.writer.staged(f"data/{target}")
    ledger.enter_file(target, identify(ledger.staged[target]), fixity, reason=reason)
