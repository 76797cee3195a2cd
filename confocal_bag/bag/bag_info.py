"""bag-info.txt, the fields that say what a bag is: read with every fault named, and written by the letter.

A reader never raises for what the file holds. A fault is a `LineProblem`; what it amounts to is for the rules to say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confocal_bag.bag.paths import BAGIT_1_0, Version
from confocal_bag.bag.tagtext import Fault, LineProblem, Problems, quoted, read_lines
from confocal_bag.findings import CannotFinish

__all__ = ["BagInfo", "format_bag_info", "parse_bag_info"]

FOLD_COLUMN = 79
#: Lines read of bag-info.txt, so that a hostile one cannot fill the memory.
MAX_INFO_LINES = 1_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class BagInfo:
    """The fields of bag-info.txt as (label, value), in its order; folded values are joined by one blank."""

    fields: tuple[tuple[str, str], ...] = ()
    problems: tuple[LineProblem, ...] = ()


def parse_bag_info(data: bytes, encoding: str, version: Version = BAGIT_1_0) -> BagInfo:
    """Read bag-info.txt (RFC 8493 2.2.2). Blanks around a value are not part of it."""
    problems = Problems()
    fields: list[tuple[str, list[str]]] = []
    for number, line in read_lines(data, encoding, problems, limit=MAX_INFO_LINES):
        if not line.strip(" \t"):
            problems.add(number, Fault.BLANK, "is blank")
        elif line[0] in " \t":
            if fields:
                fields[-1][1].append(line.strip(" \t"))
            else:
                problems.add(number, Fault.MALFORMED, "continues a field, but no field came before it")
        elif (field := _field(number, line, version, problems)) is not None:
            fields.append((field[0], [field[1]]))
    return BagInfo(fields=tuple((label, " ".join(parts)) for label, parts in fields), problems=problems.all())


def _field(number: int, line: str, version: Version, problems: Problems) -> tuple[str, str] | None:
    label, colon, value = line.partition(":")
    if not colon or not label.strip(" \t"):
        problems.add(number, Fault.MALFORMED, f"reads {quoted(line)} where 'Label: value' is expected")
        return None
    if version >= BAGIT_1_0:
        if label != label.rstrip(" \t"):
            problems.add(
                number,
                Fault.MALFORMED,
                f"has a blank between the label {quoted(label.rstrip())} and its colon",
            )
        if not value:
            problems.add(number, Fault.LOOSE, f"has no blank and no value after the label {quoted(label)}")
        elif value[0] not in " \t":
            problems.add(number, Fault.MALFORMED, f"has no blank after the colon of {quoted(label)}")
        elif len(value) > 1 and value[1] in " \t" and value.strip(" \t"):
            problems.add(number, Fault.SPACING, f"has more than one blank after the colon of {quoted(label)}")
    return label.rstrip(" \t"), value.strip(" \t")


def format_bag_info(fields: Iterable[tuple[str, str]]) -> bytes:
    """bag-info.txt with the fields in the order given, long values folded (RFC 8493 2.2.2).

    A line end inside a value becomes a fold, so it is read back as one blank. Raises CannotFinish for a label
    or a value that the format cannot hold.
    """
    return "".join(_format_field(label, value) for label, value in fields).encode("utf-8")


def _format_field(label: str, value: str) -> str:
    if not label.strip() or label != label.strip() or re.search(r"[:\r\n]", label):
        raise CannotFinish(
            f"{quoted(label)} cannot be a label in bag-info.txt; leave out colons, line ends, outer blanks."
        )
    if _SURROGATE.search(label + value):
        raise CannotFinish(f"The value of {label} in bag-info.txt holds characters that are not Unicode; correct it.")
    pieces = [piece.strip(" \t") for piece in re.split(r"[\r\n]+", value)]
    lines: list[str] = []
    for piece in filter(None, pieces):
        lines.extend(_fold(piece, len(label) + 2 if not lines else 2))
    return f"{label}: " + "\n  ".join(lines) + "\n"


def _fold(text: str, indent: int) -> Iterator[str]:
    line = ""
    for word in re.split(r"(?<![ \t]) (?![ \t])", text):
        if line and indent + len(line) + 1 + len(word) > FOLD_COLUMN:
            yield line
            line, indent = word, 2
        else:
            line = f"{line} {word}" if line else word
    yield line
