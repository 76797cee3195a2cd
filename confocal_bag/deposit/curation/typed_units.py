"""Turn numbers in another unit of the same kind into that of a field, exactly: 500 nm are 0.5 micrometres."""

import re
from collections.abc import Mapping
from decimal import Decimal

__all__ = ["in_unit_of", "own_unit"]

_MICROMETRES = r"µm|μm|um|microns?|micromet(?:er|re)s?"
_NANOMETRES = r"nm|nanomet(?:er|re)s?"
_SECONDS = r"s|secs?|seconds?"
_MILLISECONDS = r"ms|msecs?|milliseconds?"
_MICROSECONDS = r"µs|μs|us|microseconds?"
#: The unit that a field is in, by the end of its name.
_OWN = {
    "_um": _MICROMETRES,
    "_nm": _NANOMETRES,
    "_us": _MICROSECONDS,
    "_s": _SECONDS,
    "_v": r"v|volts?",
    "_percent": r"%|percent",
    "_au": r"au|airy units?",
    "zoom": r"x|\u00d7|times",
}
#: Units of the same kind, and how many of the field's own one of them is.
_OTHER: Mapping[str, Mapping[str, str]] = {
    "_um": {_NANOMETRES: "0.001", r"mm|millimet(?:er|re)s?": "1000"},
    "_nm": {_MICROMETRES: "1000"},
    "_us": {r"ns|nanoseconds?": "0.001", _MILLISECONDS: "1000", _SECONDS: "1000000"},
    "_s": {_MILLISECONDS: "0.001", r"mins?|minutes?": "60", r"h|hrs?|hours?": "3600"},
    "_v": {r"mv|millivolts?": "0.001"},
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def own_unit(answer: str, field: str) -> tuple[str, Decimal]:
    """An answer without the unit that its numbers are in, and how many of the field's own one of these is.

    A unit at the end of the answer is that of all its numbers; an answer in two units keeps them, and is no number.
    """
    end = next((end for end in _OWN if field.endswith(end)), None)
    if end is None:
        return answer, Decimal(1)
    without = _without(answer, _OWN[end])
    for unit, factor in _OTHER.get(end, {}).items():
        if without == answer and re.search(rf"\d\s*(?:{unit})\s*\.?$", answer, re.I):
            return _without(answer, unit), Decimal(factor)
    return without, Decimal(1)


def _without(answer: str, unit: str) -> str:
    return re.sub(rf"(?<=\d)\s*(?:{unit})(?![A-Za-zµ])\.?", "", answer, flags=re.I).strip()


def in_unit_of(answer: str, factor: Decimal) -> str:
    """An answer with every number as so many times of itself, to the last digit."""
    if factor == 1:
        return answer
    return _NUMBER.sub(lambda found: format((Decimal(found[0]) * factor).normalize(), "f"), answer)
