"""REMBI (Recommended Metadata for Biological Images): its modules as JSON, for the form of the BioImage Archive.

REMBI names what should be said and leaves the form open; the names of modules and fields are those of its modules.
"""

from pathlib import PurePosixPath
from typing import Any

from confocal_bag.deposit.description.child_folders import is_in_folder
from confocal_bag.deposit.description.model import (
    ChannelDescription,
    ChildWorkDescription,
    Description,
    Person,
    Specimen,
    Term,
)
from confocal_bag.deposit.exports.export_facts import ExportFacts
from confocal_bag.deposit.exports.identities import dataset_identifiers, identifier_uri, orcid_uri, ror_uri
from confocal_bag.deposit.exports.json_document import json_bytes, recorded
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.rembi_images import (
    protocol_in_words,
    rembi_acquisitions,
    rembi_images,
    term_fields,
)
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.vocabulary import Tier

__all__ = ["lacks_for_rembi", "render_rembi"]


def lacks_for_rembi(said: Description) -> str | None:
    """What a study of REMBI cannot do without and the description does not say; None if nothing."""
    required = {"title": said.title, "abstract": said.abstract, "creators": said.creators, "specimens": said.specimens}
    missing = [name for name, value in required.items() if not value]
    return f"not said in deposit.yaml: {', '.join(missing)}" if missing else None


def render_rembi(facts: ExportFacts) -> bytes:
    """The document: study, its components, samples, specimens, acquisitions, image data and analysis."""
    said = facts.description
    document = {
        "rembi_version": "1.5",
        "study": _study(said),
        "study_component": [
            *(_component(facts, tier) for tier in (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)),
            *(_child_work(facts, one) for one in said.child_works if one.folder),
        ],
        "biosample": [_biosample(one, number) for number, one in enumerate(said.specimens, 1)],
        "specimen": [_specimen(said, one, number) for number, one in enumerate(said.specimens, 1)],
        "image_acquisition": rembi_acquisitions(facts),
        "signal_channel": [_channel(one) for one in said.channels],
        "image_data": list(rembi_images(facts)),
        "quality": {"calibration": said.quality.calibration, "checks": said.quality.qa, "notes": said.quality.notes},
        "analysis": {"overview": protocol_in_words(said.protocols.processing)},
    }
    return json_bytes(recorded(document))


def _study(said: Description) -> dict[str, Any]:
    return {
        "title": said.title,
        "description": said.abstract,
        "keywords": said.keywords,
        "authors": [_author(one) for one in said.creators],
        "licence": [one.spdx or one.name for one in rights_of(said.license)],
        "rights_holder": said.license.holder,
        "identifiers": [identifier_uri(*one) for one in dataset_identifiers(said.identifier)],
        "funding": [{"funder": one.funder, "grant": one.award, "ror": ror_uri(one.ror)} for one in said.funding],
        "links": [{"link": one.id, "type": one.type, "relation": one.relation} for one in said.related],
        "contributors": [_author(one) for one in said.contributors],
        "release_date": said.dates.issued,
        "version": said.version,
        "acknowledgements": [
            said.acknowledgements,
            {"core_facility": said.core_facility.name, "rrid": said.core_facility.rrid},
        ],
        "private_until": said.access.until,
    }


def _author(person: Person) -> dict[str, Any]:
    return {
        "last_name": person.family,
        "first_name": person.given,
        "name": None if person.family or person.given else person.name,
        "email": person.email,
        "orcid": orcid_uri(person.orcid),
        "affiliation": {"name": person.affiliation.name, "ror": ror_uri(person.affiliation.ror)},
        "roles": person.roles,
    }


def _component(facts: ExportFacts, tier: Tier) -> dict[str, Any] | None:
    files = [row for row in facts.files if row.tier == tier.value]
    if not files:
        return None
    what = {
        Tier.RAW: "the files as they came from the microscope",
        Tier.TRANSFORMED: "the images in an open format",
        Tier.PROCESSED: "analysed and annotated images and results",
    }
    return {
        "name": tier.value,
        "description": what[tier],
        "files": len(files),
        "bytes": sum(one.bytes for one in files),
    }


def _child_work(facts: ExportFacts, work: ChildWorkDescription) -> dict[str, Any]:
    """A part of the dataset that is described by itself."""
    folder = work.folder or ""
    files = [row for row in facts.files if is_in_folder(PurePosixPath(row.path.removeprefix("data/")), folder)]
    return {
        "name": work.title or shown_path(work.folder or ""),
        "description": work.description,
        "authors": [_author(one) for one in work.creators],
        "protocols": [
            protocol_in_words(work.protocols.sample_preparation),
            protocol_in_words(work.protocols.acquisition),
            protocol_in_words(work.protocols.processing),
        ],
        "biosamples": work.specimens,
        "acquisitions": work.acquisitions,
        "files": len(files),
        "bytes": sum(one.bytes for one in files),
    }


def _biosample(one: Specimen, number: int) -> dict[str, Any]:
    return {
        "id": one.id or str(number),
        "organism": term_fields(one.organism),
        "material": term_fields(one.material),
        "biological_entity": [term_fields(term) for term in (one.cell_type, one.cell_line, one.tissue, one.component)],
        "description": "; ".join(filter(None, (one.origin, one.description))),
        "strain": one.strain,
        "genotype": one.genotype,
        "sex": one.sex,
        "age": one.age,
        "developmental_stage": one.stage,
        "intrinsic_variables": one.variables.intrinsic,
        "extrinsic_variables": [*one.treatment, *one.variables.extrinsic],
        "experimental_variables": one.variables.experimental,
    }


def _specimen(said: Description, one: Specimen, number: int) -> dict[str, Any]:
    protocol = said.protocols.sample_preparation
    return {
        "biosample": one.id or str(number),
        "sample_preparation_protocol": protocol_in_words(protocol),
        "growth_protocol": one.growth,
        "live": one.live,
        "fixation": {**term_fields(one.fixation), "protocol": one.fixation.protocol},
        "sectioning": {**term_fields(Term(name=one.sectioning.method, term=one.sectioning.term)),
                       "thickness_um": one.sectioning.thickness_um},
        "mounting": {"medium": one.mounting.medium, "coverslip": one.mounting.coverslip,
                     "holder": one.mounting.holder},
    }  # fmt: skip


def _channel(one: ChannelDescription) -> dict[str, Any]:
    return {
        "id": one.id,
        "signal_contrast_mechanism": one.contrast,
        "name": one.name,
        "fluorophore": one.fluor,
        "display_colour": one.color,
        "channel_content": one.target,
        "channel_biological_entity": one.target,
        "probe": one.probe,
        "excitation_nm": one.excitation_nm,
        "emission_nm": one.emission_nm,
    }
