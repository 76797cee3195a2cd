"""How the names of one sequence are written: padding, separators, letter case, extensions, order of the parts."""

import re
from collections.abc import Iterator
from itertools import pairwise

from confocal_bag.deposit.sequences.groups import Group
from confocal_bag.deposit.sequences.model import Sequence, SequenceProblem
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.tokens import Meaning, Token
from confocal_bag.findings import readable_path

__all__ = ["find_spellings"]

_DIGITS = re.compile(r"[0-9]+")
_SEPARATORS = re.compile(r"[ _\-.]+")


def find_spellings(sequence: Sequence, group: Group) -> Iterator[SequenceProblem]:
    """Differences in spelling between the members of one sequence (at least two files)."""
    for axis in sequence.varying:
        if all(isinstance(value, int) for value in sequence.axes[axis].values):
            yield from _padding(sequence, group, axis)
    extensions = sorted({entry.name.extension.lower() for entry in group.entries})
    if len(extensions) > 1:
        yield SequenceProblem(
            code="mixed-extension",
            path=sequence.files[0].path,
            message=f"Extensions differ: {', '.join(extension or 'none' for extension in extensions)}.",
            remedy="Check that all files are in one format; ask the depositor why they differ.",
            detail={"extensions": extensions},
        )
    yield from _letters_and_separators(group)
    yield from _patterns(group)


def _padding(sequence: Sequence, group: Group, axis: str) -> Iterator[SequenceProblem]:
    column = group.axes[axis]
    values = {text: int(text) for text in set(column.texts)}
    texts = sorted(values, key=lambda text: (values[text], text))
    padded = {_digits(text) for text in texts if _digits(text) > 1 and text.lstrip("-").startswith("0")}
    too_short = [text for text in texts if padded and _digits(text) < max(padded)]
    twice = next((pair for pair in pairwise(texts) if values[pair[0]] == values[pair[1]]), None)
    if len(padded) > 1 or too_short or twice:
        one, other = twice or _unequal(texts, max(padded))
        yield SequenceProblem(
            code="mixed-padding",
            path=sequence.files[0].path,
            message=f"Numbers for {axis} are padded differently ({one}, {other}).",
            remedy=f"Pad every {axis} number to {max(map(len, texts))} digits.",
            detail={"axis": axis, "examples": [one, other], "digits": max(map(len, texts))},
        )
        return
    by_name = sorted(texts)
    if by_name != texts:
        at = next(at for at, (a, b) in enumerate(zip(by_name, texts, strict=True)) if a != b)
        yield SequenceProblem(
            code="lexical-order",
            path=sequence.files[0].path,
            message=f"Sorted by name, {axis} {by_name[at]} comes before {texts[at]}.",
            remedy=_sorting_remedy(axis, texts),
            detail={"axis": axis, "digits": max(map(len, texts))},
        )


def _sorting_remedy(axis: str, texts: list[str]) -> str:
    if any(text.startswith("-") for text in texts):
        return f"Count {axis} from 0 or 1: numbers with a sign do not sort by name."
    return f"Pad {axis} to {max(map(len, texts))} digits."


def _digits(text: str) -> int:
    return len(text.lstrip("-"))


def _unequal(texts: list[str], width: int) -> tuple[str, str]:
    """A number padded to `width`, and one that is written shorter."""
    wide = next(text for text in texts if _digits(text) == width and text.lstrip("-").startswith("0"))
    return next((text for text in texts if _digits(text) < width), texts[-1]), wide


def _letters_and_separators(group: Group) -> Iterator[SequenceProblem]:
    """Names that are equal but for letter case, or but for separators."""
    shapes: dict[str, dict[str, Entry]] = {}
    for shape, entry in _shapes(group).items():
        shapes.setdefault(_SEPARATORS.sub("~", shape.lower()), {})[shape] = entry
    case = _labels_in_two_cases(group)
    separators = None
    for same in shapes.values():
        lower: dict[str, list[Entry]] = {}
        for shape, entry in same.items():
            lower.setdefault(shape.lower(), []).append(entry)
        case = case or next((entries for entries in lower.values() if len(entries) > 1), None)
        separators = separators or (None if len(lower) == 1 else [entries[0] for entries in lower.values()])
    if case:
        yield _pair("mixed-case", "Upper and lower case differ", case, "Agree with the depositor on one spelling.")
    if separators:
        yield _pair("mixed-separator", "Separators differ", separators, "Agree with the depositor on one separator.")


def _labels_in_two_cases(group: Group) -> list[Entry] | None:
    """Files whose labels (names of stains, wells) differ in letter case alone."""
    labelled = (Meaning.AXIS, Meaning.CHANNEL)
    texts = {token.text for entry in group.entries for token in entry.tokens if token.meaning in labelled}
    if len({text.lower() for text in texts}) == len(texts):
        return None
    labels: dict[str, dict[str, Entry]] = {}
    for entry in group.entries:
        for token in entry.tokens:
            if token.meaning in labelled:
                labels.setdefault(token.text.lower(), {}).setdefault(token.text, entry)
    return next((list(same.values()) for same in labels.values() if len(same) > 1), None)


def _shapes(group: Group) -> dict[str, Entry]:
    """How names are written apart from their numbers and variable labels, each with the first name written so."""
    shapes: dict[str, Entry] = {}
    for entry in group.entries:
        text = entry.stem
        for token in entry.tokens:
            if not token.text.isdigit():
                text = _without_label(text, token)
        shapes.setdefault(_DIGITS.sub("#", text) + entry.name.extension, entry)
    return shapes


def _without_label(text: str, token: Token) -> str:
    """A name without one variable part that is no mere number."""
    if token.text.startswith("-"):
        text = text.replace(token.text, token.text[1:])
    numbers_only = token.meaning in (Meaning.PLAIN, Meaning.MEASURE) or token.word in ("date", "elapsed")
    return text if numbers_only else text.replace(token.text, "\x01")


def _patterns(group: Group) -> Iterator[SequenceProblem]:
    """Two orders of the parts, or two words for one axis; the name of a marker (p65) beside stains is no other word."""
    written: dict[tuple[object, ...], Entry] = {}
    for entry in group.entries:
        written.setdefault((entry.pattern, entry.convention is not None), entry)
    by_table = {entry.convention is not None for entry in written.values()}
    stains = {("C", "") in entry.pattern for entry in written.values()}
    patterns: dict[tuple[object, ...], Entry] = {}
    for entry in written.values():
        pattern = [part for part in entry.pattern if len(stains) == 1 or (part != ("C", "") and part[0] in group.axes)]
        patterns.setdefault(tuple(axis for axis, _ in pattern) if len(by_table) > 1 else tuple(pattern), entry)
    if len(patterns) > 1:
        entries = list(patterns.values())
        yield _pair("mixed-pattern", "Two naming patterns", entries, "Ask whether both belong to one acquisition.")


def _pair(code: str, what: str, entries: list[Entry], remedy: str) -> SequenceProblem:
    one, other = sorted(entry.name.path for entry in entries[:2])
    return SequenceProblem(
        code=code,
        path=one,
        message=f"{what}: {readable_path(one)}, {readable_path(other)}.",
        remedy=remedy,
        detail={"examples": [one, other]},
    )
