"""Facts from headers as a description can hold them: rounded, on one line, and nothing personal."""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context
from functools import lru_cache

__all__ = [
    "Fact",
    "Facts",
    "agree_but_for_rounding",
    "facts_of",
    "is_positive",
    "number_text",
    "rounded",
    "safe_text",
    "shared_size",
]

Fact = str | float | tuple[str | float | None, ...]
#: Facts by the name of their field, such as "objective.na".
Facts = Mapping[str, Fact]

_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w"  # e-mail
    r"|(?:^|[\s\"'(=,;])[A-Za-z]:[\\/]"  # drive letter
    r"|\\\\|[^/\s]\\[^\s]"  # UNC and other Windows paths
    r"|(?:^|[\s\"'(=,;:])~?/(?:home|Users|mnt|media|data|Volumes|tmp|var|srv|export)\b"
    r"|\bfile:/|\bUsers[\\/]|\buser(?:name)?\s*[:=]",
    re.IGNORECASE,
)
_LONGEST_TEXT = 200
#: Depositors round: 0.09 for 0.0902 is the same size, 0.1 is not.
_ROUNDING = 0.02
_SIX_DIGITS = Context(prec=6, rounding=ROUND_HALF_EVEN)


def facts_of(values: Mapping[str, str | float | tuple[float | None, ...] | None]) -> Facts:
    """The values that a header recorded, without what says nothing."""
    facts: dict[str, Fact] = {}
    for name, value in values.items():
        if isinstance(value, str):
            text = safe_text(value)
            if text:
                facts[name] = text
        elif isinstance(value, tuple):
            facts[name] = tuple(None if number is None else rounded(number) for number in value)
        elif is_positive(value):
            assert value is not None
            facts[name] = rounded(value)
    return facts


def is_positive(value: float | None) -> bool:
    """A size that can be written down.

    Zero, negative and absurd ones are what headers hold when nothing was set.
    """
    return value is not None and 1e-9 < value < 1e12


def shared_size(values: Iterable[float | None]) -> float | None:
    """The one size among those that are recorded; None where they differ."""
    found = {rounded(value) for value in values if value is not None and is_positive(value)}
    return found.pop() if len(found) == 1 else None


def rounded(value: float) -> float:
    """The number with six significant digits: more than any instrument knows."""
    return float(number_text(value))


def agree_but_for_rounding(said: float, recorded: float) -> bool:
    """Whether what people say and what a header records may be one number, rounded by 2 % at most."""
    return math.isclose(said, recorded, rel_tol=_ROUNDING)


def number_text(value: float) -> str:
    """The number as people read it everywhere: six significant digits, no exponent, halves to the even digit.

    Rounded from the shortest decimal that means the number, so what was rounded before stays as it is.
    """
    text = format(_SIX_DIGITS.create_decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=8192)
def safe_text(text: str | None) -> str | None:
    """Header text on one line; None where it is blank or looks like a path, an address or a user name."""
    if text is None:
        return None
    one_line = "".join(c if c.isprintable() else " " for c in text)
    one_line = " ".join(one_line.split())
    if not one_line or len(one_line) > _LONGEST_TEXT or _PERSONAL.search(one_line):
        return None
    return one_line
