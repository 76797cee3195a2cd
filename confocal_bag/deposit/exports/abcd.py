"""ABCD 2.06, the ratified TDWG standard: specimens, how they were prepared, and the images of them."""

from functools import partial
from typing import TYPE_CHECKING

from confocal_bag.deposit.exports.abcd_facts import (
    AbcdImage,
    AbcdUnit,
    abcd_language,
    abcd_units,
    contributor_names,
    institution,
    scientific_name,
    short,
    source_id,
)
from confocal_bag.deposit.exports.abcd_measurements import Measurement
from confocal_bag.deposit.exports.export_facts import ExportFacts, relative_uri, utc_text
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.exports.xml_document import XmlBuilder, xml_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["ABCD_2_06", "render_abcd"]

ABCD_2_06 = "http://www.tdwg.org/schemas/abcd/2.06"


def render_abcd(facts: ExportFacts) -> bytes:
    """The document, a unit for each specimen. What ABCD requires must not be lacking."""
    make = XmlBuilder(ABCD_2_06, "abcd")
    root = make("DataSets", _dataset(facts, make))
    assert root is not None
    return xml_bytes(root)


def _dataset(facts: ExportFacts, make: XmlBuilder) -> "_Element | None":
    said = facts.description
    contact = said.contact
    keeper = said.organization.name or said.publisher.name or (contact.full_name if contact else None)
    names = [one.full_name for one in said.creators]
    return make(
        "DataSet",
        make("DatasetGUID", source_id(facts)),
        make("TechnicalContacts", make("TechnicalContact", make("Name", short(keeper or institution(said))))),
        make("ContentContacts", *(make("ContentContact", make("Name", short(name))) for name in names)),
        _metadata(facts, make),
        make("Units", *(_unit(facts, unit, make) for unit in abcd_units(facts))),
    )


def _metadata(facts: ExportFacts, make: XmlBuilder) -> "_Element | None":
    said = facts.description
    language = {"language": abcd_language(said)}
    title = make("Title", short(said.title))
    return make(
        "Metadata",
        make("Description", make("Representation", title, make("Details", said.abstract), attributes=language)),
        make(
            "RevisionData",
            make("Creators", "; ".join(filter(None, (one.inverted_name for one in said.creators)))),
            make("Contributors", "; ".join(contributor_names(said))),
            make("DateModified", utc_text(facts.moment)),
        ),
        _statements(facts, make, "IPRStatements"),
    )


def _statements(facts: ExportFacts, make: XmlBuilder, name: str) -> "_Element | None":
    """Who holds the rights, under which licence the data are, and how to cite them."""
    said = facts.description
    statement = partial(make, attributes={"language": abcd_language(said)})
    licences = rights_of(said.license)
    return make(
        name,
        make("Copyrights", statement("Copyright", make("Text", said.license.holder))),
        make(
            "Licenses",
            *(
                statement(
                    "License", make("Text", one.spdx or one.name), make("Details", one.name), make("URI", one.uri)
                )
                for one in licences
            ),
        ),
        make("TermsOfUseStatements", statement("TermsOfUse", make("Text", said.license.statement))),
        make("Citations", statement("Citation", make("Text", said.citation))),
    )


def _unit(facts: ExportFacts, unit: AbcdUnit, make: XmlBuilder) -> "_Element | None":
    specimen, language = unit.specimen, {"language": abcd_language(facts.description)}
    localized = partial(make, attributes=language)
    name = make("ScientificName", make("FullScientificNameString", scientific_name(specimen)))
    result = make("TaxonIdentified", name)
    if result is None:
        result = localized("MaterialIdentified", specimen.material.name)
    return make(
        "Unit",
        make("SourceInstitutionID", institution(facts.description)),
        make("SourceID", source_id(facts)),
        make("UnitID", unit.id),
        make("Identifications", make("Identification", make("Result", result))),
        make("RecordBasis", unit.basis),
        *(localized("KindOfUnit", kind) for kind in unit.kinds),
        make("SpecimenUnit", _preparations(unit, make, localized)),
        make("MultiMediaObjects", *(_image(facts, one, make) for one in unit.images)),
        make("MeasurementsOrFacts", *(_measurement(one, make, localized) for one in unit.measurements)),
        make("Sex", unit.sex),
        make("Age", specimen.age),
    )


def _preparations(unit: AbcdUnit, make: XmlBuilder, localized: "partial[_Element | None]") -> "_Element | None":
    return make(
        "Preparations",
        *(
            make("Preparation", localized("PreparationType", kind), localized("PreparationProcess", process))
            for kind, process in unit.preparations
        ),
    )


def _image(facts: ExportFacts, one: AbcdImage, make: XmlBuilder) -> "_Element | None":
    localized = partial(make, attributes={"language": abcd_language(facts.description)})
    return make(
        "MultiMediaObject",
        make("ID", one.id),
        make("FileURI", relative_uri(one.row.path)),
        make("Format", one.row.mime),
        make("ImageSize", make("Width", one.width), make("Height", one.height)),
        make("FileSize", f"{one.row.bytes} bytes"),
        _statements(facts, make, "IPR"),
        localized("Comment", one.comment),
        make("CreatedDate", one.acquired),
        make("CaptureEquipment", one.equipment),
    )


def _measurement(one: Measurement, make: XmlBuilder, localized: "partial[_Element | None]") -> "_Element | None":
    return make(
        "MeasurementOrFact",
        make(
            "MeasurementOrFactAtomised",
            localized("Parameter", one.parameter),
            localized("AppliesTo", one.applies_to),
            localized("LowerValue", one.value),
            make("UnitOfMeasurement", one.unit),
        ),
    )
