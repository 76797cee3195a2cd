"""The curation log: who did what to a deposit, when, and why; one line of JSON for programs, one of text for people."""

import json
import os
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from confocal_bag.deposit.exports.plain_text import cleaned
from confocal_bag.findings import CannotFinish, UsageProblem, readable_path

__all__ = ["LOG_JSON", "LOG_TEXT", "LogEntry", "add_to_log", "read_log", "read_time"]

LOG_TEXT = "curation-log.txt"
LOG_JSON = "curation-log.jsonl"
_WIDTH = 78
_INDENT = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry: who, when (UTC), what kind of work, and a note."""

    who: str
    when: datetime
    what: str
    note: str

    def as_text(self) -> str:
        """The entry for people: a line that begins with its time, and the note indented below it."""
        head = f"{_time(self.when)}  {cleaned(self.who)}: {cleaned(self.what)}"
        note = textwrap.wrap(
            cleaned(self.note), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_long_words=False
        )
        return "\n".join([head, *note]) + "\n"

    def as_json(self) -> str:
        """The entry for programs, on one line."""
        document = {
            "when": _time(self.when),
            "who": self.who,
            "what": self.what,
            "note": self.note,
        }
        return json.dumps(document, ensure_ascii=True) + "\n"


def _time(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime:
    """A day or a time as ISO 8601, UTC where it names no zone. Raises `UsageProblem`."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(f"{text!r} is no date; write 2019-04-17 or 2019-04-17T10:30.") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def add_to_log(folder: Path, entry: LogEntry) -> Path:
    """Append an entry to both logs in the curator's folder, which is made where it is missing; return the text.

    What is there is never changed. Raises `CannotFinish` where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _append(folder / LOG_JSON, entry.as_json())
        _append(folder / LOG_TEXT, entry.as_text())
    except OSError as error:
        raise CannotFinish(
            f"The curation log in {readable_path(folder)} cannot be written: {error.strerror}. Check its permissions."
        ) from error
    return folder / LOG_TEXT


def read_log(folder: Path, name: str) -> bytes | None:
    """The log of that name in the curator's folder, for the bag; None where nobody has written one.

    Raises `CannotFinish` where it cannot be read, and for a link.
    """
    path = folder / name
    if path.is_symlink():
        raise CannotFinish(f"{readable_path(path)} is a link; the curation log is not read through one.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}. Check its permissions.") from error


def _append(path: Path, text: str) -> None:
    """Append in one write, so that two curators at once leave two whole entries; never through a link."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o666)
    try:
        os.write(handle, text.encode("utf-8"))
        os.fsync(handle)
    finally:
        os.close(handle)
