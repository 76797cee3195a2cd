"""Audits a shelf: opens its history, makes one run, and records how the run ended."""

import os
from concurrent.futures import Executor
from pathlib import Path

from confocal_bag.audit.budget import Spending
from confocal_bag.audit.history import History
from confocal_bag.audit.history_file import history_of, refuse_empty_shelf, refuse_no_bags, refuse_other_shelf
from confocal_bag.audit.leases import Leases
from confocal_bag.audit.options import AuditOptions
from confocal_bag.audit.run import AuditRun
from confocal_bag.findings import Report
from confocal_bag.progress import SILENT, Progress

__all__ = ["audit_shelf"]


def audit_shelf(
    shelf: str | Path,
    options: AuditOptions | None = None,
    *,
    progress: Progress = SILENT,
    executor: Executor | None = None,
) -> Report:
    """Check the bags of a shelf whose last check is longest ago, as far as the budget goes.

    Each finished check is in the history at once, so that an interrupted run is gone on with by the next, and several
    auditors can share the work. Bags are only read. Raises `CannotFinish` when the shelf or the history cannot be used.
    """
    shelf, options = Path(shelf), options or AuditOptions()
    path = history_of(shelf, options.history)
    if not os.path.exists(path):  # noqa: PTH110 - a folder that may not be looked into is said by the history
        refuse_no_bags(shelf)  # before a history is made where none belongs
    with History(path) as history, Leases(history) as leases:
        refuse_other_shelf(history, shelf, is_moved=options.is_moved)
        refuse_empty_shelf(history, shelf)
        refuse_no_bags(shelf, history)
        begun = options.clock()
        run = history.begin_run(
            auditor=leases.owner, place=os.fspath(shelf.resolve()), budget=options.budget_text, now=begun
        )
        outcome = "interrupted"
        try:
            audit = AuditRun(
                shelf=shelf,
                options=options,
                history=history,
                leases=leases,
                run=run,
                begun=begun,
                progress=progress,
                spending=Spending(budget=options.budget),
            )
            audit.survey()
            audit.check(executor)
            outcome = audit.stopped or "everything due was checked"
            return audit.report()
        except KeyboardInterrupt as interrupt:
            interrupt.add_note("What was checked is in the history; the next audit goes on from there.")
            raise
        finally:
            history.end_run(run, outcome=outcome, now=options.clock())
