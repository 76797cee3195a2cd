"""Where the depositor and an image header give two values, no document of the bag gives one of them for certain."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tifffile import imwrite

from confocal_bag.build import build_bag
from confocal_bag.deposit.exports.documents import DOCUMENTS
from tests import make

Watch = Callable[[Callable[[Path], Path]], Path]

OME = """<?xml version="1.0" encoding="UTF-8"?>
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
  <Instrument ID="Instrument:0">
    <Microscope Manufacturer="Zeiss" Model="LSM 880"/>
    <Objective ID="Objective:0" LensNA="1.4" NominalMagnification="63"/>
  </Instrument>
  <Image ID="Image:0" Name="other">
    <InstrumentRef ID="Instrument:0"/>
    <ObjectiveSettings ID="Objective:0"/>
    <Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="8" SizeY="8" SizeZ="3" SizeC="2" SizeT="1"
            PhysicalSizeX="0.09" PhysicalSizeY="0.09" PhysicalSizeZ="0.5">
      <Channel ID="Channel:0:0" SamplesPerPixel="1"/><Channel ID="Channel:0:1" SamplesPerPixel="1"/>
      <TiffData IFD="0" PlaneCount="6"/>
    </Pixels>
  </Image>
</OME>
"""
NOTES = {
    "pixel_size_um": "pixel_size_um: every second column was binned",
    "z_step_um": "z_step_um: the stage moved twice as far as it was told",
    "na": "na: the header has the lens used before",
}
ENTRY = '  - {path: other.ome.tif, acquisition: a1, description: "A second stack"}\nnaming:'
#: What the description says and what the headers record, as the documents write them.
PAIRS = (("0.18 x 0.09 µm", "0.09 x 0.09 µm"), ("1 µm", "0.5 µm"), ("0.8", "1.4"))


def disputed(folder: Path) -> Path:
    """The demonstration deposit, described otherwise than its headers, with a note on each difference."""
    make.demo_deposit(folder)
    imwrite(folder / "other.ome.tif", np.arange(384, dtype="u2").reshape(6, 8, 8), description=OME, metadata=None)
    path = folder / "deposit.yaml"
    first, rest = path.read_text("utf-8").replace("naming:", ENTRY).split("  - id: a2", 1)
    first = first.replace("[0.09, 0.09]", "[0.18, 0.09]").replace("z_step_um: 0.5", "z_step_um: 1")
    first = first.replace("na: 1.4,", "na: 0.8,")
    notes = "".join(f'      - "{note}"\n' for note in NOTES.values())
    path.write_text(f"{first}    notes:\n{notes}  - id: a2{rest}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The payload of the bag of the disputed deposit, which is no draft: the notes explain what differs."""
    folder = tmp_path_factory.mktemp("disputed")
    result = build_bag(disputed(folder / "deposit"), folder / "bag")
    assert result.bag, [one.message for one in result.report.findings if one.severity == "error"]
    return folder / "bag/data"


def words(path: Path) -> str:
    """The text of a file, as if it had one line."""
    return " ".join(path.read_text("utf-8").split()).replace("\N{MULTIPLICATION SIGN}", "x")


@pytest.mark.parametrize("name", ["readme/README.txt", "metadata/methods.txt"])
def test_texts_give_both_values_and_the_note(data: Path, name: str) -> None:
    """In one sentence each, so that nobody can quote the one without the other."""
    text = words(data / name)
    for said, recorded in PAIRS:
        assert f"{said} by the description of the deposit, but {recorded} by the " in text
    for field, note in NOTES.items():
        assert f"explained by the note: {note.removeprefix(f'{field}: ')}." in text


def test_the_table_of_images_gives_both_values(data: Path) -> None:
    """Of the size of a pixel, of the step in depth and of the numerical aperture, in cells of several lines."""
    table = (data / "readme/README.txt").read_text("utf-8").partition("9. IMAGES")[2].partition("Lengths are in")[0]
    lines = [line for line in table.splitlines() if line[:1] == " "]
    cells = [[line[start:end] for line in lines] for start, end in ((38, 60), (60, 80))]
    sizes, lenses = (" ".join(" ".join(cell).split()) for cell in cells)
    assert "0.09 x 0.09 µm (by the header; 0.18 x 0.09 µm by deposit.yaml)" in sizes
    assert "step 0.5 µm (by the header; 1 µm by deposit.yaml)" in sizes
    assert "NA 1.4 (by the header; 0.8 by deposit.yaml)" in lenses


def test_rembi_gives_both_values_and_the_note(data: Path) -> None:
    """With the field and the files that it is about."""
    document = json.loads((data / "metadata/rembi.json").read_text("utf-8"))
    first, second = document["image_acquisition"]
    found = {one["of"]: one for one in first["image_header_differs"]}
    assert {"size of a pixel", "z step", "numerical aperture"} <= set(found)
    for name, pair in zip(("size of a pixel", "z step", "numerical aperture"), PAIRS, strict=True):
        assert (found[name]["description"], found[name]["image_header"]) == pair
    assert found["numerical aperture"]["explanation"] == ["the header has the lens used before"]
    files = {"data/raw/fibroblasts.lsm", "data/transformed/fibroblasts.lsm.ome.tiff", "data/transformed/other.ome.tif"}
    assert all(set(one["files"]) == files for one in found.values())
    assert "image_header_differs" not in second


@pytest.mark.parametrize("name", ["abcd.xml", "abcd3.xml"])
def test_abcd_gives_both_values_and_the_note(data: Path, name: str) -> None:
    """As measurements of the image."""
    text = words(data / "metadata" / name)
    for told in ("numerical aperture, by the file header<", "numerical aperture, by the description", ">0.18<", ">1<"):
        assert told in text
    assert ">the header has the lens used before<" in text
    assert ">every second column was binned<" in text


@pytest.mark.parametrize("name", ["inventory.csv", "bia-file-list.tsv"])
def test_lists_of_files_give_both_values(data: Path, name: str) -> None:
    """Beside the image; what was made of it has a size of its own."""
    delimiter = "\t" if name.endswith("tsv") else ","
    with (data / "metadata" / name).open(encoding="utf-8", newline="") as stream:
        rows = {(row.get("path") or f"data/{row['Files']}"): row for row in csv.DictReader(stream, delimiter=delimiter)}
    for path in ("data/raw/fibroblasts.lsm", "data/transformed/fibroblasts.lsm.ome.tiff"):
        sizes = rows[path].get("dimensions") or rows[path]["Dimensions"]
        assert "pixel 0.09 x 0.09 µm (by the header; 0.18 x 0.09 µm by deposit.yaml)" in sizes
        assert "z step 0.5 µm (by the header; 1 µm by deposit.yaml)" in sizes
    made = rows["data/processed/MAX_fibroblasts.tif"]
    assert "deposit.yaml" not in (made.get("dimensions") or made["Dimensions"])


def test_no_document_gives_one_value_alone(data: Path) -> None:
    """Whatever is written for archives says both sizes of a pixel, or none."""
    for one in (*(str(document.path) for document in DOCUMENTS), "metadata/inventory.csv"):
        text = words(data / one)
        assert ("0.18" in text) == ("0.09" in text), one


def test_what_agrees_is_said_once(built: Path) -> None:
    """The demonstration deposit as it is: nothing differs, and nobody is told of differences."""
    for name in ("readme/README.txt", "metadata/methods.txt", "metadata/rembi.json", "metadata/abcd.xml"):
        text = words(built / "data" / name)
        for told in ("by the header", "headers differ", "image_header_differs", "against the file header"):
            assert told not in text, (name, told)
