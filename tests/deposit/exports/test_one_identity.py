"""Identifiers, licences, works, people and grants: the same in every document, and none of them lost."""

import json
from typing import Any
from uuid import UUID

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.people import Funding, License, Person
from confocal_bag.deposit.exports.archivematica import render_dublin_core
from confocal_bag.deposit.exports.bag_info import bag_info_fields
from confocal_bag.deposit.exports.datacite import render_datacite
from confocal_bag.deposit.exports.readme_people import identifiers
from confocal_bag.deposit.exports.rembi import render_rembi
from confocal_bag.deposit.exports.rights import licence_text, rights_of
from tests.deposit.described import COMPLETE, changed
from tests.deposit.exports.exported import described, facts
from tests.deposit.exports.test_crate import crate, listed

DOI = "https://doi.org/10.5072/example"
HANDLE = "https://hdl.handle.net/20.500.12345/678"


def said(**written: str) -> Any:
    """The complete description with other texts in place of its own."""
    old = {"identifier": "identifier: {doi: 10.5072/example}", "license": "license: {spdx: CC0-1.0}",
           "access": "access: {level: open}"}  # fmt: skip
    changes = {old[name]: f"{name}: {text}" for name, text in written.items()}
    return read_description(changed(COMPLETE, changes)).description


def bag_info(description: Any, label: str) -> list[str]:
    """The values of a label in bag-info.txt."""
    fields = bag_info_fields(
        description, level=None, profile_identifier="p", bag_uuid=UUID(int=1), agent="a", draft=False
    )
    return [value for name, value in fields if name == label]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("{doi: 'doi:10.5072/example'}", DOI),
        ("{doi: 'http://dx.doi.org/10.5072/example'}", DOI),
        ("{doi: 10.5072/example}", DOI),
        ("{uri: 'https://doi.org/10.5072/example'}", DOI),
        ("{handle: 'hdl:20.500.12345/678'}", HANDLE),
        ("{handle: 'https://hdl.handle.net/20.500.12345/678'}", HANDLE),
        ("{uri: 'https://example.org/data/1'}", "https://example.org/data/1"),
    ],
)
def test_an_identifier_is_one_address_everywhere(written: str, address: str) -> None:
    """However it was written: in bag-info.txt, readme, crate, REMBI and Dublin Core."""
    description = said(identifier=written)
    assert bag_info(description, "External-Identifier")[1:] == [address]
    assert list(identifiers(description)) == [address]
    found = crate(said=description)
    assert {"@id": address} in listed(found["./"]["identifier"])
    assert json.loads(render_rembi(facts(description)))["study"]["identifiers"] == [address]
    assert address in render_dublin_core(facts(description)).decode()


@pytest.mark.parametrize("written", ["CC0-1.0 and MIT", "cc0-1.0 AND mit", "CC0 and mit"])
def test_a_licence_has_the_name_that_spdx_has(written: str) -> None:
    """Each part of it, and the whole in bag-info.txt."""
    assert [one.spdx for one in rights_of(License(spdx=written))] == ["CC0-1.0", "MIT"]
    assert licence_text(License.model_construct(spdx=written)) == "CC0-1.0 AND MIT"


@pytest.mark.parametrize(
    ("work", "typed"),
    [
        ("{id: 10.1083/jcb.1, relation: Is Supplement To}", ("10.1083/jcb.1", "DOI", "IsSupplementTo")),
        ("{id: 'PMID:31234567', relation: Cites}", ("31234567", "PMID", "Cites")),
        ("{id: 'https://doi.org/10.1083/jcb.1', type: URL, relation: Cites}", ("10.1083/jcb.1", "DOI", "Cites")),
        ("{id: 'https://hdl.handle.net/20.500/1', type: Handle, relation: Cites}", ("20.500/1", "Handle", "Cites")),
    ],
)
def test_a_related_work_is_typed_as_datacite_types_it(work: str, typed: tuple[str, str, str]) -> None:
    """In its list of related identifiers."""
    description = read_description(COMPLETE + f"related: [{work}]\n").description
    (found,) = json.loads(render_datacite(facts(description)))["relatedIdentifiers"]
    assert tuple(found.values()) == typed


@pytest.mark.parametrize("work", ["{id: the blue book, relation: Cites}", "{id: 10.1083/jcb.1}", "the blue book"])
def test_a_work_that_datacite_has_no_word_for_is_told_in_words(work: str) -> None:
    """And is a work in the crate."""
    description = read_description(COMPLETE + f"related: [{work}]\n").description
    text = "the blue book" if "blue" in work else "10.1083/jcb.1"
    told = [one["description"] for one in json.loads(render_datacite(facts(description)))["descriptions"]]
    assert any(one.startswith("Related work: ") and text in one for one in told)
    found = crate(said=description)
    assert text in found[found["./"]["citation"]["@id"]]["identifier"]


def people(*creators: Person) -> list[dict[str, Any]]:
    """The authors of a crate."""
    found = crate(said=described(creators=creators))
    names = [one["@id"] for one in listed(found["./"]["author"])]
    assert len(set(names)) == len(creators)
    return [found[one] for one in names]


def test_two_people_are_two_though_they_share_an_orcid_or_a_name() -> None:
    """A mistaken iD and a common name make nobody vanish."""
    orcid = "0000-0002-1825-0097"
    found = people(Person(family="A", given="B", orcid=orcid), Person(family="C", given="D", orcid=orcid))
    assert [one["name"] for one in found] == ["B A", "D C"]
    assert [one["name"] for one in people(Person(family="Wang", given="Li"), Person(family="Wang", given="Li"))] == [
        "Li Wang",
        "Li Wang",
    ]


def test_a_creator_who_is_a_contributor_is_one_person() -> None:
    """What only one of the lists says of them is kept."""
    creator = Person(family="A", given="B", email="b@example.org")
    found = crate(said=described(creators=(creator,), contributors=(Person(family="A", given="B"),)))
    assert found["./"]["author"] == found["./"]["contributor"]
    assert found[found["./"]["author"]["@id"]]["contactPoint"] == {"@id": "mailto:b@example.org"}


def test_every_award_and_the_funders_ror_are_in_the_crate() -> None:
    """Two awards of one funder are two grants."""
    ror = "https://ror.org/04tj63d06"
    funding = (Funding(funder="NIH", ror=ror, award="R01-1"), Funding(funder="NIH", ror=ror, award="R01-2"))
    found = crate(said=described(funding=funding))
    grants = [one for one in found.values() if one["@type"] == "Grant"]
    assert [one["identifier"] for one in grants] == ["R01-1", "R01-2"]
    assert {one["funder"]["@id"] for one in grants} == {ror} == {found["./"]["funder"]["@id"]}


def test_access_is_told_with_its_date_and_raw_data_with_their_place() -> None:
    """An embargo without its end, and a restriction without conditions, are still told."""
    description = said(access="{level: embargoed, until: 2030-01-31}").model_copy(
        update={"raw_location": "https://tape.example.org/1"}
    )
    found = crate(said=description)
    assert found["./"]["conditionsOfAccess"] == "embargoed until 2030-01-31"
    assert found["./"]["isBasedOn"] == {"@id": "https://tape.example.org/1"}
    document = json.loads(render_datacite(facts(said(access="{level: restricted}"))))
    assert {"rights": "restricted"} in document["rightsList"]
    assert {"rights": "open"} not in json.loads(render_datacite(facts()))["rightsList"]


def test_an_organisation_that_made_the_data_is_called_one() -> None:
    """A creator with a name alone is no person."""
    (one,) = json.loads(render_datacite(facts(described(creators=(Person(name="Imaging Consortium"),)))))["creators"]
    assert one["nameType"] == "Organizational"


def test_protocols_have_a_paragraph_each() -> None:
    """They do not run into each other."""
    found = json.loads(render_datacite(facts()))["descriptions"]
    (methods,) = (one["description"] for one in found if one["descriptionType"] == "Methods")
    assert methods.split("\n\n") == ["Fixed and stained.", "Stacks of whole cells.", "Converted only."]


def test_a_format_of_pronom_is_not_named_after_one_that_shares_its_puid() -> None:
    """An OME-TIFF is a TIFF in PRONOM, and has a name of its own besides."""
    found = crate()
    assert found["https://www.nationalarchives.gov.uk/PRONOM/fmt/353"]["name"] == "Tagged Image File Format"
    formats = found["transformed/cell01.czi.ome.tiff"]["encodingFormat"]
    assert {"@id": "#format-OME-TIFF"} in formats
    assert found["#format-OME-TIFF"]["name"] == "OME-TIFF"
