"""Sequences as values for the JSON document of `confocal-bag sequences`."""

from typing import Any

from confocal_bag.deposit.sequences.model import AxisRange, Sequence, SequenceReport
from confocal_bag.findings import readable_path

__all__ = ["as_json"]


def as_json(report: SequenceReport) -> dict[str, Any]:
    """The keys "sequences" and "unsequenced" of the document, never shortened."""
    return {
        "sequences": [_sequence(sequence) for sequence in report.sequences],
        "unsequenced": [readable_path(path) for path in report.unsequenced],
    }


def _sequence(sequence: Sequence) -> dict[str, Any]:
    return {
        "stem": readable_path(sequence.stem),
        "axes": {axis: _extent(extent) for axis, extent in sequence.axes.items()},
        "convention": sequence.convention,
        "confidence": sequence.confidence.value,
        **({"irregular": list(sequence.irregular)} if sequence.irregular else {}),
        "files": [
            {
                "path": readable_path(file.path),
                "coords": {axis: _value(value) for axis, value in file.coordinates.items()},
            }
            for file in sequence.files
        ],
    }


def _extent(extent: AxisRange) -> dict[str, Any]:
    return {"first": _value(extent.first), "last": _value(extent.last), "count": extent.count}


def _value(value: int | str) -> int | str:
    return value if isinstance(value, int) else readable_path(value)
