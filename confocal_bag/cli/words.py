"""Options that take one of a few words, and what is said of any other."""

import difflib
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import typer

__all__ = ["one_of"]

Word = TypeVar("Word", bound=StrEnum)


def one_of(words: type[Word]) -> Callable[[str], Word]:
    """A reader of an option's word, which says what was probably meant by one that is none of `words`."""

    def read(text: str) -> Word:
        try:
            return words(text)
        except ValueError:
            near = difflib.get_close_matches(text.casefold(), list(words), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise typer.BadParameter(f"{text!r} is none of {', '.join(words)}.{hint}") from None

    return read
