"""Read the numbers of a file name: which are marked with an axis, which are measurements, dates or plain counters."""

import re
from collections.abc import Collection

from confocal_bag.deposit.sequences.readings import Meaning, Reading, Token
from confocal_bag.deposit.sequences.segments import Forms
from confocal_bag.deposit.sequences.words import CELL_LINES

__all__ = ["Meaning", "Reading", "Token", "read_text"]

_DASHED_FORMS = (
    r"(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})",
    r"(?P<region>x[0-9]+-[0-9]+y[0-9]+-[0-9]+)",
)
_FORMS = (
    r"(?<![0-9])(?P<elapsed>(?:[0-9]{1,4}d)?[0-9]{1,4}h[0-9]{1,2}m(?:in)?(?:[0-9]{1,2}s)?)(?![0-9A-Za-z])",
    r"(?<![0-9])(?P<date>(?:19|20)[0-9]{2}(?P<dash>[-_.]?)[01][0-9](?P=dash)[0-3][0-9]"
    r"(?:[-_T ][0-2][0-9][-_.:]?[0-5][0-9](?:[-_.:]?[0-5][0-9])?)?)(?![0-9])",
    r"(?<![0-9A-Za-z-])(?P<clock>[0-3][0-9](?P<colon>[-.])[0-5][0-9](?P=colon)(?:20)?[0-9]{2})(?![0-9]|-[0-9])",
    r"(?<![0-9A-Za-z])(?P<size>[0-9]{1,5}[xX][0-9]{1,5}(?:[xX][0-9]{1,5})?)(?![0-9A-Za-z])",
    r"\[(?P<row>[0-9]+) [xX] (?P<column>[0-9]+)\]",
    r"(?<![0-9A-Za-z])(?P<xs>[0-9]+)x_(?P<ys>[0-9]+)y(?:_(?P<zs>[0-9]+)z)?(?:_(?P<ts>[0-9]+)t)?(?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])(?P<line>" + "|".join(CELL_LINES) + r")(?![0-9A-Za-z])",
)
#: All but those with two dashes begin with a digit, a bracket or the letter of a cell line; that is soon seen.
_FIRST = "(?=[0-9" + re.escape("[" + "".join(sorted({line[0] for line in CELL_LINES if line[0].isalpha()}))) + "])"
_OTHERS = re.compile(_FIRST + "(?:" + "|".join(_FORMS) + ")")
_ALL = re.compile("|".join((_DASHED_FORMS[0], *_FORMS[:3], _DASHED_FORMS[1], *_FORMS[3:])))


def read_text(text: str, forms: Forms, wells: Collection[tuple[int, int]] = ()) -> Reading:
    """Read one folder name or file stem (NFC, without extension).

    `forms` are those of the deposit; readings by others must not be mixed with them. `wells` are the places known to
    hold a plate well.
    """
    if not wells and _composites(text).search(text) is None:
        tokens, words, _, form = forms.read(text, "")
        return Reading(tuple(tokens), words, (form,))
    reader = _Reader(forms)
    start = 0
    for begin, end in wells:
        reader.read(text[start:begin])
        reader.add(Meaning.AXIS, "W", "well", text[begin:end])
        start = end
    reader.read(text[start:])
    return Reading(tuple(reader.tokens), tuple(reader.words), tuple(reader.form))


def _composites(text: str) -> re.Pattern[str]:
    """What finds the composite forms of a text, the sooner the fewer of them there can be."""
    return _ALL if text.count("-") > 1 else _OTHERS


class _Reader:
    """Collects tokens and constant words from left to right."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.tokens: list[Token] = []
        self.words: list[str] = []
        self.form: list[object] = []
        self.last_word = ""

    def read(self, text: str) -> None:
        """Read text without known wells."""
        start = 0
        for found in _composites(text).finditer(text):
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
        if text:
            segment = self.forms.read(text, self.last_word)
            self.tokens += segment.tokens
            self.words += segment.words
            self.form.append(segment.form)
            self.last_word = segment.last_word

    def add(self, meaning: Meaning, axis: str, word: str, text: str) -> None:
        """Keep a token; dates and identifiers also hold their place among the words."""
        self.tokens.append(Token(meaning, axis, word, text))
        self.form.append((axis, word))
        if meaning is Meaning.STAMP:
            self.words.append("#" + word)
