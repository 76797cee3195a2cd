"""A name in pieces (words, numbers, single other characters), and what stands where among them."""

import re

from confocal_bag.deposit.sequences.words import MARKERS, WEAK_MARKERS

__all__ = [
    "end_of_decimals",
    "end_of_range",
    "is_number",
    "is_padded_well",
    "marker_in",
    "marks",
    "number_behind",
    "pieces_of",
    "touches",
]

_PIECE = re.compile(r"[^\W\d_]+|[0-9]+|.", re.DOTALL)
_MARK_SEPARATORS = frozenset(" _-=.#[(+")
_AFTER_A_DOT = frozenset(("x", "nm"))
_LAST_LATIN = "\u024f"


def pieces_of(text: str) -> list[str]:
    """Cut a text into words, runs of ASCII digits, and single other characters."""
    return _PIECE.findall(text)


def is_number(piece: str) -> bool:
    """Whether a piece is a run of digits."""
    return "0" <= piece[0] <= "9"


def marks(word: str) -> bool:
    """Whether a word in lower case can name an axis."""
    return word in MARKERS or word in WEAK_MARKERS


def number_behind(pieces: list[str], at: int) -> int | None:
    """Where the number stands that follows a word, directly or behind separators; None when none does."""
    reach = 1 if len(pieces[at]) == 1 else 3
    for where in range(at + 1, min(at + 2 + reach, len(pieces))):
        if is_number(pieces[where]):
            return where
        if pieces[where] not in _MARK_SEPARATORS:
            return None
    return None


def marker_in(word: str) -> tuple[str, str]:
    """What stands before the marker in a word, and the marker: ("", "z"), ("stack", "z"), ("", "brain")."""
    lower = word.casefold()
    if len(word) == 1 or lower in MARKERS or lower in WEAK_MARKERS or word.islower():
        foreign = _foreign_head(word)
        return (word[:foreign], word[foreign:].casefold()) if foreign else ("", lower)
    start = max(_foreign_head(word), _last_capital(word))
    tail = word[start:].casefold()
    return (word[:start], tail) if start and tail in MARKERS else ("", lower)


def _foreign_head(word: str) -> int:
    """How much of a word is not in Latin script, when an ASCII marker follows it ("細胞z")."""
    if word.isascii():
        return 0
    start = len(word.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return start if start and word[start - 1] > _LAST_LATIN and word[start:].casefold() in MARKERS else 0


def _last_capital(word: str) -> int:
    """Where the last part of a CamelCase word begins; 0 when the word has one part."""
    for start in range(len(word) - 1, 0, -1):
        if word[start].isupper() and (word[start - 1].islower() or start < len(word) - 1):
            return start
        if not word[start].islower():
            return 0
    return 0


def is_padded_well(pieces: list[str], at: int) -> bool:
    """Whether a capital and two digits stand alone (A01 to H12). C and F are left to their markers."""
    letter, number = pieces[at], pieces[at + 1]
    return (
        letter in ("A", "B", "D", "E", "G", "H")
        and len(number) == 2
        and 1 <= int(number) <= 24
        and not touches(pieces, at - 1)
        and not touches(pieces, at + 2)
    )


def touches(pieces: list[str], at: int) -> bool:
    """Whether a letter or digit stands at `at`."""
    return 0 <= at < len(pieces) and pieces[at].isalnum()


def end_of_range(pieces: list[str], number: int) -> int | None:
    """Where a merge of channels (c1-3) ends; None when the number is no range."""
    rest = pieces[number + 1 : number + 4]
    if len(rest) < 2 or rest[0] != "-" or not rest[1].isdigit() or not rest[1].isascii():
        return None
    if rest[1].startswith("0") or (len(rest) == 3 and (rest[2].isalnum() or rest[2] == "-")):
        return None
    return number + 3 if int(rest[1]) > int(pieces[number]) else None


def end_of_decimals(pieces: list[str], at: int) -> int:
    """Where a number ends, its decimals included when there are some (0.5, 0p5um, NA1.4)."""
    sign, fraction, unit = (*pieces[at + 1 : at + 4], "", "", "")[:3]
    before = pieces[at - 1] if at else ""
    if sign not in (".", "p", ",") or not fraction.isdigit() or not fraction.isascii():
        return at + 1
    if sign == "." and (before.casefold() == "na" or (pieces[at] == "0" and before not in ("", "."))):
        return at + 3
    # In exp12.63x and cell5.488nm the dot parts the sample from what the microscope did.
    parted = sign == "." and before.isalpha() and unit.casefold() in _AFTER_A_DOT
    return at + 3 if unit.isalpha() and not parted else at + 1
