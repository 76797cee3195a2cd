"""Turn what is known of a deposit into the short texts that a readme's template lays out."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from confocal_bag.deposit.description.collected import collected_dates
from confocal_bag.deposit.description.headers import header_images
from confocal_bag.deposit.description.model import (
    AcquisitionChannel,
    AcquisitionDescription,
    Averaging,
    Description,
    InstrumentDescription,
    Person,
    ProtocolText,
    RelatedWork,
    Specimen,
    Term,
)
from confocal_bag.deposit.exports.dimensions import short_number
from confocal_bag.deposit.exports.plain_text import cleaned
from confocal_bag.deposit.exports.readme import ReadmeFacts
from confocal_bag.deposit.exports.readme_channels import channel_texts
from confocal_bag.deposit.exports.readme_files import file_table, left_out_lines, loss_warnings
from confocal_bag.deposit.exports.readme_images import image_groups
from confocal_bag.deposit.identifiers import bare_doi
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something

__all__ = ["template_values"]

#: Lines of the readme: a label and what stands beside it.
Pairs = list[tuple[str, Any]]


def template_values(facts: ReadmeFacts) -> Mapping[str, Any]:
    """Every name that the template uses."""
    said = facts.description
    return {
        "facts": facts,
        "said": said,
        "identifiers": list(_identifiers(said)),
        "creators": [_person(person) for person in said.creators],
        "contributors": [_person(person) for person in said.contributors],
        "contact": _contact(said),
        "collected": _collected(said, facts.inventory),
        "unknown_loss": sum(image.lossy is None for file in facts.inventory.files for image in file.images),
        "citation": said.citation or _citation(said),
        "funding": [_joined(one.funder, _prefixed("award ", one.award)) for one in said.funding],
        "related": [_related(work) for work in said.related],
        "location": _location(said),
        "people": {True: "yes", False: "no", None: None},
        "specimens": [_specimen(one, index) for index, one in enumerate(said.specimens)],
        "channels": list(channel_texts(said.channels)),
        "instruments": [_instrument(one, index) for index, one in enumerate(said.instruments)],
        "acquisitions": [_acquisition(one, index, said) for index, one in enumerate(said.acquisitions)],
        "protocols": [
            ("Sample preparation", _protocol(said.protocols.sample_preparation)),
            ("Image acquisition", _protocol(said.protocols.acquisition)),
            ("Processing", _protocol(said.protocols.processing)),
        ],
        "table": file_table(facts),
        "left_out": left_out_lines(facts.inventory),
        "groups": image_groups(facts),
        "losses": loss_warnings(facts),
        "unread": [file for file in facts.inventory.files if file.image_problem],
        "codes": [code for entry in said.files for code in entry.codes],
        "checksums": _checksum_command(facts),
        "bag_argument": shlex.quote(cleaned(facts.bag_name)),
    }


def _joined(*parts: str | None, between: str = ", ") -> str | None:
    return between.join(part for part in parts if part) or None


def _prefixed(label: str, value: object) -> str | None:
    return None if value is None or value == "" else f"{label}{value}"


def _measured(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{short_number(value)} {unit}".strip()


def _term(term: Term) -> str | None:
    if term.name and term.term:
        return f"{term.name} ({term.term})"
    return term.name or term.term


def _identifiers(said: Description) -> Iterator[str]:
    doi = said.identifier.doi
    if doi:
        yield f"https://doi.org/{bare_doi(doi)}" if bare_doi(doi) else doi
    yield from filter(None, (_prefixed("Handle ", said.identifier.handle), said.identifier.uri))


def _person(person: Person) -> Pairs:
    ror = _prefixed("ROR ", person.affiliation.ror)
    return [
        ("Name", person.full_name),
        ("ORCID iD", person.orcid),
        ("Institution", _joined(person.affiliation.name, ror)),
        ("Address", person.affiliation.address),
        ("E-mail", person.email),
        ("Roles", _joined(*person.roles)),
    ]


def _contact(said: Description) -> str | None:
    contact = said.contact
    return _joined(contact.full_name, contact.email) if contact else None


def _citation(said: Description) -> str | None:
    """A citation as DataCite recommends it: creators (year): title. version. publisher. identifier."""
    names = _joined(*(person.inverted_name for person in said.creators), between="; ")
    if names is None or said.title is None:
        return None
    year = f" ({said.dates.issued[:4]})" if said.dates.issued else ""
    version = _prefixed("Version ", said.version)
    identifier = next(_identifiers(said), None)
    return f"{names}{year}: " + (_joined(said.title, version, said.publisher.name, identifier, between=". ") or "")


def _collected(said: Description, inventory: Inventory) -> str | None:
    """The period, and that it is the one of the image headers where it is."""
    dates = collected_dates(header_images(inventory))
    if dates is None or said.dates.collected not in (None, dates.period):
        return said.dates.collected
    files = "the image header of one file" if dates.files == 1 else f"the image headers of {dates.files} files"
    return f"{dates.period} (from {files})"


def _related(work: RelatedWork) -> str:
    doi = bare_doi(work.id or "") if (work.type or "").casefold() in ("doi", "") else None
    address = f"https://doi.org/{doi}" if doi else work.id
    return _joined(address, f"({work.relation})" if work.relation else None, between=" ") or "not recorded"


def _location(said: Description) -> str | None:
    place = said.location
    both = place.lat is not None and place.lon is not None
    return _joined(place.name, f"latitude {place.lat}, longitude {place.lon}" if both else None)


def _protocol(protocol: ProtocolText) -> str | None:
    text = protocol.text if says_something(protocol.text) else None
    return _joined(text, _prefixed("see ", protocol.link), between=" ; ")


def _specimen(one: Specimen, index: int) -> Mapping[str, Any]:
    fixation = _joined(_term(one.fixation), one.fixation.protocol) or ("none, imaged alive" if one.live else None)
    sectioning = _joined(one.sectioning.method, one.sectioning.term, _measured(one.sectioning.thickness_um, "µm thick"))
    pairs: Pairs = [
        ("Organism", _term(one.organism)) if not one.material.is_recorded else ("Material", _term(one.material)),
        ("Origin", one.origin),
        ("Cell type", _term(one.cell_type)),
        ("Tissue", _term(one.tissue)),
        ("Cellular component", _term(one.component)),
        ("Fixation", fixation),
        ("Sectioning", sectioning),
        ("Mounting", _joined(one.mounting.medium, _prefixed("coverslip ", one.mounting.coverslip))),
    ]
    optional: Pairs = [
        ("Description", one.description),
        ("Strain", one.strain),
        ("Genotype", one.genotype),
        ("Sex", one.sex),
        ("Age", one.age),
        ("Stage", one.stage),
        ("Growth", one.growth),
        ("Treatment", _joined(*one.treatment, between="; ")),
        ("Intrinsic variables", _joined(*one.variables.intrinsic, between="; ")),
        ("Extrinsic variables", _joined(*one.variables.extrinsic, between="; ")),
        ("Experim. variables", _joined(*one.variables.experimental, between="; ")),
    ]
    return {"name": f"Specimen {one.id or index + 1}", "pairs": _filled(pairs, optional)}


def _filled(pairs: Pairs, optional: Pairs) -> Pairs:
    return [*pairs, *((label, value) for label, value in optional if value)]


def _instrument(one: InstrumentDescription, index: int) -> Mapping[str, Any]:
    scope, lens = one.microscope, one.objective
    objective = _joined(
        lens.model,
        _prefixed("", lens.magnification and f"{short_number(lens.magnification)}x"),
        _prefixed("numerical aperture ", lens.na and short_number(lens.na)),
        _prefixed("immersion ", lens.immersion),
        _prefixed("refractive index ", lens.refractive_index and short_number(lens.refractive_index)),
    )
    pairs: Pairs = [
        ("Method", _term(one.method)),
        (
            "Microscope",
            _joined(
                _joined(scope.manufacturer, scope.model, between=" "),
                scope.stand,
                _prefixed("serial ", scope.serial),
            ),
        ),
        ("Objective", objective),
        ("Lasers", [_joined(x.id, _measured(x.wavelength_nm, "nm"), x.type, x.model) for x in one.lasers]),
        ("Detectors", [_joined(x.id, x.type, x.manufacturer, x.model) for x in one.detectors]),
        ("Software", _joined(one.software.name, one.software.version, between=" ")),
    ]
    filters = [_joined(x.id, x.type, x.model, _band(x.band_nm)) for x in one.filters]
    return {"name": f"Instrument {one.id or index + 1}", "pairs": _filled(pairs, [("Filters", filters)])}


def _band(band: Sequence[float]) -> str | None:
    """One band or several, each with its two ends."""
    edges = list(map(short_number, band))
    if len(edges) % 2:
        return f"{', '.join(edges)} nm" if edges else None
    return _joined(*(f"{low} to {high} nm" for low, high in zip(edges[::2], edges[1::2], strict=True)))


def _acquisition(one: AcquisitionDescription, index: int, said: Description) -> Mapping[str, Any]:
    size = one.pixel_size_um
    pixel = _pixel(*size) if size else None
    if pixel is None and one.scale_bar:
        pixel = "see the scale bar in the images"
    pairs: Pairs = [
        ("Instrument", one.instrument),
        ("Pixel size", pixel),
        ("Z step", _measured(one.z_step_um, "µm")),
        ("Pinhole", _joined(_airy(one.pinhole_au), _measured(one.pinhole_um, "µm"))),
    ]
    optional: Pairs = [
        ("Specimen", one.specimen),
        ("Time step", _measured(one.time_increment_s, "s")),
        ("Zoom", _measured(one.zoom, "")),
        ("Time per pixel", _measured(one.pixel_dwell_us, "µs")),
        ("Scan", _joined(one.scan_mode, one.scan_direction)),
        ("Averaging", _averaging(one.averaging)),
        ("Notes", _joined(*one.notes, between="; ")),
        ("Channels", [_setting(setting, said) for setting in one.channels]),
    ]
    return {"name": f"Acquisition {one.id or index + 1}", "pairs": _filled(pairs, optional)}


def _pixel(x: float | None, y: float | None) -> str:
    if x is not None and y is not None:
        return f"{short_number(x)} x {short_number(y)} µm"
    return f"{short_number(x)} µm wide" if x is not None else f"{short_number(y or 0)} µm high"


def _airy(size: float | None) -> str | None:
    return _measured(size, "Airy unit" if size == 1 else "Airy units")


def _averaging(said: Averaging) -> str | None:
    times = f"{short_number(said.number)} times" if said.number is not None else None
    unit = f"each {said.unit.lower()}" if said.unit else None
    return _joined(_joined(unit, times, between=" "), said.method, said.note)


def _setting(setting: AcquisitionChannel, said: Description) -> str:
    named = next((one.name for one in said.channels if one.id == setting.channel and one.name), None)
    power = _joined(*(_measured(one, "%") for one in setting.laser_power_percent), between=" and ")
    gain = _measured(setting.gain_v, "V") or setting.gain
    parts = _joined(
        _joined(_prefixed("laser ", _joined(*setting.laser, between=" and ")), _prefixed("at ", power), between=" "),
        _prefixed("detector ", setting.detector),
        _prefixed("gain ", short_number(gain) if isinstance(gain, float) else gain),
        _prefixed("band ", _band(setting.emission_band_nm)),
        _prefixed("pinhole ", _joined(_airy(setting.pinhole_au), _measured(setting.pinhole_um, "µm"))),
    )
    title = _joined(setting.channel, f"({named})" if named else None, between=" ")
    return f"{title or 'channel'}: {parts or 'settings not recorded'}"


def _checksum_command(facts: "ReadmeFacts") -> str | None:
    """The command of every Linux system that checks a manifest of one of the digests that were taken."""
    known = {*facts.algorithms, *(name for file in facts.inventory.files for name in file.digests)}
    return next((name for name in ("sha512", "sha256", "sha1", "md5") if name in known), None)
