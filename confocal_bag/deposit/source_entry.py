"""One entry of a deposit, whether it lies in a folder or in a zip file."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

__all__ = ["EntryKind", "SourceEntry"]


class EntryKind(StrEnum):
    """What a directory entry is, without following links."""

    FILE = "file"
    LINK = "symbolic link"
    SPECIAL = "special file"
    EMPTY_FOLDER = "empty folder"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One entry of a deposit; `bytes` is 0 for everything but files. `note` says more about what is not a file.

    What `is_lost` has bytes that nobody can have any more, or nobody without a password.
    """

    path: PurePosixPath
    kind: EntryKind
    bytes: int = 0
    modified_ns: int = 0
    note: str | None = None
    is_lost: bool = False
