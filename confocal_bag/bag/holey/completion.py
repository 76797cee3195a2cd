"""What became of a bag that was to be completed."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["Completion", "FetchFailure", "FetchedFile", "Trouble"]


class Trouble(StrEnum):
    """The kinds of reason why a file was not fetched."""

    REFUSED = "refused"
    NOT_DOWNLOADED = "not-downloaded"
    WRONG_CONTENT = "wrong-content"
    NOT_PLACED = "not-placed"
    NOT_OFFERED = "not-offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """A file that was fetched, verified and placed."""

    path: str
    bytes: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """A file that is still missing or not as stated, and why; `line` is that of fetch.txt, None where there is none."""

    path: str
    trouble: Trouble
    reason: str
    url: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What became of one bag: files fetched, files of fetch.txt that were there already, files still missing."""

    bag: Path
    has_fetch: bool
    fetched: tuple[FetchedFile, ...] = ()
    present: tuple[str, ...] = ()
    failures: tuple[FetchFailure, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every file that a payload manifest or fetch.txt names is in the bag."""
        return not self.failures
