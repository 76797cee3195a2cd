"""Read the words that people answer with as the words that a field holds: "both" is Bidirectional, 450/50 a band."""

import re
from collections.abc import Callable, Mapping

from confocal_bag.deposit.curation.named_files import FILE_NAME
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.identifiers import license_problem
from confocal_bag.deposit.spdx import canonical_expression

__all__ = ["understood"]

_DIRECTIONS = {
    "Bidirectional": (
        r"both\b.*|bi-?directional.*|.*\bboth (?:directions|ways)|two[- ]?ways?|round[- ]?trip|back and forth"
    ),
    "Unidirectional": (
        r"(?:in )?(?:one|a single|1)(?: (?:direction|way))?(?: only)?|uni-?directional.*|one-?way|forwards?"
    ),
}
_UNITS = {
    "Line": r"(?:by |per |each )?lines?(?: (?:average|averag(?:ed|ing)|accumulation|kalman|by line))?",
    "Frame": r"(?:by |per |each )?(?:frames?|images?)(?: (?:average|averag(?:ed|ing)|accumulation|kalman|by frame))?",
}
_METHODS = {
    "Average": r"(?:the |by )?(?:average|averag(?:ed|ing)|means?)|they were averaged|(?:line|frame) averag\w+",
    "Sum": r"(?:the |by )?(?:sum|summed|summing|added|adding|accumulat(?:e|ed|ion)|integrat(?:ed|ion))",
    "Kalman": r"kalman(?: (?:filter|average|averaging))?",
}
_ACCESS = {
    "open": r"open(?: access)?|public|everybody|everyone|anyone|anybody|all",
    "embargoed": r"embargo(?:ed)?|under embargo",
    "restricted": r"restricted(?: access)?|on request|upon request|closed",
}
#: Fields with a closed list of words: what people write for each word, and what to say of anything else.
_CLOSED: Mapping[str, tuple[Mapping[str, str], str]] = {
    "acquisitions.scan_direction": (_DIRECTIONS, "Unidirectional or Bidirectional was expected"),
    "acquisitions.averaging.unit": (_UNITS, "Line or Frame was expected; leave it empty if nothing was averaged"),
    "acquisitions.averaging.method": (
        _METHODS,
        "Average, Sum or Kalman was expected; leave it empty if nothing was averaged",
    ),
    "access.level": (_ACCESS, "open, embargoed or restricted was expected"),
}

_EVERYBODY = "researchers; education; media; public"
_AUDIENCES = {
    "researchers": r"researchers?|scientists?|academics?|academia|research|colleagues?|biologists?|other labs?",
    "education": r"education|students?|teachers?|teaching|schools?|educators?|pupils|lecturers?",
    "media": r"media|press|journalists?|news|media outlets?",
    "public": r"(?:the )?(?:general )?public|laypeople|citizens?",
}
_ALL = re.compile(r"(?:for )?(?:every ?(?:body|one)|any ?(?:body|one)|all(?: of them)?|the whole world)", re.I)

_SPECIES = re.compile(r"\b[A-Z][a-z]{2,} [a-z]{3,}\b")
_SEVERAL = re.compile(r"[;\n&+]|\band\b|\bund\b", re.I)
_BAND = re.compile(r"(?:B[PA]|ET|FF\d*|BrightLine)?\s*(\d{3}(?:\.\d+)?)\s*/\s*(\d{1,3}(?:\.\d+)?)\s*(?:nm)?", re.I)
_PASS = re.compile(r"(?P<kind>LP|SP|long ?pass|short ?pass|[<>])\s*(?P<edge>\d{3,4})\s*(?:nm)?", re.I)
_HERTZ = re.compile(r"\d\s*[kM]?Hz\b", re.I)


def understood(key: str, answer: str) -> str:
    """An answer in the words that its field holds; as it was where the field holds any words.

    `key` is the name of the field without places. Raises `UnreadableAnswer`, which says what was expected.
    """
    if key in _CLOSED:
        words, expected = _CLOSED[key]
        return _chosen(answer, words, expected)
    reader = _READERS.get(key)
    return reader(answer) if reader else answer


def _chosen(answer: str, words: Mapping[str, str], expected: str) -> str:
    """The word that an answer means. Raises `UnreadableAnswer` where it means none, or one of several."""
    bare = " ".join(answer.split()).strip(" .!\"'").casefold()
    meant = [word for word, pattern in words.items() if re.fullmatch(pattern, bare)]
    if len(meant) != 1:
        raise UnreadableAnswer(expected)
    return meant[0]


def _audience(answer: str) -> str:
    if _ALL.fullmatch(answer.strip(" .!")):
        return _EVERYBODY
    parts = [one for one in re.split(r"\s*(?:[;,\n/&]|\band\b)\s*", answer.strip(" .")) if one]
    expected = "researchers, education, media or public was expected, one or several"
    return "; ".join(dict.fromkeys(_chosen(one, _AUDIENCES, expected) for one in parts))


def _one_species(answer: str) -> str:
    named = set(_SPECIES.findall(answer))
    if FILE_NAME.search(answer) or _SEVERAL.search(answer) or ("," in answer and len(named) > 1):
        raise UnreadableAnswer(
            "one species or material was expected; tell of the second kind of sample in the rows that begin with "
            "specimens[1], its files in specimens[1].files, and copy these rows for a third (specimens[2])"
        )
    return answer


def _band(answer: str) -> str:
    """450/50 is the band around 450 that is 50 wide; 499/553 are two ends."""
    found = _BAND.fullmatch(answer.strip())
    if found and float(found[2]) < float(found[1]) / 2:
        middle, half = float(found[1]), float(found[2]) / 2
        return f"{middle - half:g} to {middle + half:g}"
    passed = _PASS.fullmatch(answer.strip())
    if passed:
        is_long = passed["kind"].casefold()[0] in "l>"
        edge = passed["edge"]
        ends = f"{edge} to 750" if is_long else f"400 to {edge}"
        raise UnreadableAnswer(
            f"only one end of the band is told; write the shortest and the longest wavelength that was detected, "
            f"such as {ends}"
        )
    return answer


def _dwell(answer: str) -> str:
    if _HERTZ.search(answer):
        raise UnreadableAnswer(
            "a number of lines per second (Hz) is not the time of one pixel; write the pixel dwell time in "
            "microseconds, or tell the line rate in the protocol (protocols.acquisition)"
        )
    return answer


def _license(answer: str) -> str:
    """A licence as SPDX writes it; one that means several, and conditions in words, are asked for again."""
    written = canonical_expression(answer.strip(" .\"'"))
    if license_problem(written) is None:
        return written
    if re.fullmatch(r"(?:creative commons|cc)\b[\s\w-]*", answer.strip(" ."), re.I):
        raise UnreadableAnswer("there are several versions of that licence; which is it? For example CC-BY-4.0")
    if " " not in written:  # a rare but real identifier has this form
        return written
    raise UnreadableAnswer(
        "no licence of this name is known; write one such as CC0-1.0 or CC-BY-4.0, or tell your own conditions in the "
        "row license.statement"
    )


_READERS: Mapping[str, Callable[[str], str]] = {
    "audience": _audience,
    "specimens.organism.name": _one_species,
    "acquisitions.channels.emission_band_nm": _band,
    "acquisitions.pixel_dwell_us": _dwell,
    "license.spdx": _license,
}
