"""Identifiers in the full form that exports carry: addresses of people, institutions, works and ontology terms."""

import re

from confocal_bag.deposit.description.datacite_words import IDENTIFIER_TYPES, canonical_word
from confocal_bag.deposit.description.people import Identifier, RelatedWork
from confocal_bag.deposit.identifiers import bare_doi, curie_problem, orcid_problem, ror_problem
from confocal_bag.deposit.related_ids import typed_id

__all__ = [
    "bare_handle",
    "dataset_identifiers",
    "has_address",
    "identifier_uri",
    "orcid_uri",
    "related_identifier",
    "ror_uri",
    "term_uri",
]

_OBO = "http://purl.obolibrary.org/obo/"
_RESOLVERS = {
    "DOI": "https://doi.org/",
    "Handle": "https://hdl.handle.net/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/",
}


def orcid_uri(text: str | None) -> str | None:
    """https://orcid.org/... of an ORCID iD; None of one that is mistyped."""
    if text is None or orcid_problem(text) is not None:
        return None
    return f"https://orcid.org/{text.rpartition('/')[2]}"


def ror_uri(text: str | None) -> str | None:
    """https://ror.org/... of a ROR identifier; None of one that is mistyped."""
    if text is None or ror_problem(text) is not None:
        return None
    return f"https://ror.org/{text.casefold().rpartition('/')[2]}"


def term_uri(text: str | None) -> str | None:
    """The address of an ontology term given as a CURIE or an address; None of anything else."""
    if text is None or curie_problem(text) is not None:
        return None
    prefix, _, local = (f"CVCL:{text}" if text.startswith("CVCL_") else text).partition(":")
    if prefix in ("http", "https"):
        return text
    if prefix == "RRID":
        return f"https://identifiers.org/{text}"
    if prefix == "CVCL":
        return f"https://www.cellosaurus.org/CVCL_{local.removeprefix('CVCL_')}"
    if prefix == "EFO":
        return f"http://www.ebi.ac.uk/efo/EFO_{local}"
    return f"{_OBO}{prefix}_{local}"


def bare_handle(text: str) -> str | None:
    """The Handle without an address or `hdl:` before it, such as 20.500.12345/678; None where it is none."""
    found = re.fullmatch(r"(?:hdl:\s*|https?://hdl\.handle\.net/)?(\d[\d.]*/\S+)", text.strip(), re.IGNORECASE)
    return found[1] if found else None


def identifier_uri(kind: str, text: str) -> str:
    """The address of an identifier of this type, in the one form that every document has; others as they stand."""
    return f"{_RESOLVERS[kind]}{text}" if kind in _RESOLVERS else text


def has_address(kind: str) -> bool:
    """Whether identifiers of this type are addresses, or have one."""
    return kind in _RESOLVERS or kind in ("URL", "PURL", "w3id")


def dataset_identifiers(said: Identifier) -> list[tuple[str, str]]:
    """The identifiers of the dataset as (type, identifier), each once: DOI and Handle bare, others as they are."""
    found = [_identifier(text, kind) for kind, text in (("DOI", said.doi), ("Handle", said.handle), ("URL", said.uri))
             if text]  # fmt: skip
    return list(dict.fromkeys(found))


def _identifier(text: str, kind: str) -> tuple[str, str]:
    """A DOI or Handle is told by its form, wherever somebody wrote it; what has neither form is what it was called."""
    if doi := bare_doi(text):
        return "DOI", doi
    handle = bare_handle(text) if kind != "URL" or "hdl" in text.casefold() else None
    if handle:
        return "Handle", handle
    return _type_of(text) or "URL", text


def related_identifier(work: RelatedWork) -> tuple[str, str] | None:
    """The identifier of a related work as (DataCite type, identifier); None where its type is not known."""
    if work.id is None:
        return None
    told = canonical_word(work.type, IDENTIFIER_TYPES) if work.type else None
    text, kind = typed_id(work.id, told if told in IDENTIFIER_TYPES else None)
    if kind in ("DOI", "Handle", "URL"):
        # an address of a DOI is the DOI, whatever somebody called it
        kind, text = _identifier(text, kind)
    return (kind, text) if kind else None


def _type_of(text: str) -> str | None:
    known = typed_id(text, None)[1]
    return known if known in ("URL", "URN", "ARK", "Handle") else None
