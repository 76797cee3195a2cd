"""DataCite 4.5 metadata as JSON: what a repository needs to register a DOI for the dataset.

Fields and lists are those of the JSON schema of DataCite kernel 4.5.
"""

from collections.abc import Iterator
from typing import Any

from confocal_bag.deposit.description.datacite_words import RELATIONS, canonical_word
from confocal_bag.deposit.description.model import Description, Person, Term
from confocal_bag.deposit.description.people import AccessLevel, Funding, RelatedWork
from confocal_bag.deposit.exports.access_sentence import access_limits
from confocal_bag.deposit.exports.child_works import child_work_creators
from confocal_bag.deposit.exports.export_facts import DATA_TIERS, ExportFacts
from confocal_bag.deposit.exports.identities import (
    dataset_identifiers,
    orcid_uri,
    related_identifier,
    ror_uri,
    term_uri,
)
from confocal_bag.deposit.exports.json_document import json_bytes, recorded, unique
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.identifiers import date_interval

__all__ = ["lacks_for_datacite", "render_datacite"]

_CONTRIBUTORS = (
    "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor", "HostingInstitution",
    "Producer", "ProjectLeader", "ProjectManager", "ProjectMember", "RelatedPerson", "Researcher", "ResearchGroup",
    "RightsHolder", "Sponsor", "Supervisor", "WorkPackageLeader",
)  # fmt: skip
#: Our words for roles that DataCite names otherwise.
_ROLES = {"contact": "ContactPerson", "principalinvestigator": "ProjectLeader", "curator": "DataCurator"}
_SCHEMES = {
    "ORCID": "https://orcid.org",
    "ROR": "https://ror.org",
    "SPDX": "https://spdx.org/licenses/",
}


def lacks_for_datacite(said: Description) -> str | None:
    """What DataCite requires and the description does not say; None if nothing."""
    year = date_interval(said.dates.issued or "")
    required = {
        "creators": any(one.inverted_name for one in said.creators),
        "title": said.title,
        "publisher.name": said.publisher.name,
        "dates.issued": year,
    }
    missing = [name for name, value in required.items() if not value]
    return f"not said in deposit.yaml: {', '.join(missing)}" if missing else None


def render_datacite(facts: ExportFacts) -> bytes:
    """The document. Its required fields must not be lacking."""
    said = facts.description
    identifiers = dataset_identifiers(said.identifier)
    doi = next((text for kind, text in identifiers if kind == "DOI"), None)
    data = [row for row in facts.files if row.tier in DATA_TIERS]
    others = [one for one in identifiers if one[0] != "DOI"] + [("URN", facts.bag_uuid.urn)]
    document = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "doi": doi,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Confocal microscopy images"},
        "creators": [_person(one) for one in said.creators if one.inverted_name],
        "titles": [{"title": said.title, "lang": said.language}],
        "publisher": _publisher(said),
        "publicationYear": (said.dates.issued or "")[:4],
        "subjects": unique(list(map(recorded, _subjects(said)))),
        "contributors": list(_contributors(said)),
        "dates": unique(list(_dates(said))),
        "language": said.language,
        "alternateIdentifiers": [{"alternateIdentifier": t, "alternateIdentifierType": kind} for kind, t in others],
        "relatedIdentifiers": unique(list(_related(said))),
        "sizes": [f"{sum(row.bytes for row in data)} bytes", f"{len(data)} files"],
        "formats": sorted({row.mime for row in data}),
        "version": said.version,
        "rightsList": unique(list(map(recorded, _rights(said)))),
        "descriptions": list(_descriptions(said)),
        "geoLocations": [_place(said)],
        "fundingReferences": unique([recorded(_funding(one)) for one in said.funding if one.funder]),
    }
    return json_bytes(recorded(document))


def _person(person: Person) -> dict[str, Any]:
    is_personal = bool(person.family or person.given)
    orcid, ror = orcid_uri(person.orcid), ror_uri(person.affiliation.ror)
    return {
        "name": person.inverted_name,
        "nameType": "Personal" if is_personal else "Organizational",
        "givenName": person.given,
        "familyName": person.family,
        "nameIdentifiers": [_scheme("nameIdentifier", orcid, "ORCID")],
        "affiliation": [{"name": person.affiliation.name, **_scheme("affiliationIdentifier", ror, "ROR")}]
        if person.affiliation.name
        else None,
    }


def _scheme(key: str, uri: str | None, scheme: str) -> dict[str, Any]:
    return {key: uri, f"{key}Scheme": scheme, "schemeUri": _SCHEMES[scheme]} if uri else {}


def _publisher(said: Description) -> dict[str, Any]:
    return {"name": said.publisher.name, **_scheme("publisherIdentifier", ror_uri(said.publisher.ror), "ROR")}


def _subjects(said: Description) -> Iterator[dict[str, Any]]:
    yield from ({"subject": keyword, "lang": said.language} for keyword in said.keywords)
    for specimen in said.specimens:
        for term in (specimen.organism, specimen.material, specimen.cell_type, specimen.cell_line, specimen.tissue,
                     specimen.component):  # fmt: skip
            yield _subject(term)
    yield from (_subject(instrument.method) for instrument in said.instruments)


def _subject(term: Term) -> dict[str, Any]:
    uri = term_uri(term.term)
    if not term.name or uri is None or term.term is None:
        return {"subject": term.name}
    prefix, _, local = term.term.partition(":")
    coded = {} if local.startswith("//") else {"subjectScheme": prefix, "classificationCode": term.term}
    return {"subject": term.name, "valueUri": uri, **coded}


def _contributors(said: Description) -> Iterator[dict[str, Any]]:
    for person in said.contributors:
        if person.inverted_name:
            kinds = unique([_role(role) for role in person.roles]) or ["Other"]
            yield from ({**_person(person), "contributorType": kind} for kind in kinds)
    yield from ({**_person(person), "contributorType": "Other"} for person in child_work_creators(said))
    contact = said.contact
    if contact is not None and contact in said.creators and contact.inverted_name:
        yield {**_person(contact), "contributorType": "ContactPerson"}
    if said.license.holder:
        yield {"name": said.license.holder, "contributorType": "RightsHolder"}
    if said.curation.curator:
        yield {"name": said.curation.curator, "contributorType": "DataCurator"}


def _role(role: str) -> str:
    plain = "".join(letter for letter in role.casefold() if letter.isalnum())
    known = {one.casefold(): one for one in _CONTRIBUTORS} | _ROLES
    return known.get(plain, "Other")


def _dates(said: Description) -> Iterator[dict[str, Any]]:
    known = {
        "Collected": said.dates.collected,
        "Created": said.dates.created,
        "Issued": said.dates.issued,
        "Updated": said.dates.updated,
        "Available": said.access.until if said.access.level is AccessLevel.EMBARGOED else None,
    }
    for kind, text in known.items():
        if text and date_interval(text):
            yield {"date": "/".join(part.strip() for part in text.split("/")), "dateType": kind}


def _related(said: Description) -> Iterator[dict[str, Any]]:
    works = list(said.related)
    if said.raw_location:
        works.append(RelatedWork(id=said.raw_location, relation="IsDerivedFrom"))
    for work in works:
        if (found := _relation(work)) is not None:
            (kind, text), relation = found
            yield {"relatedIdentifier": text, "relatedIdentifierType": kind, "relationType": relation}


def _relation(work: RelatedWork) -> tuple[tuple[str, str], str] | None:
    """The typed identifier of a work and its relation; None where DataCite has no word for one of them."""
    identifier = related_identifier(work)
    relation = canonical_word(work.relation, RELATIONS) if work.relation else None
    return (identifier, relation) if identifier and relation in RELATIONS and relation else None


def _untyped(said: Description) -> Iterator[str]:
    """The works that DataCite's list of related works cannot hold, in words, so that they are not lost."""
    for work in said.related:
        if work.id and _relation(work) is None:
            yield f"Related work: {' '.join(filter(None, (work.type, work.id)))}" + (
                f" ({work.relation})" if work.relation else ""
            )
    if said.raw_location and _relation(RelatedWork(id=said.raw_location, relation="IsDerivedFrom")) is None:
        yield f"Raw data are kept at: {said.raw_location}"
    yield from (f"Award: {one.award}" for one in said.funding if one.award and not one.funder)


def _rights(said: Description) -> Iterator[dict[str, Any]]:
    for one in rights_of(said.license):
        named = {"rightsIdentifier": one.spdx, "rightsIdentifierScheme": "SPDX", "schemeUri": _SCHEMES["SPDX"]}
        yield {"rights": one.name, "rightsUri": one.uri, **(named if one.spdx else {})}
    yield from ({"rights": text} for text in (said.license.statement, access_limits(said.access)) if text)


def _descriptions(said: Description) -> Iterator[dict[str, Any]]:
    """Each protocol and each note on quality in a paragraph of its own."""
    steps = (said.protocols.sample_preparation, said.protocols.acquisition, said.protocols.processing)
    texts: dict[str, list[str | None]] = {
        "Abstract": [said.abstract],
        "Methods": [" ".join(filter(None, (step.text, step.link))) for step in steps],
        "TechnicalInfo": [said.quality.calibration, said.quality.qa, said.quality.notes],
        "Other": list(_untyped(said)),
    }
    for kind, paragraphs in texts.items():
        text = "\n\n".join(filter(None, paragraphs))
        if text:
            yield {"description": text, "descriptionType": kind, "lang": said.language}


def _place(said: Description) -> dict[str, Any]:
    place = said.location
    point = {"pointLongitude": place.lon, "pointLatitude": place.lat}
    known = place.lat is not None and place.lon is not None
    return {"geoLocationPlace": place.name, "geoLocationPoint": point if known else None}


def _funding(one: Funding) -> dict[str, Any]:
    ror = ror_uri(one.ror)
    return {
        "funderName": one.funder,
        "funderIdentifier": ror,
        "funderIdentifierType": "ROR" if ror else None,
        "awardNumber": one.award,
    }
