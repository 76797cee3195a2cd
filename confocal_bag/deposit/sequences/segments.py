"""Read a stretch of a name that holds no date, identifier or other composite form.

Names of one stack differ in digits alone, and what a number means depends on its length and on what stands around it,
hardly ever on its value (`_width` tells where). So each way of writing is read once, and later texts of that form only
lend their digits.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from confocal_bag.deposit.sequences.piece_reader import LONGEST_INDEX, PieceReader
from confocal_bag.deposit.sequences.pieces import is_number, pieces_of
from confocal_bag.deposit.sequences.readings import Token

__all__ = ["Forms", "Segment"]

_NUMBERS = re.compile(r"([0-9]+)")
#: What is remembered: so many ways of writing, none longer than this. Anything else is read anew.
_MOST_FORMS = 4096
_LONGEST_FORM = 256


class Segment(NamedTuple):
    """What a stretch of text says, its last word that stands alone, and a number that is equal for equal forms."""

    tokens: list[Token]
    words: tuple[str, ...]
    last_word: str
    form: int


class _Form(NamedTuple):
    """A way of writing: a token for each variable part, and where its text stands among all numbers.

    That is one number, or several pieces, some of them constant text; neither where the text is constant.
    """

    parts: list[tuple[Token, int | None, tuple[int | str, ...]]]
    words: tuple[str, ...]
    last_word: str
    form: int


class Forms:
    """The ways of writing that the names of one deposit have shown so far."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], _Form] = {}
        self._numbers = count(1)

    def read(self, text: str, last_word: str) -> Segment:
        """Read one stretch of text; `last_word` is the word that stands before it."""
        cut = _NUMBERS.split(text)
        numbers = cut[1::2]
        widths = list(map(len, numbers))
        if 2 in widths or "0" in numbers or max(widths, default=0) > LONGEST_INDEX:
            widths = list(map(_width, numbers))
        key = (last_word, *cut[::2], *widths, *(_ranges(cut) if "-" in cut else ()))
        form = self._known.get(key) or self._read(text, last_word, key)
        tokens = [_with_digits(token, place, places, numbers) for token, place, places in form.parts]
        return Segment(tokens, form.words, form.last_word, form.form)

    def _read(self, text: str, last_word: str, key: tuple[object, ...]) -> _Form:
        """Read a text of a new form, and keep it where other digits may take the place of its own."""
        reader = PieceReader(pieces_of(text), last_word)
        reader.read()
        order = [at for at, piece in enumerate(reader.pieces) if is_number(piece)]
        numbers = {at: number for number, at in enumerate(order)}
        parts = [(token, *_places(reader.pieces, numbers, places)) for token, places in reader.parts]
        form = _Form(parts, tuple(reader.words), reader.last_word, next(self._numbers))
        if not reader.digits_in_words and len(text) <= _LONGEST_FORM:
            if len(self._known) >= _MOST_FORMS:
                self._known.clear()
            self._known[key] = form
        return form


def _with_digits(token: Token, place: int | None, places: tuple[int | str, ...], numbers: list[str]) -> Token:
    """A token of a form with the digits of one text."""
    if place is not None:
        meaning, axis, word, _, glued, sign = token
        return Token(meaning, axis, word, numbers[place], glued, sign)
    if not places:
        return token
    return token._replace(text="".join([part if isinstance(part, str) else numbers[part] for part in places]))


def _width(number: str) -> int:
    """All that reading asks of a number: length, whether it may be a plate column, 0, whether a long one is padded."""
    width = len(number)
    if number == "0":
        return 0
    if width == 2:
        return 2 if "01" <= number <= "24" else -2
    return -width if width > LONGEST_INDEX and number[0] != "0" else width


def _ranges(cut: list[str]) -> Iterator[bool]:
    """Whether two numbers with a dash between them may be a range (c1-3)."""
    for at in range(2, len(cut) - 1, 2):
        if cut[at] == "-":
            yield cut[at + 1][0] != "0" and int(cut[at + 1]) > int(cut[at - 1])


def _places(
    pieces: list[str], numbers: dict[int, int], places: tuple[int | str, ...]
) -> tuple[int | None, tuple[int | str, ...]]:
    """Where the text of a token stands, numbers counted from the beginning of the text."""
    found = tuple(place if isinstance(place, str) else numbers.get(place, pieces[place]) for place in places)
    if len(found) == 1 and isinstance(found[0], int):
        return found[0], ()
    return None, found if any(isinstance(place, int) for place in found) else ()
