"""The SPDX License List: which identifiers exist, which are out of use, which are licences for software."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["ListedLicense", "listed_licenses", "names_in"]

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


def names_in(expression: str) -> list[str]:
    """The names in a licence expression such as CC0-1.0 AND (MIT OR Apache-2.0), in order."""
    words = expression.replace("(", " ").replace(")", " ").split()
    names: list[str] = []
    gap = True
    for word in words:
        if word.upper() in ("AND", "OR", "WITH"):
            gap = True
        elif gap:
            names.append(word)
            gap = False
        else:
            names[-1] += f" {word}"
    return names
