"""The description of a deposit as people write it in deposit.yaml.

Every field may be absent: what a practice level still needs is said by `levels`, not by refusing to load.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from confocal_bag.deposit.description.curating import Curation, KeyAnswer, KeyAnswers, NodeAnswer, TreeAnswers
from confocal_bag.deposit.description.microscope import (
    AcquisitionChannel,
    AcquisitionDescription,
    Acquisitions,
    Averaging,
    CoreFacility,
    Detector,
    Environment,
    InstrumentDescription,
    Instruments,
    Laser,
    Microscope,
    Objective,
    OpticalFilter,
    Software,
)
from confocal_bag.deposit.description.people import (
    Access,
    AccessLevel,
    Audience,
    Audiences,
    Dates,
    Funding,
    Identifier,
    License,
    Location,
    Organization,
    People,
    Person,
    Privacy,
    RelatedWork,
)
from confocal_bag.deposit.description.sample import (
    ChannelDescription,
    Channels,
    Fixation,
    Mounting,
    Sectioning,
    Specimen,
    Specimens,
    Term,
    Variables,
)
from confocal_bag.deposit.description.values import Part, Places, Text, Texts, Words, listed
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__ = [
    "SCHEMA",
    "Access",
    "AccessLevel",
    "AcquisitionChannel",
    "AcquisitionDescription",
    "Audience",
    "Averaging",
    "ChannelDescription",
    "ChildWorkDescription",
    "CoreFacility",
    "Curation",
    "Dates",
    "Description",
    "Detector",
    "Environment",
    "FileDescription",
    "Fixation",
    "Funding",
    "Identifier",
    "InstrumentDescription",
    "KeyAnswer",
    "KeyAnswers",
    "Laser",
    "License",
    "Location",
    "Microscope",
    "Mounting",
    "Naming",
    "NodeAnswer",
    "Objective",
    "OpticalFilter",
    "Organization",
    "Person",
    "Privacy",
    "ProtocolText",
    "Protocols",
    "Quality",
    "RelatedWork",
    "Sectioning",
    "Software",
    "Specimen",
    "Term",
    "TreeAnswers",
    "Variables",
]

#: What the field `schema` says: the version of this model.
SCHEMA = "confocal-bag/deposit/1"


class ProtocolText(Part):
    """A protocol in words, or a link to one; `open` and `complete` say whether the link may stand for it."""

    short_form = "text"
    text: Text = None
    link: Text = None
    open: bool | None = None
    complete: bool | None = None


class Protocols(Part):
    """How the sample was prepared, imaged and processed."""

    sample_preparation: ProtocolText = Field(default_factory=ProtocolText)
    acquisition: ProtocolText = Field(default_factory=ProtocolText)
    processing: ProtocolText = Field(default_factory=ProtocolText)


class Quality(Part):
    """Standards, calibration and quality control."""

    short_form = "notes"
    calibration: Text = None
    qa: Text = None
    notes: Text = None


class FileDescription(Part):
    """What one file, or every file that a pattern such as raw/*.czi names, contains.

    `acquisition` holds one id for all images of the file, or one for each in their order.
    """

    short_form = "path"
    path: Text = None
    tier: Tier | None = None
    description: Text = None
    acquisition: Places = ()
    specimen: Text = None
    derived_from: Texts = ()
    tool: Software = Field(default_factory=Software)
    created: Text = None
    codes: Texts = ()

    def acquisition_of(self, position: int) -> str | None:
        """The id of the acquisition of the image at `position` in the file, from 0."""
        if len(self.acquisition) == 1:
            return self.acquisition[0]
        return self.acquisition[position] if position < len(self.acquisition) else None


class Naming(Part):
    """How the files of a z-stack are named."""

    short_form = "pattern"
    pattern: Text = None


class ChildWorkDescription(Part):
    """One part of the dataset: a folder with a title, people, samples or methods of its own.

    `specimens` and `acquisitions` are ids of entries of the dataset; what is left empty is as the files say it.
    """

    short_form = "folder"
    folder: Text = None
    title: Text = None
    description: Text = None
    creators: People = ()
    specimens: Texts = ()
    acquisitions: Texts = ()
    protocols: Protocols = Field(default_factory=Protocols)


class Description(Part):
    """Everything that people say of a deposit."""

    schema_uri: Text = Field(default=None, alias="schema")
    level: PracticeLevel | None = None
    identifier: Identifier = Field(default_factory=Identifier)
    title: Text = None
    abstract: Text = None
    creators: People = ()
    contributors: People = ()
    publisher: Organization = Field(default_factory=Organization)
    organization: Organization = Field(default_factory=Organization)
    dates: Dates = Field(default_factory=Dates)
    version: Text = None
    language: Text = None
    keywords: Words = ()
    license: License = Field(default_factory=License)
    access: Access = Field(default_factory=Access)
    audience: Audiences = ()
    location: Location = Field(default_factory=Location)
    funding: Annotated[tuple[Funding, ...], BeforeValidator(listed)] = ()
    related: Annotated[tuple[RelatedWork, ...], BeforeValidator(listed)] = ()
    citation: Text = None
    acknowledgements: Text = None
    privacy: Privacy = Field(default_factory=Privacy)
    raw_location: Text = None
    specimens: Specimens = ()
    channels: Channels = ()
    instruments: Instruments = ()
    acquisitions: Acquisitions = ()
    protocols: Protocols = Field(default_factory=Protocols)
    quality: Quality = Field(default_factory=Quality)
    core_facility: CoreFacility = Field(default_factory=CoreFacility)
    files: Annotated[tuple[FileDescription, ...], BeforeValidator(listed)] = ()
    child_works: Annotated[tuple[ChildWorkDescription, ...], BeforeValidator(listed)] = ()
    naming: Naming = Field(default_factory=Naming)
    companion: Texts = ()
    curation: Curation = Field(default_factory=Curation)

    @property
    def contact(self) -> Person | None:
        """The person to write to.

        Who has the role `contact`, else the first creator with an e-mail address.
        """
        people = (*self.creators, *self.contributors)
        named = (p for p in people if any("contact" in role.casefold() for role in p.roles))
        reachable = (p for p in self.creators if p.email)
        return next(named, None) or next(reachable, None)
