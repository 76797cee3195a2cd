"""Many deposits in, one bag from each: a table of jobs, and what became of every row."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from confocal_bag.bag.writing.folder_lock import FolderLock, LockOutcome
from confocal_bag.batch_table import BatchRow, read_batch
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.document import printable
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path
from confocal_bag.progress import SILENT, Progress
from confocal_bag.receiving import could_not_judge
from confocal_bag.side_by_side import side_by_side
from confocal_bag.spreadsheet import as_csv_text

__all__ = ["build_batch", "results_of"]

_RESULT_COLUMNS = ("row", "outcome", "deposit", "bag", "errors", "warnings", "message", "at")


def results_of(jobs_file: Path) -> Path:
    """The results beside a table of jobs, one JSON object a line; the same with .csv is the latest of each row."""
    return jobs_file.with_name(f"{jobs_file.stem}.results.jsonl")


def build_batch(
    jobs_file: Path,
    options: BuildOptions,
    *,
    jobs: int = 2,
    progress: Progress = SILENT,
    executor: Executor | None = None,
) -> list[Report]:
    """Build the bag of every row, several at once; one report a row, in their order. Deposits are only read.

    A row whose bag was built from it before is left alone, so that a run that was interrupted is gone on with. A row
    that fails never keeps the others from being built. Raises `CannotFinish` for a file that is no table of jobs.
    """
    rows = read_batch(jobs_file)
    reports: dict[int, Report] = {row.number: _row_problem(row) for row in rows if row.problem}
    with _Results(results_of(jobs_file)) as results:
        waiting = []
        for row in (row for row in rows if not row.problem):
            said = results.judge(row)
            if said is None:
                waiting.append(row)
            else:
                reports[row.number] = said
        at_once = max(1, min(jobs, len(waiting)))
        build = partial(_build_row, options=replace(options, jobs=max(1, jobs // at_once)))
        progress.stage(f"Building {len(waiting)} bags", None)
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
    return replace(report, summary={**report.summary, **more, "row": row.number})


def _row_problem(row: BatchRow) -> Report:
    return _with_row(_failure(row, row.problem or ""), row, outcome="failed")


def _failure(row: BatchRow, message: str) -> Report:
    finding = Finding(rule="internal.cannot-finish", severity=Severity.ERROR, message=message)
    return Report(command="build", subject=readable_path(row.deposit), findings=(finding,))


class _Results:
    """The file of results: a line when a row begins, a line when it ends; nobody else writes to it meanwhile.

    A bag is renamed to its name when it is complete and not before, so a row that began, did not fail and has its bag
    was finished, even when the end was not written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FolderLock(path.with_name(f"{path.name}.lock"))
        self._last: dict[str, Mapping[str, Any]] = {}

    def __enter__(self) -> "_Results":
        with _writing(self._path):
            if self._lock.take() is LockOutcome.IN_USE:
                raise CannotFinish(f"Another run is at work on this table; {readable_path(self._path)} is in use.")
            if self._path.exists():
                self._last = {one["key"]: one for one in _records(self._path)}
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def judge(self, row: BatchRow) -> Report | None:
        """What is to be said of a row that is not to be built; None for one that is."""
        if not os.path.lexists(row.bag):
            return None
        last = self._last.get(_key(row))
        if last is not None and last["outcome"] in ("begun", "built"):
            outcome = {"outcome": "built before", "bag": readable_path(row.bag), "row": row.number}
            return Report(command="build", subject=readable_path(row.deposit), summary=outcome)
        said = f"Row {row.number}: {readable_path(row.bag)} exists and was not made from this row; it is not replaced."
        return _with_row(_failure(row, f"{said} Name another bag, or move it away."), row, outcome="failed")

    def begin(self, row: BatchRow) -> BatchRow:
        """Record that a row is begun; the row."""
        self._append(row, {"outcome": "begun"})
        return row

    def end(self, row: BatchRow, report: Report) -> None:
        """Record how a row ended."""
        self._append(row, _result(row, report))

    def _append(self, row: BatchRow, record: Mapping[str, Any]) -> None:
        whole = printable({"key": _key(row), "row": row.number, "at": _now(), **record})
        with _writing(self._path), self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(whole, ensure_ascii=False) + "\n")

    def write_table(self, rows: Sequence[BatchRow], reports: Mapping[int, Report]) -> None:
        """The outcome of every row, for a spreadsheet program."""
        records = [printable({"at": _now(), **_result(row, reports[row.number])}) for row in rows]
        text = as_csv_text(_RESULT_COLUMNS, ([one.get(name) for name in _RESULT_COLUMNS] for one in records))
        target = self._path.with_suffix(".csv")
        partial_file = target.with_name(f".{target.name}.{os.getpid()}.partial")
        with _writing(target):
            partial_file.write_text(text, encoding="utf-8-sig", newline="")
            partial_file.replace(target)


def _result(row: BatchRow, report: Report) -> dict[str, Any]:
    worst = min(report.findings, key=lambda finding: finding.severity.rank, default=None)
    counts = [sum(one.severity is severity for one in report.findings) for severity in Severity]
    return {
        "row": row.number,
        "outcome": report.summary.get("outcome", "failed"),
        "deposit": readable_path(row.deposit),
        "bag": readable_path(row.bag),
        "verdict": report.verdict.value,
        "errors": counts[0],
        "warnings": counts[1],
        "message": worst.message if worst and worst.severity is Severity.ERROR else None,
    }


def _key(row: BatchRow) -> str:
    """What a row asks for, whatever its place in the table."""
    parts = [os.fspath(row.deposit.absolute()), os.fspath(row.bag.absolute()), row.level, row.tags]
    return sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _records(path: Path) -> Iterator[dict[str, Any]]:
    """The results written before; a line that was cut off by a crash counts for nothing."""
    with path.open("rb") as stream:
        for line in stream:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and record.keys() >= {"key", "outcome"}:
                yield record


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotFinish(
            f"The results cannot be written to {readable_path(path)}: {error.strerror}. "
            "Put the table of jobs into a folder that can be written to."
        ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
