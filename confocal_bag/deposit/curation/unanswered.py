"""Remember what no answer came of: answers that could not be taken, and questions of which nobody knows the answer.

The next letter says what was answered and why it could not be taken, and asks nothing again that nobody knows.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Refused", "Unanswered", "read_unanswered", "unanswered_file", "write_unanswered"]

_NAME = "unanswered.json"
_MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An answer that was not taken, and why, as a part of a sentence."""

    answer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Refused answers by the field that was asked for, and the fields that nobody knows."""

    refused: Mapping[str, Refused] = field(default_factory=dict)
    not_known: frozenset[str] = frozenset()


def unanswered_file(folder: Path) -> Path:
    """Where the record lies in the curation folder; without it, the next letter asks everything again."""
    return folder / _NAME


def read_unanswered(folder: Path) -> Unanswered:
    """What is remembered; nothing where there is no record. Raises `CannotFinish` where it cannot be read."""
    path = folder / _NAME
    if not path.is_file():
        return Unanswered()
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError
        told = json.loads(path.read_bytes())
        refused = {
            str(name): Refused(answer=str(one["answer"]), reason=str(one["reason"]))
            for name, one in told["refused"].items()
        }
        return Unanswered(refused=refused, not_known=frozenset(map(str, told["not_known"])))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotFinish(
            f"{readable_path(path)} is not the record that `describe --answers` keeps of what was not answered. Move "
            "it away; the next letter then asks again."
        ) from error
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}. Check its permissions.") from error


def write_unanswered(folder: Path, unanswered: Unanswered) -> None:
    """Keep the record in one step. Raises `CannotFinish` where it cannot be written."""
    path = folder / _NAME
    partial = folder / f".{_NAME}.partial"
    document = {
        "refused": {name: asdict(one) for name, one in sorted(unanswered.refused.items())},
        "not_known": sorted(unanswered.not_known),
    }
    try:
        partial.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be written: {error.strerror}.") from error
