"""RO-Crate 1.1: the bag's payload as a research object, data/ro-crate-metadata.json.

The payload folder is the root of the crate (RO-Crate 1.1, appendix "Combining with other packaging schemes"), so every
identifier of a file is its path below data/. A property with one value holds it without a list.
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from confocal_bag.deposit.description.child_folders import folder_below_tiers, is_in_folder
from confocal_bag.deposit.description.model import (
    ChannelDescription,
    ChildWorkDescription,
    Description,
    Organization,
    Specimen,
)
from confocal_bag.deposit.description.people import RelatedWork
from confocal_bag.deposit.exports.access_sentence import access_sentence
from confocal_bag.deposit.exports.crate_actions import actions, specimen_identity
from confocal_bag.deposit.exports.crate_entities import Crate, Entity, reference
from confocal_bag.deposit.exports.crate_formats import formats_of
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, legible, relative_uri
from confocal_bag.deposit.exports.identities import dataset_identifiers, identifier_uri, related_identifier
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.deposit.exports.json_document import json_bytes, unique
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.exports.said_pairs import channel_pairs, specimen_pairs
from confocal_bag.deposit.identifiers import date_interval
from confocal_bag.vocabulary import Tier

__all__ = ["lacks_for_crate", "render_crate"]

_CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    {"sha256": "https://schema.org/sha256", "sha512": "https://w3id.org/ro/terms/workflow-run#sha512"},
]
_TIERS = {
    Tier.RAW: "Raw files: as they came from the microscope.",
    Tier.TRANSFORMED: "Transformed files: the images in an open format.",
    Tier.PROCESSED: "Processed files: analysed and annotated images and results.",
    Tier.README: "Readme files: documentation for people.",
    Tier.METADATA: "Metadata files: documentation for programs.",
}


def lacks_for_crate(said: Description) -> str | None:
    """What RO-Crate 1.1 requires of the root and the description does not say; None if nothing."""
    required = {
        "title": said.title,
        "abstract": said.abstract,
        "dates.issued": date_interval(said.dates.issued or ""),
        "license.spdx": rights_of(said.license),
    }
    missing = [name for name, value in required.items() if not value]
    return f"not said in deposit.yaml: {', '.join(missing)}" if missing else None


def render_crate(facts: ExportFacts) -> bytes:
    """The document. What the root requires must not be lacking."""
    crate = Crate()
    crate.add(
        "ro-crate-metadata.json",
        "CreativeWork",
        conformsTo=reference("https://w3id.org/ro/crate/1.1"),
        about=reference("./"),
    )
    root = crate.add("./", "Dataset", **_root(crate, facts.description, facts))
    root["hasPart"] = [_tier(crate, facts, tier) for tier in Tier if _of_tier(facts.files, tier)]
    grants = crate.grants(facts.description.funding)
    root["mentions"] = [*grants, *(reference(one) for one in actions(crate, facts))]
    return json_bytes({"@context": _CONTEXT, "@graph": crate.graph()})


def _root(crate: Crate, said: Description, facts: ExportFacts) -> Entity:
    return {
        "name": said.title,
        "description": said.abstract,
        "datePublished": said.dates.issued,
        "license": [_license(crate, said, one.name, one.uri, one.spdx) for one in rights_of(said.license)],
        "author": crate.people(said.creators),
        "contributor": crate.people(said.contributors),
        "publisher": crate.organization(said.publisher),
        "copyrightHolder": crate.named("Organization", said.license.holder),
        "identifier": [*_identifiers(crate, said), facts.bag_uuid.urn],
        "keywords": ", ".join(said.keywords),
        "version": said.version,
        "inLanguage": said.language,
        "temporalCoverage": said.dates.collected,
        "contentLocation": crate.named("Place", said.location.name),
        "audience": [crate.audience(one.value) for one in said.audience],
        "conditionsOfAccess": access_sentence(said.access),
        "creditText": said.citation,
        "funder": unique([crate.organization(Organization(name=one.funder, ror=one.ror)) for one in said.funding]),
        "citation": [_work(crate, work) for work in said.related if work.id],
        "isBasedOn": _raw_data(crate, said.raw_location),
        "about": [*_terms(crate, said), *(_specimen(crate, one, at) for at, one in enumerate(said.specimens, 1))],
        "variableMeasured": [_channel(crate, one, at) for at, one in enumerate(said.channels, 1)],
        "contactPoint": crate.contact(said.contact) if said.contact else None,
    }  # fmt: skip


def _license(crate: Crate, said: Description, name: str, uri: str | None, spdx: str | None) -> Entity:
    identity = uri or f"#license-{relative_uri(name)}"
    crate.add(
        identity,
        "CreativeWork",
        name=name,
        description=said.license.statement or f"The licence of this dataset: {name}.",
        identifier=spdx,
    )
    return reference(identity)


def _terms(crate: Crate, said: Description) -> list[Entity]:
    terms = (
        term
        for one in said.specimens
        for term in (one.organism, one.material, one.cell_type, one.cell_line, one.tissue, one.component)
    )
    return unique([found for term in terms if (found := crate.term(term))])


def _specimen(crate: Crate, one: Specimen, number: int) -> Entity:
    """One specimen with all that is said of it."""
    identity = specimen_identity(one, number)
    name = f"Specimen {one.id or number}"
    facts = crate.properties(identity, specimen_pairs(one))
    crate.add(identity, "Thing", name=name, description=one.description or one.origin, additionalProperty=facts)
    return reference(identity)


def _channel(crate: Crate, one: ChannelDescription, number: int) -> Entity:
    """What was measured: what a channel shows, and by which light."""
    identity = f"#channel-{relative_uri(one.id or str(number))}"
    told = "; ".join(f"{key}: {text}" for key, text in channel_pairs(one))
    name = one.target or one.name or f"Channel {one.id or number}"
    crate.add(identity, "PropertyValue", name=name, propertyID=one.id, description=told)
    return reference(identity)


def _identifiers(crate: Crate, said: Description) -> Iterable[Entity]:
    for kind, text in dataset_identifiers(said.identifier):
        uri = identifier_uri(kind, text)
        crate.add(uri, "PropertyValue", name=kind, propertyID=kind, value=text, url=uri)
        yield reference(uri)


def _work(crate: Crate, said: RelatedWork) -> Entity:
    kind, text = related_identifier(said) or (said.type, said.id or "")
    uri = identifier_uri(kind or "", text)
    identity = uri if re.match(r"[a-z][a-z0-9+.-]*:\S+$", uri, re.IGNORECASE) else f"#work-{relative_uri(text)}"
    name = " ".join(filter(None, (kind, text)))
    crate.add(identity, "CreativeWork", name=name, identifier=text, description=said.relation)
    return reference(identity)


def _raw_data(crate: Crate, address: str | None) -> Entity | None:
    """Where the raw data are kept, where that is elsewhere."""
    if not address:
        return None
    is_address = re.match(r"[a-z][a-z0-9+.-]*:\S+$", address, re.IGNORECASE)
    identity = address if is_address else f"#raw-data-{relative_uri(address)}"
    crate.add(identity, "CreativeWork", name="Raw data of this dataset", description=address, identifier=address)
    return reference(identity)


def _of_tier(files: Iterable[InventoryRow], tier: Tier) -> list[InventoryRow]:
    return sorted((row for row in files if row.tier == tier.value), key=lambda row: row.path)


def _tier(crate: Crate, facts: ExportFacts, tier: Tier) -> Entity:
    identity = f"{tier.value}/"
    files = _of_tier(facts.files, tier)
    entity = crate.add(identity, "Dataset", name=tier.value, description=_TIERS[tier])
    works = [(one, _of_work(files, one)) for one in facts.description.child_works if one.folder]
    within = {row.path for _, held in works for row in held}
    entity["hasPart"] = [
        *(_child_work(crate, facts, tier, one, held) for one, held in works if held),
        *(_file(crate, facts, row) for row in files if row.path not in within),
    ]
    return reference(identity)


def _of_work(files: Iterable[InventoryRow], work: ChildWorkDescription) -> list[InventoryRow]:
    return [row for row in files if is_in_folder(PurePosixPath(row.path.removeprefix("data/")), work.folder or "")]


def _child_work(
    crate: Crate, facts: ExportFacts, tier: Tier, work: ChildWorkDescription, files: list[InventoryRow]
) -> Entity:
    """The folder of a child work in one tier."""
    identity = f"{tier.value}/{relative_uri(str(folder_below_tiers(work.folder or '')))}/"
    crate.add(
        identity,
        "Dataset",
        name=work.title or shown_path(work.folder or ""),
        description=work.description or f"A part of the dataset, tier {tier.value}.",
        author=crate.people(work.creators),
        hasPart=[_file(crate, facts, row) for row in files],
    )
    return reference(identity)


def _file(crate: Crate, facts: ExportFacts, row: InventoryRow) -> Entity:
    identity, said = relative_uri(row.path.removeprefix("data/")), facts.descriptions.get(row.path)
    crate.add(
        identity,
        "File",
        name=shown_path(row.path.rpartition("/")[2]),
        description=(said.description if said else None) or legible(row.reason),
        encodingFormat=formats_of(crate, row),
        contentSize=str(row.bytes),
        sha256=row.digests.get("sha256"),
        sha512=row.digests.get("sha512"),
        dateCreated=said.created if said else None,
        hasPart=[_packed_image(crate, *images) for images in facts.packed.get(row.path, {}).values()],
    )
    return reference(identity)


def _packed_image(crate: Crate, first: ExportedImage, *others: ExportedImage) -> Entity:
    """A member of a zip file with its images; it is no file of the crate."""
    place = first.shown.removeprefix("data/")
    identity = f"#{relative_uri(place)}"
    sizes = "; ".join(one.dimensions for one in (first, *others))
    crate.add(identity, "ImageObject", name=shown_path(place.rpartition("/")[2]), description=sizes)
    return reference(identity)
