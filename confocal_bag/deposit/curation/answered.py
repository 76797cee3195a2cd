"""Remember what answer sheets put into deposit.yaml, so that an answer that is corrected later takes its place.

What a header or a person wrote there is in no such record, and no sheet writes over it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Written", "read_answered", "write_answered"]

_NAME = "answers.json"
_MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where an answer was written, and its YAML text. `field` may be another one of the entry asked about."""

    field: str
    value: str


def read_answered(folder: Path) -> Mapping[str, Written]:
    """What was written so far, by the field that was asked for; nothing where there is no record.

    Raises `CannotFinish` where the record cannot be read.
    """
    path = folder / _NAME
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError
        told = json.loads(path.read_bytes())["answers"]
        return {str(asked): Written(field=str(one["field"]), value=str(one["value"])) for asked, one in told.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotFinish(
            f"{readable_path(path)} is not the record of answers that `describe --answers` keeps. Move it away; "
            "answers that were taken before can then be corrected in deposit.yaml only."
        ) from error
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}. Check its permissions.") from error


def write_answered(folder: Path, written: Mapping[str, Written]) -> None:
    """Keep the record in one step. Raises `CannotFinish` where it cannot be written."""
    path = folder / _NAME
    partial = folder / f".{_NAME}.partial"
    answers = {asked: asdict(one) for asked, one in sorted(written.items())}
    try:
        partial.write_text(json.dumps({"answers": answers}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be written: {error.strerror}.") from error
