"""Which characters one sign of an expression accepts: itself, a class of them, or a set in brackets."""

import re
from collections.abc import Callable

from confocal_bag.bag.profiles.expression_text import ExpressionFault, ExpressionText

__all__ = ["Accepts", "any_case", "escaped", "is_one", "read_set"]

Accepts = Callable[[str], bool]

_CLASSES: dict[str, Accepts] = {
    "d": str.isdecimal,
    "w": lambda letter: letter.isalnum() or letter == "_",
    "s": str.isspace,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_HEXADECIMAL = {"x": 2, "u": 4, "U": 8}


def is_one(sign: str) -> Accepts:
    """That character and no other."""
    return lambda letter: letter == sign


def any_case(accepts: Accepts) -> Accepts:
    """The same whatever the case."""
    return lambda letter: accepts(letter) or accepts(letter.lower()) or accepts(letter.upper())


def escaped(text: ExpressionText, sign: str) -> Accepts:
    """What a backslash and this sign stand for: a class, or a character."""
    return _class(sign) or is_one(_character(text, sign))


def read_set(text: ExpressionText) -> Accepts:
    """A set such as [a-z], of which the opening bracket was read."""
    is_negated = text.take("^")
    members: list[Accepts] = []
    is_first = True
    while is_first or not text.take("]"):
        is_first = False
        members.append(_member(text))
    return _none_of(members) if is_negated else _one_of(members)


def _member(text: ExpressionText) -> Accepts:
    low = _member_end(text)
    if text.looks_at("-]") or not text.take("-"):
        return low if callable(low) else is_one(low)
    high = _member_end(text)
    if callable(low) or callable(high) or low > high:
        raise text.malformed("a range of characters has no beginning or no end")
    return _in_range(low, high)


def _member_end(text: ExpressionText) -> str | Accepts:
    sign = text.next()
    if sign != "\\":
        return sign
    sign = text.next()
    if sign == "b":
        return "\b"
    return _class(sign) or _character(text, sign)


def _class(sign: str) -> Accepts | None:
    accepts = _CLASSES.get(sign.lower())
    return _none_of([accepts]) if accepts and sign.isupper() else accepts


def _character(text: ExpressionText, sign: str) -> str:
    """The character that a backslash and this sign stand for."""
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if sign in _HEXADECIMAL:
        digits = "".join(text.next() for _ in range(_HEXADECIMAL[sign]))
        if not re.fullmatch("[0-9A-Fa-f]+", digits) or int(digits, 16) > 0x10FFFF:
            raise text.malformed(f"\\{sign} is not followed by {_HEXADECIMAL[sign]} hexadecimal digits")
        return chr(int(digits, 16))
    if sign.isascii() and sign.isalnum():
        if sign.isdigit():
            raise ExpressionFault("it holds an octal number")
        raise text.malformed(f"\\{sign} has no meaning")
    return sign


def _in_range(low: str, high: str) -> Accepts:
    return lambda letter: low <= letter <= high


def _one_of(members: list[Accepts]) -> Accepts:
    return lambda letter: any(accepts(letter) for accepts in members)


def _none_of(members: list[Accepts]) -> Accepts:
    return lambda letter: not any(accepts(letter) for accepts in members)
