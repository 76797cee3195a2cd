"""The SPDX License List: which identifiers exist, which are out of use or for software, and how people write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = [
    "ListedLicense",
    "canonical_expression",
    "exceptions_in",
    "expression_problem",
    "licenses_in_words",
    "listed_licenses",
    "names_in",
    "public_names",
]

#: What joins names, and what each word of an expression is: a bracket, a joint, WITH, or else a name.
_JOINTS = {"AND": "j", "OR": "j", "WITH": "w"}
_FORM = {"(": "(", ")": ")", **_JOINTS}
_MOST_WORDS = 1000
#: Licences and dedications that let everybody copy and pass on the data, on whatever conditions.
_PUBLIC = re.compile(r"CC0-|CC-|PDDL-|ODbL-|ODC-By-|CDLA-|OGL-|etalab-|DL-DE-", re.IGNORECASE)
#: Creative Commons as people write it: cc0, CC BY-NC 4.0, Creative Commons Attribution 4.0 International.
_CC0 = r"(?:creative commons )?cc[ -]?(?:0|zero)(?:[ -]?v?1(?:\.0)?)?(?: universal)?"
_CC_BY = (
    r"(?:creative commons )?(?:cc[ -]?by|(?:creative commons|cc) attribution)"
    r"((?:[ -](?:nc|nd|sa|non-?commercial|no ?deriv(?:ative)?s|share ?alike))*)"
    r"(?:[ -]?v?(\d\.\d))?(?: international| unported| generic)?"
)
_TERMS = (("NC", r"nc|non"), ("ND", r"nd|no ?d"), ("SA", r"sa|share"))
_IN_WORDS = re.compile(rf"(?<![\w-])(?:{_CC0}|{_CC_BY})(?![\w-])", re.IGNORECASE)
_JOINT = re.compile(r"(\(|\)|(?<=[\s)])(?:and|or|with)(?=[\s(]))", re.I)
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


def canonical_expression(written: str) -> str:
    """A licence as SPDX writes it: CC0-1.0 for cc0, CC-BY-4.0 AND MIT for "cc by 4.0 and mit".

    What could mean several licences, such as CC BY without a version, or none, stays as it was written.
    """
    pieces = [one.strip() for one in _JOINT.split(written) if one.strip()]
    if len(pieces) > _MOST_WORDS:
        return written
    names = [one.upper() if one.upper() in _FORM else _canonical(one) for one in pieces]
    if any(one is None for one in names):
        return written
    return re.sub(r"\( | \)", lambda found: found[0].strip(), " ".join(one for one in names if one))


def _canonical(name: str) -> str | None:
    """One name as SPDX writes it; None where nobody can tell which is meant."""
    plain = " ".join(name.split())
    if re.fullmatch(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+", plain):
        return plain
    for form in (plain, plain.replace(" ", "-")):
        later = "+" if form.endswith("+") else ""
        known = listed_licenses().get(form.casefold()) or listed_licenses().get(form.removesuffix("+").casefold())
        if known is not None:
            return known.id if known.id.endswith("+") else f"{known.id}{later}"
    found = _IN_WORDS.fullmatch(plain)
    known = listed_licenses().get(_spelt(found).casefold()) if found else None
    return known.id if known else None


def _spelt(found: re.Match[str]) -> str:
    """The name of a licence of Creative Commons as SPDX spells it, without a version where none is told."""
    if re.match("cc[ -]?(?:0|zero)", found[0].casefold().removeprefix("creative commons ")):
        return "CC0-1.0"
    terms = "".join(f"-{short}" for short, word in _TERMS if re.search(rf"[ -](?:{word})", found[1] or "", re.I))
    return f"CC-BY{terms}-{found[2]}" if found[2] else f"CC-BY{terms}"


def licenses_in_words(text: str) -> list[str]:
    """The licences of Creative Commons that a sentence names, as SPDX spells them; CC-BY where no version is told."""
    return [_spelt(found) for found in _IN_WORDS.finditer(text)]


def public_names(expression: str) -> list[str]:
    """The licences in an expression that let everybody copy and pass on the data."""
    return [name for name in names_in(expression) if _PUBLIC.match(name)]


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
