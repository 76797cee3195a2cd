"""Turn an answer as people type it into a value of deposit.yaml."""

import re
from collections.abc import Callable, Mapping

from confocal_bag.deposit.curation.wording import Kind
from confocal_bag.deposit.description.text import yaml_text

__all__ = ["UnreadableAnswer", "written_value"]

_CONTRASTS = re.compile(
    r"\s*(?:bright[- ]?field|transmitted(?: light)?|T-?PMT|DIC|phase(?: contrast)?|nomarski)\s*\.?\s*", re.I
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SAID_NO = re.compile(r"\s*(?:no|none|not)\b", re.I)
_YES = frozenset({"yes", "y", "true", "ja", "oui", "1"})
_NO = frozenset({"no", "n", "false", "nein", "non", "none", "0"})
#: The unit that a field may be answered in, by the end of its name; any other unit is refused, never converted.
_UNITS = {
    "_um": r"µm|μm|um|microns?|micromet(?:er|re)s?",
    "_nm": r"nm|nanomet(?:er|re)s?",
    "_us": r"µs|μs|us|microseconds?",
    "_s": r"s|secs?|seconds?",
    "_v": r"v|volts?",
    "_percent": r"%|percent",
    "_au": r"au|airy units?",
    "zoom": r"x|\u00d7|times",
}


class UnreadableAnswer(Exception):  # noqa: N818 - an outcome, told with its row and column
    """An answer is not of the kind that its field holds; the sentence says what was expected."""


def written_value(kind: Kind, answer: str, *, field: str = "") -> tuple[str, str]:
    """The field to write instead of the one asked for ("" for that one itself), and the YAML text of an answer.

    `field` is the name of the one asked for; its end says in which unit numbers are. Raises `UnreadableAnswer`.
    """
    bare = answer.strip()
    return _WRITERS[kind](_without_units(bare, field) if kind in _IN_UNITS else bare)


_IN_UNITS = frozenset({Kind.NUMBER, Kind.NUMBERS, Kind.SIZE})


def _without_units(answer: str, field: str) -> str:
    """The numbers of an answer without the unit that they are in anyway."""
    unit = next((unit for end, unit in _UNITS.items() if field.endswith(end)), None)
    return re.sub(rf"(?<=\d)\s*(?:{unit})(?![A-Za-zµ])\.?", "", answer, flags=re.I).strip() if unit else answer


def _text(answer: str) -> tuple[str, str]:
    return "", yaml_text(answer)


def _number(answer: str) -> tuple[str, str]:
    if not _NUMBER.fullmatch(answer):
        raise UnreadableAnswer(f"a number alone was expected, such as 0.5{_comma(answer)}")
    return "", answer


def _comma(answer: str) -> str:
    return "; write decimals with a point" if re.fullmatch(r"\d+,\d+", answer) else ""


def _numbers(answer: str) -> tuple[str, str]:
    found = _split_numbers(answer)
    return "", found[0] if len(found) == 1 else f"[{', '.join(found)}]"


def _size(answer: str) -> tuple[str, str]:
    found = _split_numbers(answer)
    if len(found) > 2:
        raise UnreadableAnswer("the width and height of a pixel in micrometres were expected, such as 0.09 x 0.09")
    return "", f"[{found[0]}, {found[-1]}]"


def _split_numbers(answer: str) -> list[str]:
    if _comma(answer):
        raise UnreadableAnswer("numbers were expected; write decimals with a point")
    parts = [one for one in re.split(r"\s*(?:[;x\u00d7/]|,\s|-|\u2013|\band\b|\bto\b)\s*", answer) if one]
    if not parts or not all(_NUMBER.fullmatch(one) for one in parts):
        raise UnreadableAnswer("numbers such as 0.09 x 0.09 were expected, in the unit of the question")
    return parts


def _list(answer: str) -> tuple[str, str]:
    parts = re.split(r"\s*[;\n]\s*" if ";" in answer or "\n" in answer else r"\s*,\s*", answer)
    return "", f"[{', '.join(yaml_text(one) for one in parts if one)}]"


def _yes_no(answer: str) -> tuple[str, str]:
    word = answer.casefold().strip(" .")
    if word not in _YES | _NO:
        raise UnreadableAnswer("yes or no was expected")
    return "", "true" if word in _YES else "false"


def _fixation(answer: str) -> tuple[str, str]:
    if answer.casefold().strip(" .") in ("live", "alive", "not fixed", "unfixed", "living"):
        return "live", "true"
    return "", yaml_text(answer)


def _probe(answer: str) -> tuple[str, str]:
    return ("contrast", yaml_text(answer)) if _CONTRASTS.fullmatch(answer) else ("", yaml_text(answer))


def _lasers(answer: str) -> tuple[str, str]:
    lines = re.findall(r"(?<!\d)\d{3,4}(?:\.\d+)?(?!\d)", answer)
    if not lines:
        raise UnreadableAnswer("wavelengths in nanometres were expected, such as 405, 488 and 561")
    return "", f"[{', '.join(f'{{id: l{number}, wavelength_nm: {line}}}' for number, line in enumerate(lines))}]"


def _detectors(answer: str) -> tuple[str, str]:
    parts = [one for one in re.split(r"\s*[;,\n]\s*|\s+and\s+", answer) if one]
    return "", f"[{', '.join(f'{{id: d{number}, type: {yaml_text(one)}}}' for number, one in enumerate(parts))}]"


def _node(answer: str) -> tuple[str, str]:
    """An answer in words says yes by giving what was asked for, unless it begins with "no"."""
    word = answer.casefold().strip(" .")
    if word in _YES | _NO:
        return "", "{answer: " + ('"yes"' if word in _YES else '"no"') + "}"
    said = "no" if _SAID_NO.match(answer) else "yes"
    return "", f'{{answer: "{said}", note: {yaml_text(answer)}}}'


def _note(answer: str) -> tuple[str, str]:
    """What the depositor says; the answer itself is for the curator to see."""
    return "", f"{{note: {yaml_text(answer)}}}"


_WRITERS: Mapping[Kind, Callable[[str], tuple[str, str]]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.NUMBERS: _numbers,
    Kind.SIZE: _size,
    Kind.LIST: _list,
    Kind.YES_NO: _yes_no,
    Kind.FIXATION: _fixation,
    Kind.PROBE: _probe,
    Kind.LASERS: _lasers,
    Kind.DETECTORS: _detectors,
    Kind.NODE: _node,
    Kind.NOTE: _note,
}
