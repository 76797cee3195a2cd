"""ABCD: a unit for each specimen, with its preparation and its images."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.sample import Fixation, Specimen, Term
from confocal_bag.deposit.exports.abcd import ABCD_2_06, render_abcd
from confocal_bag.deposit.exports.abcd3 import ABCD_3_0, render_abcd3
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, presentable
from confocal_bag.vocabulary import Tier
from tests.deposit.described import BARE, COMPLETE, STACK, file
from tests.deposit.exports.exported import RAW, described, facts, row

NS = {"a": ABCD_2_06, "b": ABCD_3_0}


def two_specimens() -> ExportFacts:
    """A fixed mouse cell and a live crystal, each with one image of its own."""
    mouse = Specimen(id="m", organism=Term(name="Mus musculus"), fixation=Fixation(name="methanol"), sex="female")
    crystal = Specimen(id="k", material=Term(name="quartz"), live=True)
    files = [{"path": "raw/m.czi", "specimen": "m"}, {"path": "raw/k.tif", "specimen": "k"}]
    said = described().model_dump(by_alias=True) | {"files": files, "acquisitions": []}
    told = presentable(
        type(described()).model_validate(said | {"specimens": [mouse.model_dump(), crystal.model_dump()]})
    )
    index = DescriptionIndex(told)
    images = []
    for name, record in (("raw/m.czi", STACK), ("raw/k.tif", BARE)):
        found = index.image(file(name, "czi", Tier.RAW, record), record, 0)
        images.append(ExportedImage(path=f"data/{name}", record=record, described=found))
    rows = [row("data/raw/m.czi", origin="raw/m.czi"), row("data/raw/k.tif", origin="raw/k.tif")]
    return replace(facts(), description=told, files=rows, images=images, descriptions={})


def units(content: bytes, path: str) -> list[etree._Element]:
    """The units of a document."""
    return list(etree.fromstring(content).iterfind(path, NS))


def test_each_specimen_is_a_unit_with_its_own_images() -> None:
    """ABCD 2.06: organism or material, kind of record, and the images that deposit.yaml says are of it."""
    mouse, crystal = units(render_abcd(two_specimens()), "a:DataSet/a:Units/a:Unit")
    assert mouse.findtext(".//a:FullScientificNameString", None, NS) == "Mus musculus"
    assert mouse.findtext("a:RecordBasis", None, NS) == "PreservedSpecimen"
    assert mouse.findtext("a:Sex", None, NS) == "F"
    assert [one.text for one in mouse.iterfind(".//a:FileURI", NS)] == ["data/raw/m.czi"]
    assert crystal.findtext(".//a:MaterialIdentified", None, NS) == "quartz"
    assert crystal.findtext("a:RecordBasis", None, NS) == "LivingSpecimen"
    assert [one.text for one in crystal.iterfind(".//a:FileURI", NS)] == ["data/raw/k.tif"]


def test_an_image_has_format_size_licence_and_dimensions() -> None:
    """What a collection needs to show the image; the numbers come from its header."""
    (unit,) = units(render_abcd(facts()), "a:DataSet/a:Units/a:Unit")
    image = next(one for one in unit.iterfind(".//a:MultiMediaObject", NS) if one.findtext("a:ID", None, NS) == RAW)
    assert image.findtext("a:Format", None, NS) == "image/x-czi"
    assert image.findtext("a:ImageSize/a:Width", None, NS) == "512"
    assert image.findtext("a:FileSize", None, NS) == "1234 bytes"
    assert image.findtext(".//a:License/a:URI", None, NS) == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert image.findtext("a:CreatedDate", None, NS) == "2019-04-17"
    assert "LSM 880" in (image.findtext("a:CaptureEquipment", None, NS) or "")


@pytest.mark.parametrize("valid", ["ABCD_2.06.xsd", "ABCD_3.0.xsd"])
def test_two_specimens_are_valid(shared: Path, valid: str) -> None:
    """Both versions, of a deposit with an organism and a material."""
    render = render_abcd if "2.06" in valid else render_abcd3
    schema = etree.XMLSchema(etree.parse(str(shared / "schemas" / valid)))
    schema.assertValid(etree.fromstring(render(two_specimens())))


def test_version_3_has_the_term_and_the_objective() -> None:
    """The address of the organism's term, and the lens, have places of their own there."""
    (unit,) = units(render_abcd3(facts()), "b:DataSet/b:Units/b:Unit")
    assert unit.findtext(".//b:ResourceURI", None, NS) == "http://purl.obolibrary.org/obo/NCBITaxon_10090"
    assert unit.findtext(".//b:LensModel", None, NS) == "Plan-Apochromat 63x/1.4 Oil DIC M27"


def test_the_size_of_a_pixel_is_given_for_each_image() -> None:
    """In micrometres, of the image named beside it."""
    (unit,) = units(render_abcd(facts()), "a:DataSet/a:Units/a:Unit")
    found = {
        (one.findtext("a:AppliesTo", "", NS), one.findtext("a:Parameter", "", NS)): one.findtext("a:LowerValue", "", NS)
        for one in unit.iterfind(".//a:MeasurementOrFactAtomised", NS)
    }
    assert found[RAW, "pixel size x"] == "0.0902"
    assert found[RAW, "z step"] == "0.5"


def test_a_length_that_the_header_contradicts_is_told_from_that_of_the_header() -> None:
    """Both are measurements of the image, each with its source; what was made of it has pixels of its own."""
    said = presentable(described(COMPLETE.replace("[0.0902, 0.0902]", "[0.9, 0.0902]")))
    for content in (render_abcd(facts(said)), render_abcd3(facts(said))):
        told = content.decode()
        parameter = "pixel size x, by the description and against the file header"
        assert (told.count(f">{parameter}<"), told.count(">0.9<")) == (2, 2)
        assert "pixel size y, by" not in told
        assert "against the file header" not in render_abcd(facts()).decode()
    made = replace(facts(said).images[0], path="data/processed/mean.tif")
    whole = facts(said, files=[row(made.path)], images=[made])
    assert "against the file header" not in render_abcd(whole).decode()
