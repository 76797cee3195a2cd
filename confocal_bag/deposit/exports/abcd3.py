"""ABCD 3.0, the version the primer names: specimens, how they were prepared, and the images of them."""

from functools import partial
from typing import TYPE_CHECKING

from confocal_bag.deposit.description.model import Person
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
from confocal_bag.deposit.exports.identities import term_uri
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.exports.xml_document import XmlBuilder, xml_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["ABCD_3_0", "render_abcd3"]

ABCD_3_0 = "http://www.tdwg.org/schemas/abcd/3.0"


def render_abcd3(facts: ExportFacts) -> bytes:
    """The document, a unit for each specimen. What ABCD requires must not be lacking."""
    make = XmlBuilder(ABCD_3_0, "abcd")
    root = make("DataSets", _dataset(facts, make))
    assert root is not None
    return xml_bytes(root)


def _dataset(facts: ExportFacts, make: XmlBuilder) -> "_Element | None":
    return make(
        "DataSet",
        make("GUID", source_id(facts)),
        make("ContentContacts", *(_contact(one, make) for one in facts.description.creators)),
        _metadata(facts, make),
        make("Units", *(_unit(facts, unit, make) for unit in abcd_units(facts))),
    )


def _contact(person: Person, make: XmlBuilder) -> "_Element | None":
    full, sorting = make("FullName", short(person.full_name)), make("SortingName", short(person.inverted_name))
    return make("ContentContact", make("Person", full, sorting))


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
            make("DateModified", utc_text(facts.moment)[:10]),
        ),
        _statements(facts, make),
    )


def _statements(facts: ExportFacts, make: XmlBuilder) -> "_Element | None":
    """Under which licence the data are, how to cite them, and who holds the rights."""
    said = facts.description
    statement = partial(make, attributes={"language": abcd_language(said)})
    return make(
        "LegalStatements",
        make(
            "Licenses",
            *(
                statement(
                    "License",
                    make("Text", one.spdx or one.name),
                    make("Details", one.name),
                    make("WebsiteURL", one.uri),
                )
                for one in rights_of(said.license)
            ),
        ),
        make("SuggestedCitations", statement("SuggestedCitation", make("Text", said.citation))),
        make(
            "OtherLegalStatements",
            *(
                statement("OtherLegalStatement", make("Text", text))
                for text in (_copyright(said.license.holder), said.license.statement)
            ),
        ),
    )


def _copyright(holder: str | None) -> str | None:
    return f"Rights holder: {holder}" if holder else None


def _unit(facts: ExportFacts, unit: AbcdUnit, make: XmlBuilder) -> "_Element | None":
    specimen = unit.specimen
    localized = partial(make, attributes={"language": abcd_language(facts.description)})
    result = make("TaxonIdentified", make("ScientificName", make("FullScientificName", scientific_name(specimen))))
    if result is None:
        result = localized("MaterialIdentified", specimen.material.name)
    return make(
        "Unit",
        make("SourceInstitutionID", institution(facts.description)),
        make("SourceID", source_id(facts)),
        make("ID", unit.id),
        make("Identifications", make("Identification", make("Result", result))),
        make("RecordBasis", unit.basis),
        localized("KindOfUnit", "; ".join(unit.kinds)),
        make("SpecimenUnit", _preparations(unit, make, localized)),
        make("MultimediaObjects", *(_image(facts, one, unit, make) for one in unit.images)),
        make("MeasurementsOrFacts", *(_measurement(one, make, localized) for one in unit.measurements)),
        make("Sex", unit.sex),
        make("Age", specimen.age),
        make("ResourceURIs", make("ResourceURI", term_uri(specimen.organism.term))),
    )


def _preparations(unit: AbcdUnit, make: XmlBuilder, localized: "partial[_Element | None]") -> "_Element | None":
    return make(
        "Preparations",
        *(
            make("Preparation", localized("PreparationType", kind), localized("PreparationMethod", process))
            for kind, process in unit.preparations
        ),
    )


def _image(facts: ExportFacts, one: AbcdImage, unit: AbcdUnit, make: XmlBuilder) -> "_Element | None":
    localized = partial(make, attributes={"language": abcd_language(facts.description)})
    lens = one.image.described.instrument.objective.model if one.image.described.instrument else None
    size = make("ImageSize", make("Width", one.width), make("Height", one.height))
    return make(
        "MultimediaObject",
        make("ID", one.id),
        make("Type", "StillImage"),
        make("FileURL", relative_uri(one.row.path)),
        make("FileFormat", one.row.mime),
        make("FileSize", f"{one.row.bytes} bytes"),
        make("DateCreated", one.acquired),
        _statements(facts, make),
        localized("Notes", one.comment),
        make("SubjectPart", "; ".join(unit.kinds)),
        make("CaptureEquipment", one.equipment),
        make("Image", make("LensModel", lens), size),
    )


def _measurement(one: Measurement, make: XmlBuilder, localized: "partial[_Element | None]") -> "_Element | None":
    return make(
        "MeasurementOrFact",
        make(
            "MeasurementOrFactAtomized",
            localized("Parameter", one.parameter),
            localized("AppliesTo", one.applies_to),
            localized("LowerValue", one.value),
            make("UnitOfMeasurement", one.unit),
        ),
    )
