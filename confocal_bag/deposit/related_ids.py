"""Identifiers of related works: what kind each is, and whether it has the form of its kind."""

import re

from confocal_bag.deposit.identifiers import bare_doi, handle_is_valid

__all__ = ["related_id_problem", "typed_id"]

_PMID = re.compile(r"(?:pmid|pubmed(?: id)?):? ?(\d{1,9})", re.ASCII | re.IGNORECASE)
_PAGE_OF_PMID = re.compile(
    r"(?:https?://)?(?:www\.ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/(\d{1,9})/?", re.ASCII
)
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s/?#]+\.[^\s]+|https?://\[[0-9a-f:]+\]\S*", re.IGNORECASE)
#: An address whose beginning was left out, as browsers show it.
_BARE_ADDRESS = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}/\S*|www\.\S+\.\S+", re.IGNORECASE)
_OTHERS = (
    ("arXiv", re.compile(r"arxiv:\S+", re.IGNORECASE)),
    ("URN", re.compile(r"urn:[a-z0-9-]+:\S+", re.IGNORECASE)),
    ("ARK", re.compile(r"ark:/?\d{5,9}/\S+", re.IGNORECASE)),
    ("ISBN", re.compile(r"isbn(?:-1[03])?:? ?[\dxX -]{10,20}", re.IGNORECASE)),
    ("URL", _ADDRESS),
)


def typed_id(identifier: str, kind: str | None) -> tuple[str, str | None]:
    """An identifier in the form that its kind has, with its kind where that can be told and nobody told it.

    "PMID:31234567" is 31234567 of kind PMID, and www.protocols.io/x an address that begins with https://.
    """
    text = identifier.strip()
    pmid = _PMID.fullmatch(text) or (_PAGE_OF_PMID.fullmatch(text) if kind == "PMID" else None)
    if pmid and kind in (None, "PMID"):
        return pmid[1], "PMID"
    if kind in (None, "URL") and bare_doi(text) is None and _BARE_ADDRESS.fullmatch(text):
        return f"https://{text}", "URL"
    return identifier, kind or _kind_of(text)


def _kind_of(text: str) -> str | None:
    if bare_doi(text) is not None:
        return "DOI"
    found = next((kind for kind, form in _OTHERS if form.fullmatch(text)), None)
    return found or ("Handle" if handle_is_valid(text) else None)


def related_id_problem(identifier: str, kind: str | None) -> str | None:
    """What is wrong with the identifier of a related work of some kind; None if nothing, or nothing known."""
    if kind is None:
        return "it is no DOI, PMID or address, and no type says what it is"
    if kind in ("URL", "PURL", "w3id") and not _ADDRESS.fullmatch(identifier):
        return f"its type says {kind}, which begins with https://"
    if kind == "PMID" and not re.fullmatch(r"\d{1,9}", identifier, re.ASCII):
        return "its type says PMID, which is a number"
    if kind == "Handle" and not handle_is_valid(identifier):
        return "its type says Handle, which has the form 20.500.12345/678"
    return None
