"""The variable parts of similar names side by side, and how two of them hang together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import gcd, prod

from confocal_bag.deposit.sequences.groups import Value, values_of
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.tokens import Meaning, Token
from confocal_bag.deposit.sequences.words import SAMPLE_WORDS

__all__ = [
    "MOST_CHANNELS",
    "Column",
    "agree",
    "columns_of",
    "counts_at_end",
    "fill_a_grid",
    "follows",
    "is_derived",
    "may_count",
    "one_spelling",
    "repeats",
    "split_digits",
    "without_repetitions",
]

#: An unmarked number counts something when its values fill at least this share of their range.
_LEAST_DENSITY = 0.5
#: Several unmarked numbers are axes together when their combinations fill at least this share of the grid.
_LEAST_FILL = 0.8
#: A letter c that takes more values than this is no channel, or not only.
MOST_CHANNELS = 5
#: Channel names are believed when the planes of two channels agree to at least this share.
_LEAST_AGREEMENT = 0.5


@dataclass(slots=True, eq=False)
class Column:
    """One variable part over all entries of a bucket. Two columns are never the same part, whatever they hold."""

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
    def is_index(self) -> bool:
        """Whether all values are whole numbers."""
        return all(text.isdigit() for text in self.texts)

    @property
    def folded(self) -> list[str]:
        """The texts without letter case."""
        return [text.casefold() for text in self.texts]

    @property
    def numbers(self) -> list[Value]:
        """The values, as numbers where they are."""
        return values_of(self.texts)


def columns_of(entries: list[Entry]) -> list[Column]:
    """The columns of entries with equal keys, in the order of their tokens."""
    columns = []
    for tokens in zip(*(entry.tokens for entry in entries), strict=True):
        first = tokens[0]
        texts, words = _texts_with_sign(tokens), [token.word for token in tokens]
        columns.append(Column(first.meaning, first.axis, words, texts, first.glued))
    return columns


def _texts_with_sign(tokens: tuple[Token, ...]) -> list[str]:
    """The texts; a dash before the number is a sign where zero has none and the numbers on its other side neither."""
    signed = {token.text for token in tokens if token.sign}
    if signed:
        bare = {token.text for token in tokens if not token.sign}
        if any(_is_zero(text) for text in bare) and not any(_is_zero(text) for text in signed):
            return [token.sign + token.text for token in tokens]
    return [token.text for token in tokens]


def _is_zero(text: str) -> bool:
    return not text.strip("0.p,")


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
    """Whether an unmarked number looks like a counter and not like a sample number, an offset, a size (16, 32, 64)."""
    if column.meaning is not Meaning.PLAIN:
        return False
    numbers = sorted({number for number in values_of(list(set(column.texts))) if isinstance(number, int)})
    sample = column.glued or column.words[0] in SAMPLE_WORDS
    if len(numbers) < fewest or (samples and sample):
        return False
    if len(numbers) == 2:
        padded = any(len(text) > 1 and text.startswith("0") for text in column.texts)
        return padded or numbers[0] in (0, 1) or numbers[1] - numbers[0] == 1
    if len(numbers) > 2 and all(b == 2 * a for a, b in pairwise(numbers)):
        return False
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


def fill_a_grid(counters: list[Column]) -> bool:
    """Whether nearly every combination of the values of several counters is there."""
    numbers = [column.numbers for column in counters]
    places = len(set(zip(*numbers, strict=True)))
    return places >= _LEAST_FILL * prod(len(set(values)) for values in numbers)


def counts_at_end(column: Column) -> bool:
    """Whether an unmarked number at the end of a name counts on, behind the marked axes (T10 - 1 to T10 - 6)."""
    return not column.glued and may_count(column, fewest=3, samples=True)


def repeats(column: Column, counter: Column) -> bool:
    """Whether a part says nothing beside a counter; a measurement may be the same for several of its values."""
    pairs = set(zip(counter.texts, column.texts, strict=True))
    measured = column.meaning is Meaning.MEASURE and len(pairs) == len(set(counter.texts))
    return measured or follows(column.texts, counter.texts)
