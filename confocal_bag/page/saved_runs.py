"""Runs that were saved into files: read back, and told from what is none."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from confocal_bag.document import RECORD_VERSION
from confocal_bag.findings import CannotFinish, Check, Finding, Report, readable_path
from confocal_bag.page.run import Run

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["parse_runs", "read_reports"]

MOST_BYTES = 512 << 20


def read_reports(path: Path) -> list[Report]:
    """The reports that `--format json` or `--format jsonl` wrote into a file. Raises CannotFinish.

    Their verdicts come from their findings anew.
    """
    shown = readable_path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CannotFinish(f"{shown} is larger than {MOST_BYTES:,} bytes; a saved run was expected.")
        content = path.read_bytes()
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be read: {error.strerror}. Check the path.") from error
    documents = _documents(content, shown)
    return [_report(run, document) for run, document in zip(_runs(documents, shown), documents, strict=True)]


def _report(run: Run, document: Mapping[str, Any]) -> Report:
    known = ("record", "tool", "command", "subject", "made", "verdict", "checks", "findings", "summary")
    return Report(
        command=run.command,
        subject=run.subject,
        checks=tuple(Check(rule=one.rule, outcome=one.outcome, reason=one.reason) for one in run.checks),
        findings=tuple(Finding(**one.model_dump()) for one in run.findings),
        summary=run.summary,
        made=run.made,
        extra={key: value for key, value in document.items() if key not in known},
    )


def parse_runs(content: bytes, shown: str) -> list[Run]:
    """The runs in the bytes of a document, which messages call `shown`. Raises CannotFinish."""
    return _runs(_documents(content, shown), shown)


def _runs(documents: list[Any], shown: str) -> list[Run]:
    try:
        runs = [Run.model_validate(one) for one in documents]
    except ValidationError as error:
        raise CannotFinish(f"{shown} is no saved run of confocal-bag: {_first(error.errors())}") from error
    if newer := [one.record for one in runs if one.record > RECORD_VERSION]:
        raise CannotFinish(
            f"{shown} has records of version {newer[0]}; this program reads {RECORD_VERSION}. Use a newer confocal-bag."
        )
    return runs


def _documents(content: bytes, shown: str) -> list[Any]:
    """One document, a list of them, or one on each line."""
    try:
        text = content.decode("utf-8")
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise CannotFinish(
            f"{shown} is neither a bag, a deposit nor a saved run: it is not JSON ({error}). "
            "Give a folder, an archive, or what --format json wrote."
        ) from error
    documents = found if isinstance(found, list) else [found]
    if not documents:
        raise CannotFinish(f"{shown} holds no run. Give what --format json wrote.")
    return documents


def _first(errors: "list[ErrorDetails]") -> str:
    """The first fault, in a sentence."""
    place = ".".join(str(one) for one in errors[0]["loc"]) or "the document"
    return f"{place}: {errors[0]['msg']}. Give what --format json wrote."
