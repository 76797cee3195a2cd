"""Specimens, instruments and acquisitions as labels and values of a readme."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from confocal_bag.deposit.description.model import (
    AcquisitionDescription,
    Averaging,
    Description,
    Environment,
    InstrumentDescription,
    Laser,
    ProtocolText,
    Specimen,
    Term,
)
from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.readme_people import Pairs, recorded
from confocal_bag.deposit.exports.readme_settings import airy_in_words, bands_in_words, channel_settings
from confocal_bag.deposit.exports.readme_words import joined, measured, scan_in_words, words_of
from confocal_bag.deposit.exports.sentence_words import is_none, unit_in_words
from confocal_bag.deposit.placeholders import says_something

__all__ = ["acquisition_texts", "instrument_texts", "protocol_texts", "specimen_texts"]

_STANDS = ("Inverted", "Upright", "LiveImaging")
_LASERS = ("Excimer", "Gas", "MetalVapor", "SolidState", "Dye", "Semiconductor", "FreeElectron")
#: A title and the lines below it.
Part = Mapping[str, Any]


def specimen_texts(said: Description) -> list[Part]:
    """Origin and preparation of each sample of which something is recorded."""
    return [_specimen(one, number) for number, one in enumerate(said.specimens, start=1) if one.is_recorded]


def instrument_texts(said: Description) -> list[Part]:
    """Each microscope of which something is recorded."""
    parts = [_instrument(one, number) for number, one in enumerate(said.instruments, start=1)]
    return [one for one in parts if one["pairs"]]


def acquisition_texts(said: Description) -> list[Part]:
    """The settings of each acquisition of which something is recorded."""
    instruments = {one.id for number, one in enumerate(said.instruments, 1) if _instrument(one, number)["pairs"]}
    parts = [_acquisition(one, number, said, instruments) for number, one in enumerate(said.acquisitions, start=1)]
    return [one for one in parts if one["pairs"]]


def protocol_texts(said: Description) -> list[Part]:
    """The protocols that are recorded, in words, as links, or both."""
    told = said.protocols
    found = (
        ("Sample preparation", _protocol(told.sample_preparation)),
        ("Image acquisition", _protocol(told.acquisition)),
        ("Processing: from raw to derived data", _protocol(told.processing)),
    )
    return [{"name": name, "texts": texts} for name, texts in found if texts]


def _protocol(protocol: ProtocolText) -> list[str]:
    links = f"See {protocol.link}" if says_something(protocol.link) else None
    terms = [word for word, is_so in (("openly accessible", protocol.open), ("complete", protocol.complete)) if is_so]
    if links and terms:
        links += f" ({' and '.join(terms)})"
    return [text for text in (protocol.text if says_something(protocol.text) else None, links) if text]


def _term(term: Term) -> str | None:
    return f"{term.name} ({term.term})" if term.name and term.term else term.name or term.term


def _specimen(one: Specimen, number: int) -> Part:
    alive = "none, imaged alive" if one.live else None
    cut = one.sectioning
    pairs: Pairs = [
        ("Organism", _term(one.organism)),
        ("Material", _term(one.material)),
        ("Origin", one.origin),
        ("Description", one.description),
        ("Strain", one.strain),
        ("Genotype", one.genotype),
        ("Sex", one.sex),
        ("Age", one.age),
        ("Stage", one.stage),
        ("Tissue", _term(one.tissue)),
        ("Cell type", _term(one.cell_type)),
        ("Cell line", _term(one.cell_line)),
        ("Cellular component", _term(one.component)),
        ("Growth", one.growth),
        ("Treatment", list(one.treatment)),
        ("Fixation", joined(_term(one.fixation), one.fixation.protocol, between="; ") or alive),
        ("Sectioning", joined(cut.method, cut.term, measured(cut.thickness_um, "µm thick"))),
        ("Mounting", joined(one.mounting.medium, _coverslip(one.mounting.coverslip), one.mounting.holder)),
        ("Intrinsic variables", list(one.variables.intrinsic)),
        ("Extrinsic variables", list(one.variables.extrinsic)),
        ("Experim. variables", list(one.variables.experimental)),
    ]
    about = "Material" if one.material.is_recorded else "Organism"
    return {"name": f"Specimen {one.id or number}", "pairs": recorded(pairs, (about, "Origin", "Fixation"))}


def _coverslip(glass: str | None) -> str | None:
    return f"coverslip {glass}" if says_something(glass) else None


def _instrument(one: InstrumentDescription, number: int) -> Part:
    scope, lens = one.microscope, one.objective
    stand = f"{scope.stand.lower()} stand" if scope.stand in _STANDS else scope.stand
    pairs: Pairs = [
        ("Method", _term(one.method)),
        (
            "Microscope",
            joined(
                joined(scope.manufacturer, scope.model, between=" "),
                stand,
                f"serial number {scope.serial}" if scope.serial else None,
            ),
        ),
        (
            "Objective",
            joined(
                lens.model,
                f"magnification {prose_number(lens.magnification)}x" if lens.magnification else None,
                f"numerical aperture {prose_number(lens.na)}" if lens.na else None,
                f"immersion {lens.immersion.lower()}" if lens.immersion and _is_named(lens.immersion) else None,
                f"refractive index {prose_number(lens.refractive_index)}" if lens.refractive_index else None,
            ),
        ),
        ("Lasers", _lines([_laser(x) for x in one.lasers])),
        ("Detectors", _lines([(x.id, x.type, x.manufacturer, x.model) for x in one.detectors])),
        ("Filters", _lines([(x.id, x.type, x.model, bands_in_words(x.band_nm)) for x in one.filters])),
        ("Software", joined(one.software.name, one.software.version, one.software.command, between=" ")),
    ]
    return {"name": f"Instrument {one.id or number}", "pairs": recorded(pairs)}


def _is_named(word: str) -> bool:
    """Whether a word of a controlled list names something: OME's Other and Unknown do not."""
    return word.casefold() not in ("other", "unknown", "undefined")


def _laser(one: Laser) -> tuple[str | None, ...]:
    """OME's SolidState is solid state; DPSS stays as it is."""
    kind = f"{words_of(one.type)} laser" if one.type in _LASERS else one.type
    return one.id, measured(one.wavelength_nm, "nm"), kind, one.model, measured(one.power_mw, "mW")


def _lines(parts: Sequence[tuple[str | None, ...]]) -> list[str]:
    """Each laser or detector on a line, behind its id."""
    told = [(name, joined(*rest)) for name, *rest in parts]
    return [f"{name}: {text}" if name else text for name, text in told if text]


def _acquisition(
    one: AcquisitionDescription, number: int, said: Description, listed_ids: Collection[str | None]
) -> Part:
    """Its settings; the instrument is named where it is one of those that the readme lists."""
    size = one.pixel_size_um
    pixel = _pixel(*size) if size else None
    if pixel is None and one.scale_bar:
        pixel = "see the scale bar in the images"
    pairs: Pairs = [
        ("Instrument", one.instrument if one.instrument in listed_ids else None),
        ("Specimen", one.specimen),
        ("Size", joined(*(f"{axis} {size:,}" for axis, size in (one.sizes or {}).items()))),
        ("Order of planes", one.dimension_order),
        ("Pixel size", pixel),
        ("Z step", measured(one.z_step_um, "µm")),
        ("Time step", measured(one.time_increment_s, "s")),
        ("Pinhole", joined(airy_in_words(one.pinhole_au), measured(one.pinhole_um, "µm"))),
        ("Zoom", measured(one.zoom, "")),
        ("Time per pixel", measured(one.pixel_dwell_us, "µs")),
        ("Scan", scan_in_words(one.scan_mode, one.scan_direction)),
        ("Averaging", _averaging(one.averaging)),
        ("Environment", _environment(one.environment)),
        ("Focus", one.focus_stabilisation),
        ("Notes", list(one.notes)),
        ("Channels", channel_settings(one.channels, said)),
    ]
    return {"name": f"Acquisition {one.id or number}", "pairs": recorded(pairs)}


def _pixel(x: float | None, y: float | None) -> str:
    if x is not None and y is not None:
        return f"{prose_number(x)} x {prose_number(y)} µm"
    return f"{prose_number(x)} µm wide" if x is not None else f"{prose_number(y or 0)} µm high"


def _environment(said: Environment) -> str | None:
    return joined(
        measured(said.temperature_c, "°C"),
        f"{text} CO2" if (text := measured(said.co2_percent, "%")) else None,
        f"{text} humidity" if (text := measured(said.humidity_percent, "%")) else None,
        said.notes,
    )


def _averaging(said: Averaging) -> str | None:
    if said.number == 1 or (said.number is None and is_none(said.note)):
        return "none"
    times = f"{prose_number(said.number)} times" if said.number is not None else None
    unit = f"each {unit_in_words(said.unit)}" if said.unit else None
    is_mean = (said.method or "").casefold() in ("average", "averaged", "averaging", "mean")
    method = said.method.lower() if said.method and not is_mean else None
    return joined(joined(unit, times, between=" "), method, said.note)
