"""Second thoughts, once the same part of all names is seen: counters in channel numbers, lasers in plain ones."""

import re

from confocal_bag.deposit.sequences.columns import MOST_CHANNELS, Column
from confocal_bag.deposit.sequences.tokens import Meaning
from confocal_bag.deposit.sequences.words import EXCITATION_WORDS, LASER_LINES

__all__ = ["recast"]

_COUNTER_DIGITS = 4
#: Nanometres of light that excites a stain or comes back from it.
_WAVELENGTHS = range(350, 1101)
_DIGITS_AT_END = re.compile(r"[0-9]+\Z")


def recast(columns: list[Column]) -> list[Column]:
    """The columns anew.

    A counter right behind the channel (ch010000, ch010001) or in its place (em_001) is cut off, and numbers that all
    are lines of lasers (405, 488, 561) are channels.
    """
    return [new for column in columns for new in _recast(column)]


def _recast(column: Column) -> list[Column]:
    if column.meaning is Meaning.AXIS and column.axis == "C":
        return _split_counter(column) or [column]
    if column.meaning is Meaning.CHANNEL and column.words[0] in EXCITATION_WORDS:
        return _no_wavelengths(column) or [column]
    if column.meaning is Meaning.PLAIN and column.varies and LASER_LINES.issuperset(column.texts):
        return [Column(Meaning.CHANNEL, "C", column.words, column.texts, column.glued)]
    return [column]


def _split_counter(column: Column) -> list[Column] | None:
    """A channel and a counter of four digits written as one number, told by more values than there are channels."""
    texts = set(column.texts)
    if len(texts) <= MOST_CHANNELS or any(len(text) <= _COUNTER_DIGITS or not text.isdigit() for text in texts):
        return None
    head = [text[:-_COUNTER_DIGITS] for text in column.texts]
    tail = [text[-_COUNTER_DIGITS:] for text in column.texts]
    if len(set(head)) > MOST_CHANNELS:
        return None
    return [
        Column(column.meaning, column.axis, column.words, head, column.glued),
        Column(Meaning.PLAIN, "", [""] * len(tail), tail, glued=False),
    ]


def _no_wavelengths(column: Column) -> list[Column] | None:
    """The counter that stands behind a word for excitation (em_001), None where all its numbers are wavelengths."""
    numbers = [_DIGITS_AT_END.search(text) for text in column.texts]
    texts = [found[0] for found in numbers if found is not None]
    if all(int(text) in _WAVELENGTHS for text in texts):
        return None
    return [Column(Meaning.PLAIN, "", column.words, texts, glued=False)]
