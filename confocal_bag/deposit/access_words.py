"""Words of conditions and statements that keep data from being used freely."""

import re

__all__ = ["forbids_reuse", "restricts_access"]

_FREE = re.compile(
    r"\b(?:no|not|nor|without|never|neither)\b[\w ,'-]{0,30}?\b(?:consent|permission|approval|agreement|request|"
    r"restrict\w*|condition\w*|registration|required|needed|necessary|reserved)\b",
    re.IGNORECASE,
)
_RESTRICTS = re.compile(
    r"\b(?:consent|permission|approv(?:al|ed)|agreement|(?:up)?on (?:reasonable )?request|restrict\w*|embargo\w*|"
    r"registration|regist(?:er|ered) users|signed|only (?:for|to|with|by|after|on|upon|members|within|in)|"
    r"(?:not|never) (?:be )?(?:shared|passed|distributed|redistributed|published|available|public|open)|"
    r"confidential|internal use|collaborators|data use|data transfer|DUA|DTA|MTA)\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:all rights reserved|rights (?:are |remain )?reserved|"
    r"no (?:re-?)?(?:use|distribution|copying|copies|sharing)|"
    r"(?:may|must|can|shall) ?not be (?:re-?)?(?:used|copied|shared|distributed|published|passed|changed|modified)|"
    r"(?:do|does) not (?:re-?)?(?:use|copy|share|distribute|publish|pass)|"
    r"(?:use|re-?use|copying|sharing|redistribution|distribution) (?:is )?not (?:allowed|permitted)|"
    r"(?:prohibited|forbidden)|(?:permission|consent)[\w ]{0,20} (?:required|needed|necessary)|"
    r"only with[\w ]{0,30} (?:permission|consent|approval|agreement)|confidential)\b",
    re.IGNORECASE,
)  # fmt: skip


def restricts_access(text: str) -> bool:
    """Whether a text makes access depend on something: consent, a request, who somebody is."""
    return _RESTRICTS.search(_FREE.sub(" ", text)) is not None


def forbids_reuse(text: str) -> bool:
    """Whether a text reserves rights or forbids what a free licence allows."""
    return _FORBIDS.search(_FREE.sub(" ", text)) is not None
