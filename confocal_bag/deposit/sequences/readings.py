"""What a name says, part by part, before its neighbours in the folder have been looked at."""

from enum import IntEnum
from typing import NamedTuple

__all__ = ["Meaning", "Reading", "Token"]


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
    """One variable part. `word` is the marker or unit beside it in lower case; `text` is the value as written.

    `sign` is what stands between a marker and its number where that may be a sign: "-" or nothing.
    """

    meaning: Meaning
    axis: str
    word: str
    text: str
    glued: bool = True
    sign: str = ""


class Reading(NamedTuple):
    """A name (or a part of one) as read: its variable parts in order, and its constant words in lower case.

    Readings with equal `form` (where it is not empty) have tokens alike in all but their texts.
    """

    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    form: tuple[object, ...] = ()
