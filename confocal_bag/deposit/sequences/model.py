"""What a sequence of image files is: the objects that `find_sequences` returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = [
    "AxisRange",
    "Confidence",
    "FileFacts",
    "Sequence",
    "SequenceFile",
    "SequenceProblem",
    "SequenceReport",
]


class Confidence(StrEnum):
    """Why an axis is believed, surest first."""

    TABLE = "table"
    MARKER = "marker"
    STRUCTURE = "structure"
    GUESS = "guess"


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRange:
    """The values one axis takes. `values` is sorted; `first` and `last` are its ends; labels stay text."""

    first: int | str
    last: int | str
    count: int
    values: tuple[int | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceFile:
    """One member of a sequence, its path as it was given, and where it stands on each axis."""

    path: str
    coordinates: Mapping[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """Files that are planes of one acquisition, ordered by coordinates.

    `stem` is the text the names share, `folder` the folder they share ("" for the top). `axes` holds every axis the
    names state, those with a single value too; `varying` names those that change from file to file. `irregular` names
    the ordered axes whose numbers need not follow each other (elapsed times, dates, numbers of acquisitions).
    """

    stem: str
    folder: str
    axes: Mapping[str, AxisRange]
    convention: str | None
    confidence: Confidence
    files: tuple[SequenceFile, ...]
    irregular: tuple[str, ...] = ()

    @property
    def varying(self) -> tuple[str, ...]:
        """The axes with at least two values, in the order of `axes`."""
        return tuple(axis for axis, extent in self.axes.items() if extent.count > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceProblem:
    """One thing that is odd about the names. `code` is the rule id without its family."""

    code: str
    message: str
    path: str | None = None
    remedy: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceReport:
    """Every given path once, in a sequence or in `unsequenced`, with what is odd about the names.

    `headers_read` tells whether facts from file headers were available to confirm the names.
    """

    sequences: tuple[Sequence, ...]
    unsequenced: tuple[str, ...]
    problems: tuple[SequenceProblem, ...]
    headers_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What the header of one file says. None where it says nothing. `width` and `height` in pixels.

    `size_z`, `size_t`, `size_c` are the sizes the header declares (OME SizeZ, ImageJ slices), which may speak of the
    whole data set and not only of this file.
    """

    pages: int | None = None
    width: int | None = None
    height: int | None = None
    samples: int | None = None
    dtype: str | None = None
    size_z: int | None = None
    size_t: int | None = None
    size_c: int | None = None
