"""What was imaged: specimens, how they were prepared, and what each channel shows."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from confocal_bag.deposit.description.values import Part, PositiveNumber, Text, Texts, listed

__all__ = ["ChannelDescription", "Fixation", "Mounting", "Sectioning", "Specimen", "Term", "Variables"]


class Term(Part):
    """A name with, where known, the ontology term it stands for as a CURIE such as NCBITaxon:10090."""

    short_form = "name"
    name: Text = None
    term: Text = None


class Fixation(Term):
    """How the sample was fixed; `protocol` is one line or a link."""

    protocol: Text = None


class Sectioning(Part):
    """How the sample was cut."""

    short_form = "method"
    method: Text = None
    term: Text = None
    thickness_um: PositiveNumber = None


class Mounting(Part):
    """What the sample lies in and under."""

    short_form = "medium"
    medium: Text = None
    coverslip: Text = None
    holder: Text = None


class Variables(Part):
    """REMBI's three lists of what differs between samples."""

    intrinsic: Texts = ()
    extrinsic: Texts = ()
    experimental: Texts = ()


class Specimen(Part):
    """One biological or material source; the primer's core element 1."""

    id: Text = None
    organism: Term = Field(default_factory=Term)
    material: Term = Field(default_factory=Term)
    origin: Text = None
    description: Text = None
    cell_type: Term = Field(default_factory=Term)
    cell_line: Term = Field(default_factory=Term)
    tissue: Term = Field(default_factory=Term)
    component: Term = Field(default_factory=Term)
    strain: Text = None
    genotype: Text = None
    sex: Text = None
    age: Text = None
    stage: Text = None
    fixation: Fixation = Field(default_factory=Fixation)
    live: bool | None = None
    sectioning: Sectioning = Field(default_factory=Sectioning)
    mounting: Mounting = Field(default_factory=Mounting)
    growth: Text = None
    treatment: Texts = ()
    variables: Variables = Field(default_factory=Variables)


class ChannelDescription(Part):
    """What one channel shows, or many (c0..c27); the primer's core element 2 and its "context of channels (colors)"."""

    id: Text = None
    name: Text = None
    target: Text = None
    probe: Text = None
    fluor: Text = None
    excitation_nm: PositiveNumber = None
    emission_nm: PositiveNumber = None
    color: Text = None
    contrast: Text = None


Specimens = Annotated[tuple[Specimen, ...], BeforeValidator(listed)]
Channels = Annotated[tuple[ChannelDescription, ...], BeforeValidator(listed)]
