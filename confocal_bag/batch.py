"""Many deposits in, one bag from each: a table of jobs, and what became of every row."""

from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from pathlib import Path

from confocal_bag.batch_results import BatchResults, named, row_failed
from confocal_bag.batch_table import BatchRow, read_batch
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.counted import counted
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.findings import Report
from confocal_bag.progress import SILENT, Progress
from confocal_bag.receiving import could_not_judge
from confocal_bag.side_by_side import side_by_side

__all__ = ["build_batch", "places_of", "results_of"]


def results_of(jobs_file: Path) -> Path:
    """The results beside a table of jobs, one JSON object a line; the same with .csv is the latest of each row."""
    return jobs_file.with_name(f"{jobs_file.stem}.results.jsonl")


def places_of(jobs_file: Path) -> tuple[list[Path], list[Path]]:
    """The deposits that a table of jobs reads, and the bags and results that it writes.

    A row that says too little counts for nothing: its empty cell would stand for the folder of the table. Raises
    `CannotFinish` for a file that is no table of jobs.
    """
    rows = [row for row in read_batch(jobs_file) if not row.problem]
    results = results_of(jobs_file)
    return [row.deposit for row in rows], [*(row.bag for row in rows), results, results.with_suffix(".csv")]


def build_batch(
    jobs_file: Path,
    options: BuildOptions,
    *,
    jobs: int = 2,
    progress: Progress = SILENT,
    executor: Executor | None = None,
) -> list[Report]:
    """Build the bag of every row, several at once; one report a row, in their order. Deposits are only read.

    A row whose bag was built from it before is left alone, so that a run that was interrupted is gone on with; its
    report says again what was found then. A row that fails never keeps the others from being built. Raises
    `CannotFinish` for a file that is no table of jobs.
    """
    rows = read_batch(jobs_file)
    reports: dict[int, Report] = {row.number: row_failed(row, row.problem) for row in rows if row.problem}
    with BatchResults(results_of(jobs_file)) as results:
        waiting = []
        for row in (row for row in rows if not row.problem):
            said = results.judge(row)
            if said is None:
                waiting.append(row)
            else:
                reports[row.number] = said
        at_once = max(1, min(jobs, len(waiting)))
        build = partial(_build_row, options=replace(options, jobs=max(1, jobs // at_once)))
        progress.stage(f"Building {counted(len(waiting), 'bag')}", None)
        begun = map(results.begin, waiting)
        for row, future in side_by_side(build, begun, jobs=at_once, executor=executor):
            reports[row.number] = _outcome(row, future)
            results.end(row, reports[row.number])
            progress.advance(1)
        results.write_table(rows, reports)
    return [reports[row.number] for row in rows]


def _build_row(row: BatchRow, *, options: BuildOptions) -> Report:
    """Build one bag. Raises what `build_bag` raises."""
    chosen = replace(options, level=row.level or options.level, tags=(*options.tags, *row.tags))
    refuse_inside_deposit(row.bag)
    row.bag.parent.mkdir(parents=True, exist_ok=True)
    return build_bag(row.deposit, row.bag, chosen).report


def _outcome(row: BatchRow, future: "Future[Report]") -> Report:
    problem = future.exception()
    if problem is None:
        return _with_row(future.result(), row)
    if not isinstance(problem, Exception):
        raise problem
    return _with_row(could_not_judge(row.deposit, problem, command="build"), row, outcome="failed")


def _with_row(report: Report, row: BatchRow, **more: object) -> Report:
    return replace(report, summary={**report.summary, **more, **named(row)})
