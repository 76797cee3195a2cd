"""Every document of a bag names the same images: loose ones, those in zip files, OME-Zarr, compiled stacks."""

import csv
import json
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.stacks import StackMode
from tests import make
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_zarr import stack, write_zarr

#: What is made of two images of one file is told apart by a number.
NUMBER = re.compile(r"#\d+$")
#: What lies directly below data/: the tiers, and the research object where RO-Crate wants it.
TIERS = {"raw", "transformed", "processed", "readme", "metadata", "ro-crate-metadata.json"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The payload of a bag with images of every kind; two images in the zip file are one file."""
    folder = tmp_path_factory.mktemp("kinds")
    deposit = make.demo_deposit(folder / "deposit")
    write_zarr(deposit / "raw/a.zarr", stack(1, 1, 2, 4, 4))
    write_lif(folder / "two.lif", [LifImage(name, "ZYX", stack(2, 8, 9).astype("u1")) for name in ("a", "b")])
    with zipfile.ZipFile(deposit / "scans.zip", "w") as archive:
        archive.writestr("day1/cells.lsm", make.lsm(folder / "one.lsm").read_bytes())
        archive.writestr("two.lif", (folder / "two.lif").read_bytes())
        archive.writestr("copy.tif", make.plane_sequence(folder / "p", planes=1)[0].read_bytes())
        archive.writestr("notes.txt", b"no image")
    entry = '  - {path: scans.zip, acquisition: a1, description: "A day at the microscope"}\nnaming:'
    path = deposit / "deposit.yaml"
    path.write_text(path.read_text("utf-8").replace("naming:", entry), encoding="utf-8")
    assert build_bag(deposit, folder / "bag", BuildOptions(draft=True, stacks=StackMode.BOTH)).bag
    return folder / "bag/data"


def in_rembi(data: Path) -> list[str]:
    """The images that REMBI lists, several of one file several times."""
    return [one["file"] for one in json.loads((data / "metadata/rembi.json").read_text("utf-8"))["image_data"]]


def in_table(data: Path, name: str) -> set[str]:
    """The files of a table that have the size of an image; of a zip file each member that has."""
    with (data / "metadata" / name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t" if name.endswith("tsv") else ","))
    found: set[str] = set()
    for row in rows:
        path, sizes = row.get("path") or f"data/{row['Files']}", row.get("dimensions") or row.get("Dimensions")
        members = re.findall(r"(?:^|; )([^;:]+): \d", sizes or "") if path.endswith(".zip") else [""]
        found |= {f"{path}!/{member}" if member else path for member in members if sizes}
    return found


def in_abcd(data: Path, name: str) -> set[str]:
    """The images of all specimens."""
    return {NUMBER.sub("", texts["ID"]) for texts in abcd_images(data, name)}


def abcd_images(data: Path, name: str) -> list[dict[str, str]]:
    """The texts of each image in an ABCD document, by the names of their elements."""
    root = etree.fromstring((data / "metadata" / name).read_bytes())
    found = list(root.iter("{*}MultiMediaObject", "{*}MultimediaObject"))
    return [{etree.QName(part).localname: part.text or "" for part in one} for one in found]


def in_readme(data: Path) -> set[str]:
    """The images in the sections about images, stacks and conversions; a range of files is all files between."""
    text = (data / "readme/README.txt").read_text("utf-8")
    received = text.partition("9. IMAGES")[2].partition("10. STACKS")[0]
    found: set[str] = set()
    last = ""
    for lead, path in re.findall(r"^    (to )?(data/[^\n,]+)", received, re.MULTILINE):
        folder = (data.parent / path).parent
        between = [f"{folder.relative_to(data.parent)}/{one.name}" for one in folder.iterdir()] if lead else []
        found |= {path, *(one for one in between if last <= one <= path and one.endswith(".tif"))}
        last = path
    found |= set(re.findall(r"^    -> (data/\S+)$", text, re.MULTILINE))
    return found | set(re.findall(r"(data/\S+\.companion\.ome)$", text, re.MULTILINE))


def test_every_document_names_the_same_images(data: Path) -> None:
    """readme, inventory, REMBI, both ABCD and the file list of the BioImage Archive."""
    images = set(in_rembi(data))
    assert {
        "data/raw/scans.zip!/day1/cells.lsm",
        "data/raw/scans.zip!/two.lif",
        "data/raw/scans.zip!/copy.tif",
    } <= images
    assert {"data/raw/fibroblasts.lsm", "data/raw/a.zarr/.zattrs", "data/transformed/a.zarr.ome.tiff"} <= images
    assert "data/transformed/planes/fibroblasts.ome.tiff" in images
    assert in_table(data, "inventory.csv") == images
    assert in_table(data, "bia-file-list.tsv") == images
    assert in_abcd(data, "abcd.xml") == images
    assert in_abcd(data, "abcd3.xml") == images
    assert in_readme(data) == images


def test_the_crate_describes_every_image(data: Path) -> None:
    """A file is an entity by its path; an image inside a zip file hangs from that, and is no file."""
    graph = json.loads((data / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    entities = {one["@id"]: one for one in graph}
    packed = {f"data/{name.removeprefix('#')}" for name, one in entities.items() if one["@type"] == "ImageObject"}
    files = {f"data/{name}" for name, one in entities.items() if one["@type"] == "File"}
    images = {path.replace("!", "%21") for path in in_rembi(data)}
    assert packed == {path for path in images if "%21/" in path}
    assert images - packed <= files
    parts = {one["@id"] for one in entities["raw/scans.zip"]["hasPart"]}
    assert parts == {path.removeprefix("data/").join(("#", "")) for path in packed}


def test_images_of_one_file_are_told_apart(data: Path) -> None:
    """By their number in the file, in a zip file too."""
    listed = json.loads((data / "metadata/rembi.json").read_text("utf-8"))["image_data"]
    assert [one["image"] for one in listed if one["file"] == "data/raw/scans.zip!/two.lif"] == [1, 2]
    assert {one.get("image") for one in listed if one["file"].endswith(".lsm")} == {None}


def test_an_image_in_a_zip_file_has_the_description_of_that(data: Path) -> None:
    """Where it has none of its own; ABCD says where in the zip file it lies, and what is there to be had."""
    listed = {one["file"]: one for one in json.loads((data / "metadata/rembi.json").read_text("utf-8"))["image_data"]}
    assert listed["data/raw/scans.zip!/day1/cells.lsm"]["description"] == "A day at the microscope"
    place = "data/raw/scans.zip!/day1/cells.lsm"
    (texts,) = [one for one in abcd_images(data, "abcd.xml") if one["ID"] == place]
    assert texts["FileURI"] == "data/raw/scans.zip"
    assert texts["Comment"].startswith("A day at the microscope. In the zip file, as day1/cells.lsm. 2 channels x ")
    assert "24 columns" in texts["Comment"]


@pytest.mark.parametrize("name", ["abcd.xml", "abcd3.xml"])
def test_the_documents_are_valid_with_images_in_zip_files(data: Path, shared: Path, name: str) -> None:
    """By the schemas of TDWG."""
    schema = {"abcd.xml": "ABCD_2.06.xsd", "abcd3.xml": "ABCD_3.0.xsd"}[name]
    etree.XMLSchema(etree.parse(str(shared / "schemas" / schema))).assertValid(etree.parse(data / "metadata" / name))


def test_every_path_in_the_readme_is_in_the_bag(data: Path) -> None:
    """No text of the bag names a file or folder below data/ that is not there, nor one outside the tiers."""
    for readme in ("readme/README.txt", "readme/planes/README_planes.txt", "metadata/methods.txt"):
        text = (data / readme).read_text("utf-8")
        for path in re.findall(r"(?<![\w/])data/[^\s,;()]*[^\s,;().](?:\.\.\.)?", text):
            place = data.parent / path.partition("!/")[0].removesuffix("...")
            there = list(place.parent.glob(f"{place.name}*")) if path.endswith("...") else place.exists()
            assert there, (readme, path)
            assert path.split("/")[1] in TIERS, path


def test_an_ome_zarr_is_one_line_and_no_part_of_the_dataset(data: Path) -> None:
    """Its chunks are not listed one by one, and its folder has no readme of its own."""
    text = (data / "readme/README.txt").read_text("utf-8")
    assert re.search(r"^  data/raw/a\.zarr/, OME-Zarr, a folder of 5 files, [\d,]+ bytes$", text, re.MULTILINE)
    assert "data/raw/a.zarr/0/" not in text
    assert [path.name for path in (data / "readme").iterdir() if path.is_dir()] == ["planes"]


def test_the_readme_of_a_part_tells_of_its_compiled_stack(data: Path) -> None:
    """And not of the conversions of other parts."""
    text = (data / "readme/planes/README_planes.txt").read_text("utf-8")
    assert re.findall(r"^    -> (data/\S+)$", text, re.MULTILINE) == ["data/transformed/planes/fibroblasts.ome.tiff"]
