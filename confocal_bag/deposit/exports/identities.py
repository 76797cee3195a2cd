"""Identifiers in the full form that exports carry: addresses of people, institutions, works and ontology terms."""

import re

from confocal_bag.deposit.description.people import Identifier, RelatedWork
from confocal_bag.deposit.identifiers import bare_doi, curie_problem, handle_is_valid, orcid_problem, ror_problem

__all__ = ["dataset_identifiers", "orcid_uri", "related_identifier", "ror_uri", "term_uri"]

_OBO = "http://purl.obolibrary.org/obo/"
#: DataCite 4.5 relatedIdentifierType.
_TYPES = ("ARK", "arXiv", "bibcode", "DOI", "EAN13", "EISSN", "Handle", "IGSN", "ISBN", "ISSN", "ISTC", "LISSN", "LSID",
          "PMID", "PURL", "UPC", "URL", "URN", "w3id")  # fmt: skip


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


def dataset_identifiers(said: Identifier) -> list[tuple[str, str]]:
    """The identifiers of the dataset as (type, identifier): DOI and Handle bare, the address as it is."""
    doi = bare_doi(said.doi) if said.doi else None
    known = [("DOI", doi), ("Handle", said.handle), ("URL", said.uri)]
    return [(kind, text) for kind, text in known if text]


def related_identifier(work: RelatedWork) -> tuple[str, str] | None:
    """The identifier of a related work as (DataCite type, identifier); None where its type is not known."""
    if work.id is None:
        return None
    kind = next((one for one in _TYPES if one.casefold() == (work.type or "").casefold()), None)
    doi = bare_doi(work.id)
    if doi and kind in (None, "DOI"):
        return "DOI", doi
    if kind is None:
        kind = _type_of(work.id)
    return (kind, work.id) if kind else None


def _type_of(text: str) -> str | None:
    if re.match(r"https?://\S+$", text):
        return "URL"
    if text.casefold().startswith("urn:"):
        return "URN"
    return "Handle" if handle_is_valid(text) else None
