"""DataCite's words for how works are related and what their identifiers are, in whatever way people write them."""

from collections.abc import Sequence

__all__ = ["IDENTIFIER_TYPES", "RELATIONS", "canonical_word", "plain_word"]

#: DataCite Metadata Schema 4.5, controlled lists relationType and relatedIdentifierType.
RELATIONS = (
    "IsCitedBy", "Cites", "IsSupplementTo", "IsSupplementedBy", "IsContinuedBy", "Continues", "IsDescribedBy",
    "Describes", "HasMetadata", "IsMetadataFor", "HasVersion", "IsVersionOf", "IsNewVersionOf", "IsPreviousVersionOf",
    "IsPartOf", "HasPart", "IsPublishedIn", "IsReferencedBy", "References", "IsDocumentedBy", "Documents",
    "IsCompiledBy", "Compiles", "IsVariantFormOf", "IsOriginalFormOf", "IsIdenticalTo", "IsReviewedBy", "Reviews",
    "IsDerivedFrom", "IsSourceOf", "IsRequiredBy", "Requires", "IsObsoletedBy", "Obsoletes", "IsCollectedBy",
    "Collects",
)  # fmt: skip
IDENTIFIER_TYPES = (
    "ARK", "arXiv", "bibcode", "DOI", "EAN13", "EISSN", "Handle", "IGSN", "ISBN", "ISSN", "ISTC", "LISSN", "LSID",
    "PMID", "PURL", "UPC", "URL", "URN", "w3id",
)  # fmt: skip


def canonical_word(written: str, known: Sequence[str]) -> str:
    """The word of a list as the list spells it, "Is Supplement To" as IsSupplementTo; any other as it stands."""
    return next((one for one in known if plain_word(one) == plain_word(written)), written)


def plain_word(text: str) -> str:
    """A word without case, blanks and hyphens."""
    return "".join(character for character in text.casefold() if character.isalnum())
