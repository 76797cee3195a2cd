"""The results of a batch: what became of every row, kept beside its table and said again by later runs."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from confocal_bag.bag.rules import Depth, check_bag
from confocal_bag.bag.writing.folder_lock import FolderLock, LockOutcome
from confocal_bag.batch_table import BatchRow
from confocal_bag.document import as_document, printable
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path
from confocal_bag.spreadsheet import as_csv_text

__all__ = ["BatchResults", "named", "row_failed"]

_COLUMNS = ("row", "outcome", "verdict", "deposit", "bag", "errors", "warnings", "message", "at")
#: What was found in a deposit, in the bag that was made of it; read where a run ended before it wrote its results.
_FOUND_BEFORE = Path("data", "metadata", "findings.json")
_MOST_FOUND = 512 << 20


def named(row: BatchRow) -> dict[str, object]:
    """What tells a row from others in a report: its number, and the bag it asks for where the row is sound."""
    return {"row": row.number, "bag_of_row": None if row.problem else readable_path(row.bag)}


def row_failed(row: BatchRow, message: str) -> Report:
    """The report of a row that cannot be worked on as it is written."""
    finding = Finding(rule="usage.row", severity=Severity.ERROR, message=message)
    summary = {"outcome": "failed", **named(row)}
    return Report(command="build", subject=readable_path(row.deposit), findings=(finding,), summary=summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """The last record of a row, by where its line begins: what many rows found need not all be held in memory."""

    outcome: str
    offset: int


class BatchResults:
    """The file of results: a line when a row begins, a line when it ends; nobody else writes to it meanwhile.

    A bag is renamed to its name when it is complete and not before, so a row that began, did not fail and has its bag
    was finished, even when the end was not written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FolderLock(path.with_name(f"{path.name}.lock"))
        self._last: dict[str, _Last] = {}

    def __enter__(self) -> "BatchResults":
        """Take the file for this run alone. Raises `CannotFinish` while another run has it."""
        with _writing(self._path):
            if self._lock.take() is LockOutcome.IN_USE:
                raise CannotFinish(f"Another run is at work on this table; {readable_path(self._path)} is in use.")
            if self._path.exists():
                for offset, record in _records(self._path):
                    self._last[record["key"]] = _Last(outcome=record["outcome"], offset=offset)
                _end_last_line(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def judge(self, row: BatchRow) -> Report | None:
        """What is to be said of a row that is not to be built; None for one that is."""
        if not os.path.lexists(row.bag):
            return None
        last = self._last.get(_key(row))
        if last is not None and last.outcome in ("begun", "built"):
            return self._said_before(row, last)
        said = f"Row {row.number}: {readable_path(row.bag)} exists and was not made from this row; it is not replaced."
        return row_failed(row, f"{said} Name another bag, or move it away.")

    def _said_before(self, row: BatchRow, last: _Last) -> Report:
        """The report of the run that built the bag, as far as it was kept."""
        with self._path.open("rb") as stream:
            stream.seek(last.offset)
            record = json.loads(stream.readline())
        found = _findings(record.get("findings"))
        if found is None:
            found = _findings(_found_before(row.bag))
        summary = {
            **record.get("summary", {}),
            "outcome": "built before",
            "built_at": record["at"] if last.outcome == "built" else None,
            "bag": readable_path(row.bag),
            **named(row),
            "looked_at": "the names and sizes of the files in the bag; no checksums were computed",
        }
        findings = ((_unknown(row),) if found is None else found) + _wrong_now(row.bag)
        return Report(command="build", subject=readable_path(row.deposit), findings=findings, summary=summary)

    def begin(self, row: BatchRow) -> BatchRow:
        """Record that a row is begun; the row."""
        self._append(row, {"outcome": "begun"})
        return row

    def end(self, row: BatchRow, report: Report) -> None:
        """Record how a row ended, with all that was found."""
        document = as_document(report)
        self._append(row, {**_result(row, report), "summary": document["summary"], "findings": document["findings"]})

    def _append(self, row: BatchRow, record: Mapping[str, Any]) -> None:
        whole = printable({"key": _key(row), "row": row.number, "at": _now(), **record})
        with _writing(self._path), self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(whole, ensure_ascii=False) + "\n")

    def write_table(self, rows: Sequence[BatchRow], reports: Mapping[int, Report]) -> None:
        """The outcome of every row, for a spreadsheet program."""
        records = [printable({"at": _now(), **_result(row, reports[row.number])}) for row in rows]
        text = as_csv_text(_COLUMNS, ([one.get(name) for name in _COLUMNS] for one in records))
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
        "message": worst.message if worst and worst.severity in (Severity.ERROR, Severity.WARNING) else None,
    }


def _found_before(bag: Path) -> list[Any] | None:
    """What the bag itself says was found in its deposit; None where it does not say."""
    path = bag / _FOUND_BEFORE
    try:
        document = json.loads(path.read_bytes()) if path.stat().st_size <= _MOST_FOUND else None
    except (OSError, ValueError, RecursionError):
        return None
    found = document.get("findings") if isinstance(document, dict) else None
    return found if isinstance(found, list) else None


def _unknown(row: BatchRow) -> Finding:
    said = f"The run that built {readable_path(row.bag)} ended before it wrote down what it found, and the bag has no "
    remedy = "Look at it with `confocal-bag validate`, or move it away to have it built again."
    return Finding(
        rule="internal.cannot-finish",
        severity=Severity.ERROR,
        message=f"{said}{_FOUND_BEFORE.as_posix()} that can be read.",
        remedy=remedy,
    )


def _findings(found: Any) -> tuple[Finding, ...] | None:
    """The findings that were written down; None for what are none.

    There is a bag, so what was an error in its deposit was overruled.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        known = TypeAdapter(list[Finding]).validate_python(found)
    except ValidationError:
        return None
    return tuple(replace(one, severity=Severity.WARNING) if one.severity is Severity.ERROR else one for one in known)


def _wrong_now(bag: Path) -> tuple[Finding, ...]:
    """What keeps a bag from being whole, by the names and sizes of its files."""
    try:
        found = check_bag(bag, depth=Depth.COMPLETENESS).findings
    except CannotFinish as problem:
        return (Finding(rule="internal.cannot-finish", severity=Severity.ERROR, message=str(problem)),)
    return tuple(one for one in found if one.severity is Severity.ERROR)


def _end_last_line(path: Path) -> None:
    """End a line that a crash cut off, so that the next one begins anew."""
    with path.open("r+b") as stream:
        if stream.seek(0, os.SEEK_END) and stream.seek(-1, os.SEEK_END) >= 0 and stream.read(1) != b"\n":
            stream.write(b"\n")


def _key(row: BatchRow) -> str:
    """What a row asks for, whatever its place in the table."""
    parts = [os.fspath(row.deposit.absolute()), os.fspath(row.bag.absolute()), row.level, row.tags]
    return sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The results written before, with where each begins; a line that a crash cut off counts for nothing."""
    offset = 0
    with path.open("rb") as stream:
        for line in stream:
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict) and _is_result(record):
                yield offset, record
            offset += len(line)


def _is_result(record: Mapping[str, Any]) -> bool:
    """Whether a line is one of ours: somebody may have edited the file."""
    texts = all(isinstance(record.get(name), str) for name in ("key", "outcome", "at"))
    return texts and isinstance(record.get("summary", {}), dict)


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
