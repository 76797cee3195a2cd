"""One question: its words for a depositor, an example of a good answer, and how an answer is read."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Kind", "Topic", "Wording", "asked"]


class Topic(StrEnum):
    """What a question is about; the letter goes through them in this order, most useful for reuse first."""

    FILES = "About the files"
    SAMPLES = "About the samples"
    CHANNELS = "About the channels (colours)"
    IMAGING = "About the microscope and its settings"
    PROCESSING = "About how the images were made and worked on"
    REUSE = "About what others may do with the images"
    DATASET = "About the dataset and the people behind it"
    CURATOR = "For the curator"


class Kind(StrEnum):
    """How an answer is read."""

    TEXT = "text"
    NUMBER = "number"
    NUMBERS = "numbers"
    SIZE = "size"
    LIST = "list"
    YES_NO = "yes-no"
    FIXATION = "fixation"
    PROBE = "probe"
    LASERS = "lasers"
    DETECTORS = "detectors"
    NODE = "node"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One question to a depositor. `short` names what it asks for, in a list of what is still missing.

    `parts` are the fields that answer it where they are several, each with its own words.
    """

    topic: Topic
    question: str
    example: str
    short: str
    kind: Kind = Kind.TEXT
    parts: tuple[tuple[str, str, str], ...] = ()


def asked(
    topic: Topic,
    question: str,
    example: str,
    short: str,
    kind: Kind = Kind.TEXT,
    *,
    parts: tuple[tuple[str, str, str], ...] = (),
) -> Wording:
    """A wording, its parts in the order in which they are written down."""
    return Wording(topic=topic, question=question, example=example, short=short, kind=kind, parts=parts)
