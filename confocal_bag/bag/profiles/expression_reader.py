"""How the text of a regular expression becomes the states it can be in."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from confocal_bag.bag.profiles.expression_letters import Accepts, any_case, escaped, is_one, read_set
from confocal_bag.bag.profiles.expression_text import ExpressionFault, ExpressionText

__all__ = ["State", "read_states"]

_MOST_STATES = 5000
_DEEPEST_GROUP = 50

_QUANTIFIER = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_GROUP_NAME = re.compile(r"\?P<[A-Za-z_][A-Za-z0-9_]*>")


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
        self.text = ExpressionText(source)
        self.ignores_case = self.text.take("(?i)")
        self.depth = 0

    def states(self) -> list[State]:
        """The whole expression."""
        piece = self._choices()
        if not self.text.is_read:
            raise self.text.malformed("a closing bracket has no opening one")
        return piece.states

    def _choices(self) -> _Piece:
        choices = [self._sequence()]
        while self.text.take("|"):
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
        while not self.text.is_read and not (self.text.looks_at("|") or self.text.looks_at(")")):
            states = _bounded(states + self._repeated())
        return _Piece(states=states)

    def _repeated(self) -> list[State]:
        piece = self._atom()
        bounds = self._bounds()
        if bounds is None:
            return piece.states
        if piece.is_place:
            raise self.text.malformed("there is nothing to repeat")
        self.text.take("?")  # the lazy form matches the same values
        if self.text.looks_at("+"):
            raise ExpressionFault("it holds a possessive repeat")
        if self._bounds() is not None:
            raise self.text.malformed("it repeats a repeat")
        return _repeat(piece.states, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.text.take(sign):
                return bounds
        match = _QUANTIFIER.match(self.text.source, self.text.place)
        if match is None or match[0] == "{}":
            return None
        if len(match[0]) > 12:
            raise ExpressionFault("it repeats too often")
        self.text.place = match.end()
        least = int(match[1] or 0)
        most = int(match[3]) if match[3] else (None if match[2] else least)
        if most is not None and most < least:
            raise self.text.malformed("it repeats at most less often than at least")
        return least, most

    def _atom(self) -> _Piece:
        if self._bounds() is not None:
            raise self.text.malformed("there is nothing to repeat")
        sign = self.text.next()
        if sign == "(":
            return self._group()
        if sign in "^$":
            return _place_piece("start" if sign == "^" else "last line")
        if sign == "[":
            return self._letter(read_set(self.text))
        if sign == ".":
            return self._letter(lambda letter: letter != "\n")
        if sign == "\\":
            return self._escaped()
        return self._letter(is_one(sign))

    def _group(self) -> _Piece:
        if self.text.looks_at("?") and not self.text.take("?:"):
            match = _GROUP_NAME.match(self.text.source, self.text.place)
            if match is None:
                raise ExpressionFault(
                    f"it holds a group of the kind ({self.text.source[self.text.place : self.text.place + 3]}"
                )
            self.text.place = match.end()
        self.depth += 1
        if self.depth > _DEEPEST_GROUP:
            raise ExpressionFault(f"its groups nest more than {_DEEPEST_GROUP} deep")
        piece = self._choices()
        self.depth -= 1
        if not self.text.take(")"):
            raise self.text.malformed("an opening bracket has no closing one")
        return piece

    def _letter(self, accepts: Accepts) -> _Piece:
        return _Piece(states=[State(accepts=any_case(accepts) if self.ignores_case else accepts)])

    def _escaped(self) -> _Piece:
        sign = self.text.next()
        if sign in "AZ":
            return _place_piece("start" if sign == "A" else "end")
        if sign in "bB":
            raise ExpressionFault("it holds a word boundary")
        if sign.isascii() and sign.isdigit() and sign != "0":
            raise ExpressionFault("it refers back to a group")
        return self._letter(escaped(self.text, sign))


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
