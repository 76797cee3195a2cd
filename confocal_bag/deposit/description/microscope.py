"""How the images were taken: instruments and acquisitions; the primer's core elements 3, 4 and 5."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from confocal_bag.deposit.description.sample import Term
from confocal_bag.deposit.description.values import (
    Amount,
    Amounts,
    Length,
    Number,
    NumberOrText,
    Part,
    PositiveNumber,
    Text,
    Texts,
    listed,
)

__all__ = [
    "AcquisitionChannel",
    "AcquisitionDescription",
    "Averaging",
    "CoreFacility",
    "Detector",
    "Environment",
    "InstrumentDescription",
    "Laser",
    "Microscope",
    "Objective",
    "OpticalFilter",
    "Software",
]


def _any_size(size: tuple[float | None, float | None] | None) -> tuple[float | None, float | None] | None:
    return None if size == (None, None) else size


class Microscope(Part):
    """The stand: who made it and what it is."""

    short_form = "model"
    manufacturer: Text = None
    model: Text = None
    stand: Text = None
    serial: Text = None


class Objective(Part):
    """The objective; `na` is its numerical aperture."""

    short_form = "model"
    model: Text = None
    na: PositiveNumber = None
    magnification: PositiveNumber = None
    immersion: Text = None
    refractive_index: PositiveNumber = None


class Laser(Part):
    """One laser line."""

    id: Text = None
    wavelength_nm: PositiveNumber = None
    type: Text = None
    model: Text = None
    power_mw: PositiveNumber = None


class Detector(Part):
    """One detector, such as a PMT, HyD or camera."""

    short_form = "type"
    id: Text = None
    type: Text = None
    model: Text = None
    manufacturer: Text = None


class OpticalFilter(Part):
    """One filter or dichroic."""

    short_form = "model"
    id: Text = None
    type: Text = None
    model: Text = None
    band_nm: Annotated[tuple[Length, ...], BeforeValidator(listed)] = ()


class Software(Part):
    """A program and its version."""

    short_form = "name"
    name: Text = None
    version: Text = None
    command: Text = None


class CoreFacility(Part):
    """The imaging facility, to be acknowledged by its RRID."""

    short_form = "name"
    name: Text = None
    rrid: Text = None


class InstrumentDescription(Part):
    """One microscope as it stood for one or more acquisitions."""

    id: Text = None
    method: Term = Field(default_factory=Term)
    microscope: Microscope = Field(default_factory=Microscope)
    objective: Objective = Field(default_factory=Objective)
    lasers: Annotated[tuple[Laser, ...], BeforeValidator(listed)] = ()
    detectors: Annotated[tuple[Detector, ...], BeforeValidator(listed)] = ()
    filters: Annotated[tuple[OpticalFilter, ...], BeforeValidator(listed)] = ()
    software: Software = Field(default_factory=Software)


class Averaging(Part):
    """How often a line or frame was scanned; `note` is the header's own words where it does not say more."""

    short_form = "note"
    number: PositiveNumber = None
    unit: Text = None
    method: Text = None
    note: Text = None


class Environment(Part):
    """What living samples were kept in while they were imaged."""

    short_form = "notes"
    temperature_c: Number = None
    co2_percent: Amount = None
    humidity_percent: Amount = None
    notes: Text = None


class AcquisitionChannel(Part):
    """The settings of one channel, or of many (c0..c27); what is said of one alone goes before.

    `channel`, `laser` and `detector` are ids from elsewhere in the file. Several lasers have their powers in the same
    order; several bands stand one after the other, each with its two ends.
    """

    short_form = "channel"
    channel: Text = None
    laser: Texts = ()
    laser_power_percent: Amounts = ()
    detector: Text = None
    gain_v: Amount = None
    gain: NumberOrText = None
    emission_band_nm: Annotated[tuple[Length, ...], BeforeValidator(listed)] = ()
    pinhole_um: PositiveNumber = None
    pinhole_au: PositiveNumber = None


class AcquisitionDescription(Part):
    """One way in which images were taken.

    `pixel_size_um` is (x, y) in micrometres, None where the scan has no such axis or nobody knows.
    """

    id: Text = None
    instrument: Text = None
    specimen: Text = None
    dimension_order: Text = None
    sizes: dict[str, int] | None = None
    pixel_size_um: Annotated[tuple[Length | None, Length | None] | None, AfterValidator(_any_size)] = None
    scale_bar: bool | None = None
    z_step_um: PositiveNumber = None
    time_increment_s: PositiveNumber = None
    pinhole_au: PositiveNumber = None
    pinhole_um: PositiveNumber = None
    zoom: PositiveNumber = None
    pixel_dwell_us: PositiveNumber = None
    scan_mode: Text = None
    scan_direction: Text = None
    averaging: Averaging = Field(default_factory=Averaging)
    environment: Environment = Field(default_factory=Environment)
    focus_stabilisation: Text = None
    channels: Annotated[tuple[AcquisitionChannel, ...], BeforeValidator(listed)] = ()
    notes: Texts = ()


Instruments = Annotated[tuple[InstrumentDescription, ...], BeforeValidator(listed)]
Acquisitions = Annotated[tuple[AcquisitionDescription, ...], BeforeValidator(listed)]
