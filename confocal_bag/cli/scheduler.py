"""The option --scheduler: the work of a command done by a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import say
from confocal_bag.findings import readable_path

if TYPE_CHECKING:
    from confocal_bag.workers import Cluster

__all__ = ["SchedulerOption", "as_workers_see", "work_on"]

#: A scheduler that runs answers sooner.
_MOMENT_S = 2.0

SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="URL",
        help="Work on a Dask cluster: tcp://HOST:PORT, tls://..., file:NAME.",
    ),
]


@contextmanager
def work_on(scheduler: str | None, paths: Sequence[Path]) -> Iterator["Cluster | None"]:
    """The cluster that is to work on these paths, for bags, files and images alike; None where none is named."""
    if scheduler is None:
        yield None
        return
    from confocal_bag.elsewhere import elsewhere
    from confocal_bag.receiving import is_address
    from confocal_bag.workers import cluster

    here = [path for path in paths if not is_address(path)]
    with ExitStack() as stack:
        with _waiting_for(scheduler):
            executor = stack.enter_context(cluster(scheduler, paths=here))
        stack.enter_context(elsewhere(executor))
        yield executor


@contextmanager
def _waiting_for(scheduler: str) -> Iterator[None]:
    """Say what is being waited for when it takes longer than a moment."""
    said = f"Waiting for the scheduler {readable_path(scheduler)} and a worker; each is given up after a while."
    timer = Timer(_MOMENT_S, say, [said], {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def as_workers_see(path: Path, scheduler: str | None) -> Path:
    """The path as other machines understand it: absolute, where a scheduler is named."""
    from confocal_bag.receiving import is_address

    return path if scheduler is None or is_address(path) else path.absolute()
