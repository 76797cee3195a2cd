"""The SPDX License List: which identifiers exist, which are out of use, which are licences for software."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["ListedLicense", "exceptions_in", "expression_problem", "listed_licenses", "names_in"]

#: What joins names, and what each word of an expression is: a bracket, a joint, WITH, or else a name.
_JOINTS = {"AND": "j", "OR": "j", "WITH": "w"}
_FORM = {"(": "(", ")": ")", **_JOINTS}
_MOST_WORDS = 1000
_SHIPPED = Path(__file__).with_name("spdx-licenses.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLicense:
    """One line of the list: the identifier as SPDX writes it, and what it is."""

    id: str
    is_software: bool
    is_exception: bool
    is_deprecated: bool


@lru_cache(maxsize=1)
def listed_licenses() -> Mapping[str, ListedLicense]:
    """Every identifier of the list by its lower-case form; SPDX compares identifiers without case."""
    found = {}
    for line in _SHIPPED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, kind, state = line.split("\t")
            found[name.casefold()] = ListedLicense(
                id=name,
                is_software=kind == "software",
                is_exception=kind == "exception",
                is_deprecated=state == "deprecated",
            )
    return found


def expression_problem(expression: str) -> str | None:
    """What is wrong with the form of a licence expression (SPDX 2.3, annex D); None if nothing.

    Whether its names exist is another question.
    """
    words = expression.replace("(", " ( ").replace(")", " ) ").split()
    if len(words) > _MOST_WORDS:
        return f"it has {len(words):,} words, and no licence of a deposit takes more than a few"
    form = re.sub(r"n+", "n", "".join(_FORM.get(word.upper(), "n") for word in words))
    # A licence with its exception is one licence; an exception to several at once is none.
    form, before = form.replace("nwn", "n"), ""
    while form != before:
        form, before = form.replace("(n)", "n").replace("njn", "n"), form
    if form in ("n", ""):
        return None
    if form.count("(") != form.count(")"):
        return "its brackets are not in pairs"
    if "w" in form:
        return "WITH stands between one licence and one exception, as in GPL-2.0-or-later WITH Classpath-exception-2.0"
    return "between every two licences stands one AND or OR, as in CC0-1.0 AND (MIT OR Apache-2.0)"


def names_in(expression: str) -> list[str]:
    """The names in a licence expression such as CC0-1.0 AND (MIT OR Apache-2.0), in order."""
    return [name for _, name in _joined(expression)]


def exceptions_in(expression: str) -> list[str]:
    """The names behind WITH in a licence expression, in order."""
    return [name for joint, name in _joined(expression) if joint == "WITH"]


def _joined(expression: str) -> list[tuple[str, str]]:
    """The names of an expression, each with the joint before it; words that nothing joins are one name."""
    found: list[tuple[str, str]] = []
    joint, is_open = "", True
    for word in expression.replace("(", " ").replace(")", " ").split():
        if word.upper() in _JOINTS:
            joint, is_open = word.upper(), True
        elif is_open:
            found.append((joint, word))
            is_open = False
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {word}")
    return found
