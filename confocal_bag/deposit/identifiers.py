"""Check the identifiers that a description holds: ORCID, ROR, DOI, Handle, CURIE, SPDX, dates.

Nothing is looked up.
"""

import re
from datetime import date

from confocal_bag.deposit.spdx import exceptions_in, expression_problem, listed_licenses, names_in

__all__ = [
    "bare_doi",
    "canonical_orcid",
    "curie_problem",
    "date_interval",
    "handle_is_valid",
    "license_problem",
    "orcid_problem",
    "parse_date",
    "ror_problem",
]

_ORCID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/|orcid(?: id)?:? ?)?(\d{4})[ -]?(\d{4})[ -]?(\d{4})[ -]?(\d{3}[\dXx])/?",
    re.ASCII | re.IGNORECASE,
)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T([01]\d|2[0-4])(?::?([0-5]\d)(?::?([0-5]\d|60)(?:[.,]\d+)?)?)?"
    r"(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?)?)?",
    re.ASCII,
)
_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:?\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.ASCII | re.IGNORECASE
)
_HANDLE = re.compile(r"(?:hdl:|https?://hdl\.handle\.net/)?(?:\d{2,}|\d+(?:\.\d+)+)/\S+", re.ASCII)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"

#: Patterns of the ontologies and registries that descriptions of microscopy use, by CURIE prefix.
_CURIES = {
    "NCBITaxon": r"\d+",
    "CL": r"\d{7}",
    "CLO": r"\d{7}",
    "UBERON": r"\d{7}",
    "GO": r"\d{7}",
    "EFO": r"\d{7}",
    "OBI": r"\d{7}",
    "PATO": r"\d{7}",
    "MONDO": r"\d{7}",
    "PO": r"\d{7}",
    "CHMO": r"\d{7}",
    "FBbi": r"\d{8}",
    "FBbt": r"\d{8}",
    "ZFA": r"\d{7}",
    "WBbt": r"\d{7}",
    "EMAPA": r"\d+",
    "MA": r"\d{7}",
    "CHEBI": r"\d+",
    "CVCL": r"(?:CVCL_)?[A-Z0-9]{4}",
    "RRID": r"(?:AB|SCR|CVCL|IMSR_\w+|MGI|ZFIN|WB-STRAIN|BDSC|Addgene)[_:][\w:-]+",
}

_CURIE_EXAMPLES = {
    "NCBITaxon": "10090",
    "FBbi": "00000252",
    "FBbt": "00000001",
    "CVCL": "0030",
    "RRID": "AB_477593",
}


def canonical_orcid(text: str) -> str:
    """An ORCID iD as four groups of four, from an address, without hyphens or with a small x; else as it stands."""
    found = _ORCID.fullmatch(text.strip())
    return f"{found[1]}-{found[2]}-{found[3]}-{found[4].upper()}" if found else text


def orcid_problem(text: str) -> str | None:
    """What is wrong with an ORCID iD, whose last character checks the others (ISO 7064 mod 11-2).

    None if nothing.
    """
    found = re.fullmatch(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])", text, re.ASCII)
    if found is None:
        return "an ORCID iD is four groups of four digits, such as 0000-0002-1825-0097"
    digits = found[1].replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    expected = "0123456789X"[(12 - total % 11) % 11]
    return None if digits[-1] == expected else "its check digit does not fit the others: a digit is mistyped"


def ror_problem(text: str) -> str | None:
    """What is wrong with a ROR identifier, whose last two digits check the others (mod 97-10).

    None if nothing.
    """
    found = re.fullmatch(r"(?:https?://)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6})(\d{2})", text.casefold(), re.ASCII)
    if found is None:
        return "a ROR identifier is 0 and eight more characters, such as https://ror.org/04tj63d06"
    value = 0
    for character in found[1]:
        value = value * 32 + _CROCKFORD.index(character)
    fits = f"{98 - value * 100 % 97:02d}" == found[2]
    return None if fits else "its check digits do not fit the others: a character is mistyped"


def bare_doi(text: str) -> str | None:
    """The DOI without an address or `doi:` before it, such as 10.5072/example; None where it is no DOI."""
    found = _DOI.fullmatch(text)
    return found[1] if found else None


def handle_is_valid(text: str) -> bool:
    """Whether the text has the form of a Handle, such as 20.500.12345/678."""
    return _HANDLE.fullmatch(text) is not None


def curie_problem(text: str, *, allowed: frozenset[str] = frozenset()) -> str | None:
    """What is wrong with a term identifier such as NCBITaxon:10090; None if nothing.

    Web addresses are accepted, and CVCL_0030 as Cellosaurus writes it.
    """
    if re.fullmatch(r"https?://\S+|CVCL_[A-Z0-9]{4}", text):
        return None
    prefix, _, local = text.partition(":")
    if not local:
        return "a term identifier has a prefix and a number, such as NCBITaxon:10090"
    known = next((name for name in _CURIES if name.casefold() == prefix.casefold()), None)
    if known is None:
        return f"the prefix {prefix} is not one of {', '.join(sorted(_CURIES))}"
    if allowed and known not in allowed:
        return f"the prefix {' or '.join(sorted(allowed))} was expected here"
    if prefix != known or re.fullmatch(_CURIES[known], local) is None:
        return f"a term of {known} has the form {known}:{_CURIE_EXAMPLES.get(known, '0000001')}"
    return None


def license_problem(text: str) -> str | None:
    """What is wrong with a licence expression of SPDX identifiers; None if nothing.

    LicenseRef- names are free.
    """
    if wrong := expression_problem(text):
        return wrong
    listed = listed_licenses()
    for name in names_in(text) or [text]:
        if re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", name):
            continue
        known = listed.get(name.removesuffix("+").casefold()) or listed.get(name.casefold())
        if known is None:
            near = _nearest_license(name)
            return f"{name} is not a known SPDX identifier" + (f" (did you mean {near}?)" if near else "")
        if known.is_deprecated:
            now = listed.get(f"{name}-only".casefold()) or listed.get(f"{name.removesuffix('+')}-or-later".casefold())
            return f"{name} is no longer an SPDX identifier" + (f" (did you mean {now.id}?)" if now else "")
    return _misplaced_exception(text)


def _misplaced_exception(text: str) -> str | None:
    """What is said of an exception that stands for a licence, or of a licence behind WITH."""
    exceptions = exceptions_in(text)
    for name in names_in(text):
        known = listed_licenses().get(name.casefold())
        if known is not None and known.is_exception and name not in exceptions:
            return f"{name} is an exception to a licence and stands behind WITH"
        if known is not None and not known.is_exception and name in exceptions:
            return f"{name} stands behind WITH and is no exception to a licence"
    return None


def _nearest_license(text: str) -> str | None:
    word = re.sub(r"[^a-z0-9.]+", "-", text.casefold()).strip("-")
    if word in ("cc0", "cc-0", "public-domain"):
        return "CC0-1.0"
    guesses = (word, f"{word}-4.0", f"{word}.0", f"{word}-only", f"{word}.0-only")
    found = (listed_licenses().get(guess) for guess in guesses)
    return next((one.id for one in found if one is not None and not one.is_deprecated), None)


def parse_date(text: str) -> tuple[date, date] | None:
    """The first and last day that an ISO 8601 day, month or year means; None where it is none."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day)
        if found[3]:
            return first, first
        if found[2]:
            following = date(year + month // 12, month % 12 + 1, 1)
            return first, date.fromordinal(following.toordinal() - 1)
        return first, date(year, 12, 31)
    except ValueError:
        return None


def date_interval(text: str) -> tuple[date, date] | None:
    """The first and last day of a date or an interval a/b; None where it is neither or runs backwards."""
    first, slash, last = (part.strip() for part in text.partition("/"))
    begin = parse_date(first)
    end = parse_date(last) if slash else begin
    if begin is None or end is None or begin[0] > end[1]:
        return None
    return begin[0], end[1]
