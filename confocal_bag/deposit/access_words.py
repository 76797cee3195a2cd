"""Words of conditions and statements that keep data from being used freely."""

import re

from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.spdx import licenses_in_words

__all__ = ["forbids_reuse", "other_licenses", "restricts_access", "tells_conditions"]

_FREE = re.compile(
    r"\b(?:no|not|nor|without|never|neither)\b[\w ,'-]{0,30}?\b(?:consent|permission|approval|agreement|request|"
    r"restrict\w*|condition\w*|registration|required|needed|necessary|reserved|log-?in(?: or account)?|accounts?|"
    r"password|membership)\b",
    re.IGNORECASE,
)
#: Two negations that make a condition: no part may be copied without permission.
_UNLESS = re.compile(
    r"\b(?:no|not|nor|never|nothing|nobody|none)\b[\w ,'-]{0,80}?\b(?:without|unless|except (?:with|by))\b"
    r"[\w ,'-]{0,40}?\b(?:consent|permission|permit\w*|approv\w*|agreement|licen[cs]e|authori[sz]\w*|agree[sd]?|"
    r"asked)\b",
    re.IGNORECASE,
)
_WHOM_TO_ASK = re.compile(
    r"(?:please )?(?:ask|contact|write to|e-?mail) (?!later|again|somebody)[^\W\d_]{2}", re.IGNORECASE
)
_COMMERCIAL = re.compile(
    r"\b(?:non-?commercial|(?:no|not)(?: be used)?(?: for)?(?: any)? commercial|"
    r"commercial (?:re-?)?use (?:is )?(?:not|prohibited|forbidden|excluded))\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:no deriv\w*|(?:may|must|can|shall) ?not be (?:changed|modified|altered|adapted))\b", re.IGNORECASE
)
_RESTRICTS = re.compile(
    r"\b(?:consent|permission|approv(?:al|ed)|agreement|(?:up)?on (?:reasonable )?request|restrict\w*|embargo\w*|"
    r"registration|regist(?:er|ered) users|signed|only (?:for|to|with|by|after|on|upon|members|within|in)|"
    r"(?:not|never) (?:be )?(?:shared|passed|distributed|redistributed|published|available|public|open)|"
    r"log(?:ging)?[ -]?in|sign[ -]?in|password|(?:user|valid|institutional|guest) account|"
    r"account (?:is )?(?:needed|required)|members|member of|"
    r"(?:students|staff|employees|researchers) (?:of|at) (?:the|our)|subscri\w+|intranet|vpn|"
    r"(?:academic|educational|teaching|research|university) (?:use|users|purposes?|institutions)(?: only)?|"
    r"(?:contact|ask|write to|e-?mail)[\w ]{1,40} (?:before|first|for access|to (?:get|obtain|have))|"
    r"confidential|internal use|collaborators|data use|data transfer|DUA|DTA|MTA)\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:all rights reserved|rights (?:are |remain )?reserved|"
    r"no (?:re-?)?(?:use|distribution|copying|copies|sharing)|"
    r"(?:may|must|can|shall) ?not be (?:re-?)?(?:used|copied|shared|distributed|published|passed)|"
    r"(?:do|does) not (?:re-?)?(?:use|copy|share|distribute|publish|pass)|"
    r"(?:use|re-?use|copying|sharing|redistribution|distribution) (?:is )?not (?:allowed|permitted)|"
    r"(?:prohibited|forbidden)|(?:permission|consent)[\w ]{0,20} (?:required|needed|necessary)|"
    r"(?:for|in) (?:academic|educational|teaching|research|internal|personal|private) (?:use|purposes?) only|"
    r"only (?:for|in) (?:academic|educational|teaching|research|internal|personal|private)|"
    r"only with[\w ]{0,30} (?:permission|consent|approval|agreement)|confidential)\b",
    re.IGNORECASE,
)  # fmt: skip


def tells_conditions(text: str | None) -> bool:
    """Whether a text tells conditions; whom to ask, no answer to other questions, is one to this."""
    return says_something(text) or _WHOM_TO_ASK.match(text or "") is not None


def restricts_access(text: str) -> bool:
    """Whether a text makes access depend on something: consent, a request, an account, who somebody is, what for."""
    if _UNLESS.search(text) or _COMMERCIAL.search(text):
        return True
    return _RESTRICTS.search(_FREE.sub(" ", text)) is not None


def forbids_reuse(text: str, licenses: list[str]) -> bool:
    """Whether a text reserves rights or forbids what these licences allow; NC and ND forbid some themselves."""
    terms = {term for name in licenses for term in name.upper().split("-")}
    if _UNLESS.search(text) or ("NC" not in terms and _COMMERCIAL.search(text)):
        return True
    if "ND" not in terms and _CHANGED.search(text):
        return True
    return _FORBIDS.search(_FREE.sub(" ", text)) is not None


def other_licenses(text: str, licenses: list[str]) -> list[str]:
    """The licences of Creative Commons that a text names and the description does not, of whatever version."""
    given = {_family(name) for name in licenses}
    return [name for name in licenses_in_words(text) if _family(name) not in given]


def _family(name: str) -> str:
    return re.sub(r"-\d\.\d.*$", "", name.upper())
