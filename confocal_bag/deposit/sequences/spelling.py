"""How the names of one sequence are written: padding, separators, letter case, extensions, order of the parts."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.sequences.groups import Group
from confocal_bag.deposit.sequences.model import Sequence, SequenceProblem
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.tokens import Meaning
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
    spelt: dict[int, set[str]] = {}
    for text in column.texts:
        spelt.setdefault(int(text), set()).add(text)
    texts = sorted(set(column.texts), key=lambda text: (int(text), text))
    padded = {len(text) for text in texts if len(text) > 1 and text.startswith("0")}
    too_short = [text for text in texts if padded and len(text) < max(padded)]
    twice = next((sorted(same) for same in spelt.values() if len(same) > 1), None)
    if len(padded) > 1 or too_short or twice:
        one, other = twice[:2] if twice else _unequal(texts, max(padded))
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
            remedy=f"Pad {axis} to {max(map(len, texts))} digits.",
            detail={"axis": axis, "digits": max(map(len, texts))},
        )


def _unequal(texts: list[str], width: int) -> tuple[str, str]:
    """A number padded to `width`, and one that is written shorter."""
    wide = next(text for text in texts if len(text) == width and text.startswith("0"))
    return next((text for text in texts if len(text) < width), texts[-1]), wide


def _letters_and_separators(group: Group) -> Iterator[SequenceProblem]:
    """Names that are equal but for letter case, or but for separators."""
    shapes: dict[str, dict[str, Entry]] = {}
    labels: dict[str, dict[str, Entry]] = {}
    for entry in group.entries:
        shape = _shape(entry)
        shapes.setdefault(_SEPARATORS.sub("~", shape.lower()), {}).setdefault(shape, entry)
        for token in entry.tokens:
            if token.meaning in (Meaning.AXIS, Meaning.CHANNEL):
                labels.setdefault(token.text.lower(), {}).setdefault(token.text, entry)
    case = next((list(same.values()) for same in labels.values() if len(same) > 1), None)
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


def _shape(entry: Entry) -> str:
    """A name without its numbers and variable labels, as written."""
    text = entry.stem
    for token in entry.tokens:
        if token.text.startswith("-"):
            text = text.replace(token.text, token.text[1:])
        if token.meaning not in (Meaning.PLAIN, Meaning.MEASURE) and not token.text.isdigit():
            text = text.replace(token.text, "\x01")
    return _DIGITS.sub("#", text) + entry.name.extension


def _patterns(group: Group) -> Iterator[SequenceProblem]:
    """Two orders of the parts, or two words for one axis."""
    by_table = {entry.convention is not None for entry in group.entries}
    stains = {("C", "") in entry.pattern for entry in group.entries}
    patterns: dict[tuple[object, ...], Entry] = {}
    for entry in group.entries:
        pattern = [part for part in entry.pattern if len(stains) == 1 or part != ("C", "")]
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
