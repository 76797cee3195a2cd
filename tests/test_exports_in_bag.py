"""The documents for archives in a whole bag: there, in agreement with each other, and the same at every build."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from confocal_bag.build import BuildOptions, build_bag, plan_bag
from confocal_bag.deposit.exports.abcd import ABCD_2_06
from confocal_bag.deposit.exports.abcd3 import ABCD_3_0
from confocal_bag.deposit.exports.documents import DOCUMENTS
from confocal_bag.deposit.exports.premis import PREMIS
from confocal_bag.validate import validate_bag
from tests import make
from tests.recording import Ran

DATE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NS = {"a": ABCD_2_06, "b": ABCD_3_0, "p": PREMIS}
TITLE = "Demonstration z-stacks of mouse embryonic fibroblasts"
DOI = "10.5072/confocal-bag-demo"


def contents(bag: Path) -> dict[str, bytes]:
    """Every file of a bag."""
    return {str(path.relative_to(bag)): path.read_bytes() for path in sorted(bag.rglob("*")) if path.is_file()}


def load(bag: Path, name: str) -> Any:
    """A JSON document."""
    return json.loads((bag / "data" / name).read_bytes())


def xml(bag: Path, name: str) -> Any:
    """An XML document."""
    return etree.fromstring((bag / "data/metadata" / name).read_bytes())


def crate(bag: Path) -> dict[str, dict[str, Any]]:
    """The entities of the RO-Crate by their identifiers."""
    return {one["@id"]: one for one in load(bag, "ro-crate-metadata.json")["@graph"]}


def manifest(bag: Path) -> dict[str, str]:
    """Path and SHA-256 of every payload file."""
    lines = (bag / "manifest-sha256.txt").read_text().splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def bag_info(bag: Path, label: str) -> list[str]:
    """The values of a label, lines put together."""
    lines = (bag / "bag-info.txt").read_text().replace("\n ", " ").splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith(f"{label}: ")]


def texts(root: Any, path: str) -> list[str]:
    """The texts that an XPath finds."""
    return [str(one) for one in root.xpath(path, namespaces=NS)]


def test_every_document_is_in_a_fully_described_bag(built: Path) -> None:
    """Nothing is lacking, so all are written, and the bag is valid with them."""
    assert {str(one.path) for one in DOCUMENTS} <= {name.removeprefix("data/") for name in manifest(built)}


def test_title_creator_licence_and_identifiers_agree(built: Path) -> None:
    """readme, bag-info, DataCite, RO-Crate, both ABCD, REMBI and Dublin Core say the same."""
    readme = " ".join((built / "data/readme/README.txt").read_text().split())
    cite, entities, rembi = load(built, "metadata/datacite.json"), crate(built), load(built, "metadata/rembi.json")
    root, abcd, abcd3 = entities["./"], xml(built, "abcd.xml"), xml(built, "abcd3.xml")
    with (built / "data/metadata/metadata.csv").open(encoding="utf-8", newline="") as stream:
        heading, whole = list(csv.reader(stream))[:2]
    core = {name: [cell for key, cell in zip(heading, whole, strict=True) if key == name] for name in heading}

    assert TITLE in readme
    assert bag_info(built, "External-Description") == [TITLE]
    assert cite["titles"][0]["title"] == root["name"] == rembi["study"]["title"] == TITLE
    assert texts(abcd, "//a:Title/text()") == texts(abcd3, "//b:Title/text()") == core["dc.title"] == [TITLE]

    assert "Ada Lovelace" in readme
    assert bag_info(built, "Contact-Name") == ["Lovelace, Ada"]
    assert [one["name"] for one in cite["creators"]] == core["dc.creator"] == ["Lovelace, Ada"]
    assert entities[root["author"]["@id"]]["name"] == "Ada Lovelace"
    assert root["author"]["@id"] == cite["creators"][0]["nameIdentifiers"][0]["nameIdentifier"]
    assert root["author"]["@id"] == rembi["study"]["authors"][0]["orcid"]
    assert texts(abcd, "//a:ContentContact/a:Name/text()") == texts(abcd3, "//b:FullName/text()") == ["Ada Lovelace"]

    assert "CC0-1.0" in readme
    assert bag_info(built, "License") == rembi["study"]["licence"] == core["dc.rights"] == ["CC0-1.0"]
    assert cite["rightsList"][0]["rightsIdentifier"] == entities[root["license"]["@id"]]["identifier"] == "CC0-1.0"
    assert cite["rightsList"][0]["rightsUri"] == root["license"]["@id"]
    assert (
        set(texts(abcd, "//a:License/a:Text/text()")) == set(texts(abcd3, "//b:License/b:Text/text()")) == {"CC0-1.0"}
    )

    urn, doi = bag_info(built, "External-Identifier")
    assert doi == f"https://doi.org/{DOI}"
    assert DOI in readme
    assert cite["doi"] == DOI
    assert rembi["study"]["identifiers"] == [doi]
    assert cite["alternateIdentifiers"] == [{"alternateIdentifier": urn, "alternateIdentifierType": "URN"}]
    assert root["identifier"] == [{"@id": doi}, urn]
    assert core["dc.identifier"] == [doi, urn]
    assert texts(abcd, "//a:DatasetGUID/text()") == texts(abcd3, "//b:DataSet/b:GUID/text()") == [doi]


def test_the_list_of_files_agrees(built: Path) -> None:
    """Manifest, inventory, RO-Crate, PREMIS and the list for the BioImage Archive name the same files and digests."""
    promised = manifest(built)
    entities = crate(built)
    in_crate = {f"data/{name}": one["sha256"] for name, one in entities.items() if one["@type"] == "File"}
    assert in_crate == {path: digest for path, digest in promised.items() if path != "data/ro-crate-metadata.json"}

    last = {"data/ro-crate-metadata.json", "data/metadata/inventory.csv"}
    with (built / "data/metadata/inventory.csv").open(encoding="utf-8", newline="") as stream:
        inventory = {row["path"]: row["sha256"] for row in csv.DictReader(stream)}
    assert inventory == {path: digest for path, digest in promised.items() if path not in last}

    objects = xml(built, "premis.xml").iterfind("p:object", NS)
    in_premis = {one.findtext("p:originalName", "", NS): texts(one, ".//p:messageDigest/text()")[0] for one in objects}
    last.add("data/metadata/premis.xml")
    assert in_premis == {path: digest for path, digest in promised.items() if path not in last}

    with (built / "data/metadata/bia-file-list.tsv").open(encoding="utf-8", newline="") as stream:
        listed = {f"data/{row['Files']}": row["SHA-256"] for row in csv.DictReader(stream, delimiter="\t")}
    tiers = ("data/raw/", "data/transformed/", "data/processed/")
    assert listed == {path: digest for path, digest in promised.items() if path.startswith(tiers)}


@pytest.mark.parametrize("name", ["abcd.xml", "abcd3.xml", "premis.xml"])
def test_the_documents_of_a_bag_are_valid_by_their_schemas(built: Path, shared: Path, name: str) -> None:
    """What is written for real is valid by the XSD."""
    schemas = {"abcd.xml": "ABCD_2.06.xsd", "abcd3.xml": "ABCD_3.0.xsd", "premis.xml": "premis-3.0.xsd"}
    schema = etree.XMLSchema(etree.parse(str(shared / "schemas" / schemas[name])))
    schema.assertValid(xml(built, name))


def test_the_datacite_document_of_a_bag_is_valid(built: Path) -> None:
    """What is written for real is valid by DataCite's JSON schema 4.5."""
    schema45 = pytest.importorskip("datacite.schema45", reason="the DataCite schema is not installed")
    assert schema45.validate(load(built, "metadata/datacite.json"))


def test_every_event_names_paths_in_the_bag_only(built: Path, tmp_path: Path) -> None:
    """No document names a place on the machine that built the bag."""
    for name, content in contents(built).items():
        if name.startswith("data/metadata/") or name == "data/ro-crate-metadata.json":
            assert b"/home/" not in content, name
            assert str(built.parent).encode() not in content, name


def test_two_builds_of_the_same_date_are_the_same_byte_for_byte(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Made at other times, in other folders, with other numbers of jobs: every file of the bag is the same."""
    bags = []
    for number in (1, 2):
        folder = tmp_path / f"place{number}" / ("deeper" * number)
        deposit = make.demo_deposit(folder / "deposit")
        ran = run("build", deposit, folder / "bag", "--date", "2026-01-02T04:04:05+01:00", "--jobs", number)
        assert ran.code == 0, ran.err
        bags.append(contents(folder / "bag"))
    assert bags[0] == bags[1]
    assert b"Bagging-Date: 2026-01-02\n" in bags[0]["bag-info.txt"]
    times = {json.loads(line)["dateTime"] for line in bags[0]["data/metadata/events.jsonl"].splitlines()}
    assert times == {"2026-01-02T03:04:05+00:00"}


def test_another_date_or_another_file_gives_another_identifier(tmp_path: Path) -> None:
    """The identifier of a dated bag follows from the date and the files that came in."""
    deposit = make.small_deposit(tmp_path / "deposit")
    identifiers = []
    for number, date in enumerate((DATE, DATE, DATE.replace(year=2027))):
        build_bag(deposit, tmp_path / str(number), BuildOptions(draft=True, date=date))
        identifiers += bag_info(tmp_path / str(number), "External-Identifier")
    (deposit / "notes.txt").write_text("Other words.\n")
    build_bag(deposit, tmp_path / "other", BuildOptions(draft=True, date=DATE))
    identifiers += bag_info(tmp_path / "other", "External-Identifier")
    assert identifiers[0] == identifiers[1]
    assert len(set(identifiers)) == 3


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_a_date_that_is_none_is_refused(tmp_path: Path, run: Callable[..., Ran], text: str) -> None:
    """Nothing is built with a date that nobody can read."""
    deposit = make.small_deposit(tmp_path / "deposit")
    ran = run("build", deposit, tmp_path / "bag", "--draft", "--date", text)
    assert ran.code == 2
    assert not (tmp_path / "bag").exists()


def test_an_undescribed_draft_has_what_can_be_written_and_says_the_rest(
    tmp_path: Path, run: Callable[..., Ran]
) -> None:
    """Without title or creators there is no DataCite and no ABCD; PREMIS and the tables are there."""
    deposit = make.small_deposit(tmp_path / "deposit")
    ran = run("build", deposit, tmp_path / "bag", "--draft", "--format", "json")
    there = {name.removeprefix("data/") for name in manifest(tmp_path / "bag")}
    written = {str(one.path) for one in DOCUMENTS} & there
    assert written == {
        "metadata/bia-file-list.tsv",
        "metadata/metadata.csv",
        "metadata/source-metadata.csv",
        "metadata/premis.xml",
    }
    (report,) = [json.loads(ran.out)] if isinstance(json.loads(ran.out), dict) else json.loads(ran.out)
    assert "data/metadata/datacite.json" in json.dumps(report)
    assert "Not written: data/metadata/datacite.json (not said in deposit.yaml: creators, title" in ran.err
    assert not [one for one in validate_bag(tmp_path / "bag").findings if one.severity == "error"]


def test_the_depositors_own_documents_make_way(tmp_path: Path) -> None:
    """A file of the depositor that is named like one of ours is kept, under another name."""
    deposit = make.demo_deposit(tmp_path / "deposit")
    (deposit / "metadata").mkdir(exist_ok=True)
    (deposit / "metadata/datacite.json").write_text('{"mine": true}\n')
    (deposit / "ro-crate-metadata.json").write_text('{"mine": 1}\n')
    build_bag(deposit, tmp_path / "bag", BuildOptions(draft=True))
    kept = [name for name, content in contents(tmp_path / "bag").items() if content.startswith(b'{"mine"')]
    assert len(kept) == 2
    assert load(tmp_path / "bag", "metadata/datacite.json")["doi"] == DOI
    assert "./" in crate(tmp_path / "bag")


def test_the_plan_names_the_documents_that_will_be_written(tmp_path: Path) -> None:
    """What --dry-run prints is what a build writes."""
    for maker, draft in ((make.demo_deposit, False), (make.small_deposit, True)):
        folder = tmp_path / maker.__name__
        folder.mkdir()
        deposit = maker(folder / "deposit")
        _, plan = plan_bag(deposit, folder / "bag", BuildOptions(draft=draft))
        planned = {target for what, _, target in plan.steps() if what != "seal"}
        build_bag(deposit, folder / "bag", BuildOptions(draft=draft))
        assert planned == set(manifest(folder / "bag"))
