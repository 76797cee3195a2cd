"""What a curator can know of a deposit: an answer, and what it rests on."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

__all__ = ["Answer", "Answered", "Basis", "Evidence", "Status"]


class Answer(StrEnum):
    """An answer to a question of the decision tree."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Whether one of the primer's key questions has its answer."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    NOT_APPLICABLE = "not-applicable"


class Basis(StrEnum):
    """Where a piece of evidence was seen."""

    FILES = "files"
    HEADER = "header"
    DOCUMENT = "document"
    DESCRIPTION = "deposit.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was seen. `path` is the file it was seen in, `line` the line of a document, from 1.

    `place` is where in a document a person finds it: "line 4", "paragraph 12", "page 3, line 4".
    `text` is a sentence quoted from a document, or one that says what the files or a header show.
    """

    basis: Basis
    text: str
    path: PurePosixPath | None = None
    line: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer with its evidence, and the files that a "no" or "unknown" is about.

    `some` is how many files answer "yes" and how many there are, where a "no" is not for all of them.
    """

    answer: Answer
    evidence: tuple[Evidence, ...] = ()
    files: tuple[PurePosixPath, ...] = ()
    some: tuple[int, int] | None = None

    @property
    def in_words(self) -> str:
        """The answer as it is shown: "some: 2 of 5 files" where it is not the same for all."""
        return f"some: {self.some[0]} of {self.some[1]} files" if self.some else self.answer.value
