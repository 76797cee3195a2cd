"""Turn an answer as people type it into a value of deposit.yaml."""

import re
from collections.abc import Callable, Mapping

from confocal_bag.deposit.curation.model import Answer
from confocal_bag.deposit.curation.typed_dates import AmbiguousDate, iso_date
from confocal_bag.deposit.curation.typed_units import in_unit_of, own_unit
from confocal_bag.deposit.curation.wording import Kind
from confocal_bag.deposit.curation.yes_or_no import NO_WORDS, YES_WORDS, judge_answer
from confocal_bag.deposit.description.plausible import PLAUSIBLE
from confocal_bag.deposit.description.text import yaml_text

__all__ = ["UnreadableAnswer", "written_value"]

_CONTRASTS = re.compile(
    r"\s*(?:bright[- ]?field|transmitted(?: light)?|T-?PMT|DIC|phase(?: contrast)?|nomarski)\s*\.?\s*", re.I
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COMMAS = re.compile(r"(?<![\d,.])\d+,\d+(?![\d.]|,\d)")
_LINES = re.compile(r"wavelength_nm: ([\d.]+)")
#: Words that say that samples were not fixed, and those that may stand beside them and say no more.
_ALIVE = frozenset({"live", "alive", "living", "unfixed"})
_OF_SAMPLES = frozenset({
    "the", "all", "they", "it", "were", "was", "are", "is", "a", "and", "but", "during", "when", "while", "for",
    "in", "of", "imaged", "imaging", "microscopy", "vivo", "cell", "cells", "sample", "samples", "specimen",
    "specimens", "tissue", "tissues", "embryo", "embryos", "animal", "animals", "larva", "larvae",
})  # fmt: skip
_FIXED = re.compile(r"\bfix(?:ed|ation|ative)\b|%|\b(?:pfa|(?:para)?formaldehyde|methanol|formalin|glutaraldehyde)\b")
#: Fields that hold a day, or a period.
_DATES = frozenset(
    {"dates.created", "dates.issued", "dates.updated", "dates.collected", "access.until", "files.created"}
)
_RANGE = re.compile(r"\d\s*(?:-|\u2013|\u2014|\bto\b)\s*\d")
#: Numbers that are no wavelengths: of power, of a laser's pulses, in the name of a microscope.
_NO_WAVELENGTH = re.compile(r"\d\s*(?:[mµu]?W|%|percent|mA|[kM]?Hz|fs|ps)\b|\b(?:LSM|SP|FV)\s?\d", re.I)


class UnreadableAnswer(Exception):  # noqa: N818 - an outcome, told with its row and column
    """An answer is not of the kind that its field holds; the sentence says what was expected."""


def written_value(kind: Kind, answer: str, *, field: str = "", decimal_comma: bool = False) -> tuple[str, str]:
    """The field to write instead of the one asked for ("" for that one itself), and the YAML text of an answer.

    `field` is the name of the one asked for; its end says in which unit numbers are, and those in another unit of the
    same kind are converted; a value that no microscope has is refused. With
    `decimal_comma` the answer comes from where decimals are written so; without, a comma is one only where it can be
    nothing else. Raises `UnreadableAnswer`.
    """
    bare = answer.strip()
    if field in _DATES:
        return "", yaml_text(_date(bare))
    if kind in _IN_UNITS:
        _refuse_range(kind, bare, field)
        bare, factor = own_unit(bare, field)
        bare = in_unit_of(_with_points(bare, one=kind is Kind.NUMBER, decimal_comma=decimal_comma), factor)
    other, value = _node(bare, field) if kind is Kind.NODE else _WRITERS[kind](bare)
    _refuse_implausible(value, field)
    return other, value


_IN_UNITS = frozenset({Kind.NUMBER, Kind.NUMBERS, Kind.SIZE})


def _refuse_range(kind: Kind, answer: str, field: str) -> None:
    """Two ends are no width and height, and no powers of two lasers."""
    if (kind is Kind.SIZE or field.endswith("_percent")) and _RANGE.search(answer):
        raise UnreadableAnswer(
            "a range was found where one value was expected; give the value of each image or channel by itself"
        )


def _refuse_implausible(value: str, field: str) -> None:
    """A number that no microscope has is a slip of the pen, and would be taken for measured."""
    span = PLAUSIBLE.get("instruments.lasers.wavelength_nm" if field == "instruments.lasers" else field)
    numbers = _LINES.findall(value) if field == "instruments.lasers" else _NUMBER.findall(value)
    for number in numbers:
        if span is not None and not span.holds(float(number)):
            raise UnreadableAnswer(f"{number} is implausible: {span} was expected; see whether it is in another unit")


def _text(answer: str) -> tuple[str, str]:
    return "", yaml_text(answer)


def _number(answer: str) -> tuple[str, str]:
    if not _NUMBER.fullmatch(answer):
        hint = "; write decimals with a point" if "," in answer else ""
        raise UnreadableAnswer(f"a number alone was expected, such as 0.5{hint}")
    return "", answer


def _with_points(answer: str, *, one: bool, decimal_comma: bool) -> str:
    """Decimal commas as points; one that may stand for something else is left, and the answer then refused.

    1,024 may be a thousand, 405,488 two wavelengths, and 1,4 two numbers where several are asked for; 0,5 and each
    number of 1,4 x 1,4 are neither.
    """

    def with_point(found: re.Match[str]) -> str:
        number = found[0]
        may_be_thousands = re.fullmatch(r"[1-9]\d*,\d{3}", number) and not (one and decimal_comma)
        may_be_two = not one and number == answer and not number.startswith("0,") and not decimal_comma
        return number if may_be_thousands or may_be_two else number.replace(",", ".")

    return _COMMAS.sub(with_point, answer)


def _numbers(answer: str) -> tuple[str, str]:
    found = _split_numbers(answer)
    return "", found[0] if len(found) == 1 else f"[{', '.join(found)}]"


def _size(answer: str) -> tuple[str, str]:
    found = _split_numbers(answer)
    if len(found) > 2:
        raise UnreadableAnswer("the width and height of a pixel in micrometres were expected, such as 0.09 x 0.09")
    return "", f"[{found[0]}, {found[-1]}]"


def _split_numbers(answer: str) -> list[str]:
    found = re.split(r"\s*(?:[;x\u00d7/]|,\s|-|\u2013|\band\b|\bto\b)\s*", answer)
    parts = [one for one in found if one]
    if any("," in one for one in parts):
        raise UnreadableAnswer("numbers were expected; write decimals with a point")
    if not parts or not all(_NUMBER.fullmatch(one) for one in parts):
        raise UnreadableAnswer("numbers alone were expected, in the unit of the question, such as 2.5 or 499 to 553")
    return parts


def _list(answer: str) -> tuple[str, str]:
    parts = re.split(r"\s*[;\n]\s*" if ";" in answer or "\n" in answer else r"\s*,\s*", answer)
    return "", f"[{', '.join(yaml_text(one) for one in parts if one)}]"


def _yes_no(answer: str) -> tuple[str, str]:
    word = answer.casefold().strip(" .!")
    if word not in YES_WORDS | NO_WORDS:
        raise UnreadableAnswer("yes or no was expected")
    return "", "true" if word in YES_WORDS else "false"


def _fixation(answer: str) -> tuple[str, str]:
    words = re.sub(r"\b(?:not|never|un)[ -]?fixed\b|\bno fixation\b", "unfixed", answer.casefold())
    said = re.findall(r"[^\s,;.()]+", words)
    begins = [one for one in said if one not in _OF_SAMPLES][:1]
    if not begins or begins[0] not in _ALIVE or _FIXED.search(words):
        return "", yaml_text(answer)
    if set(said) <= _OF_SAMPLES | _ALIVE:
        return "live", "true"
    raise UnreadableAnswer("it begins like one about living samples: write live alone, or how the samples were fixed")


def _probe(answer: str) -> tuple[str, str]:
    return ("contrast", yaml_text(answer)) if _CONTRASTS.fullmatch(answer) else ("", yaml_text(answer))


def _date(answer: str) -> str:
    try:
        return iso_date(answer)
    except AmbiguousDate as ambiguous:
        raise UnreadableAnswer(str(ambiguous)) from None


def _lasers(answer: str) -> tuple[str, str]:
    lines = re.findall(r"(?<!\d)\d{3,4}(?:\.\d+)?(?!\d)", answer)
    if not lines or _NO_WAVELENGTH.search(answer):
        raise UnreadableAnswer("wavelengths in nanometres alone were expected, such as 405, 488 and 561")
    return "", f"[{', '.join(f'{{id: l{number}, wavelength_nm: {line}}}' for number, line in enumerate(lines))}]"


def _detectors(answer: str) -> tuple[str, str]:
    parts = [one for one in re.split(r"\s*[;,\n]\s*|\s+and\s+", answer) if one]
    return "", f"[{', '.join(f'{{id: d{number}, type: {yaml_text(one)}}}' for number, one in enumerate(parts))}]"


def _node(answer: str, field: str) -> tuple[str, str]:
    """A clear yes or no; of any other answer the words, for the curator to see, while the question stays open."""
    word = answer.casefold().strip(" .!")
    if word in YES_WORDS | NO_WORDS:
        return "", "{answer: " + ('"yes"' if word in YES_WORDS else '"no"') + "}"
    said = judge_answer(answer, field.rpartition(".")[2])
    if said is Answer.UNKNOWN:
        return _note(answer)
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
    Kind.NOTE: _note,
}
