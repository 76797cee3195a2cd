"""Read a stretch of a name piece by piece: words, numbers, and which word marks which number."""

from collections.abc import Iterable

from confocal_bag.deposit.sequences.pieces import (
    end_of_decimals,
    end_of_range,
    is_number,
    is_padded_well,
    marker_in,
    marks,
    number_behind,
    touches,
)
from confocal_bag.deposit.sequences.readings import Meaning, Token
from confocal_bag.deposit.sequences.words import (
    CHANNEL_WORDS,
    DEPTH_UNITS,
    DETACHED_NUMBER_WORDS,
    EXCITATION_WORDS,
    MARKERS,
    NUMBERED_CHANNEL_WORDS,
    TIME_UNITS,
    UNITS,
    VERSION_WORDS,
    WEAK_MARKERS,
)

__all__ = ["LONGEST_INDEX", "PieceReader"]

_SEPARATORS = frozenset(" _-.=#()[]{},;'~:\t\n\r\"!@")
#: Longer numbers that do not begin with 0 are time stamps or stage heights.
LONGEST_INDEX = 7
#: A capital W counts wells in numbers so long (W0001) and wavelengths in shorter ones.
_LEAST_WELL_DIGITS = 3
_CHANNEL_LETTERS = "ABCDEF"
_WAVELENGTH_DIGITS = (3, 4)


def _is_lettered_channel(word: str) -> bool:
    """Whether a word names a channel by a capital letter (ChanA, ChannelB)."""
    return word[-1] in _CHANNEL_LETTERS and word[-2:-1].islower() and MARKERS.get(word[:-1].casefold()) == "C"


class PieceReader:
    """Collects tokens and constant words from left to right. Tokens come with the pieces that make their text."""

    def __init__(self, pieces: list[str], last_word: str) -> None:
        self.pieces = pieces
        self.last_word = last_word
        self.parts: list[tuple[Token, tuple[int | str, ...]]] = []
        self.words: list[str] = []
        self.digits_in_words = False

    def read(self) -> None:
        """Read all pieces."""
        at = 0
        while at < len(self.pieces):
            piece = self.pieces[at]
            if is_number(piece):
                at = self._bare_number(at)
            elif piece in _SEPARATORS:
                at += 1
            elif piece.isalpha():
                at = self._word(at)
            else:
                self.words.append(piece)
                at += 1

    def _add(
        self, meaning: Meaning, axis: str, word: str, places: Iterable[int | str], *, glued: bool = True, sign: str = ""
    ) -> None:
        """Keep a token; numbers without a marker also hold their place among the words."""
        places = tuple(places)
        text = "".join(place if isinstance(place, str) else self.pieces[place] for place in places)
        self.parts.append((Token(meaning, axis, word, text, glued, sign), places))
        if meaning is Meaning.PLAIN:
            self.words.append("#")
        elif meaning in (Meaning.MEASURE, Meaning.STAMP):
            self.words.append("#" + word)

    def _word(self, at: int) -> int:
        """Read a word, with its number if it marks one; return where to read on."""
        word = self.pieces[at].casefold()
        number = number_behind(self.pieces, at)
        if number is not None:
            if self._is_numbered_channel(word, at, number):
                self._add(Meaning.CHANNEL, "C", word, range(at, number + 1))
                return number + 1
            end = self._marked_number(at, number)
            if end is not None:
                return end
        if word in CHANNEL_WORDS or _is_lettered_channel(self.pieces[at]):
            self._add(Meaning.CHANNEL, "C", word, (at,))
            return at + 1
        self.words.append(word)
        self.last_word = word
        return at + 1

    def _is_numbered_channel(self, word: str, at: int, number: int) -> bool:
        """Whether a word names a channel together with its number: Cy5, Alexa 488, Ex_561; but not BF_001."""
        digits = len(self.pieces[number])
        if word in EXCITATION_WORDS:
            return digits in _WAVELENGTH_DIGITS
        if number == at + 1:
            return word in NUMBERED_CHANNEL_WORDS
        return digits == DETACHED_NUMBER_WORDS.get(word)

    def _marked_number(self, at: int, number: int) -> int | None:
        """Take the word at `at` as the marker of a number; None when it marks nothing."""
        pieces = self.pieces
        head, marker = marker_in(pieces[at])
        text, glued = pieces[number], number == at + 1
        if glued and self._well(at, number):
            return number + 1
        strong = marker in MARKERS
        if not strong and end_of_decimals(pieces, number) > number + 1:
            return None
        apart = not glued and len(marker) == 1 and (pieces[at + 1] not in "_=[" or touches(pieces, at - 1))
        if not strong and (marker not in WEAK_MARKERS or apart):
            return None
        if head:
            self.words.append(head.casefold())
        self.last_word = ""
        if len(text) > LONGEST_INDEX and text[0] != "0":
            self._add(Meaning.STAMP, "", marker, (number,))
        elif strong and marker.startswith("c") and (end := end_of_range(pieces, number)) is not None:
            self.words.append(marker + "".join(pieces[number:end]))
            self.digits_in_words = True
            return end
        elif strong and (end := self._end_of_measure(MARKERS[marker], number)) is not None:
            self._add(
                Meaning.AXIS, MARKERS[marker], marker, range(number, end), glued=glued, sign=self._sign(at, number)
            )
            return end + 1
        elif strong:
            self._add(Meaning.AXIS, MARKERS[marker], marker, (number,), glued=glued, sign=self._sign(at, number))
        else:
            self._add(Meaning.WEAK, WEAK_MARKERS[marker], marker, (number,), glued=glued)
        return number + 1

    def _well(self, at: int, number: int) -> bool:
        """Take a letter and its number as a plate well (A01, W0001) where they are one."""
        if is_padded_well(self.pieces, at):
            self._add(Meaning.WEAK, "W", "well", (at, number))
        elif self.pieces[at] == "W" and len(self.pieces[number]) >= _LEAST_WELL_DIGITS:
            self._add(Meaning.AXIS, "W", "well", (number,))
        else:
            return False
        return True

    def _sign(self, at: int, number: int) -> str:
        """The dash that alone stands between a marker and its number."""
        return "-" if number == at + 2 and self.pieces[at + 1] == "-" else ""

    def _end_of_measure(self, axis: str, number: int) -> int | None:
        """Where a depth or a time with its unit ends (z0.5um, t30s): before the unit; None when it is none."""
        end = end_of_decimals(self.pieces, number)
        units = {"Z": DEPTH_UNITS, "T": TIME_UNITS}.get(axis, frozenset())
        unit, after = (*self.pieces[end : end + 2], "", "")[:2]
        return end if unit.casefold() in units and not after.isdigit() else None

    def _bare_number(self, at: int) -> int:
        """Read a number without a marker: a measurement, an axis named behind it, or a plain number."""
        pieces, word, self.last_word = self.pieces, self.last_word, ""
        end = end_of_decimals(pieces, at)
        unit_at = end + 1 if end + 1 < len(pieces) and pieces[end] == " " and len(pieces[end + 1]) > 1 else end
        unit = pieces[unit_at].casefold() if unit_at < len(pieces) else ""
        if unit == "nm" and pieces[unit_at] != "nM" and end == at + 1 and len(pieces[at]) in _WAVELENGTH_DIGITS:
            self._add(Meaning.CHANNEL, "C", "nm", (at, unit_at))
            return unit_at + 1
        marks_next = marks(unit) and unit_at + 1 < len(pieces) and is_number(pieces[unit_at + 1])
        if unit in UNITS and not marks_next:
            self._add(Meaning.MEASURE, "", unit, range(at, end))
            return unit_at + 1
        if unit in ("z", "t") and unit_at == at + 1 and not touches(pieces, at - 1) and not touches(pieces, at + 2):
            self._add(Meaning.AXIS, unit.upper(), unit, (at,))
            return at + 2
        if end > at + 1 or word in VERSION_WORDS:
            self._add(Meaning.MEASURE, "", word, range(at, end))
            return end
        sign = ("-",) if at > 1 and pieces[at - 1] == "-" and pieces[at - 2] in "_(=" else ()
        self._add(Meaning.PLAIN, "", word, (*sign, at), glued=at > 0 and pieces[at - 1].isalpha())
        return at + 1
