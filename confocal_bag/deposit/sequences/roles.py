"""Decide what each variable part of similar names is: an axis, a repetition of one, or the name of a sequence.

Explicit markers win. A part without a marker is left out where it only follows a marked axis (time stamps, wavelengths),
tells sequences apart where an ordered axis is marked, and is otherwise a plain counter N, or N1, N2 when there are several.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from math import gcd

from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.tokens import Meaning
from confocal_bag.deposit.sequences.words import AMBIGUOUS_LETTERS, ORDERED_AXES, SAMPLE_WORDS, TIME_UNITS

__all__ = ["Axis", "Group", "divide", "value_of"]

Value = int | str
#: An unmarked number counts something when its values fill at least this share of their range.
_LEAST_DENSITY = 0.3
#: Beside a marked axis an unmarked number names a sample, unless it takes at least so many values.
_FEWEST_BESIDE_AXES = 10
#: Several unmarked numbers are axes together when their combinations fill at least this share of the grid.
_LEAST_FILL = 0.5
#: Channel names are believed when the planes of two channels agree to at least this share.
_LEAST_AGREEMENT = 0.5


@dataclass(slots=True)
class Axis:
    """One axis of a group: the marker word and the value text of every entry, in the order of the entries."""

    words: list[str]
    texts: list[str]
    ambiguous: str = ""

    @property
    def values(self) -> list[Value]:
        """The values: numbers where every text is one, else the texts."""
        numeric = all(text.isdigit() and text.isascii() for text in self.texts)
        return [int(text) for text in self.texts] if numeric else [value_of(text) for text in self.texts]

    def part(self, rows: Iterable[int]) -> "Axis":
        """The same axis for some of the entries."""
        rows = list(rows)
        return Axis([self.words[row] for row in rows], [self.texts[row] for row in rows], self.ambiguous)


@dataclass(slots=True)
class Group:
    """Entries that belong together, and their axes (constant ones too)."""

    entries: list[Entry]
    axes: dict[str, Axis]
    confidence: Confidence = Confidence.MARKER

    @property
    def varying(self) -> list[str]:
        """Axes with at least two values."""
        return [axis for axis, column in self.axes.items() if len(set(column.values)) > 1]

    def part(self, rows: list[int]) -> "Group":
        """Some of the entries with their axes."""
        axes = {name: axis.part(rows) for name, axis in self.axes.items()}
        return Group([self.entries[row] for row in rows], axes, self.confidence)


@dataclass(slots=True)
class _Column:
    """One variable part over all entries of a bucket."""

    meaning: Meaning
    axis: str
    words: list[str]
    texts: list[str]
    glued: bool

    @property
    def varies(self) -> bool:
        return len(set(self.texts)) > 1

    @property
    def numbers(self) -> list[Value]:
        return [value_of(text) for text in self.texts]


@dataclass(slots=True)
class _Roles:
    """The decision being made for one bucket."""

    axes: dict[str, _Column] = field(default_factory=dict)
    keys: list[_Column] = field(default_factory=list)
    open: list[_Column] = field(default_factory=list)
    ambiguous: dict[str, str] = field(default_factory=dict)
    confidence: Confidence = Confidence.MARKER


def value_of(text: str) -> Value:
    """A number as int, a label as text without the case that file systems ignore."""
    return int(text) if text.isascii() and text.isdigit() else text


def divide(entries: list[Entry]) -> list[Group]:
    """Split the entries of one bucket (equal `Entry.key`) into groups and name their axes."""
    columns = _columns(entries)
    roles = _Roles()
    _settle_weak(columns)
    _settle_marked(columns, roles)
    _settle_coordinates(roles)
    _settle_channels(columns, roles)
    _settle_others(columns, roles)
    if any(entry.convention for entry in entries):
        roles.confidence = Confidence.TABLE
    return _partition(entries, roles)


def _columns(entries: list[Entry]) -> list[_Column]:
    columns = []
    for tokens in zip(*(entry.tokens for entry in entries), strict=True):
        first = tokens[0]
        texts, words = [token.text for token in tokens], [token.word for token in tokens]
        columns.append(_Column(first.meaning, first.axis, words, texts, first.glued))
    return columns


def _settle_weak(columns: list[_Column]) -> None:
    """A weak letter is an axis in the company of a marked one; x needs y; row and column letters go together."""
    weak = {column.axis: column for column in columns if column.meaning is Meaning.WEAK}
    marked = {column.axis: column for column in columns if column.meaning is Meaning.AXIS}
    pair = weak.get("R"), marked.get("C")
    if pair[0] is not None and pair[1] is not None and _is_row_and_column(pair[0], pair[1]):
        pair[0].axis, pair[1].axis = "Y", "X"
        pair[0].meaning = Meaning.AXIS
    company = any(axis != "N" for axis in marked) or {"X", "Y"} <= weak.keys() or {"W", "P"} <= weak.keys()
    for column in columns:
        if column.meaning is Meaning.WEAK:
            column.meaning = Meaning.AXIS if company else Meaning.PLAIN
            lonely = {"X": "Y", "Y": "X"}.get(column.axis)
            if lonely is not None and lonely not in weak and lonely not in marked:
                column.meaning = Meaning.PLAIN


def _is_row_and_column(row: _Column, column: _Column) -> bool:
    letters = {row.words[0], column.words[0]} == {"r", "c"}
    return letters and len(row.texts[0]) == len(column.texts[0]) >= 2


def _settle_marked(columns: list[_Column], roles: _Roles) -> None:
    """One column per axis. Where an axis is named twice, the mention that varies counts, and of two the last."""
    mentions: dict[str, list[_Column]] = {}
    for column in columns:
        if column.meaning is Meaning.AXIS:
            mentions.setdefault(column.axis, []).append(column)
    for axis, same in mentions.items():
        chosen = next((column for column in reversed(same) if column.varies), same[-1])
        roles.axes[axis] = chosen
        for column in same:
            if column is not chosen and column.varies and column.numbers != chosen.numbers:
                column.meaning = Meaning.PLAIN
                roles.open.append(column)


def _settle_coordinates(roles: _Roles) -> None:
    """X and Y that always change together, once per object, are where the object lies, not axes."""
    columns = [roles.axes.get("X"), roles.axes.get("Y")]
    if columns[0] is None or columns[1] is None:
        return
    positions = set(columns[0].texts)
    if len(positions) > 2 and _follows(columns[0].texts, columns[1].texts):
        for axis in ("X", "Y", "Z"):
            column = roles.axes.get(axis)
            if column is not None and _follows(column.texts, columns[0].texts):
                roles.keys.append(roles.axes.pop(axis))


def _settle_channels(columns: list[_Column], roles: _Roles) -> None:
    """Names of stains are the channel axis unless a marked channel varies or they belong to the sequence's name."""
    named = [column for column in columns if column.meaning is Meaning.CHANNEL and column.varies]
    marked = roles.axes.get("C")
    if marked is not None and marked.varies:
        roles.open.extend(named)
        return
    while len(named) > 1 and _follows(_folded(named[-2]), _folded(named[-1])):
        del named[-2]
    for column in named[:-1]:
        roles.keys.append(column)
    if not named or len(set(_folded(named[-1]))) < 2:
        return
    others = [
        c for c in columns if c is not named[-1] and c.meaning in (Meaning.AXIS, Meaning.PLAIN) and c.varies
    ]
    others += roles.keys
    if _agree(_folded(named[-1]), list(zip(*(c.texts for c in others), strict=True))):
        roles.axes["C"] = _one_spelling(named[-1])
        roles.confidence = Confidence.STRUCTURE
    else:
        roles.keys.append(named[-1])


def _folded(column: _Column) -> list[str]:
    return [text.casefold() for text in column.texts]


def _one_spelling(column: _Column) -> _Column:
    """Labels that differ only in case are one label, spelt as most files do."""
    spellings: dict[str, Counter[str]] = {}
    for text in column.texts:
        spellings.setdefault(text.casefold(), Counter())[text] += 1
    best = {folded: min(count, key=lambda text: (-count[text], text)) for folded, count in spellings.items()}
    texts = [best[text.casefold()] for text in column.texts]
    return _Column(column.meaning, column.axis, column.words, texts, column.glued)


def _agree(labels: list[str], places: list[tuple[str, ...]]) -> bool:
    """Whether the files of different labels stand at the same places."""
    if not places:
        return True
    sets: dict[str, set[tuple[str, ...]]] = {}
    for label, place in zip(labels, places, strict=True):
        sets.setdefault(label, set()).add(place)
    largest = max(sets.values(), key=len)
    return all(len(one & largest) >= _LEAST_AGREEMENT * len(one) for one in sets.values())


def _settle_others(columns: list[_Column], roles: _Roles) -> None:
    """Unmarked numbers, measurements and stamps: repetitions, names of sequences, or counters."""
    roles.open.extend(
        c for c in columns if c.meaning in (Meaning.PLAIN, Meaning.MEASURE, Meaning.STAMP) and c.varies
    )
    axes = [column for column in roles.axes.values() if column.varies]
    fewest = _FEWEST_BESIDE_AXES if any(column.meaning is Meaning.AXIS for column in axes) else 2
    remaining = [column for column in roles.open if not _is_derived(column, axes)]
    if any(column.varies and axis in ORDERED_AXES for axis, column in roles.axes.items()):
        roles.keys.extend(column for column in remaining if column.words[0] != "guid")
        return
    counters = [column for column in remaining if _may_count(column, fewest=fewest, samples=bool(axes))]
    for column in remaining:
        repeated = any(_follows(column.texts, other.texts) for other in counters if other is not column)
        if column not in counters and not repeated:
            _settle_measure(column, roles, alone=not axes and not counters)
    _settle_counters(_without_repetitions(counters), roles)


def _is_derived(column: _Column, axes: list[_Column]) -> bool:
    """Whether a part changes exactly when marked axes change, so that it says nothing new."""
    glued_plain = column.meaning is Meaning.PLAIN and (column.glued or column.words[0] in SAMPLE_WORDS)
    if not axes or (glued_plain and len(set(column.texts)) < 3):
        return False
    subsets = [(axis,) for axis in axes] + [tuple(axes)]
    if 2 < len(axes) <= 5:
        subsets += list(combinations(axes, 2)) + list(combinations(axes, len(axes) - 1))
    return any(
        _follows(column.texts, list(zip(*(axis.texts for axis in subset), strict=True))) for subset in subsets
    )


def _follows(one: Iterable[object], other: Iterable[object]) -> bool:
    """Whether two columns change together: each value of one stands with one value of the other, and back."""
    there: dict[object, object] = {}
    back: dict[object, object] = {}
    for a, b in zip(one, other, strict=True):
        if there.setdefault(a, b) != b or back.setdefault(b, a) != a:
            return False
    return True


def _may_count(column: _Column, *, fewest: int, samples: bool) -> bool:
    """Whether an unmarked number looks like a counter and not like a sample number, a size or an offset."""
    if column.meaning is not Meaning.PLAIN:
        return False
    numbers = sorted({number for number in column.numbers if isinstance(number, int)})
    sample = column.glued or column.words[0] in SAMPLE_WORDS
    if len(numbers) < fewest or (samples and sample):
        return False
    if len(numbers) == 2:
        padded = any(len(text) > 1 and text.startswith("0") for text in column.texts)
        return padded or numbers[0] in (0, 1) or numbers[1] - numbers[0] == 1
    step = gcd(*(b - a for a, b in zip(numbers, numbers[1:], strict=False)))
    dense = len(numbers) >= _LEAST_DENSITY * ((numbers[-1] - numbers[0]) // step + 1)
    return dense or _split_digits(column) is not None


def _settle_measure(column: _Column, roles: _Roles, *, alone: bool) -> None:
    """A time written out is the time axis when nothing else changes; any other measurement names the sequence."""
    elapsed = column.axis == "T" or (column.words[0] in TIME_UNITS and all(t.isdigit() for t in column.texts))
    if alone and elapsed and "T" not in roles.axes:
        roles.axes["T"] = column
        roles.confidence = Confidence.STRUCTURE
    else:
        roles.keys.append(column)


def _without_repetitions(counters: list[_Column]) -> list[_Column]:
    """Of numbers that always change together, the last."""
    kept: list[_Column] = []
    for column in reversed(counters):
        if not any(_follows(column.numbers, other.numbers) for other in kept):
            kept.append(column)
    return kept[::-1]


def _settle_counters(counters: list[_Column], roles: _Roles) -> None:
    """One counter is N. Several are N1, N2 when their combinations fill a grid; else the last one counts."""
    if not counters:
        return
    roles.confidence = Confidence.GUESS
    places = len(set(zip(*(column.numbers for column in counters), strict=True)))
    total = 1
    for column in counters:
        total *= len(set(column.numbers))
    if len(counters) > 1 and places < _LEAST_FILL * total:
        roles.keys.extend(counters[:-1])
        counters = counters[-1:]
    if len(counters) == 1 and (halves := _split_digits(counters[0])) is not None:
        counters = halves
    names = ["N"] if len(counters) == 1 else [f"N{at}" for at in range(1, len(counters) + 1)]
    for name, column in zip(names, counters, strict=True):
        roles.axes[name] = column
        if column.words[0] in AMBIGUOUS_LETTERS and column.axis:
            roles.ambiguous[name] = AMBIGUOUS_LETTERS[column.words[0]]


def _split_digits(column: _Column) -> list[_Column] | None:
    """Two counters written as one number (101 to 112, 201 to 212): a full grid of leading digit and the rest."""
    texts = set(column.texts)
    widths = {len(text) for text in texts}
    if len(widths) != 1 or (width := widths.pop()) < 2:
        return None
    heads, tails = {text[:1] for text in texts}, {text[1:] for text in texts}
    numbers = sorted(map(int, tails))
    contiguous = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)
    full = len(texts) == len(heads) * len(tails) and len(heads) > 1 < len(tails) < 10 ** (width - 1)
    if not full or not contiguous or max(map(int, heads)) - min(map(int, heads)) != len(heads) - 1:
        return None
    return [
        _Column(column.meaning, "", column.words, [text[:1] for text in column.texts], column.glued),
        _Column(column.meaning, "", column.words, [text[1:] for text in column.texts], column.glued),
    ]


def _partition(entries: list[Entry], roles: _Roles) -> list[Group]:
    """Split the entries by everything that names a sequence."""
    axes = {
        name: Axis(c.words, c.texts, roles.ambiguous.get(name, "")) for name, c in sorted(roles.axes.items())
    }
    whole = Group(entries, axes, roles.confidence)
    parts: dict[tuple[Value, ...], list[int]] = {}
    for row in range(len(entries)):
        parts.setdefault(tuple(_key_text(column, row) for column in roles.keys), []).append(row)
    return [whole] if len(parts) == 1 else [whole.part(rows) for rows in parts.values()]


def _key_text(column: _Column, row: int) -> str:
    return column.texts[row].casefold()
