"""Who made, holds and funds a deposit, and what others may do with it."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from confocal_bag.deposit.description.values import Latitude, Longitude, Part, Text, Texts, listed

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
    orcid: Text = None
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
    spdx: Text = None
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

    `relation` is DataCite's word for how this dataset relates to it.
    """

    short_form = "id"
    id: Text = None
    type: Text = None
    relation: Text = None
    open: bool | None = None


class Privacy(Part):
    """The primer's key question 9: does any of the data need to be restricted?"""

    human_subjects: bool | None = None
    restricted: bool | None = None
    approval: Text = None
    notes: Text = None
    redaction: Text = None


People = Annotated[tuple[Person, ...], BeforeValidator(listed)]
Audiences = Annotated[tuple[Annotated[Audience, BeforeValidator(_audience)], ...], BeforeValidator(listed)]
