"""Read the numbers of a file name: which are marked with an axis, which are measurements, dates or plain counters."""

import re
from collections.abc import Collection
from enum import IntEnum
from typing import NamedTuple

from confocal_bag.deposit.sequences.pieces import (
    end_of_decimals,
    end_of_range,
    is_number,
    is_padded_well,
    marker_in,
    marks,
    number_behind,
    pieces_of,
    touches,
)
from confocal_bag.deposit.sequences.words import (
    CELL_LINES,
    CHANNEL_WORDS,
    MARKERS,
    NUMBERED_CHANNEL_WORDS,
    UNITS,
    WEAK_MARKERS,
)

__all__ = ["Meaning", "Reading", "Token", "read_text"]


class Meaning(IntEnum):
    """What one variable part of a name is, before its neighbours in the folder have been looked at."""

    AXIS = 0  # a number behind (or before) a word that names its axis
    WEAK = 1  # a number behind a letter that names an axis only in company
    CHANNEL = 2  # the name of a stain, or an excitation wavelength
    PLAIN = 3  # a number that nothing explains
    MEASURE = 4  # a number with a unit
    STAMP = 5  # a date, a time of day, an identifier
    IGNORED = 6  # known from a convention to repeat what another token says


class Token(NamedTuple):
    """One variable part. `word` is the marker or unit beside it in lower case; `text` is the value as written."""

    meaning: Meaning
    axis: str
    word: str
    text: str
    glued: bool = True


class Reading(NamedTuple):
    """A name (or a part of one) as read: its variable parts in order, and its constant words in lower case."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]


_SPECIAL = re.compile(
    r"(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|(?<![0-9])(?P<elapsed>(?:[0-9]{1,4}d)?[0-9]{1,4}h[0-9]{1,2}m(?:in)?(?:[0-9]{1,2}s)?)(?![0-9A-Za-z])"
    r"|(?<![0-9])(?P<date>(?:19|20)[0-9]{2}(?P<dash>[-_.]?)[01][0-9](?P=dash)[0-3][0-9]"
    r"(?:[-_T ][0-2][0-9][-_.:]?[0-5][0-9](?:[-_.:]?[0-5][0-9])?)?)(?![0-9])"
    r"|(?<![0-9A-Za-z-])(?P<clock>[0-3][0-9](?P<colon>[-.])[0-5][0-9](?P=colon)(?:20)?[0-9]{2})(?![0-9-])"
    r"|(?P<region>x[0-9]+-[0-9]+y[0-9]+-[0-9]+)"
    r"|(?<![0-9A-Za-z])(?P<size>[0-9]{1,5}[xX][0-9]{1,5}(?:[xX][0-9]{1,5})?)(?![0-9A-Za-z])"
    r"|\[(?P<row>[0-9]+) x (?P<column>[0-9]+)\]"
    r"|(?<![0-9A-Za-z])(?P<xs>[0-9]+)x_(?P<ys>[0-9]+)y(?:_(?P<zs>[0-9]+)z)?(?:_(?P<ts>[0-9]+)t)?(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?P<line>" + "|".join(CELL_LINES) + r")(?![0-9A-Za-z])",
)
_SEPARATORS = frozenset(" _-.=#()[]{},;'~:\t\n\r\"!@")
#: Longer numbers that do not begin with 0 are time stamps or stage heights.
_LONGEST_INDEX = 7


def read_text(text: str, wells: Collection[tuple[int, int]] = ()) -> Reading:
    """Read one folder name or file stem (NFC, without extension). `wells` are the places known to hold a plate well."""
    reader = _Reader()
    start = 0
    for begin, end in wells:
        reader.read(text[start:begin])
        reader.add(Meaning.AXIS, "W", "well", text[begin:end])
        start = end
    reader.read(text[start:])
    return Reading(tuple(reader.tokens), tuple(reader.words))


class _Reader:
    """Collects tokens and constant words from left to right."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.words: list[str] = []
        self.last_word = ""

    def read(self, text: str) -> None:
        """Read text without known wells."""
        start = 0
        for found in _SPECIAL.finditer(text):
            self.read_plain(text[start : found.start()])
            self.read_special(found)
            start = found.end()
        self.read_plain(text[start:])

    def read_special(self, found: re.Match[str]) -> None:
        """Take a date, an identifier, a size or another composite form."""
        form = found.lastgroup or ""
        if form == "guid":
            self.add(Meaning.STAMP, "", "guid", found["guid"])
        elif form == "elapsed":
            self.add(Meaning.STAMP, "T", "elapsed", found["elapsed"])
        elif form == "column":
            self.add(Meaning.AXIS, "Y", "", found["row"])
            self.add(Meaning.AXIS, "X", "", found["column"])
        elif found["xs"] is not None:
            for axis, name in (("X", "xs"), ("Y", "ys"), ("Z", "zs"), ("T", "ts")):
                if found[name] is not None:
                    self.add(Meaning.AXIS, axis, axis.lower(), found[name])
        elif found["date"] is not None or found["clock"] is not None:
            self.add(Meaning.STAMP, "", "date", found[0])
        else:
            self.words.append(found[0].casefold())
        self.last_word = ""

    def read_plain(self, text: str) -> None:
        """Read text that holds no composite form."""
        pieces = pieces_of(text)
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            if is_number(piece):
                at = self._bare_number(pieces, at)
            elif piece in _SEPARATORS:
                at += 1
            elif piece.isalpha():
                at = self._word(pieces, at)
            else:
                self.words.append(piece)
                at += 1

    def add(self, meaning: Meaning, axis: str, word: str, text: str, *, glued: bool = True) -> None:
        """Keep a token; numbers without a marker also hold their place among the words."""
        self.tokens.append(Token(meaning, axis, word, text, glued))
        if meaning is Meaning.PLAIN:
            self.words.append("#")
        elif meaning in (Meaning.MEASURE, Meaning.STAMP):
            self.words.append("#" + word)

    def _word(self, pieces: list[str], at: int) -> int:
        """Read a word, with its number if it marks one; return where to read on."""
        word = pieces[at].casefold()
        number = number_behind(pieces, at)
        if number is not None:
            if word in NUMBERED_CHANNEL_WORDS:
                self.add(Meaning.CHANNEL, "C", word, "".join(pieces[at : number + 1]))
                return number + 1
            end = self._marked_number(pieces, at, number)
            if end is not None:
                return end
        if word in CHANNEL_WORDS:
            self.add(Meaning.CHANNEL, "C", word, pieces[at])
            return at + 1
        self.words.append(word)
        self.last_word = word
        return at + 1

    def _marked_number(self, pieces: list[str], at: int, number: int) -> int | None:
        """Take the word at `at` as the marker of a number; None when it marks nothing."""
        head, marker = marker_in(pieces[at])
        text, glued = pieces[number], number == at + 1
        if glued and is_padded_well(pieces, at):
            self.add(Meaning.WEAK, "W", "well", pieces[at] + text)
            return number + 1
        strong = marker in MARKERS
        apart = not glued and len(marker) == 1 and (pieces[at + 1] not in "_=[" or touches(pieces, at - 1))
        if not strong and (marker not in WEAK_MARKERS or apart):
            return None
        if head:
            self.words.append(head.casefold())
        self.last_word = ""
        if len(text) > _LONGEST_INDEX and text[0] != "0":
            self.add(Meaning.STAMP, "", marker, text)
        elif strong and marker.startswith("c") and (end := end_of_range(pieces, number)) is not None:
            self.words.append(marker + "".join(pieces[number:end]))
            return end
        elif strong:
            self.add(Meaning.AXIS, MARKERS[marker], marker, text, glued=glued)
        else:
            self.add(Meaning.WEAK, WEAK_MARKERS[marker], marker, text, glued=glued)
        return number + 1

    def _bare_number(self, pieces: list[str], at: int) -> int:
        """Read a number without a marker: a measurement, an axis named behind it, or a plain number."""
        word, self.last_word = self.last_word, ""
        end = end_of_decimals(pieces, at)
        unit_at = end + 1 if end + 1 < len(pieces) and pieces[end] == " " and len(pieces[end + 1]) > 1 else end
        unit = pieces[unit_at].casefold() if unit_at < len(pieces) else ""
        text = "".join(pieces[at:end])
        if pieces[unit_at : unit_at + 1] == ["nm"] and text.isdigit() and len(text) in (3, 4):
            self.add(Meaning.CHANNEL, "C", "nm", text + pieces[unit_at])
            return unit_at + 1
        marks_next = marks(unit) and unit_at + 1 < len(pieces) and is_number(pieces[unit_at + 1])
        if unit in UNITS and not marks_next:
            self.add(Meaning.MEASURE, "", unit, text)
            return unit_at + 1
        if unit in ("z", "t") and unit_at == at + 1 and not touches(pieces, at - 1) and not touches(pieces, at + 2):
            self.add(Meaning.AXIS, unit.upper(), unit, text)
            return at + 2
        if word == "na" and end > at + 1:
            self.add(Meaning.MEASURE, "", "na", text)
            return end
        sign = "-" if at > 1 and pieces[at - 1] == "-" and pieces[at - 2] in "_(=" else ""
        self.add(Meaning.PLAIN, "", word, sign + pieces[at], glued=at > 0 and pieces[at - 1].isalpha())
        return at + 1
