"""Who made, holds and funds a deposit, and what others may do with it."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from confocal_bag.deposit.description.datacite_words import IDENTIFIER_TYPES, RELATIONS, canonical_word
from confocal_bag.deposit.description.values import Latitude, Longitude, Part, Text, Texts, listed
from confocal_bag.deposit.identifiers import canonical_orcid
from confocal_bag.deposit.related_ids import typed_id
from confocal_bag.deposit.spdx import canonical_expression

__all__ = [
    "Access",
    "AccessLevel",
    "Audience",
    "Dates",
    "Funding",
    "Identifier",
    "License",
    "Location",
    "Organization",
    "Person",
    "Privacy",
    "RelatedWork",
]


#: As people write them, in the form that programs know.
Orcid = Annotated[Text, AfterValidator(lambda text: text and canonical_orcid(text))]
Spdx = Annotated[Text, AfterValidator(lambda text: text and canonical_expression(text))]
Relation = Annotated[Text, AfterValidator(lambda text: text and canonical_word(text, RELATIONS))]
IdentifierType = Annotated[Text, AfterValidator(lambda text: text and canonical_word(text, IDENTIFIER_TYPES))]


class AccessLevel(StrEnum):
    """Who may have the data."""

    OPEN = "open"
    EMBARGOED = "embargoed"
    RESTRICTED = "restricted"


class Audience(StrEnum):
    """The primer's intended user communities (key question 7)."""

    RESEARCHERS = "researchers"
    EDUCATION = "education"
    MEDIA = "media"
    PUBLIC = "public"


_SAME_AUDIENCE = {"general public": "public", "media outlet": "media", "researcher": "researchers"}


def _audience(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip().casefold()
        return _SAME_AUDIENCE.get(value, value)
    return value


class Organization(Part):
    """An institution; `ror` is its identifier at ror.org."""

    short_form = "name"
    name: Text = None
    ror: Text = None
    address: Text = None


class Person(Part):
    """One person, or an organization where only `name` is given."""

    short_form = "name"
    family: Text = None
    given: Text = None
    name: Text = None
    orcid: Orcid = None
    email: Text = None
    affiliation: Organization = Field(default_factory=Organization)
    roles: Texts = ()

    @property
    def full_name(self) -> str | None:
        """The name in reading order; None where none is recorded."""
        return " ".join(part for part in (self.given, self.family) if part) or self.name

    @property
    def inverted_name(self) -> str | None:
        """The name as a bibliography sorts it: family, given."""
        return ", ".join(part for part in (self.family, self.given) if part) or self.name


class Identifier(Part):
    """The persistent identifier of the dataset."""

    short_form = "uri"
    doi: Text = None
    handle: Text = None
    uri: Text = None


class Dates(Part):
    """Dates as ISO 8601: a day, month or year; `collected` may be an interval a/b."""

    short_form = "collected"
    collected: Text = None
    created: Text = None
    issued: Text = None
    updated: Text = None


class License(Part):
    """What others may do: an SPDX identifier, who holds the rights, and a statement in words."""

    short_form = "spdx"
    spdx: Spdx = None
    holder: Text = None
    statement: Text = None


class Access(Part):
    """Who may have the data, until when not, and on which conditions."""

    short_form = "level"
    level: AccessLevel | None = None
    until: Text = None
    conditions: Text = None


class Location(Part):
    """Where the data were collected."""

    short_form = "name"
    name: Text = None
    lat: Latitude = None
    lon: Longitude = None


class Funding(Part):
    """One grant."""

    short_form = "funder"
    funder: Text = None
    ror: Text = None
    award: Text = None


class RelatedWork(Part):
    """A publication, protocol or dataset.

    `relation` is DataCite's word for how this dataset relates to it, and `type` that for what its identifier is; where
    nobody told it and the identifier shows it, it is filled in.
    """

    short_form = "id"
    id: Text = None
    type: IdentifierType = None
    relation: Relation = None
    open: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _tell_type(cls, value: Any) -> Any:
        said = {"id": value} if isinstance(value, str) else value
        if not isinstance(said, dict) or not isinstance(said.get("id"), str):
            return value
        kind = said.get("type")
        if not isinstance(kind, str | None):
            return value
        known = canonical_word(kind.strip(), IDENTIFIER_TYPES) if kind and kind.strip() else None
        identifier, known = typed_id(said["id"], known)
        return {**said, "id": identifier, "type": known}


class Privacy(Part):
    """The primer's key question 9: does any of the data need to be restricted?"""

    human_subjects: bool | None = None
    restricted: bool | None = None
    approval: Text = None
    notes: Text = None
    redaction: Text = None


People = Annotated[tuple[Person, ...], BeforeValidator(listed)]
Audiences = Annotated[tuple[Annotated[Audience, BeforeValidator(_audience)], ...], BeforeValidator(listed)]
