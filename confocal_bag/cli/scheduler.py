"""The option --scheduler: the work of a command done by a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from confocal_bag.workers import Cluster

__all__ = ["SchedulerOption", "as_workers_see", "work_on"]

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
    with cluster(scheduler, paths=here) as executor, elsewhere(executor):
        yield executor


def as_workers_see(path: Path, scheduler: str | None) -> Path:
    """The path as other machines understand it: absolute, where a scheduler is named."""
    from confocal_bag.receiving import is_address

    return path if scheduler is None or is_address(path) else path.absolute()
