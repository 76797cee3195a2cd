"""The small parts of a sentence of a Methods paragraph: words, numbers with units, rows, brackets."""

import re
from collections.abc import Sequence

from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.plain_text import cleaned

__all__ = [
    "amount",
    "article",
    "direction_in_words",
    "in_brackets",
    "is_none",
    "is_not_done",
    "listed",
    "pinhole_size",
    "unit_in_words",
    "word",
]

_DIRECTIONS = (
    (("unidirectional", "uni", "single", "oneway", "onedirection", "forward"), "in one direction"),
    (("bidirectional", "bi", "both", "twoway", "bothdirections", "twodirections"), "in both directions"),
)
_NOT_DONE = frozenset({"none", "no", "not applicable", "n/a", "unfixed", "not fixed", "not sectioned", "unsectioned"})
#: Letters whose names begin with a vowel: an LSM, but a TCS.
_VOWEL_NAMES = frozenset("AEFHILMNORSX")


def word(text: str | None) -> str | None:
    """A recorded text as part of a sentence: on one line, without a stop at its end."""
    if text is None:
        return None
    line = cleaned(text).strip(" .,;:")
    return line if re.search(r"\w", line) else None


def listed(parts: Sequence[str]) -> str:
    """Parts in a row: a, b and c."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def in_brackets(*parts: str | None) -> str:
    """What is known of the parts, in brackets behind a blank; nothing where nothing is."""
    told = "; ".join(part for part in parts if part)
    return f" ({told})" if told else ""


def article(name: str) -> str:
    """A name with its article: a Zeiss, an LSM."""
    letters = re.match(r"[A-Z](?=[A-Z\d]|[^\w]|$)", name)
    vowel = letters[0] in _VOWEL_NAMES if letters else name[:1].lower() in "aeiou" and name[:1] != ""
    return f"{'an' if vowel else 'a'} {name}"


def is_none(note: str | None) -> bool:
    """Whether a header's words say that there was none: Nikon's none (Line Average Mode: None)."""
    return re.match(r"none\b", note or "", re.IGNORECASE) is not None


def is_not_done(text: str) -> bool:
    """Whether people say that a step was not done: none, not fixed, unsectioned."""
    plain = text.casefold().strip(" .")
    return plain in _NOT_DONE or re.match(r"(?:none|unfixed|not fixed|no fixation)\b", plain) is not None


def direction_in_words(direction: str | None) -> str | None:
    """How the beam moved over the sample; words that nobody knows here are quoted."""
    told = word(direction)
    if told is None:
        return None
    plain = re.sub(r"[^a-z]", "", told.casefold())
    known = next((words for names, words in _DIRECTIONS if plain in names), None)
    return known or f"with the scan direction {told}"


def unit_in_words(unit: str | None) -> str | None:
    """What was scanned again and again: line, frame, pixel; other words as they stand."""
    told = word(unit)
    return told if told is None else re.sub(r"(?<=[a-z])s$", "", told.lower())


def amount(value: float | None, unit: str) -> str | None:
    """A number with its unit; None where it is not recorded."""
    return None if value is None else f"{prose_number(value)} {unit}"


def pinhole_size(au: float | None, um: float | None) -> str | None:
    """A pinhole in Airy units, micrometres or both."""
    airy = amount(au, "Airy unit" if au == 1 else "Airy units")
    width = amount(um, "µm")
    return f"{airy}{in_brackets(width)}" if airy else width
