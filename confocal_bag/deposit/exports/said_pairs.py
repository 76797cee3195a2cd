"""What deposit.yaml says of a specimen, a microscope, an acquisition or a channel, as keys and texts with their units.

Keys are the attribute names of OME 2016-06 and of 4DN-BINA-OME v02-01 where these have one. The OME-XML and the
RO-Crate take their pairs from here, so that neither leaves out what the other says.
"""

from collections.abc import Iterable, Iterator

from confocal_bag.deposit.description.facts import number_text
from confocal_bag.deposit.description.microscope import (
    AcquisitionChannel,
    AcquisitionDescription,
    InstrumentDescription,
)
from confocal_bag.deposit.description.sample import ChannelDescription, Specimen, Term
from confocal_bag.deposit.exports.recorded import answer

__all__ = ["acquisition_pairs", "channel_pairs", "instrument_pairs", "setting_pairs", "specimen_pairs"]

Pairs = Iterator[tuple[str, str]]


def specimen_pairs(one: Specimen) -> Pairs:
    """What was imaged, where it came from, and how it was prepared."""
    yield from _term_pairs("Organism", one.organism)
    yield from _term_pairs("Material", one.material)
    yield from _term_pairs("Cell type", one.cell_type)
    yield from _term_pairs("Cell line", one.cell_line)
    yield from _term_pairs("Tissue", one.tissue)
    yield from _term_pairs("Cellular component", one.component)
    yield from _term_pairs("Fixation", one.fixation)
    texts = {
        "Specimen": one.id,
        "Origin": one.origin,
        "Description": one.description,
        "Strain": one.strain,
        "Genotype": one.genotype,
        "Sex": one.sex,
        "Age": one.age,
        "Developmental stage": one.stage,
        "Fixation.protocol": one.fixation.protocol,
        "Imaged alive": _yes_or_no(one.live),
        "Sectioning": one.sectioning.method,
        "Sectioning.term": one.sectioning.term,
        "Section thickness": _amount(one.sectioning.thickness_um, "µm"),
        "Mounting medium": one.mounting.medium,
        "Coverslip": one.mounting.coverslip,
        "Specimen holder": one.mounting.holder,
        "Growth": one.growth,
        "Treatment": _row(one.treatment),
        "Intrinsic variables": _row(one.variables.intrinsic),
        "Extrinsic variables": _row(one.variables.extrinsic),
        "Experimental variables": _row(one.variables.experimental),
    }
    yield from _answers(texts.items())


def instrument_pairs(one: InstrumentDescription) -> Pairs:
    """The microscope as it stood, with its objective, lasers, detectors, filters and program."""
    scope, lens, program = one.microscope, one.objective, one.software
    yield from _term_pairs("Imaging method", one.method)
    texts = {
        "Instrument": one.id,
        "Microscope.Manufacturer": scope.manufacturer,
        "Microscope.Model": scope.model,
        "Microscope.Type": scope.stand,
        "Microscope.SerialNumber": scope.serial,
        "Objective.Model": lens.model,
        "Objective.LensNA": _amount(lens.na),
        "Objective.NominalMagnification": _amount(lens.magnification),
        "Objective.Immersion": lens.immersion,
        "ObjectiveSettings.RefractiveIndex": _amount(lens.refractive_index),
        "Software": program.name,
        "Software version": program.version,
        "Software command": program.command,
    }
    yield from _answers(texts.items())
    parts = [
        *(
            ("Laser", x.id, (_amount(x.wavelength_nm, "nm"), x.type, x.model, _amount(x.power_mw, "mW")))
            for x in one.lasers
        ),
        *(("Detector", x.id, (x.type, x.manufacturer, x.model)) for x in one.detectors),
        *(("Filter", x.id, (x.type, x.model, _bands(x.band_nm))) for x in one.filters),
    ]
    for number, (kind, name, told) in enumerate(parts, 1):
        yield from _answers([(f"{kind} {name or number}", _row(told))])


def acquisition_pairs(one: AcquisitionDescription) -> Pairs:
    """The settings of all channels together."""
    x_um, y_um = one.pixel_size_um or (None, None)
    averaging, kept = one.averaging, one.environment
    texts = {
        "Acquisition": one.id,
        "Pixels.DimensionOrder": one.dimension_order,
        **{f"Pixels.Size{axis}": str(size) for axis, size in (one.sizes or {}).items()},
        "Pixels.PhysicalSizeX": _amount(x_um, "µm"),
        "Pixels.PhysicalSizeY": _amount(y_um, "µm"),
        "Pixels.PhysicalSizeZ": _amount(one.z_step_um, "µm"),
        "Pixels.TimeIncrement": _amount(one.time_increment_s, "s"),
        "Scale bar in the image": _yes_or_no(one.scale_bar),
        "PinholeSettings.Aperture [AU]": _amount(one.pinhole_au, "AU"),
        "Channel.PinholeSize": _amount(one.pinhole_um, "µm"),
        "ConfocalScannerSettings.EffectiveZoom": _amount(one.zoom),
        "Plane.PixelDwellTime": _amount(one.pixel_dwell_us, "µs"),
        "Scan mode": one.scan_mode,
        "ConfocalScannerSettings.ScanDirectionality": one.scan_direction,
        "ConfocalScannerSettings.IntegrationNumber": _amount(averaging.number),
        "ConfocalScannerSettings.IntegrationUnit": averaging.unit,
        "ConfocalScannerSettings.IntegrationMethod": averaging.method,
        "Averaging": averaging.note,
        "ImagingEnvironment.Temperature": _amount(kept.temperature_c, "°C"),
        "ImagingEnvironment.CO2Percent": _amount(kept.co2_percent, "%"),
        "ImagingEnvironment.Humidity": _amount(kept.humidity_percent, "%"),
        "Environment": kept.notes,
        "Focus stabilisation": one.focus_stabilisation,
        "Notes": _row(one.notes),
    }
    yield from _answers(texts.items())


def channel_pairs(one: ChannelDescription) -> Pairs:
    """What a channel shows, and by which light."""
    texts = {
        "Channel described": one.name or one.id,
        "Channel": one.id if one.name else None,
        "Target": one.target,
        "Probe": one.probe,
        "Channel.Fluor": one.fluor,
        "Channel.ExcitationWavelength": _amount(one.excitation_nm, "nm"),
        "Channel.EmissionWavelength": _amount(one.emission_nm, "nm"),
        "Channel.Color": one.color,
        "Channel.ContrastMethod": one.contrast,
    }
    yield from _answers(texts.items())


def setting_pairs(one: AcquisitionChannel) -> Pairs:
    """The laser, the detector and the pinhole of a channel."""
    texts = {
        "Laser": _row(one.laser),
        "LightSourceSettings.IlluminationPowerSettings": _row(_amount(power, "%") for power in one.laser_power_percent),
        "Detector": one.detector,
        "DetectorSettings.Voltage": _amount(one.gain_v, "V"),
        "DetectorSettings.Gain": _amount(one.gain) if isinstance(one.gain, float) else one.gain,
        "Detection band": _bands(one.emission_band_nm),
        "PinholeSettings.Aperture [AU]": _amount(one.pinhole_au, "AU"),
        "Channel.PinholeSize": _amount(one.pinhole_um, "µm"),
    }
    yield from _answers(texts.items())


def _answers(pairs: Iterable[tuple[str, str | None]]) -> Pairs:
    yield from ((key, text) for key, told in pairs if (text := answer(told)))


def _term_pairs(key: str, term: Term) -> Pairs:
    yield from _answers([(key, term.name), (f"{key}.term", term.term)])


def _amount(value: float | None, unit: str = "") -> str | None:
    return None if value is None else f"{number_text(value)} {unit}".strip()


def _row(parts: Iterable[str | None]) -> str | None:
    return "; ".join(filter(None, map(answer, parts))) or None


def _bands(edges: tuple[float, ...]) -> str | None:
    told = [number_text(edge) for edge in edges]
    if len(told) % 2:
        return f"{', '.join(told)} nm"
    return ", ".join(f"{low}-{high} nm" for low, high in zip(told[::2], told[1::2], strict=True)) or None


def _yes_or_no(told: bool | None) -> str | None:  # noqa: FBT001 - a fact, not an option
    return None if told is None else "yes" if told else "no"
