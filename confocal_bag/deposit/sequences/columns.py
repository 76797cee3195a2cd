"""The variable parts of similar names side by side, and how two of them hang together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import gcd

from confocal_bag.deposit.sequences.groups import Value, value_of
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.tokens import Meaning
from confocal_bag.deposit.sequences.words import SAMPLE_WORDS

__all__ = [
    "Column",
    "agree",
    "columns_of",
    "follows",
    "is_derived",
    "may_count",
    "one_spelling",
    "split_digits",
    "without_repetitions",
]

#: An unmarked number counts something when its values fill at least this share of their range.
_LEAST_DENSITY = 0.5
#: Channel names are believed when the planes of two channels agree to at least this share.
_LEAST_AGREEMENT = 0.5


@dataclass(slots=True)
class Column:
    """One variable part over all entries of a bucket."""

    meaning: Meaning
    axis: str
    words: list[str]
    texts: list[str]
    glued: bool

    @property
    def varies(self) -> bool:
        """Whether it has at least two values."""
        return len(set(self.texts)) > 1

    @property
    def folded(self) -> list[str]:
        """The texts without letter case."""
        return [text.casefold() for text in self.texts]

    @property
    def numbers(self) -> list[Value]:
        """The values, as numbers where they are."""
        return [value_of(text) for text in self.texts]


def columns_of(entries: list[Entry]) -> list[Column]:
    """The columns of entries with equal keys, in the order of their tokens."""
    columns = []
    for tokens in zip(*(entry.tokens for entry in entries), strict=True):
        first = tokens[0]
        texts, words = [token.text for token in tokens], [token.word for token in tokens]
        columns.append(Column(first.meaning, first.axis, words, texts, first.glued))
    return columns


def follows(one: Iterable[object], other: Iterable[object]) -> bool:
    """Whether two columns change together: each value of one stands with one value of the other, and back."""
    there: dict[object, object] = {}
    back: dict[object, object] = {}
    pairs = zip(one, other, strict=True)
    return all(there.setdefault(a, b) == b and back.setdefault(b, a) == a for a, b in pairs)


def agree(labels: list[str], places: list[tuple[str, ...]]) -> bool:
    """Whether the files of different labels stand at the same places."""
    if not places:
        return True
    sets: dict[str, set[tuple[str, ...]]] = {}
    for label, place in zip(labels, places, strict=True):
        sets.setdefault(label, set()).add(place)
    largest = max(sets.values(), key=len)
    return all(len(one & largest) >= _LEAST_AGREEMENT * len(one) for one in sets.values())


def one_spelling(column: Column) -> Column:
    """Labels that differ only in case are one label, spelt as most files do."""
    if all(text.isdigit() for text in column.texts):
        return column
    spellings: dict[str, Counter[str]] = {}
    for text in column.texts:
        spellings.setdefault(text.casefold(), Counter())[text] += 1
    best = {folded: min(count, key=lambda text: (-count[text], text)) for folded, count in spellings.items()}
    texts = [best[text.casefold()] for text in column.texts]
    return Column(column.meaning, column.axis, column.words, texts, column.glued)


def is_derived(column: Column, axes: list[Column]) -> bool:
    """Whether a part changes exactly when marked axes change, so that it says nothing new."""
    glued_plain = column.meaning is Meaning.PLAIN and (column.glued or column.words[0] in SAMPLE_WORDS)
    if not axes or (glued_plain and len(set(column.texts)) < 3):
        return False
    subsets = [(axis,) for axis in axes] + [tuple(axes)]
    if 2 < len(axes) <= 5:
        subsets += list(combinations(axes, 2)) + list(combinations(axes, len(axes) - 1))
    return any(follows(column.texts, list(zip(*(axis.texts for axis in subset), strict=True))) for subset in subsets)


def may_count(column: Column, *, fewest: int, samples: bool) -> bool:
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
    step = gcd(*(b - a for a, b in pairwise(numbers)))
    dense = len(numbers) >= _LEAST_DENSITY * ((numbers[-1] - numbers[0]) // step + 1)
    return dense or split_digits(column) is not None


def split_digits(column: Column) -> list[Column] | None:
    """Two counters written as one number (101 to 112, 201 to 212): a full grid of leading digit and the rest."""
    texts = set(column.texts)
    widths = {len(text) for text in texts if text.isdigit()}
    if len(widths) != 1 or not all(text.isdigit() for text in texts) or (width := widths.pop()) < 2:
        return None
    heads, tails = {text[:1] for text in texts}, {text[1:] for text in texts}
    numbers = sorted(map(int, tails))
    contiguous = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)
    full = len(texts) == len(heads) * len(tails) and len(heads) > 1 < len(tails) < 10 ** (width - 1)
    if not full or not contiguous or max(map(int, heads)) - min(map(int, heads)) != len(heads) - 1:
        return None
    return [
        Column(column.meaning, "", column.words, [text[:1] for text in column.texts], column.glued),
        Column(column.meaning, "", column.words, [text[1:] for text in column.texts], column.glued),
    ]


def without_repetitions(counters: list[Column]) -> list[Column]:
    """Of numbers that always change together, the last."""
    kept: list[Column] = []
    for column in reversed(counters):
        if not any(follows(column.numbers, other.numbers) for other in kept):
            kept.append(column)
    return kept[::-1]
