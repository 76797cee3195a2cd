"""metadata/sequences.json: which sequences a bag holds, so that its receiver can tell whether they are still whole."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from confocal_bag import __version__
from confocal_bag.deposit.sequences.find import find_sequences
from confocal_bag.deposit.sequences.model import AxisRange, Sequence
from confocal_bag.deposit.sequences.sentences import axis_sentences, meaning_of, missing_on, naming_sentence, step_of
from confocal_bag.vocabulary import Tier

__all__ = [
    "AxisStatement",
    "PlaneStatement",
    "SequenceStatement",
    "SequencesStatement",
    "read_again",
    "read_statement",
    "render_statement",
    "state_sequence",
]

Value = int | str
_TIERS = frozenset({Tier.RAW.value, Tier.TRANSFORMED.value, Tier.PROCESSED.value})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class AxisStatement(_Part):
    """One axis of the names; `values` only for labels, `missing` for numbers that no file had when it was packed."""

    meaning: str
    first: Value
    last: Value
    count: int
    step: int | None = None
    values: list[str] | None = None
    missing: list[int] = []


class PlaneStatement(_Part):
    """One file, by its path in the bag, and its place on each axis."""

    path: str
    coords: dict[str, Value]


class SequenceStatement(_Part):
    """One sequence as it was packed.

    `known` says how the meaning of the numbers is known, `sentences` what each means. `readable_by_name` tells that
    the coordinates follow from the names in the bag alone, so that they can be read again; else headers had a say.
    `compiled` and `companions` are paths in the bag.
    """

    stem: str
    folder: str
    convention: str | None = None
    confidence: str
    known: str
    sentences: list[str] = []
    axes: dict[str, AxisStatement]
    files: list[PlaneStatement]
    readable_by_name: bool
    compiled: list[str] = []
    companions: list[str] = []

    def told_of(self, path: str) -> dict[str, str]:
        """What the sidecar of a file says: how the sequence is named, what each number means, where the file stands."""
        place = next((file.coords for file in self.files if file.path == path), None)
        made = None if place else f"{self.files[0].path} to {self.files[-1].path}"
        return {
            "Sequence": f"{self.folder}/{self.stem}",
            "Files": str(len(self.files)),
            "Meaning known": self.known,
            **{f"Axis {number}": sentence for number, sentence in enumerate(self.sentences, start=1)},
            **({"Place": ", ".join(f"{axis} = {value}" for axis, value in place.items())} if place else {}),
            **({"Made of": made} if made else {}),
        }


class SequencesStatement(_Part):
    """All sequences of a bag; `pattern` is that of deposit.yaml by which names were read."""

    record: Literal[1] = 1
    version: str = __version__
    pattern: str | None = None
    sequences: list[SequenceStatement]

    def of_file(self, path: str) -> SequenceStatement | None:
        """The sequence that a file is one of, or was made from."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> dict[str, SequenceStatement]:
        return {
            path: one
            for one in self.sequences
            for path in (*(file.path for file in one.files), *one.compiled, *one.companions)
        }

    @property
    def made(self) -> frozenset[str]:
        """Every file that was made from a sequence."""
        return frozenset(path for one in self.sequences for path in (*one.compiled, *one.companions))


def state_sequence(
    sequence: Sequence,
    *,
    folder: str,
    paths: Mapping[str, str],
    read: Mapping[str, Sequence],
    compiled: Iterable[str],
    companions: Iterable[str],
) -> SequenceStatement:
    """What is said of a sequence; `paths` leads from its files to their paths in the bag.

    `read` are the sequences as the names in the bag alone tell them, by the paths of their files (`read_again`).
    """
    files = [PlaneStatement(path=paths[one.path], coords=dict(one.coordinates)) for one in sequence.files]
    again = {id(one): one for file in files if (one := read.get(file.path))}
    alike = len(again) == 1 and _coordinates(*again.values()) == {one.path: one.coords for one in files}
    return SequenceStatement(
        stem=sequence.stem,
        folder=folder,
        convention=sequence.convention,
        confidence=sequence.confidence.value,
        known=naming_sentence(sequence),
        sentences=list(axis_sentences(sequence)),
        axes={axis: _axis(sequence, axis, extent) for axis, extent in sequence.axes.items()},
        files=files,
        readable_by_name=alike,
        compiled=list(compiled),
        companions=list(companions),
    )


def _coordinates(sequence: Sequence) -> dict[str, Mapping[str, Value]]:
    return {file.path: dict(file.coordinates) for file in sequence.files}


def _axis(sequence: Sequence, axis: str, extent: AxisRange) -> AxisStatement:
    counts = axis not in sequence.irregular
    labels = [value for value in extent.values if isinstance(value, str)]
    return AxisStatement(
        meaning=meaning_of(axis),
        first=extent.first,
        last=extent.last,
        count=extent.count,
        step=step_of(extent) if counts else None,
        values=[str(value) for value in extent.values] if labels else None,
        missing=missing_on(extent) if counts else [],
    )


def read_again(paths: Iterable[str], *, made: Collection[str], pattern: str | None) -> dict[str, Sequence]:
    """The sequence of each file that belongs to one, by the names of a bag's files alone.

    `paths` are paths in the bag (data/raw/...); those in `made` were made from sequences and belong to none.
    """
    image_paths = [path for path in paths if path not in made and _is_data(path)]
    report = find_sequences(image_paths, pattern=pattern)
    return {file.path: one for one in report.sequences for file in one.files}


def _is_data(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) > 2 and parts[0] == "data" and parts[1] in _TIERS


def render_statement(statement: SequencesStatement) -> bytes:
    """The bytes of metadata/sequences.json."""
    return (json.dumps(statement.model_dump(exclude_none=True), indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def read_statement(content: bytes) -> SequencesStatement:
    """The statement in these bytes, which may come from anyone. Raises ValueError with a sentence."""
    try:
        return SequencesStatement.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise ValueError(f"{where}: {first['msg']}") from error
