"""How wide text is on a screen, and breaking it into lines of at most so many columns."""

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["WIDTH", "display_width", "padded", "words", "wrapped"]

#: The longest line of a readme, in columns.
WIDTH = 80
_NUMBER = re.compile(r"[(]?\d[\d.,]*")
_TIMES = "\N{MULTIPLICATION SIGN}"
_UNITS = frozenset({"nm", "µm", "s", "µs", "%", "V", "bytes", "Airy", "°C"})


def display_width(text: str) -> int:
    """The columns that a text takes: two for each East Asian wide character, none for a combining mark."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int, *, to_the_right: bool = False) -> str:
    """The text filled up with blanks to `width` columns."""
    blanks = " " * max(0, width - display_width(text))
    return blanks + text if to_the_right else text + blanks


def words(text: str) -> Iterator[str]:
    """The words of a text, a number and its unit as one, and so are two numbers that are multiplied."""
    pieces = text.split()
    place = 0
    while place < len(pieces):
        following = pieces[place + 1].rstrip(".,;:)") if place + 1 < len(pieces) else ""
        taken = 2 if following in _UNITS and _NUMBER.fullmatch(pieces[place]) else 1
        if following == _TIMES:
            taken = 3
        yield " ".join(pieces[place : place + taken])
        place += taken


def wrapped(text: str, first: str = "", rest: str = "", *, width: int = WIDTH) -> list[str]:
    """The words of a text in lines of at most `width` columns; `first` and `rest` are what the lines begin with.

    A word is broken only where it is longer than a line.
    """
    room = max(2, width - display_width(rest))
    lines: list[str] = []
    line, used = "", 0
    left = max(2, width - display_width(first))
    for word in (part for whole in words(text) for part in _broken(whole, room if line else min(left, room))):
        size = display_width(word)
        if line and used + 1 + size > left:
            lines.append(line)
            line, used, left = word, size, room
        else:
            line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
    lines.append(line)
    return [(first if index == 0 else rest) + one for index, one in enumerate(lines)]


def _broken(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` columns, broken behind a slash, underscore or hyphen where there is one."""
    pieces: list[str] = []
    while display_width(word) > width:
        end = _fitting(word, width)
        at = max(word.rfind(mark, end // 3, end) for mark in "/_-") + 1
        pieces.append(word[: at or end])
        word = word[at or end :]
    return [*pieces, word] if word else pieces


def _fitting(text: str, width: int) -> int:
    """How many characters of a text fit into so many columns; at least one."""
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > width:
            return max(1, index)
    return len(text)
