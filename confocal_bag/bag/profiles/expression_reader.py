"""How the text of a regular expression becomes the states it can be in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["ExpressionFault", "State", "read_states"]

_LONGEST_EXPRESSION = 1000
_MOST_STATES = 5000
_DEEPEST_GROUP = 50

Accepts = Callable[[str], bool]

_CLASSES: dict[str, Accepts] = {
    "d": str.isdecimal,
    "w": lambda letter: letter.isalnum() or letter == "_",
    "s": str.isspace,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_HEXADECIMAL = {"x": 2, "u": 4, "U": 8}
_QUANTIFIER = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_GROUP_NAME = re.compile(r"\?P<[A-Za-z_][A-Za-z0-9_]*>")


class ExpressionFault(Exception):  # noqa: N818 - says what was seen
    """The expression cannot be used; `is_malformed` tells a mistake in it from what is not offered here."""

    def __init__(self, reason: str, *, is_malformed: bool = False) -> None:
        super().__init__(reason)
        self.is_malformed = is_malformed


class State(NamedTuple):
    """One state: a character to read, a place the text must be at, or where to go on without reading."""

    accepts: Accepts | None = None
    at: str = ""
    ways: tuple[int, ...] = ()


def read_states(source: str) -> list[State]:
    """The states of an expression in the syntax of Python's `re`; each leads to others counted from its own place.

    Whoever leaves the last of them has matched. Raises ExpressionFault.
    """
    return _Reader(source).states()


_NEXT = (1,)


@dataclass(kw_only=True, eq=False)
class _Piece:
    """Part of an expression: its states, which lead to the one behind the last of them."""

    states: list[State] = field(default_factory=list)
    is_place: bool = False


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, source: str) -> None:
        if len(source) > _LONGEST_EXPRESSION:
            raise ExpressionFault(f"it has {len(source):,} characters; {_LONGEST_EXPRESSION:,} are the most")
        self.ignores_case = source.startswith("(?i)")
        self.source = source.removeprefix("(?i)")
        self.place = 0
        self.depth = 0

    def states(self) -> list[State]:
        """The whole expression."""
        piece = self._choices()
        if self.place < len(self.source):
            raise self._malformed("a closing bracket has no opening one")
        return piece.states

    def _malformed(self, reason: str) -> ExpressionFault:
        return ExpressionFault(f"{reason} (at character {self.place + 1})", is_malformed=True)

    def _looks_at(self, sign: str) -> bool:
        return self.source.startswith(sign, self.place)

    def _take(self, sign: str) -> bool:
        if not self._looks_at(sign):
            return False
        self.place += len(sign)
        return True

    def _next(self) -> str:
        if self.place >= len(self.source):
            raise self._malformed("it ends too early")
        self.place += 1
        return self.source[self.place - 1]

    def _choices(self) -> _Piece:
        choices = [self._sequence()]
        while self._take("|"):
            choices.append(self._sequence())
        whole = choices.pop()
        while choices:
            one = choices.pop().states
            # to the choice or past it; from its end over all the others
            fork = State(ways=(1, len(one) + 2))
            leap = State(ways=(len(whole.states) + 1,))
            whole = _Piece(states=_bounded([fork, *one, leap, *whole.states]))
        return whole

    def _sequence(self) -> _Piece:
        states: list[State] = []
        while self.place < len(self.source) and not (self._looks_at("|") or self._looks_at(")")):
            states = _bounded(states + self._repeated())
        return _Piece(states=states)

    def _repeated(self) -> list[State]:
        piece = self._atom()
        bounds = self._bounds()
        if bounds is None:
            return piece.states
        if piece.is_place:
            raise self._malformed("there is nothing to repeat")
        self._take("?")  # the lazy form matches the same values
        if self._looks_at("+"):
            raise ExpressionFault("it holds a possessive repeat")
        if self._bounds() is not None:
            raise self._malformed("it repeats a repeat")
        return _repeat(piece.states, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        match = _QUANTIFIER.match(self.source, self.place)
        if match is None or match[0] == "{}":
            return None
        if len(match[0]) > 12:
            raise ExpressionFault("it repeats too often")
        self.place = match.end()
        least = int(match[1] or 0)
        most = int(match[3]) if match[3] else (None if match[2] else least)
        if most is not None and most < least:
            raise self._malformed("it repeats at most less often than at least")
        return least, most

    def _atom(self) -> _Piece:
        if self._bounds() is not None:
            raise self._malformed("there is nothing to repeat")
        sign = self._next()
        if sign == "(":
            return self._group()
        if sign in "^$":
            return _place_piece("start" if sign == "^" else "last line")
        if sign == "[":
            return self._letter(self._set())
        if sign == ".":
            return self._letter(lambda letter: letter != "\n")
        if sign == "\\":
            return self._escaped()
        return self._letter(_is_one(sign))

    def _group(self) -> _Piece:
        if self._looks_at("?") and not self._take("?:"):
            match = _GROUP_NAME.match(self.source, self.place)
            if match is None:
                raise ExpressionFault(f"it holds a group of the kind ({self.source[self.place : self.place + 3]}")
            self.place = match.end()
        self.depth += 1
        if self.depth > _DEEPEST_GROUP:
            raise ExpressionFault(f"its groups nest more than {_DEEPEST_GROUP} deep")
        piece = self._choices()
        self.depth -= 1
        if not self._take(")"):
            raise self._malformed("an opening bracket has no closing one")
        return piece

    def _letter(self, accepts: Accepts) -> _Piece:
        return _Piece(states=[State(accepts=_any_case(accepts) if self.ignores_case else accepts)])

    def _escaped(self) -> _Piece:
        sign = self._next()
        if sign in "AZ":
            return _place_piece("start" if sign == "A" else "end")
        if sign in "bB":
            raise ExpressionFault("it holds a word boundary")
        if sign.isascii() and sign.isdigit() and sign != "0":
            raise ExpressionFault("it refers back to a group")
        return self._letter(self._class(sign) or _is_one(self._character(sign)))

    def _class(self, sign: str) -> Accepts | None:
        accepts = _CLASSES.get(sign.lower())
        return _none_of([accepts]) if accepts and sign.isupper() else accepts

    def _character(self, sign: str) -> str:
        """The character that a backslash and this sign stand for."""
        if sign in _ESCAPES:
            return _ESCAPES[sign]
        if sign in _HEXADECIMAL:
            digits = "".join(self._next() for _ in range(_HEXADECIMAL[sign]))
            if not re.fullmatch("[0-9A-Fa-f]+", digits) or int(digits, 16) > 0x10FFFF:
                raise self._malformed(f"\\{sign} is not followed by {_HEXADECIMAL[sign]} hexadecimal digits")
            return chr(int(digits, 16))
        if sign.isascii() and sign.isalnum():
            if sign.isdigit():
                raise ExpressionFault("it holds an octal number")
            raise self._malformed(f"\\{sign} has no meaning")
        return sign

    def _set(self) -> Accepts:
        is_negated = self._take("^")
        members: list[Accepts] = []
        is_first = True
        while is_first or not self._take("]"):
            is_first = False
            members.append(self._member())
        return _none_of(members) if is_negated else _one_of(members)

    def _member(self) -> Accepts:
        low = self._member_end()
        if not self._looks_at("-") or self.source.startswith("-]", self.place):
            return low if callable(low) else _is_one(low)
        self.place += 1
        high = self._member_end()
        if callable(low) or callable(high) or low > high:
            raise self._malformed("a range of characters has no beginning or no end")
        return _in_range(low, high)

    def _member_end(self) -> str | Accepts:
        sign = self._next()
        if sign != "\\":
            return sign
        sign = self._next()
        if sign == "b":
            return "\b"
        return self._class(sign) or self._character(sign)


def _place_piece(where: str) -> _Piece:
    return _Piece(states=[State(at=where, ways=_NEXT)], is_place=True)


def _repeat(states: list[State], least: int, most: int | None) -> list[State]:
    if len(states) * max(least, most or 0) > _MOST_STATES:
        raise ExpressionFault("it repeats too often")
    fork = State(ways=(1, len(states) + 1))
    if most is None:
        back = State(ways=(-len(states) - 1,))
        tail = [State(ways=(1, len(states) + 2)), *states, back]
    else:
        tail = [fork, *states] * (most - least)
    return _bounded(states * least + tail)


def _bounded(states: list[State]) -> list[State]:
    if len(states) > _MOST_STATES:
        raise ExpressionFault("it is too large")
    return states


def _is_one(sign: str) -> Accepts:
    return lambda letter: letter == sign


def _in_range(low: str, high: str) -> Accepts:
    return lambda letter: low <= letter <= high


def _one_of(members: list[Accepts]) -> Accepts:
    return lambda letter: any(accepts(letter) for accepts in members)


def _none_of(members: list[Accepts]) -> Accepts:
    return lambda letter: not any(accepts(letter) for accepts in members)


def _any_case(accepts: Accepts) -> Accepts:
    return lambda letter: accepts(letter) or accepts(letter.lower()) or accepts(letter.upper())
