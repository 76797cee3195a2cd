"""Whether protocols are told: at all, of the processing, and in detail."""

import re

from confocal_bag.deposit.description.model import Description, ProtocolText
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.related_ids import related_id_problem, typed_id

__all__ = ["has_processing", "has_protocol", "is_detailed"]

_DOCUMENTED = frozenset({"isdocumentedby", "isdescribedby", "issupplementto"})
#: Texts that only say where to read it: "see paper", "as described in Smith et al. 2010", "as always".
_ELSEWHERE = re.compile(
    r"(?:please )?(?:see|cf|refer to|according to|following|published|unpublished|standard|usual|our|the|same|in|siehe|"
    r"vgl|wie in|nach|voir|selon|véase|ver|según|as (?:described |published |reported |explained |detailed |given )?"
    r"(?:in|by|before|previously|elsewhere|above|below|usual|always)|"
    r"(?:described|explained|detailed|reported|given) (?:in|by|before|previously|elsewhere|above|below))"
    r"\b(?:[^;:%]|:(?=//)|doi:){0,100}"
)
_WORD_OF_ELSEWHERE = re.compile(
    r"\b(?:paper|publication|article|manuscript|thesis|supplement\w*|methods?|lab ?book|notebook|protocol|procedure|"
    r"et al|elsewhere|before|previously|above|below|usual|always|website|readme|email|publikation|arbeit)\b"
)
#: What tells a step itself: an amount of something.
_AMOUNT = re.compile(r"\d ?(?:%|s|sec|min|h|hours?|°|[munµμ]?[lgmM]|mg|rpm|x)\b")
_LINK = re.compile(
    r"(?:doi:? ?|https?://\S*?)?10\.\d{4,9}/\S+|https?://\S+\.\S+|pmid:? ?\d+|www\.\S+\.\S+", re.IGNORECASE
)


def has_protocol(view: DepositView) -> bool:
    """Whether anything is told of how the data were made, here or in a publication (primer, Minimum Practice)."""
    protocols = view.description.protocols
    told = map(_given, (protocols.sample_preparation, protocols.acquisition, protocols.processing))
    return any(told) or _is_documented_elsewhere(view.description)


def _given(protocol: ProtocolText) -> bool:
    """Whether it is told here, or behind a link that nobody says is closed or incomplete (primer, footnote)."""
    shut = protocol.open is False or protocol.complete is False
    return _is_told(protocol) or (_leads_somewhere(protocol.link) and not shut)


def _is_told(protocol: ProtocolText) -> bool:
    """Whether the text tells it, or says where to read it with a DOI or address."""
    text = protocol.text
    if text is None or not says_something(text):
        return False
    return not _points_elsewhere(text) or _LINK.search(text) is not None


def _points_elsewhere(text: str) -> bool:
    words = " ".join(text.casefold().split()).rstrip(" .")
    place = _WORD_OF_ELSEWHERE.search(words) or _LINK.search(words)
    return _ELSEWHERE.fullmatch(words) is not None and place is not None and _AMOUNT.search(words) is None


def _leads_somewhere(link: str | None, kind: str | None = None) -> bool:
    """Whether a link or identifier is a DOI, an address or another that programs can follow; "lab book 3" is none."""
    if link is None or not says_something(link):
        return False
    identifier, known = typed_id(link, kind)
    return related_id_problem(identifier, known) is None


def _is_documented_elsewhere(description: Description) -> bool:
    return any(
        _leads_somewhere(work.id, work.type)
        and work.open is not False
        and (work.relation or "").casefold() in _DOCUMENTED
        for work in description.related
    )


def is_detailed(protocol: ProtocolText) -> bool:
    """Whether it is told here, or behind a link that is openly accessible and complete (primer, footnote)."""
    is_here = _is_told(protocol) and not _points_elsewhere(protocol.text or "")
    is_linked = _leads_somewhere(protocol.link) or _is_told(protocol)
    return is_here or bool(is_linked and protocol.open and protocol.complete)


def has_processing(view: DepositView) -> bool:
    """Whether it is told how the processed data were made (primer, Good Enough Practice)."""
    return _given(view.description.protocols.processing) or _is_documented_elsewhere(view.description)
