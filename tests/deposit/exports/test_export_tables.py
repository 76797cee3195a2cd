"""The tables for archives, and the small parts that the exports share."""

import csv
import io
import json
from dataclasses import replace

import pytest

from confocal_bag.deposit.description.model import FileDescription
from confocal_bag.deposit.description.people import License, RelatedWork
from confocal_bag.deposit.exports.abcd import render_abcd
from confocal_bag.deposit.exports.abcd3 import render_abcd3
from confocal_bag.deposit.exports.archivematica import render_dublin_core, render_source_metadata
from confocal_bag.deposit.exports.bia import render_file_list
from confocal_bag.deposit.exports.datacite import render_datacite
from confocal_bag.deposit.exports.identities import orcid_uri, related_identifier, ror_uri, term_uri
from confocal_bag.deposit.exports.rights import rights_of
from tests.deposit.described import COMPLETE
from tests.deposit.exports.exported import described, facts, row


def test_the_file_list_is_what_the_archive_asks_for() -> None:
    """The first cell is Files; paths are below data/ with slashes, in order, without a blank line."""
    lines = render_file_list(facts()).decode().split("\n")
    assert lines[0].split("\t")[0] == "Files"
    assert [line.split("\t")[0] for line in lines[1:-1]] == ["raw/cell01.czi", "transformed/cell01.czi.ome.tiff"]
    assert lines[-1] == ""
    assert {len(line.split("\t")) for line in lines[:-1]} == {9}


def cells(table: bytes, path: str) -> dict[str, str]:
    """The row of a file in the file list, by the names of its columns."""
    heading, *lines = (line.split("\t") for line in table.decode().splitlines())
    return next(dict(zip(heading, line, strict=True)) for line in lines if line[0] == path)


def test_a_converted_copy_has_the_acquisition_of_its_source() -> None:
    """As it has its specimen; what was made of images has none of its own, and what an entry says counts first."""
    whole = facts()
    copy = cells(render_file_list(whole), "transformed/cell01.czi.ome.tiff")
    assert (copy["Specimen"], copy["Acquisition"]) == ("s1", "a1")
    result = "data/processed/mean.tif"
    image = replace(whole.images[0], path=result)
    made = cells(render_file_list(facts(files=[row(result)], images=[image])), "processed/mean.tif")
    assert (made["Specimen"], made["Acquisition"]) == ("s1", "")


def test_no_cell_of_the_file_list_is_a_formula() -> None:
    """Curators open it in a spreadsheet."""
    said = FileDescription.model_validate({"path": "raw/cell01.czi", "description": "=1+1"})
    table = render_file_list(facts(descriptions={"data/raw/cell01.czi": said}))
    assert cells(table, "raw/cell01.czi")["Description"] == "'=1+1"


def test_a_tab_in_a_name_or_text_adds_no_cell() -> None:
    """A name with tab and newline stays in its cell."""
    lines = render_file_list(facts(files=[row("data/raw/a\tb\nc.tif", dimensions="1\t2")])).decode().splitlines()
    assert len(lines) == 2
    assert len(lines[1].split("\t")) == 9


def test_dublin_core_repeats_columns_for_several_values() -> None:
    """Archivematica reads one value from each column; the first row is of the whole dataset."""
    table = list(csv.reader(io.StringIO(render_dublin_core(facts()).decode())))
    assert table[0][0] == "filename"
    assert table[1][0] == "objects"
    assert table[0].count("dc.subject") == 3
    assert table[0].count("dc.identifier") == 2
    whole = dict(zip(table[0], table[1], strict=True))
    assert whole["dc.title"] == "Stacks of dividing fibroblasts"
    assert whole["dc.creator"] == "Lovelace, Ada"
    assert whole["dc.rights"] == "CC0-1.0"


def test_sidecars_are_named_with_the_image_they_describe() -> None:
    """The image as it lies after ingest below objects/, the sidecar below metadata/."""
    table = list(csv.reader(io.StringIO(render_source_metadata(facts()).decode())))
    assert table == [
        ["filename", "metadata", "type"],
        ["objects/raw/cell01.czi", "ome/raw/cell01.czi.ome.xml", "OME"],
    ]


@pytest.mark.parametrize(
    ("spdx", "name", "uri"),
    [
        ("CC0-1.0", "Creative Commons Zero v1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (
            "cc-by-nc-sa-4.0",
            "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International",
            "https://creativecommons.org/licenses/by-nc-sa/4.0/",
        ),
        ("MIT", "MIT", "https://spdx.org/licenses/MIT.html"),
        ("LicenseRef-house", "LicenseRef-house", None),
        ("all rights reserved", "all rights reserved", None),
    ],
)
def test_a_licence_has_a_name_and_an_address(spdx: str, name: str, uri: str | None) -> None:
    """Names and addresses of licences that SPDX knows; of others only what was written."""
    (found,) = rights_of(License(spdx=spdx))
    assert (found.name, found.uri) == (name, uri)


def test_a_licence_expression_names_several() -> None:
    """Data under one licence, code under another."""
    assert [one.spdx for one in rights_of(License(spdx="(CC0-1.0 AND MIT)"))] == ["CC0-1.0", "MIT"]


def test_a_mistyped_identifier_is_not_passed_on() -> None:
    """A wrong check digit or prefix gives no address that would lead to somebody else."""
    assert orcid_uri("0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"
    assert orcid_uri("0000-0002-1825-0098") is None
    assert ror_uri("ror.org/04tj63d06") == "https://ror.org/04tj63d06"
    assert ror_uri("https://ror.org/04tj63d07") is None
    assert term_uri("NCBITaxon:10090") == "http://purl.obolibrary.org/obo/NCBITaxon_10090"
    assert term_uri("CVCL:0030") == "https://www.cellosaurus.org/CVCL_0030"
    assert term_uri("mouse") is None


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (RelatedWork(id="https://doi.org/10.5072/x", type="doi"), ("DOI", "10.5072/x")),
        (RelatedWork(id="10.5072/x"), ("DOI", "10.5072/x")),
        (RelatedWork(id="https://example.org/a"), ("URL", "https://example.org/a")),
        (RelatedWork(id="12345", type="pmid"), ("PMID", "12345")),
        (RelatedWork(id="a lab book"), None),
    ],
)
def test_the_type_of_a_related_work_is_known_or_found(work: RelatedWork, expected: tuple[str, str] | None) -> None:
    """DataCite's type as written, or as the identifier shows; a text that is neither has none."""
    assert related_identifier(work) == expected


def test_unknown_roles_and_relations_are_not_guessed() -> None:
    """A relation that DataCite does not know is left out rather than replaced."""
    from confocal_bag.deposit.exports.datacite import render_datacite

    told = described(related=(RelatedWork(id="10.5072/x", relation="inspired by"),))
    assert b"relatedIdentifiers" not in render_datacite(facts(told))


def test_who_made_a_part_of_the_dataset_is_a_contributor() -> None:
    """In DataCite and both versions of ABCD, once, and only who is not named for the whole already."""
    works = """
child_works:
  - {folder: day1, creators: [{family: Curie, given: Marie, orcid: 0000-0002-1825-0097}]}
  - {folder: day2, creators: [{family: Curie, given: Marie, orcid: 0000-0002-1825-0097}, ADA]}
"""
    ada = described().creators[0].orcid
    said = described(COMPLETE + works.replace("ADA", f"{{family: Lovelace, given: Ada, orcid: {ada}}}"))
    others = [
        one["name"]
        for one in json.loads(render_datacite(facts(said)))["contributors"]
        if one["contributorType"] == "Other"
    ]
    assert others == ["Curie, Marie"]
    for document in (render_abcd(facts(said)), render_abcd3(facts(said))):
        assert document.decode().count("Curie, Marie") == 1
