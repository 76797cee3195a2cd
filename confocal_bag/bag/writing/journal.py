"""The journal of a bag in the making: which files are finished, so that a later run need not make them again.

One line per finished file, appended when the file is complete. Each line is a JSON object with a record and the
record's SHA-256, so that a torn or damaged line is known for what it is, and ignored; it costs a copy, never a wrong
bag. The first line says what is being made; a journal of anything else counts for nothing.

A line is handed to the system at once and survives the death of the process. It is not synced: after a power cut, lines
may be missing, or files that lines name may be short or empty. Nobody relies on a line alone (see `leftovers`): the
staged file is hashed again and compared with it.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from confocal_bag.bag.digester import Fixity
from confocal_bag.bag.writing.original import Original

__all__ = ["Journal", "JournalEntry"]

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """A finished file of the bag: copied from `source`, or made by the program, with a note of small JSON values."""

    target: str
    fixity: Fixity
    source: Original | None = None
    note: Mapping[str, Any] | None = None


class Journal:
    """An open journal. `add` and `find` may be called from several threads."""

    def __init__(self, path: Path, *, key: str, algorithms: Sequence[str]) -> None:
        self._path = path
        self._header = {"journal": _FORMAT, "key": key, "algorithms": list(algorithms)}
        self._places: dict[str, tuple[int, int]] = {}
        self._length = 0
        self._descriptor: int | None = None
        self._lock = Lock()

    def resume(self) -> bool:
        """Go on with the journal that an earlier run left; False when there is none, or one of other work.

        Raises OSError when it cannot be read or written to.
        """
        try:
            self._descriptor = os.open(self._path, _flags())
        except FileNotFoundError:
            return False
        if self._read():
            return True
        self.close()
        return False

    def begin(self) -> None:
        """Start an empty journal, in place of any other. Raises OSError."""
        self._path.unlink(missing_ok=True)
        self._descriptor = os.open(self._path, _flags() | os.O_CREAT | os.O_EXCL, 0o666)
        self._places, self._length = {}, 0
        self._append(self._header)

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def targets(self) -> frozenset[str]:
        """The files that are finished according to the journal."""
        with self._lock:
            return frozenset(self._places)

    def add(self, entry: JournalEntry) -> None:
        """Record a finished file, in place of what was recorded of it before. Raises OSError and records nothing."""
        with self._lock:
            self._places[entry.target] = self._append(_as_record(entry))

    def find(self, target: str) -> JournalEntry | None:
        """What the journal says of a file. Raises OSError."""
        with self._lock:
            if target not in self._places:
                return None
            offset, length = self._places[target]
            os.lseek(self._open, offset, os.SEEK_SET)
            record = _checked(os.read(self._open, length))
        return _as_entry(record) if record else None

    @property
    def _open(self) -> int:
        assert self._descriptor is not None, "the journal is closed"
        return self._descriptor

    def _read(self) -> bool:
        with os.fdopen(os.dup(self._open), "rb") as stream:
            first = stream.readline()
            if not first.endswith(b"\n") or _checked(first) != self._header:
                return False
            self._length = len(first)
            for line in stream:
                if line.endswith(b"\n"):
                    self._note_place(line)
                    self._length += len(line)
        os.ftruncate(self._open, self._length)  # the torn last line, if any: the next one begins where it began
        return True

    def _note_place(self, line: bytes) -> None:
        record = _checked(line)
        entry = _as_entry(record) if record else None
        if entry:
            self._places[entry.target] = (self._length, len(line))

    def _append(self, record: Mapping[str, Any]) -> tuple[int, int]:
        """Write a line in one go; on failure leave the journal as it was."""
        line = _as_line(record)
        os.lseek(self._open, self._length, os.SEEK_SET)
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._open, rest) :]
        except OSError:
            os.ftruncate(self._open, self._length)
            raise
        place = (self._length, len(line))
        self._length += len(line)
        return place


def _flags() -> int:
    flags = os.O_RDWR
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    return flags


def _text(record: Mapping[str, Any]) -> str:
    # ASCII, so that names which are not UTF-8 survive and no name can end the line.
    return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _digest(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(record).encode("ascii")).hexdigest()


def _as_line(record: Mapping[str, Any]) -> bytes:
    return f"{_text({'record': record, 'sha256': _digest(record)})}\n".encode("ascii")


def _checked(line: bytes) -> dict[str, Any] | None:
    """The record of a line, or None for a line that is torn or damaged."""
    try:
        document = json.loads(line)
        record = document["record"]
        return record if isinstance(record, dict) and document["sha256"] == _digest(record) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _as_record(entry: JournalEntry) -> dict[str, Any]:
    source = entry.source
    return {
        "target": entry.target,
        "size": entry.fixity.size,
        "digests": dict(entry.fixity.digests),
        "source": source and {"name": source.name, "size": source.size, "mtime_ns": source.mtime_ns},
        "note": entry.note,
    }


def _as_entry(record: Mapping[str, Any]) -> JournalEntry | None:
    try:
        return JournalEntry(
            target=record["target"],
            fixity=Fixity(size=record["size"], digests=record["digests"]),
            source=Original(**record["source"]) if record["source"] else None,
            note=record["note"],
        )
    except (KeyError, TypeError):
        return None
